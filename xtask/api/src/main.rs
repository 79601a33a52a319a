//! The program behind `cargo xtask api`: compares the public interface of each published library with the listing in its
//! folder, `public-api.txt`, so that no change of it is an accident. Every public function must have an example in its docs.
//!
//! rustdoc writes the interface as JSON, which is unstable: its format changes with the compiler, so one version of the
//! compiler makes the listings. With another one the comparison is skipped.
#![expect(clippy::print_stderr, reason = "a command writes to its standard streams")]

mod crates;
mod examples;
mod rustdoc;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use similar::TextDiff;
use xtask::{Workspace, file};

/// The compiler whose format `public-api` reads. Change it together with the version of `public-api`.
const COMPILER: &str = "1.95";

fn main() -> ExitCode {
    if let Some(status) = rustdoc::run_as_rustdoc() {
        return status;
    }
    let accept = std::env::args().any(|argument| argument == "--accept");
    match run(accept) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(accept: bool) -> anyhow::Result<()> {
    let workspace = Workspace::here();
    let version = rustdoc::version()?;
    if !version.starts_with(&format!("{COMPILER}.")) {
        let reason = format!("the listings need Rust {COMPILER}, and this is {version}");
        ensure!(!accept, reason);
        eprintln!("skipped: {reason}");
        return Ok(());
    }
    let target = rustdoc::write_json(&workspace)?;
    let (mut changed, mut without_example) = (0, Vec::new());
    for library in crates::published_libraries(&workspace)? {
        let json = target.join("doc").join(format!("{}.json", library.name.replace('-', "_")));
        without_example.extend(examples::functions_without_example(&json)?);
        let interface = public_api::Builder::from_rustdoc_json(&json)
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .build()
            .with_context(|| format!("failed to read {}", json.display()))?;
        let interface: String = interface.items().map(|item| format!("{item}\n")).collect();
        let listing = library.folder.join("public-api.txt");
        if accept {
            file::replace(&listing, &interface)?;
            continue;
        }
        let listed = fs::read_to_string(&listing).unwrap_or_default();
        if listed != interface {
            let diff = TextDiff::from_lines(&listed, &interface);
            let name = listing.display().to_string();
            eprintln!("{}", diff.unified_diff().context_radius(0).header(&name, "the interface of the code"));
            changed += 1;
        }
    }
    ensure!(changed == 0, "{changed} public interfaces differ from their listings");
    let list = without_example.join("\n  ");
    ensure!(without_example.is_empty(), "these functions have no example in their docs:\n  {list}");
    Ok(())
}
