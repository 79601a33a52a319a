//! For the terminal of a reviewer.

use anstyle::{AnsiColor, Style};

use super::{Report, Section, clip, one_line, places, reach, rust_verdict};
use crate::review::Finding;

/// The verdict in the first line, then each finding, worst first; the fine ones in one line each, and one more where they
/// break Rust.
///
/// With colours: write it through a stream that drops them where nobody sees them, such as `anstream::stdout`.
#[must_use]
pub fn text(report: &Report<'_>) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", one_line(&report.verdict()));
    for changed in report.files {
        text += &format!("    {:8}  {}\n", "files", one_line(&changed.to_string()));
    }
    for section in Section::ALL {
        let findings = report.section(section);
        if section == Section::Fine && !findings.is_empty() {
            text.push('\n');
        }
        for finding in findings {
            add(&mut text, report, section, finding);
        }
    }
    if !report.decision.complaints.is_empty() {
        text.push('\n');
    }
    let style = style(Section::Breaking);
    for complaint in &report.decision.complaints {
        text += &format!("{style}accept list{style:#}  {}\n", one_line(&complaint.to_string()));
    }
    text
}

fn add(text: &mut String, report: &Report<'_>, section: Section, finding: &Finding) {
    let style = style(section);
    let (name, what) = (section.name(), one_line(&clip(&finding.text, 1000)));
    if section == Section::Fine {
        let place = one_line(&places(finding, str::to_owned));
        *text += &format!("{style}{name}{style:#}  {what}, {place}\n");
        if finding.rust.breaks {
            *text += &format!("    {:8}  {}\n", "rust", one_line(&clip(&rust_verdict(finding), 1000)));
        }
        return;
    }
    *text += &format!("\n{style}{name}{style:#}  {what}\n");
    let acceptance = report
        .decision
        .acceptance(finding)
        .map(|entry| format!("by {} until {}: {}", entry.owner, entry.expires, entry.reason));
    let lines = [
        ("where", places(finding, str::to_owned)),
        ("reaches", reach(finding, str::to_owned)),
        ("wire", finding.rule.why.to_owned()),
        ("rust", rust_verdict(finding)),
        ("instead", finding.rule.instead.to_owned()),
        ("accepted", acceptance.unwrap_or_default()),
        ("rule", format!("{}, fingerprint {}", finding.id, finding.fingerprint())),
    ];
    for (label, line) in lines.into_iter().filter(|(_, line)| !line.is_empty()) {
        *text += &format!("    {label:8}  {}\n", one_line(&clip(&line, 1000)));
    }
}

fn style(section: Section) -> Style {
    let color = match section {
        Section::Breaking => AnsiColor::Red,
        Section::Check => AnsiColor::Yellow,
        Section::Accepted => AnsiColor::Cyan,
        Section::Fine => AnsiColor::Green,
    };
    color.on_default().bold()
}
