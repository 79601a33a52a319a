//! The verdict: which bump of the version the findings ask for, and whether the new document has it.

use crate::document::{Document, Kind, Node};
use crate::review::{Bump, Finding, Level, Review};

/// The `info.version` of a document; empty where it has none.
pub(crate) fn of(document: &Document) -> String {
    match document.root().at("/info/version").map(Node::kind) {
        Some(Kind::Text(text) | Kind::Number(text)) => text.to_owned(),
        _ => "missing".to_owned(),
    }
}

/// Rules whose findings are something new that programs can use.
const NEW: [&str; 8] = [
    "endpoint-added",
    "new-optional-request-parameter",
    "request-body-added-optional",
    "{}media-type-added",
    "response-header-added",
    "api-callback-added",
    "api-server-added",
    "api-schema-added",
];

pub(crate) fn judge(findings: Vec<Finding>, versions: [String; 2]) -> Review {
    let change = findings.iter().map(asks_for).max().unwrap_or(Bump::None);
    let old = Version::parse(&versions[0]);
    let bump = match (&old, change) {
        // Below 1.0.0 cargo takes the second number for the first and the third for both others.
        (Some(Version([0, ..])), Bump::Major) => Bump::Minor,
        (Some(Version([0, ..])), Bump::Minor) => Bump::Patch,
        (_, change) => change,
    };
    let asked = old.filter(|_| bump != Bump::None).map(|old| old.bumped(bump));
    let version_suffices = match (&asked, Version::parse(&versions[1])) {
        (Some(asked), Some(new)) => new >= *asked,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let asked_version = asked.map(|Version([major, minor, patch])| format!("{major}.{minor}.{patch}"));
    Review { findings, bump, versions, asked_version, version_suffices }
}

fn asks_for(finding: &Finding) -> Bump {
    let new = NEW.contains(&finding.rule.id) || finding.id.contains("-optional-") && finding.id.ends_with("-added");
    match finding.level {
        _ if finding.rust.breaks => Bump::Major,
        Level::Breaking => Bump::Major,
        Level::Check => Bump::Minor,
        Level::Fine if new => Bump::Minor,
        Level::Fine => Bump::Patch,
    }
}

/// Major, minor and patch. What follows them says nothing about compatibility.
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
