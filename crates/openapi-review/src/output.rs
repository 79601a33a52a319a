//! A review as people and programs read it: for a terminal, a pull request, a program, and GitHub's annotations.
//!
//! What comes from the documents may be hostile. Each format makes it harmless in its own way.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use crate::accept::Decision;
use crate::review::{Bump, Finding, Level, Review, Side};

mod github;
mod json;
mod markdown;
mod text;

pub use github::github;
pub use json::json;
pub use markdown::{LIMIT, markdown, rules};
pub use text::text;

/// What there is to show.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What was found.
    pub review: &'a Review,
    /// What was accepted of it.
    pub decision: &'a Decision,
    /// The new document, as the user named it.
    pub file: &'a str,
    /// What else changed with the document and is reviewed with it; empty where nobody knows.
    pub files: &'a [Changed],
}

/// A file or folder between both states of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// From the folder of the repository.
    pub path: String,
    /// How many files of it changed.
    pub files: usize,
    /// Lines that were added.
    pub added: usize,
    /// Lines that were removed.
    pub removed: usize,
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, files, added, removed } = self;
        match files {
            0 => write!(f, "{path} unchanged"),
            1 => write!(f, "{path} +{added} -{removed}"),
            _ => write!(f, "{path} +{added} -{removed} in {files} files"),
        }
    }
}

/// Where a finding is shown, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Breaking,
    Check,
    Accepted,
    Fine,
}

impl Section {
    const ALL: [Self; 4] = [Self::Breaking, Self::Check, Self::Accepted, Self::Fine];

    /// As it stands behind a number: "2 breaking".
    fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Check => "to check",
            Self::Accepted => "accepted",
            Self::Fine => "fine",
        }
    }
}

impl<'a> Report<'a> {
    /// The outcome in a line: "2 breaking, 1 to check, 14 fine; 3 break Rust; asks for version 0.2.0 (is 0.1.0)".
    ///
    /// Accepted findings count as accepted only. `info.version` is shown as it stands in the document.
    #[must_use]
    pub fn verdict(&self) -> String {
        let review = self.review;
        if review.findings.is_empty() {
            return "no change".to_owned();
        }
        let counts: Vec<_> = Section::ALL
            .into_iter()
            .map(|section| (section, self.section(section).len()))
            .filter(|(section, count)| *section != Section::Accepted || *count > 0)
            .map(|(section, count)| format!("{count} {}", section.name()))
            .collect();
        let [old, new] = &review.versions;
        let version = match &review.asked_version {
            Some(_) if review.version_suffices => format!("; version {new} will do"),
            Some(asked) => format!("; asks for version {asked} (is {new})"),
            None if review.bump == Bump::None => String::new(),
            None => format!("; asks for a new version, but {old} is not a semantic version"),
        };
        let rust = match review.findings.iter().filter(|finding| finding.rust.breaks).count() {
            0 => String::new(),
            1 => "; 1 breaks Rust".to_owned(),
            count => format!("; {count} break Rust"),
        };
        counts.join(", ") + &rust + &version
    }

    /// The findings of a section, in the order of the review.
    fn section(&self, section: Section) -> Vec<&'a Finding> {
        self.review.findings.iter().filter(|finding| self.section_of(finding) == section).collect()
    }

    fn section_of(&self, finding: &Finding) -> Section {
        match finding.level {
            Level::Fine => Section::Fine,
            _ if self.decision.acceptance(finding).is_some() => Section::Accepted,
            Level::Check => Section::Check,
            Level::Breaking => Section::Breaking,
        }
    }
}

/// What a finding does to generated Rust code, never empty.
fn rust(finding: &Finding) -> &str {
    if finding.rust.text.is_empty() { "no effect" } else { &finding.rust.text }
}

/// The same for people: whether it breaks code comes first.
fn rust_verdict(finding: &Finding) -> String {
    format!("{}{}", if finding.rust.breaks { "breaks: " } else { "" }, rust(finding))
}

/// Both places of a finding, each as `file:line` through `quote`.
fn places(finding: &Finding, quote: impl Fn(&str) -> String) -> String {
    let place = |side: &Side| quote(&format!("{}:{}", clip(&side.file, 200), side.line));
    match (&finding.old, &finding.new) {
        (Some(old), Some(new)) => format!("{} → {}", place(old), place(new)),
        (Some(old), None) => format!("was at {}", place(old)),
        (None, Some(new)) => format!("added at {}", place(new)),
        (None, None) => "in the document".to_owned(),
    }
}

/// The operations of a finding, each once, by `operationId` where they have one.
fn operations(finding: &Finding) -> BTreeSet<&str> {
    finding.operations.iter().map(|it| it.id.as_deref().unwrap_or(&it.operation)).collect()
}

/// "11 operations: get_usage_budget, …, … and 8 more", each name through `quote`; empty where there is none.
fn reach(finding: &Finding, quote: impl Fn(&str) -> String) -> String {
    const SHOWN: usize = 3;
    let all = operations(finding);
    let mut names: Vec<_> = all.iter().take(SHOWN).map(|name| quote(&clip(name, 100))).collect();
    match all.len() {
        0 => return String::new(),
        1 => return names.remove(0),
        count if count > SHOWN => names.push(format!("… and {} more", count - SHOWN)),
        _ => {}
    }
    format!("{} operations: {}", all.len(), names.join(", "))
}

/// At most `length` characters of `text`, with "…" in place of the rest.
fn clip(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `text` in one line, printable.
fn one_line(text: &str) -> String {
    printable_text::one_line(text).into_owned()
}
