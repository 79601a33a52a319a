//! Workflow commands, which GitHub shows as annotations of files.

use super::report::{Report, Section, acceptance, affected, clip, first_of, one_line, positions, rust_verdict};
use crate::review::Finding;

/// GitHub shows this many annotations of each kind for a step, and silently drops the others.
const MAX_ANNOTATIONS: usize = 10;

/// The maximum number of fine findings in the summary.
const MAX_FINE: usize = 10;

/// Workflow commands, worst first: errors for breaking findings and for problems of the accept list, warnings for findings
/// to check, notices for accepted findings, and one notice for all fine findings.
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
/// # let report = openapi_review::output::Report {
/// #     review: &review,
/// #     decision: &Default::default(),
/// #     file: revision.name(),
/// #     documents: 1,
/// #     files: &[],
/// #     annotations: false,
/// #     see_all: "run `openapi-review diff`",
/// # };
/// let commands = openapi_review::output::github(&report);
/// assert!(commands.starts_with("::error file=openapi.yaml,line=3,"));
/// # Ok::<(), openapi_review::document::Diagnostic>(())
/// ```
#[must_use]
pub fn github(report: &Report<'_>) -> String {
    let all =
        |section| report.section(section).into_iter().map(|finding| annotation(report, section, finding)).collect();
    let mut errors: Vec<_> = all(Section::Breaking);
    errors.extend(report.decision.diagnostics.iter().map(|diagnostic| {
        let position = [diagnostic.line, diagnostic.column];
        command("error", &diagnostic.file, position, "accept list", &one_line(&diagnostic.reason))
    }));
    let summary = summary(report);
    let mut lines = limited("error", errors, MAX_ANNOTATIONS, report);
    lines.extend(limited("warning", all(Section::Check), MAX_ANNOTATIONS, report));
    lines.extend(limited("notice", all(Section::Accepted), MAX_ANNOTATIONS - 1, report));
    lines.push(format!("::notice title=document diff::{}", data(&summary)));
    lines.join("\n") + "\n"
}

/// At most `limit` commands, of which the last one counts the others if there are more.
fn limited(kind: &str, commands: Vec<String>, limit: usize, report: &Report<'_>) -> Vec<String> {
    if commands.len() <= limit {
        return commands;
    }
    let (first, more) = first_of(&commands, limit - 1);
    let more =
        more.map(|more| format!("::{kind} title=document diff::{}", data(&format!("{more}: {}", report.see_all))));
    first.iter().cloned().chain(more).collect()
}

fn annotation(report: &Report<'_>, section: Section, finding: &Finding) -> String {
    let kind = match section {
        Section::Breaking => "error",
        Section::Check => "warning",
        Section::Accepted | Section::Fine | Section::Annotations => "notice",
    };
    let mut message = vec![one_line(&clip(&finding.text, 500)), one_line(&positions(finding, str::to_owned))];
    let operations = affected(finding, str::to_owned);
    if !operations.is_empty() {
        message.push(format!("affects {}", one_line(&operations)));
    }
    message.push(format!("wire: {}", finding.rule.reason));
    let rust = rust_verdict(report, finding);
    if !rust.is_empty() {
        message.push(format!("rust: {}", one_line(&clip(&rust, 500))));
    }
    message.push(match acceptance(report, finding) {
        Some(acceptance) => one_line(&clip(&format!("accepted {acceptance}"), 500)),
        None => format!("instead: {}", finding.rule.suggestion),
    });
    // A removal has no line in the new document.
    let side = finding.new.as_ref().or(finding.surviving_parent.as_ref());
    let position = side.map_or([1, 1], |side| [side.line, side.column]);
    let file = side.map_or(report.file, |side| &side.file);
    command(kind, file, position, &finding.id, &message.join("\n"))
}

/// The verdict, and the first fine findings.
fn summary(report: &Report<'_>) -> String {
    let fine = report.section(Section::Fine);
    let mut lines = vec![one_line(&clip(&report.verdict(), 500))];
    let (first, more) = first_of(&fine, MAX_FINE);
    lines.extend(first.iter().map(|finding| one_line(&clip(&finding.text, 200))).chain(more));
    lines.join("\n")
}

fn command(kind: &str, file: &str, [line, column]: [usize; 2], title: &str, message: &str) -> String {
    let (file, title) = (property(file), property(title));
    format!("::{kind} file={file},line={line},col={column},title={title}::{}", data(message))
}

/// Escapes a message. A raw line break would start another command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&one_line(text)).replace(':', "%3A").replace(',', "%2C")
}
