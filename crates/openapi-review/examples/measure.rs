//! Measures comparisons of large documents: the median time, and the peak memory on Linux.
//!
//! `cargo run --release -p openapi-review --example measure` measures each case in a process of its own. With the name of a
//! case, it measures that one; with `write FOLDER`, it writes the documents of all cases for other programs to compare.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stdout, reason = "a tool for ourselves")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use openapi_review::accept::Decision;
use openapi_review::document::Document;
use openapi_review::output::{self, Report};
use openapi_review::{Settings, compare};

#[path = "../../../tests/review/generated_documents.rs"]
mod large;

/// A pair of documents, and the format that is measured.
struct Case {
    name: &'static str,
    /// The name of each file, and its text.
    documents: fn() -> [String; 2],
    format: fn(&Report<'_>) -> String,
    runs: usize,
    goal: &'static str,
}

const CASES: [Case; 8] = [
    Case { name: "own", documents: own, format: output::text, runs: 51, goal: "10 ms" },
    Case {
        name: "edits-yaml",
        documents: || edits().map(|it| large::yaml(&it)),
        format: output::text,
        runs: 15,
        goal: "200 ms",
    },
    Case {
        name: "edits-json",
        documents: || edits().map(|it| it.to_string()),
        format: output::text,
        runs: 15,
        goal: "200 ms",
    },
    Case { name: "edits-3.1", documents: newer, format: output::text, runs: 15, goal: "none" },
    Case { name: "cycle", documents: || schemas(8_000, true), format: output::text, runs: 5, goal: "2 s, 300 MiB" },
    Case { name: "cycle-json", documents: || schemas(8_000, true), format: output::json, runs: 5, goal: "none" },
    Case { name: "chain", documents: || schemas(8_000, false), format: output::text, runs: 5, goal: "2 s, 300 MiB" },
    Case { name: "chain-json", documents: || schemas(8_000, false), format: output::json, runs: 5, goal: "none" },
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match &*arguments {
        [] => {
            println!(
                "{:12} {:>8} {:>10} {:>10} {:>10} {:>10}  goal",
                "case", "input", "median", "peak", "output", "findings"
            );
            for case in &CASES {
                let program = env::current_exe().unwrap();
                assert!(Command::new(program).arg(case.name).status().unwrap().success(), "{}", case.name);
            }
        }
        [write, folder] if write == "write" => {
            fs::create_dir_all(folder).unwrap();
            for case in &CASES {
                for (side, text) in ["base", "revision"].iter().zip((case.documents)()) {
                    fs::write(Path::new(folder).join(format!("{}.{side}.yaml", case.name)), text).unwrap();
                }
            }
        }
        [name] => match CASES.iter().find(|case| case.name == name) {
            Some(case) => measure(case),
            None => panic!("unknown case `{name}`: use one of {}", CASES.map(|case| case.name).join(", ")),
        },
        _ => panic!("usage: measure [CASE | write FOLDER]"),
    }
}

fn measure(case: &Case) {
    let texts = (case.documents)();
    let mut times = Vec::new();
    let (mut size, mut findings) = (0, 0);
    for _ in 0..case.runs {
        let start = Instant::now();
        let [base, revision] = &texts;
        let (base, revision) = thread::scope(|scope| {
            let base = scope.spawn(|| Document::parse("base", base).unwrap());
            (Document::parse("revision", revision).unwrap(), base.join().unwrap())
        });
        let review = compare(&revision, &base, &Settings { today: "2026-08-15", ..Settings::default() });
        let decision = Decision::default();
        let report = Report {
            review: &review,
            decision: &decision,
            file: "revision",
            documents: 1,
            annotations: false,
            files: &[],
            see_all: "",
        };
        let text = (case.format)(&report);
        times.push(start.elapsed());
        (size, findings) = (text.len(), review.findings.len());
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or(Duration::ZERO);
    let input = texts.iter().map(String::len).max().unwrap_or(0);
    println!(
        "{:12} {:>5.1} MB {:>7.1} ms {:>10} {:>7.1} MB {findings:>10}  {}",
        case.name,
        input as f64 / 1e6,
        median.as_secs_f64() * 1e3,
        peak().map_or_else(|| "?".to_owned(), |kib| format!("{} MiB", kib / 1024)),
        size as f64 / 1e6,
        case.goal
    );
}

/// The peak memory of this process in KiB.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// This repository's document, and the same with another path parameter, description and type.
fn own() -> [String; 2] {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/partner-center-budgets.yaml");
    let text = fs::read_to_string(path).unwrap();
    let edited = text.replacen("type: string", "type: integer", 3).replacen("description: ", "description: Other. ", 9);
    [text, edited]
}

fn edits() -> [serde_json::Value; 2] {
    let base = large::large(340, 2_270);
    let mut revision = base.clone();
    for edits in large::edits() {
        large::change(&mut revision, &edits);
    }
    [base, revision]
}

/// The same documents as OpenAPI 3.1, so that they are brought into another form.
fn newer() -> [String; 2] {
    edits().map(|it| large::yaml(&it).replace("3.0.3", "3.1.0").replace("nullable: true", "examples: [a]"))
}

/// `count` schemas that refer to the next one, in a circle or in a chain, each used by one operation. All of them change.
fn schemas(count: usize, is_cycle: bool) -> [String; 2] {
    ["string", "integer"].map(|kind| {
        let mut text = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths:\n".to_owned();
        for number in 0..count {
            let _ = writeln!(
                text,
                "  /p{number:05}:\n    get:\n      operationId: get{number}\n      responses:\n        '200':\n          description: \
                 OK\n          content: {{application/json: {{schema: {{$ref: '#/components/schemas/S{number}'}}}}}}"
            );
        }
        text.push_str("components:\n  schemas:\n");
        for number in 0..count {
            let next = (number + 1) % count;
            let reference = format!(", next: {{$ref: '#/components/schemas/S{next}'}}");
            let reference = if next > 0 || is_cycle { reference } else { String::new() };
            let _ = writeln!(text, "    S{number}: {{type: object, properties: {{v: {{type: {kind}}}{reference}}}}}");
        }
        text
    })
}
