//! A page for a browser, in one file.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::report::{
    Heading, Report, Section, acceptance, affected, changed_lines, clip, directions, heading, one_line, rust_verdict,
};
use crate::review::{Finding, Side};
use crate::rules::Level;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// A self-contained page: the verdict, and the findings by operation with the source of both documents. It can be filtered by
/// level, direction and text. It loads nothing, and without its script it shows everything.
///
/// ```no_run
/// # use openapi_review::output::{Report, html};
/// # fn example(report: &Report<'_>) -> std::io::Result<()> {
/// std::fs::write("review.html", html(report))?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn html(report: &Report<'_>) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    // Forbid to load anything, and to run anything else: escaping is not the only protection.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    let page = html! {
        (DOCTYPE) "\n"
        html lang="en" { "\n"
            head { "\n"
                meta charset="utf-8"; "\n"
                meta http-equiv="Content-Security-Policy" content=(policy); "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                meta name="referrer" content="no-referrer"; "\n"
                title { "API review of " (one_line(report.file)) } "\n"
                style { (PreEscaped(STYLE)) } "\n"
            } "\n"
            body { "\n"
                (header(report)) "\n"
                (tools(report)) "\n"
                main { "\n"
                    @for (heading, findings) in groups(report) { (group(report, heading, &findings)) "\n" }
                    p #nothing hidden { "No finding matches the filters." } "\n"
                } "\n"
                script { (PreEscaped(SCRIPT)) } "\n"
            } "\n"
        } "\n"
    };
    page.into_string()
}

fn header(report: &Report<'_>) -> Markup {
    let worst = Section::ALL.into_iter().find(|section| !report.section(*section).is_empty());
    html! {
        header class=(worst.map_or("fine", class)) { "\n"
            p.about {
                "API review of "
                @if report.documents > 1 { (report.documents) " documents" } @else { code { (one_line(report.file)) } }
            } "\n"
            h1 { (one_line(&report.verdict())) } "\n"
            @if !report.files.is_empty() {
                p.about {
                    "Review together with: "
                    (one_line(&report.files.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")))
                } "\n"
            }
            @if !report.decision.diagnostics.is_empty() {
                h2 { "Accept list" } "\n"
                ul.problems {
                    @for diagnostic in &report.decision.diagnostics { li { (one_line(&diagnostic.to_string())) } "\n" }
                } "\n"
            }
        }
    }
}

fn tools(report: &Report<'_>) -> Markup {
    html! {
        form.tools role="search" { "\n"
            fieldset { "\n"
                legend { "Levels" } "\n"
                @for section in Section::ALL {
                    @let count = report.section(section).len();
                    @if count > 0 {
                        label class=(class(section)) {
                            input type="checkbox" name="level" value=(class(section)) checked;
                            (count) " " (section.name())
                        } "\n"
                    }
                }
            } "\n"
            label {
                "Direction"
                select #direction {
                    option value="" { "all" }
                    option value="request" { "requests" }
                    option value="response" { "responses" }
                }
            } "\n"
            label { "Search" input type="search" id="search" autocomplete="off" spellcheck="false"; } "\n"
            p #count role="status" aria-live="polite" {} "\n"
        }
    }
}

/// The findings by operation: first the operations with the worst findings, then shared changes, then the document.
fn groups<'a>(report: &Report<'a>) -> Vec<(Heading<'a>, Vec<&'a Finding>)> {
    let mut groups: BTreeMap<Heading<'a>, Vec<&'a Finding>> = BTreeMap::new();
    for finding in Section::ALL.into_iter().flat_map(|section| report.section(section)) {
        groups.entry(heading(finding)).or_default().push(finding);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // The first finding of a group is its worst.
    groups.sort_by_key(|(_, findings)| findings.first().map(|finding| report.section_of(finding)));
    groups
}

fn group(report: &Report<'_>, heading: Heading<'_>, findings: &[&Finding]) -> Markup {
    let begin = findings.partition_point(|finding| report.section_of(finding) != Section::Annotations);
    let (others, annotations) = findings.split_at(begin);
    html! {
        section { "\n"
            h2 {
                @match heading {
                    Heading::Operation(name) => code { (one_line(name)) },
                    Heading::Shared => "Shared by operations",
                    Heading::Document => "The document",
                }
            } "\n"
            @for finding in others { (article(report, finding)) "\n" }
            @if !annotations.is_empty() {
                details { "\n"
                    summary {
                        (annotations.len()) @if annotations.len() == 1 { " change" } @else { " changes" } " in annotations"
                    } "\n"
                    @for finding in annotations { (article(report, finding)) "\n" }
                } "\n"
            }
        }
    }
}

fn article(report: &Report<'_>, finding: &Finding) -> Markup {
    let section = report.section_of(finding);
    let row = |label: &str, value: &str| {
        html! { @if !value.is_empty() { dt { (label) } dd { (text(&one_line(&clip(value, 1000)))) } "\n" } }
    };
    html! {
        article class=(class(section)) data-level=(class(section)) data-direction=(directions(finding).join(" ")) { "\n"
            h3 {
                span.badge { (badge(section)) } " "
                (text(&one_line(&clip(&finding.text, 1000))))
            } "\n"
            dl { "\n"
                (row("Affects", &affected(finding, str::to_owned)))
                @if finding.level > Level::Fine { (row("On the wire", finding.rule.reason)) }
                @if section != Section::Annotations { (row("Rust", &rust_verdict(report, finding))) }
                @if finding.level > Level::Fine { (row("Instead", finding.rule.suggestion)) }
                (row("Accepted", &acceptance(report, finding).unwrap_or_default()))
                @if section != Section::Annotations {
                    dt { "Rule" } dd {
                        code { (one_line(&finding.id)) } ", fingerprint " code { (finding.fingerprint()) }
                    } "\n"
                }
            } "\n"
            @if finding.old.is_some() || finding.new.is_some() { (sides(finding)) "\n" }
        }
    }
}

/// Both sides of a finding, with the change highlighted.
fn sides(finding: &Finding) -> Markup {
    let lines = changed_lines(finding);
    let of = |mark: char| -> Vec<(bool, &str)> {
        let own = lines.iter().filter(|(other, _)| *other == ' ' || *other == mark);
        own.map(|(other, line)| (*other == mark, line.as_str())).collect()
    };
    let (old, new) = (of('-'), of('+'));
    html! {
        div.sides { "\n"
            (side("Old", finding.old.as_ref(), &old, &new)) "\n"
            (side("New", finding.new.as_ref(), &new, &old)) "\n"
        }
    }
}

fn side(name: &str, side: Option<&Side>, lines: &[(bool, &str)], others: &[(bool, &str)]) -> Markup {
    let changed = |lines: &[(bool, &str)]| lines.iter().filter(|(changed, _)| *changed).count();
    // Lines correspond only if both sides changed the same number of them.
    let is_paired = changed(lines) == changed(others);
    html! {
        figure class=(name.to_lowercase()) {
            figcaption {
                (name)
                @match side {
                    Some(side) => { " " code { (one_line(&format!("{}:{}", clip(&side.file, 200), side.line))) } },
                    None => ": not in the document",
                }
            }
            @if !lines.is_empty() {
                pre tabindex="0" {
                    @for (at, (changed, line)) in lines.iter().enumerate() {
                        @if *changed {
                            @let other = others.get(at).filter(|_| is_paired).map_or(*line, |(_, other)| *other);
                            @let (begin, middle, end) = different_part(line, other);
                            span.line { (begin) @if !middle.is_empty() { mark { (middle) } } (end) }
                        } @else {
                            (line)
                        }
                        "\n"
                    }
                }
            }
        }
    }
}

/// Splits `line` around the part that differs from `other`, which begins and ends with whole words.
fn different_part<'a>(line: &'a str, other: &str) -> (&'a str, &'a str, &'a str) {
    if line == other {
        return (line, "", "");
    }
    let begin = common_begin(line.chars(), other.chars());
    let (head, rest) = line.split_at(begin);
    let end = common_begin(rest.chars().rev(), other[begin..].chars().rev());
    let (middle, tail) = rest.split_at(rest.len() - end);
    (head, middle, tail)
}

/// The length of the longest common beginning in bytes. It splits no word of either text.
fn common_begin(mut one: impl Iterator<Item = char>, mut other: impl Iterator<Item = char>) -> usize {
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    // The length so far, and the length without the word that is not complete.
    let (mut length, mut before_word) = (0, 0);
    loop {
        let (letter, other) = (one.next(), other.next());
        match letter {
            Some(same) if Some(same) == other => {
                length += same.len_utf8();
                if !is_word(letter) {
                    before_word = length;
                }
            }
            _ if is_word(letter) || is_word(other) => return before_word,
            _ => return length,
        }
    }
}

/// A sentence with code between backticks.
fn text(text: &str) -> Markup {
    if text.matches('`').count() % 2 == 1 {
        return html! { (text) };
    }
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn class(section: Section) -> &'static str {
    match section {
        Section::Breaking => "breaking",
        Section::Check => "check",
        Section::Accepted => "accepted",
        Section::Fine => "fine",
        Section::Annotations => "annotation",
    }
}

fn badge(section: Section) -> &'static str {
    match section {
        Section::Check => "to check",
        other => class(other),
    }
}
