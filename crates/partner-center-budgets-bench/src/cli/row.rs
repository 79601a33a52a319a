/// One line of the table.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) goal: &'static str,
    pub(super) measured: String,
}
