//! Sections of a comment: findings grouped by the operations that they affect.

use std::collections::BTreeMap;

use super::detail::{Detail, MAX_BYTES};
use super::escape::{code, fence, prose};
use crate::output::report::{Heading, Report, affected, clip, heading, positions, rust_verdict};
use crate::review::Finding;
use crate::rules::Level;

/// Writes the findings of a section below their headings; none if the comment becomes too long.
pub(super) fn write_findings(
    report: &Report<'_>,
    findings: &[&Finding],
    detail: Detail,
    body: &mut String,
) -> Option<()> {
    let mut headings: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for finding in findings {
        headings.entry(heading(finding)).or_default().push(*finding);
    }
    for (heading, findings) in headings {
        *body += &match heading {
            Heading::Shared => "\n#### Shared by operations\n\n".to_owned(),
            Heading::Operation(name) => format!("\n#### {}\n\n", code(&clip(name, 200))),
            Heading::Document => "\n#### The document\n\n".to_owned(),
        };
        for finding in findings {
            write_finding(report, finding, detail, body);
            if body.len() > MAX_BYTES {
                return None;
            }
        }
    }
    Some(())
}

fn write_finding(report: &Report<'_>, finding: &Finding, detail: Detail, body: &mut String) {
    let positions = positions(finding, code);
    let id = code(&clip(&finding.id, 100));
    if detail == Detail::Line {
        *body += &format!("- {}, {positions}\n", prose(&clip(&finding.text, 160)));
        return;
    }
    *body += &format!("- **{}**\n\n  {positions}, {id}\n", prose(&clip(&finding.text, 400)));
    // The heading names a single operation, but not the direction.
    if !finding.operations.is_empty() && (finding.has_direction() || heading(finding) == Heading::Shared) {
        *body += &format!("  - Affects {}\n", affected(finding, code));
    }
    if finding.level > Level::Fine {
        *body += &format!("  - On the wire: {}\n", finding.rule.reason);
    }
    let rust = rust_verdict(report, finding);
    if !rust.is_empty() {
        *body += &format!("  - Rust: {}\n", prose(&clip(&rust, 400)));
    }
    if finding.level > Level::Fine {
        *body += &format!("  - Instead: {}\n", finding.rule.suggestion);
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
