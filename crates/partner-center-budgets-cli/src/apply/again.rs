//! How a run is stopped and gone on with.

use crate::config::ProfileName;

/// The command that goes on with this run: this one with `--resume`, and with the profile, which may be another one by
/// default then.
pub(super) fn command(profile: Option<&ProfileName>) -> String {
    let mut words: Vec<_> = std::env::args().skip(1).collect();
    if let Some(profile) = profile
        && !words.iter().any(|word| word == "--profile" || word.starts_with("--profile="))
    {
        words.extend(["--profile".to_owned(), profile.to_string()]);
    }
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".to_owned());
    }
    let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    format!("pc-budgets {}", words.join(" "))
}

/// As shells read it.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=,@%+\\".contains(character);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
