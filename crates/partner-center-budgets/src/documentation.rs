//! Reads tables of the documentation, so that tests can compare them with the code.

/// The rows of the table whose header starts with `header`, in Markdown or in `//!` comments: the first two cells of each.
pub(crate) fn table<'a>(text: &'a str, header: &str) -> Vec<(&'a str, &'a str)> {
    let lines = text.lines().map(|line| line.trim_start_matches("//!").trim());
    let rows = lines.skip_while(|line| !line.starts_with(header)).skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim));
    cells.filter_map(|mut cells| Some((cells.next()?, cells.next()?))).collect()
}

#[test]
fn reads_the_rows_of_one_table() {
    let text = "//! | a | b |\n//! |---|---|\n//! | 1 | 2 |\n//!\n| c | d |\n|---|---|\n| 3 | 4 |\n| 5 | 6 |\n";
    assert_eq!(table(text, "| a |"), [("1", "2")]);
    assert_eq!(table(text, "| c |"), [("3", "4"), ("5", "6")]);
    assert_eq!(table(text, "| e |"), []);
}
