//! Coloured text for a terminal.

use anstyle::{AnsiColor, Style};

use super::report::{Report, Section, acceptance, affected, clip, one_line, positions, rust_verdict};
use crate::review::Finding;

/// The verdict in the first line, then each finding, worst first. A fine finding has one line, and another one if it breaks
/// Rust code. Changes of annotations are counted, and listed only if the report asks for them.
///
/// The text has colours: write it to a stream that removes them if necessary, such as `anstream::stdout`.
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
/// anstream::print!("{}", openapi_review::output::text(&report));
/// # Ok::<(), openapi_review::document::Diagnostic>(())
/// ```
#[must_use]
pub fn text(report: &Report<'_>) -> String {
    let bold = Style::new().bold();
    let mut text = format!("{bold}{}{bold:#}\n", one_line(&report.verdict()));
    for changed in report.files {
        text += &format!("    {:8}  {}\n", "files", one_line(&changed.to_string()));
    }
    for section in Section::ALL {
        let findings = report.section(section);
        if section >= Section::Fine && !findings.is_empty() {
            text.push('\n');
        }
        if section == Section::Annotations && !report.annotations && !findings.is_empty() {
            let (style, count) = (style(section), findings.len());
            let changes = if count == 1 { "change" } else { "changes" };
            text += &format!(
                "{style}{count} {changes} in annotations{style:#}: descriptions, examples, extensions; `--annotations` shows \
                 more\n"
            );
            continue;
        }
        for finding in findings {
            add(&mut text, report, section, finding);
        }
    }
    if !report.decision.diagnostics.is_empty() {
        text.push('\n');
    }
    let style = style(Section::Breaking);
    for diagnostic in &report.decision.diagnostics {
        text += &format!("{style}accept list{style:#}  {}\n", one_line(&diagnostic.to_string()));
    }
    text
}

fn add(text: &mut String, report: &Report<'_>, section: Section, finding: &Finding) {
    let style = style(section);
    let (name, message) = (section.name(), one_line(&clip(&finding.text, 1000)));
    if section >= Section::Fine {
        let name = if section == Section::Annotations { "annotation" } else { name };
        let affected = affected(finding, str::to_owned);
        let affected = if affected.is_empty() { affected } else { format!(" ({affected})") };
        let details = one_line(&format!("{affected}, {}", positions(finding, str::to_owned)));
        *text += &format!("{style}{name}{style:#}  {message}{details}\n");
        if finding.rust.breaks {
            *text += &format!("    {:8}  {}\n", "rust", one_line(&clip(&rust_verdict(report, finding), 1000)));
        }
        return;
    }
    *text += &format!("\n{style}{name}{style:#}  {message}\n");
    let lines = [
        ("where", positions(finding, str::to_owned)),
        ("affects", affected(finding, str::to_owned)),
        ("wire", finding.rule.reason.to_owned()),
        ("rust", rust_verdict(report, finding)),
        ("instead", finding.rule.suggestion.to_owned()),
        ("accepted", acceptance(report, finding).unwrap_or_default()),
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
        Section::Annotations => AnsiColor::BrightBlack,
    };
    color.on_default().bold()
}
