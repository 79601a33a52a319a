use std::path::Path;
use std::process::Command;

use crate::release::Release;

/// `pc-budgets` with a token that sandboxes accept.
pub(crate) fn pc_budgets(release: &Release, words: &[&str]) -> Command {
    let mut command = Command::new(release.program("pc-budgets"));
    command.args(words).env("PARTNER_CENTER_TOKEN", "sandbox");
    command
}

/// The path as text. The measurements create their own files, so all paths are UTF-8.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}
