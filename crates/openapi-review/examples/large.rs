//! Writes a large document and its revision of 60 edits, to time a comparison with, and times it:
//! `cargo run --release -p openapi-review --example large -- FOLDER`
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::print_stdout, reason = "a tool for ourselves")]

use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

use openapi_review::document::Document;
use openapi_review::{Settings, compare};

#[path = "../../../tests/review/generated_documents.rs"]
mod large;

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("FOLDER is missing"));
    fs::create_dir_all(&folder).unwrap();
    let base = large::large(340, 2_270);
    let mut revision = base.clone();
    let [real, words] = large::edits();
    large::change(&mut revision, &real);
    large::change(&mut revision, &words);
    let json = [&base, &revision].map(|document| serde_json::to_string_pretty(document).unwrap());
    let yaml = [&base, &revision].map(large::yaml);
    for (name, text) in
        ["base.json", "revision.json", "base.yaml", "revision.yaml"].iter().zip(json.iter().chain(&yaml))
    {
        fs::write(folder.join(name), text).unwrap();
        println!("{name}: {:.1} MB", text.len() as f64 / 1e6);
    }
    for [base, revision] in [json, yaml] {
        let start = Instant::now();
        let [base, revision] = [base, revision].map(|text| Document::parse("document", &text).unwrap());
        let read = start.elapsed();
        let start = Instant::now();
        let review = compare(&base, &revision, &Settings { today: "2026-08-15", ..Settings::default() });
        println!("reading {read:.2?}, comparing {:.2?}: {} findings", start.elapsed(), review.findings.len());
        if env::args().nth(2).as_deref() == Some("--list") {
            for finding in review.findings {
                println!("{:?} {}: {}", finding.level, finding.id, finding.text);
            }
        }
    }
}
