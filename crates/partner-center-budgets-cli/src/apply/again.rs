//! How a run is stopped and gone on with.

use std::io;

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

/// Ends at Ctrl-C, and where there is one at a polite SIGTERM. A second Ctrl-C ends the program: the journal survives that.
///
/// Listening begins at once, and not when this is first polled.
#[cfg(unix)]
pub(super) fn interrupted() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tokio::spawn(async move {
            interrupt.recv().await;
            std::process::exit(130);
        });
    })
}

/// Ends at Ctrl-C. A second one ends the program: the journal survives that.
#[cfg(not(unix))]
pub(super) fn interrupted() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        drop(tokio::signal::ctrl_c().await);
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    })
}
