//! The version bump that the findings require, and whether the new document has it.

use crate::document::{Document, Kind, Node};
use crate::review::{Bump, Finding, Review};
use crate::rules::{self, Level, Rule};

/// The `info.version` of a document; `missing` if it has none.
pub(crate) fn info_version(document: &Document) -> String {
    match document.root().at("/info/version").map(Node::kind) {
        Some(Kind::Text(text) | Kind::Number(text)) => text.to_owned(),
        _ => "missing".to_owned(),
    }
}

/// Rules of compatible additions, which require a minor bump.
static ADDITIONS: [&Rule; 12] = [
    &rules::ENDPOINT_ADDED,
    &rules::PARAMETER_OPTIONAL_ADDED,
    &rules::BODY_ADDED_OPTIONAL,
    &rules::MEDIA_TYPE_ADDED,
    &rules::PROPERTY_OPTIONAL_ADDED,
    &rules::RESPONSE_PROPERTY_OPTIONAL_ADDED,
    &rules::RESPONSE_PROPERTY_REQUIRED_ADDED,
    &rules::HEADER_ADDED,
    &rules::CALLBACK_ADDED,
    &rules::WEBHOOK_ADDED,
    &rules::SERVER_ADDED,
    &rules::SCHEMA_ADDED,
];

pub(crate) fn review(findings: Vec<Finding>, versions: [String; 2]) -> Review {
    let change = findings.iter().map(required_bump).max().unwrap_or(Bump::None);
    let old = Version::parse(&versions[0]);
    let bump = match (&old, change) {
        // Below 1.0.0, Cargo treats a minor bump as breaking and a patch bump as compatible.
        (Some(Version([0, ..])), Bump::Major) => Bump::Minor,
        (Some(Version([0, ..])), Bump::Minor) => Bump::Patch,
        (_, change) => change,
    };
    let required = old.filter(|_| bump != Bump::None).map(|old| old.bumped(bump));
    let version_suffices = match (&required, Version::parse(&versions[1])) {
        (Some(required), Some(new)) => new >= *required,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let required_version = required.map(|Version([major, minor, patch])| format!("{major}.{minor}.{patch}"));
    let (warnings, rust_unknown) = (Vec::new(), None);
    Review { findings, bump, versions, required_version, version_suffices, warnings, rust_unknown }
}

fn required_bump(finding: &Finding) -> Bump {
    match finding.level {
        _ if finding.rust.breaks => Bump::Major,
        Level::Breaking => Bump::Major,
        Level::Check => Bump::Minor,
        Level::Fine if ADDITIONS.contains(&finding.rule) => Bump::Minor,
        Level::Fine => Bump::Patch,
    }
}

/// Major, minor and patch. Pre-release and build metadata do not affect compatibility.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Version([u64; 3]);

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(|part| part.parse().ok());
        let version = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Self(version))
    }

    fn bumped(&self, bump: Bump) -> Self {
        let Self([major, minor, patch]) = *self;
        Self(match bump {
            Bump::None => [major, minor, patch],
            Bump::Patch => [major, minor, patch.saturating_add(1)],
            Bump::Minor => [major, minor.saturating_add(1), 0],
            Bump::Major => [major.saturating_add(1), 0, 0],
        })
    }
}
