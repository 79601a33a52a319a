use std::fmt;

use serde::Serialize;

use crate::accept::Decision;
use crate::review::{Bump, Direction, Finding, Review, Side};
use crate::rules::Level;

/// A review with everything else that the formats show.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The result of the comparison.
    pub review: &'a Review,
    /// The accepted findings.
    pub decision: &'a Decision,
    /// The name of the new document, of which the review has the version.
    pub file: &'a str,
    /// The number of compared documents.
    pub documents: usize,
    /// Other files that changed together with the document; empty if unknown.
    pub files: &'a [Changed],
    /// Whether the text lists changes of annotations; if not, it counts them.
    pub annotations: bool,
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
    Annotations,
}

impl Section {
    pub(super) const ALL: [Self; 5] = [Self::Breaking, Self::Check, Self::Accepted, Self::Fine, Self::Annotations];

    /// The name after a number: "2 breaking".
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Check => "to check",
            Self::Accepted => "accepted",
            Self::Fine => "fine",
            Self::Annotations => "in annotations",
        }
    }

    /// Whether the verdict counts the section even if it is empty.
    fn is_always_counted(self) -> bool {
        matches!(self, Self::Breaking | Self::Check | Self::Fine)
    }
}

impl<'a> Report<'a> {
    /// The result in a line: "2 breaking, 1 to check, 4 fine, 10 in annotations; 3 break Rust; requires version 0.2.0 (is
    /// 0.1.0)".
    ///
    /// Accepted findings and annotations are not counted by their level. `info.version` is shown as in the document.
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// use openapi_review::output::Report;
    ///
    /// let report = Report {
    ///     review: &review,
    ///     decision: &Default::default(),
    ///     file: "openapi.yaml",
    ///     documents: 1,
    ///     files: &[],
    ///     annotations: false,
    ///     see_all: "run `openapi-review diff`",
    /// };
    /// assert_eq!(report.verdict(), "1 breaking, 0 to check, 0 fine; requires version 2.0.0 (is 1.0.0)");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn verdict(&self) -> String {
        let review = self.review;
        if review.findings.is_empty() {
            return "no change".to_owned();
        }
        let counts: Vec<_> = Section::ALL
            .into_iter()
            .map(|section| (section, self.section(section).len()))
            .filter(|(section, count)| section.is_always_counted() || *count > 0)
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
        let of = match (version.is_empty(), self.documents) {
            (true, _) | (false, ..=1) => String::new(),
            (false, _) => format!(" in {}", self.file),
        };
        counts.join(", ") + &rust + &version + &of
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

    pub(super) fn section_of(&self, finding: &Finding) -> Section {
        match finding.level {
            Level::Fine if finding.is_annotation() => Section::Annotations,
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

/// The acceptance of a finding in words, such as "by API team until 2027-01-31: no client sends it".
pub(super) fn acceptance(report: &Report<'_>, finding: &Finding) -> Option<String> {
    let entry = report.decision.acceptance(finding)?;
    Some(format!("by {} until {}: {}", entry.owner, entry.expires, entry.reason))
}

/// The change of the source, line by line: `-` for a line of the old document, `+` for one of the new document, a space for
/// a line of both. Empty if there is no source.
pub(super) fn changed_lines(finding: &Finding) -> Vec<(char, String)> {
    let [old, new] = [&finding.old, &finding.new].map(|side| {
        let source = side.as_ref().map_or("", |side| &side.snippet);
        source.lines().take(8).map(|line| clip(&one_line(line), 200)).collect::<Vec<_>>()
    });
    let same_begin = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - same_begin;
    let same_end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - same_end, new.len() - same_end);
    let marked = |mark: char, lines: &[String]| lines.iter().map(|line| (mark, line.clone())).collect::<Vec<_>>();
    [
        marked(' ', &old[..same_begin]),
        marked('-', &old[same_begin..old_end]),
        marked('+', &new[same_begin..new_end]),
        marked(' ', &new[new_end..]),
    ]
    .concat()
}

/// The change of the source as the lines of a unified diff without positions.
///
/// ```
/// # use openapi_review::document::Document;
/// # use openapi_review::{Settings, compare};
/// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
/// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
/// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
/// #  ]}}}}";
/// # let base = Document::parse("main:openapi.yaml", text)?;
/// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
/// # let review = compare(&base, &revision, &Settings::default());
/// let lines = openapi_review::output::diff(&review.findings[0]);
/// assert_eq!(
///     lines,
///     "- {name: size, in: query, schema: {type: integer, maximum: 500}}\n\
///      + {name: size, in: query, schema: {type: integer, maximum: 300}}\n"
/// );
/// # Ok::<(), openapi_review::document::Diagnostic>(())
/// ```
#[must_use]
pub fn diff(finding: &Finding) -> String {
    changed_lines(finding).iter().map(|(mark, line)| format!("{mark} {line}\n")).collect()
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

/// The part of the document that a finding belongs to, in the order of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Heading<'a> {
    Shared,
    /// An operation, by method and path.
    Operation(&'a str),
    Document,
}

/// A change outside of paths and components is one of the document, however many operations it affects.
pub(super) fn heading(finding: &Finding) -> Heading<'_> {
    let has = |part| [&finding.old, &finding.new].into_iter().flatten().any(|it| it.pointer.starts_with(part));
    let mut operations = finding.operations.iter().map(|it| it.operation.as_str());
    let is_component = has("/components/");
    match operations.next() {
        Some(first) if is_component || has("/paths/") => {
            if operations.all(|other| other == first) {
                Heading::Operation(first)
            } else {
                Heading::Shared
            }
        }
        // No operation uses the component.
        None if is_component => Heading::Shared,
        _ => Heading::Document,
    }
}

/// The directions of a finding; empty if it is not in requests or responses.
pub(super) fn directions(finding: &Finding) -> Vec<&'static str> {
    let is_affected =
        |direction: &Direction| finding.has_direction() && finding.operations.names(Some(*direction), 1).1 > 0;
    [Direction::Request, Direction::Response].into_iter().filter(is_affected).map(Direction::name).collect()
}

/// The maximum number of operations that are named for each direction.
const MAX_OPERATIONS: usize = 5;

/// "request of update_usage_budget; response of 11 operations: get_usage_budget, … and 6 more", each name through `quote`;
/// empty if there are none.
pub(super) fn affected(finding: &Finding, quote: impl Fn(&str) -> String) -> String {
    let directions: &[Option<Direction>] =
        if finding.has_direction() { &[Some(Direction::Request), Some(Direction::Response)] } else { &[None] };
    let group = |direction: &Option<Direction>| {
        let (first, count) = finding.operations.names(*direction, MAX_OPERATIONS);
        let more = (count > first.len()).then(|| format!("… and {} more", count - first.len()));
        let names: Vec<String> = first.iter().map(|name| quote(&clip(name, 100))).chain(more).collect();
        let of = direction.map_or(String::new(), |direction| format!("{} of ", direction.name()));
        let total = if count > 1 { format!("{count} operations: ") } else { String::new() };
        (count > 0).then(|| format!("{of}{total}{}", names.join(", ")))
    };
    directions.iter().filter_map(group).collect::<Vec<_>>().join("; ")
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
