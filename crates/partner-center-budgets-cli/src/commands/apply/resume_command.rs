//! The command that resumes a run.

use std::ffi::{OsStr, OsString};

use crate::output::sanitize::is_unsafe;
use crate::session::config::ProfileName;

/// This process's command with `--resume`, and with the profile: the default profile may change until then.
pub(super) fn for_profile(profile: Option<&ProfileName>) -> String {
    let mut words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let has = |option: &str| {
        let is_option = |word: &str| word == option || word.starts_with(&format!("{option}="));
        words.iter().any(|word| is_option(&word.to_string_lossy()))
    };
    let mut added = Vec::new();
    if let Some(profile) = profile.filter(|_| !has("--profile")) {
        added.extend(["--profile".into(), profile.as_str().into()]);
    }
    if !has("--resume") {
        added.push("--resume".into());
    }
    // Options must come before `--`.
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    words.splice(end..end, added);
    let words: Vec<_> = words.iter().map(|word| quote(word)).collect();
    format!("pc-budgets {}", words.join(" "))
}

/// The characters of words that need no quotes, besides letters and digits.
const PLAIN: &str = if cfg!(windows) { "-_./:=+\\" } else { "-_./:=+,@%" };

/// The word as shells read it.
fn quote(word: &OsStr) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || PLAIN.contains(character);
    match word.to_str() {
        Some(word) if !word.is_empty() && word.chars().all(is_plain) => word.to_owned(),
        // PowerShell also reads single quotes, but cmd does not.
        Some(word) if cfg!(windows) => format!("\"{word}\""),
        Some(word) if !word.contains(is_unsafe) => format!("'{}'", word.replace('\'', r"'\''")),
        // The notation of bash, zsh and ksh, which has no control characters and can be any bytes.
        _ => {
            let escaped = word.as_encoded_bytes().iter().map(|byte| match byte {
                b' '..=b'~' if *byte != b'\'' && *byte != b'\\' => char::from(*byte).to_string(),
                _ => format!("\\x{byte:02x}"),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
    }
}
