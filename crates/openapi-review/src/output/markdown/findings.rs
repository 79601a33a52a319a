//! Findings within a comment, grouped by what they reach.

use std::collections::BTreeMap;

use super::super::{Report, clip, operations, places, reach, rust_verdict};
use super::escape::{code, fence, prose};
use super::{Detail, LIMIT};
use crate::review::{Finding, Level};

/// Under which heading a finding stands, in their order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Group<'a> {
    Shared,
    Operation(&'a str),
    Document,
}

/// The findings of a section below the headings of their groups; none once that is longer than the limit.
pub(super) fn groups(report: &Report<'_>, findings: &[&Finding], detail: Detail, body: &mut String) -> Option<()> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for finding in findings {
        groups.entry(group(finding)).or_default().push(*finding);
    }
    for (group, findings) in groups {
        *body += &match group {
            Group::Shared => "\n#### Shared by operations\n\n".to_owned(),
            Group::Operation(name) => format!("\n#### {}\n\n", code(&clip(name, 200))),
            Group::Document => "\n#### In no operation\n\n".to_owned(),
        };
        for finding in findings {
            add(report, finding, detail, body);
            if body.len() > LIMIT {
                return None;
            }
        }
    }
    Some(())
}

fn group(finding: &Finding) -> Group<'_> {
    let component = [&finding.old, &finding.new].into_iter().flatten().any(|it| it.pointer.starts_with("/components/"));
    match &finding.operations[..] {
        _ if operations(finding).len() > 1 => Group::Shared,
        [] if component => Group::Shared,
        [] => Group::Document,
        _ if component => Group::Shared,
        [only, ..] => Group::Operation(&only.operation),
    }
}

fn add(report: &Report<'_>, finding: &Finding, detail: Detail, body: &mut String) {
    let place = places(finding, code);
    let id = code(&clip(&finding.id, 100));
    if detail == Detail::Line {
        *body += &format!("- {}, {place}\n", prose(&clip(&finding.text, 160)));
        return;
    }
    *body += &format!("- **{}**\n\n  {place}, {id}\n", prose(&clip(&finding.text, 400)));
    if group(finding) == Group::Shared && !finding.operations.is_empty() {
        *body += &format!("  - Reaches {}\n", reach(finding, code));
    }
    if finding.level > Level::Fine {
        *body += &format!("  - On the wire: {}\n", finding.rule.why);
    }
    *body += &format!("  - Rust: {}\n", prose(&clip(&rust_verdict(finding), 400)));
    if finding.level > Level::Fine {
        *body += &format!("  - Instead: {}\n", finding.rule.instead);
    }
    if let Some(entry) = report.decision.acceptance(finding) {
        let [owner, reason] = [&entry.owner, &entry.reason].map(|it| prose(&clip(it, 400)));
        *body += &format!("  - Accepted by {owner} until {}: {reason}\n", entry.expires);
    }
    if detail == Detail::Full {
        *body += &fence(finding);
    }
    body.push('\n');
}
