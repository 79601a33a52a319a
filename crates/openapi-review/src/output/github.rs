//! For GitHub's workflow runs, which turn such lines into annotations of files.

use super::{Report, Section, clip, one_line, places, reach, rust_verdict};
use crate::review::Finding;

/// GitHub shows so many annotations of each kind for a step, and drops the others without a word.
const SHOWN: usize = 10;

/// Workflow commands, worst first: errors for what breaks and for complaints about the accept list, warnings for what is
/// to be checked, notices for what was accepted, and one notice for all that is fine.
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let all =
        |section| report.section(section).into_iter().map(|finding| annotation(report, section, finding)).collect();
    let mut errors: Vec<_> = all(Section::Breaking);
    errors.extend(report.decision.complaints.iter().map(|complaint| {
        let place = [complaint.line, complaint.column];
        command("error", &complaint.file, place, "accept list", &one_line(&complaint.reason))
    }));
    let summary = summary(report);
    let mut lines = capped("error", errors, SHOWN);
    lines.extend(capped("warning", all(Section::Check), SHOWN));
    lines.extend(capped("notice", all(Section::Accepted), SHOWN - 1));
    lines.push(format!("::notice title=document diff::{}", data(&summary)));
    lines.join("\n") + "\n"
}

/// The first of `lines`, and one that says how many more there are where that would be more than `most`.
fn capped(kind: &str, mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        let more = lines.split_off(most - 1).len();
        lines.push(format!("::{kind} title=document diff::… and {more} more: run `cargo xtask diff`"));
    }
    lines
}

fn annotation(report: &Report<'_>, section: Section, finding: &Finding) -> String {
    let kind = match section {
        Section::Breaking => "error",
        Section::Check => "warning",
        Section::Accepted | Section::Fine => "notice",
    };
    let mut message = vec![one_line(&clip(&finding.text, 500)), one_line(&places(finding, str::to_owned))];
    let operations = reach(finding, str::to_owned);
    if !operations.is_empty() {
        message.push(format!("reaches {}", one_line(&operations)));
    }
    message.push(format!("wire: {}", finding.rule.why));
    message.push(format!("rust: {}", one_line(&clip(&rust_verdict(finding), 500))));
    message.push(match report.decision.acceptance(finding) {
        Some(entry) => {
            let who = format!("accepted by {} until {}: {}", entry.owner, entry.expires, entry.reason);
            one_line(&clip(&who, 500))
        }
        None => format!("instead: {}", finding.rule.instead),
    });
    // What was removed has no line in the new document, so it is told at its top.
    let place = finding.new.as_ref().map_or([1, 1], |side| [side.line, side.column]);
    let file = finding.new.as_ref().map_or(report.file, |side| &side.file);
    command(kind, file, place, &finding.id, &message.join("\n"))
}

/// The verdict, and the first of what is fine.
fn summary(report: &Report<'_>) -> String {
    let fine = report.section(Section::Fine);
    let mut lines = vec![one_line(&clip(&report.verdict(), 500))];
    lines.extend(fine.iter().take(SHOWN).map(|finding| one_line(&clip(&finding.text, 200))));
    if fine.len() > SHOWN {
        lines.push(format!("… and {} more", fine.len() - SHOWN));
    }
    lines.join("\n")
}

fn command(kind: &str, file: &str, [line, column]: [usize; 2], title: &str, message: &str) -> String {
    let (file, title) = (property(file), property(title));
    format!("::{kind} file={file},line={line},col={column},title={title}::{}", data(message))
}

/// A message as GitHub wants it; a raw line break would begin another command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&one_line(text)).replace(':', "%3A").replace(',', "%2C")
}
