//! The effect of an edit of a document on generated Rust code, tested by generating, compiling and running the code.
//!
//! Each case edits base.yaml. The code that `cargo xtask generate` generates from it is compiled with consumer.rs, which was
//! written for the code of the base document, and run. So the test checks what the comparison of two documents says about
//! Rust.
//!
//! The responses are those of the base document, and the hooks are those of the client. The results of all cases are
//! written to target/tmp/rust-effects/table.md. rustfmt does not find the consumers: format them by name.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod cases;
mod harness;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::thread;

use openapi_review::compare;
use openapi_review::document::Document;

use cases::{AREAS, Area, Case, Effect};
use harness::{Harness, Outcome, Program};

/// Cases for which the comparison reports another effect, with the reason.
const EXCEPTIONS: [(&str, &str); 3] = [
    ("enum values reordered", "only the order of the variants changes, and a comparison of documents ignores order"),
    ("oneOf to anyOf", "the generator considers other variants exclusive than a validator does"),
    ("unused component of a taken name added", "the comparison does not know the names that a generator makes up"),
];

/// Whether the comparison of the two documents reports that the change breaks Rust, and its findings.
fn reported_break(base: &str, revision: &str) -> (bool, String) {
    let [base, revision] = [base, revision].map(|text| Document::parse("document.yaml", text).unwrap());
    let review = compare(&base, &revision, &xtask_diff::SETTINGS);
    let findings = review.findings.iter().map(|finding| format!("{} ({})", finding.id, finding.rust.text));
    (review.findings.iter().any(|finding| finding.rust.breaks), findings.collect::<Vec<_>>().join(", "))
}

/// The generated code without its documentation, or the error of the generator.
fn generate(file: &Path, document: &str) -> Result<String, String> {
    fs::write(file, document).unwrap();
    xtask::read_document(file)
        .and_then(|document| xtask::generate::generate_without_rules(&document))
        .map(|code| without_docs(&code))
        .map_err(|error| format!("{error:#}").replace(&file.display().to_string(), "line "))
}

/// Removes documentation, so that revisions that differ only in it are compiled once.
fn without_docs(code: &str) -> String {
    let mut code_lines = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let begin = line.trim_start();
        if begin.starts_with("/**") {
            let mut last = line;
            while !last.ends_with("*/") {
                last = lines.next().expect("the end of a comment");
            }
        } else if !begin.starts_with("//") {
            code_lines.push_str(line);
            code_lines.push('\n');
        }
    }
    code_lines
}

/// The results of `work` for each item, in two threads: a small machine has two cores.
fn on_two_threads<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let work = &work;
    thread::scope(|scope| {
        let parts: Vec<_> = items
            .chunks(items.len().div_ceil(2))
            .enumerate()
            .map(|(part, items)| scope.spawn(move || items.iter().map(|item| work(part, item)).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

#[test]
fn every_edit_has_its_expected_and_reported_effect() {
    let harness = Harness::new();
    // The base of each area, then the cases.
    let mut documents: Vec<String> = AREAS.iter().map(|area| area.base.to_owned()).collect();
    let cases: Vec<(usize, Case)> =
        AREAS.iter().enumerate().flat_map(|(number, area)| area.cases().map(move |case| (number, case))).collect();
    documents.extend(cases.iter().map(|(area, case)| case.revision(AREAS[*area].base)));
    let generated = on_two_threads(&documents, |part, document| {
        generate(&harness.folder.join(format!("document-{part}.yaml")), document)
    });
    let (bases, revisions) = generated.split_at(AREAS.len());

    // Compile each program once, the bases first.
    let mut programs = Vec::new();
    let mut numbers = BTreeMap::new();
    let bases = bases.iter().enumerate().map(|(area, code)| (area, code.as_deref(), true));
    let revisions = cases.iter().zip(revisions);
    let all = bases
        .chain(revisions.clone().map(|((area, case), code)| (*area, code.as_deref(), case.effect != Effect::Compile)));
    for (area, code, compiles) in all {
        let Ok(code) = code else { continue };
        numbers.entry((area, code)).or_insert_with(|| {
            programs.push(Program { code, consumer: AREAS[area].consumer, compiles });
            programs.len() - 1
        });
    }
    let outcomes = harness.run_all(&programs);
    let expected: Vec<&str> = outcomes[..AREAS.len()]
        .iter()
        .map(|outcome| match outcome {
            Outcome::Printed(text) if !text.contains("refused: ") => text.as_str(),
            other => panic!("a consumer and its own document: {other:?}"),
        })
        .collect();

    let mut table = String::from("| area | edit | effect | what changes | seen |\n|---|---|---|---|---|\n");
    let mut wrong = String::new();
    for (((area, case), code), document) in revisions.zip(&documents[AREAS.len()..]) {
        let (observed, seen) = match code.as_deref().map(|code| &outcomes[numbers[&(*area, code)]]) {
            Err(reason) => (Effect::Generate, reason.lines().next().unwrap_or_default().to_owned()),
            Ok(Outcome::Refused(error)) => (Effect::Compile, error.clone()),
            Ok(Outcome::Printed(text)) if text == expected[*area] => (Effect::Same, String::new()),
            Ok(Outcome::Printed(text)) => (Effect::Behaves, harness::first_difference(expected[*area], text)),
        };
        let Area { name, base, .. } = AREAS[*area];
        let (effect, expected) = (observed.name(), case.effect.name());
        writeln!(table, "| {name} | {} | {effect} | {} | {} |", case.name, case.code, seen.replace('|', "/")).unwrap();
        if observed != case.effect {
            writeln!(wrong, "{name}, {}: `{expected}` was expected, `{effect}` was seen: {seen}", case.name).unwrap();
        }
        let (reported, findings) = reported_break(base, document);
        let is_exception = EXCEPTIONS.iter().any(|(name, _)| *name == case.name);
        if (reported != observed.breaks()) != is_exception {
            let reported = if reported { "a break" } else { "no break" };
            writeln!(
                wrong,
                "{name}, {}: the comparison reports {reported}: {findings}; `{effect}` was seen: {seen}",
                case.name
            )
            .unwrap();
        }
    }
    fs::write(harness.folder.join("table.md"), &table).unwrap();
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn cases_are_unique_and_breaking_ones_are_explained() {
    let cases: Vec<Case> = AREAS.iter().flat_map(Area::cases).collect();
    let mut names: Vec<_> = cases.iter().map(|case| &case.name).collect();
    names.sort_unstable();
    assert_eq!(names.windows(2).find(|pair| pair[0] == pair[1]), None);
    let unexplained = cases.iter().find(|case| case.effect.breaks() && case.code.is_empty());
    assert_eq!(unexplained.map(|case| &case.name), None);
}
