//! The command that resumes a run.

use crate::output::sanitize::is_unsafe;
use crate::session::config::ProfileName;

/// This process's command with `--resume`, and with the profile: the default profile may change until then.
pub(super) fn for_profile(profile: Option<&ProfileName>) -> String {
    let mut words: Vec<_> = std::env::args().skip(1).collect();
    let has = |option: &str| words.iter().any(|word| word == option || word.starts_with(&format!("{option}=")));
    let mut added = Vec::new();
    if let Some(profile) = profile.filter(|_| !has("--profile")) {
        added.extend(["--profile".to_owned(), profile.to_string()]);
    }
    if !has("--resume") {
        added.push("--resume".to_owned());
    }
    // Options must come before `--`.
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    words.splice(end..end, added);
    let words: Vec<_> = words.iter().map(|word| quote(word)).collect();
    format!("pc-budgets {}", words.join(" "))
}

/// The word as shells read it.
fn quote(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=,@%+\\".contains(character);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false if word.contains(is_unsafe) => {
            // The notation of bash, zsh and ksh, which has no control characters.
            let escaped = word.bytes().map(|byte| match byte {
                b' '..=b'~' if byte != b'\'' && byte != b'\\' => char::from(byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
