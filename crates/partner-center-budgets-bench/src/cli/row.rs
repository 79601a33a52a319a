/// One line of the table.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) goal: &'static str,
    pub(crate) measured: String,
}

/// The table in Markdown.
pub(crate) fn table(rows: &[Row]) -> String {
    let line = |Row { what, goal, measured }: &Row| format!("| {what} | {goal} | {measured} |\n");
    "| measurement | goal | measured |\n|---|---|---|\n".to_owned() + &rows.iter().map(line).collect::<String>()
}
