use std::fmt;

use serde::Serialize;

use crate::accept::Decision;
use crate::review::{Bump, Finding, Review, Side};
use crate::rules::Level;

/// A review with everything else that the formats show.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The result of the comparison.
    pub review: &'a Review,
    /// The accepted findings.
    pub decision: &'a Decision,
    /// The name of the new document.
    pub file: &'a str,
    /// Other files that changed together with the document; empty if unknown.
    pub files: &'a [Changed],
    /// How to see everything if an output is shortened, such as "run `cargo xtask diff`".
    pub see_all: &'a str,
}

/// The changes of a file or folder between the two documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The path, relative to the repository.
    pub path: String,
    /// The number of changed files.
    pub files: usize,
    /// The number of added lines.
    pub added: usize,
    /// The number of removed lines.
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

/// The section that shows a finding, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Breaking,
    Check,
    Accepted,
    Fine,
}

impl Section {
    pub(super) const ALL: [Self; 4] = [Self::Breaking, Self::Check, Self::Accepted, Self::Fine];

    /// The name after a number: "2 breaking".
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Check => "to check",
            Self::Accepted => "accepted",
            Self::Fine => "fine",
        }
    }
}

impl<'a> Report<'a> {
    /// The result in a line: "2 breaking, 1 to check, 14 fine; 3 break Rust; requires version 0.2.0 (is 0.1.0)".
    ///
    /// Accepted findings are not counted by their level. `info.version` is shown as in the document.
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
        let version = match &review.required_version {
            Some(_) if review.version_suffices => format!("; version {new} is sufficient"),
            Some(required) => format!("; requires version {required} (is {new})"),
            None if review.bump == Bump::None => String::new(),
            None => format!("; requires a new version, but {old} is not a semantic version"),
        };
        let rust = match review.rust_unknown {
            Some(reason) => format!("; effect on Rust unknown: {reason}"),
            None => self.breaking_rust(),
        };
        counts.join(", ") + &rust + &version
    }

    fn breaking_rust(&self) -> String {
        match self.review.findings.iter().filter(|finding| finding.rust.breaks).count() {
            0 => String::new(),
            1 => "; 1 breaks Rust".to_owned(),
            count => format!("; {count} break Rust"),
        }
    }

    /// The findings of a section, in the order of the review.
    pub(super) fn section(&self, section: Section) -> Vec<&'a Finding> {
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

/// The effect of a finding on generated Rust code, never empty.
pub(super) fn rust_effect(finding: &Finding) -> &str {
    if finding.rust.text.is_empty() { "no effect" } else { &finding.rust.text }
}

/// The effect of a finding on generated Rust code, marked if it breaks code; empty if the effect is unknown.
pub(super) fn rust_verdict(report: &Report<'_>, finding: &Finding) -> String {
    if report.review.rust_unknown.is_some() {
        return String::new();
    }
    format!("{}{}", if finding.rust.breaks { "breaks: " } else { "" }, rust_effect(finding))
}

/// Both positions of a finding, each as `file:line` through `quote`.
pub(super) fn positions(finding: &Finding, quote: impl Fn(&str) -> String) -> String {
    let position = |side: &Side| quote(&format!("{}:{}", clip(&side.file, 200), side.line));
    match (&finding.old, &finding.new) {
        (Some(old), Some(new)) => format!("{} → {}", position(old), position(new)),
        (Some(old), None) => format!("was at {}", position(old)),
        (None, Some(new)) => format!("added at {}", position(new)),
        (None, None) => "in the document".to_owned(),
    }
}

/// The maximum number of operations that are named.
const MAX_OPERATIONS: usize = 3;

/// "11 operations: get_usage_budget, …, … and 8 more", each name through `quote`; empty if there are none.
pub(super) fn affected(finding: &Finding, quote: impl Fn(&str) -> String) -> String {
    let (first, count) = finding.operations.names(None, MAX_OPERATIONS);
    let more = (count > first.len()).then(|| format!("… and {} more", count - first.len()));
    let names: Vec<String> = first.iter().map(|name| quote(&clip(name, 100))).chain(more).collect();
    match &*names {
        [] => String::new(),
        [name] => name.clone(),
        _ => format!("{count} operations: {}", names.join(", ")),
    }
}

/// The first `limit` items, and "… and 8 more" if there are others.
pub(super) fn first_of<T>(items: &[T], limit: usize) -> (&[T], Option<String>) {
    match items.split_at_checked(limit) {
        Some((first, rest)) if !rest.is_empty() => (first, Some(format!("… and {} more", rest.len()))),
        _ => (items, None),
    }
}

/// At most `length` characters of `text`, with "…" instead of the rest.
pub(super) fn clip(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

pub(super) fn one_line(text: &str) -> String {
    printable_text::one_line(text).into_owned()
}
