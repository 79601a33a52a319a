//! How a run is stopped and gone on with.

use crate::config::ProfileName;
use crate::steering::steers;

/// The command that goes on with this run: this one with `--resume`, and with the profile, which may be another one by
/// default then.
pub(super) fn command(profile: Option<&ProfileName>) -> String {
    let mut words: Vec<_> = std::env::args().skip(1).collect();
    let has = |option: &str| words.iter().any(|word| word == option || word.starts_with(&format!("{option}=")));
    let mut more = Vec::new();
    if let Some(profile) = profile.filter(|_| !has("--profile")) {
        more.extend(["--profile".to_owned(), profile.to_string()]);
    }
    if !has("--resume") {
        more.push("--resume".to_owned());
    }
    // Behind two hyphens there are no options.
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    words.splice(end..end, more);
    let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    format!("pc-budgets {}", words.join(" "))
}

/// As shells read it.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=,@%+\\".contains(character);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false if word.contains(steers) => {
            // As bash, zsh and ksh read it, and harmless for the terminal.
            let escaped = word.bytes().map(|byte| match byte {
                b' '..=b'~' if byte != b'\'' && byte != b'\\' => char::from(byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
