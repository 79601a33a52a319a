//! Compiles many revisions of the generated code, each with its consumer, and runs them.
//!
//! One crate has many revisions, each in a module, because loading the dependencies and linking take longer than compiling
//! a revision. The file of an error identifies a revision that does not compile, and the others are compiled without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::Value;

/// The crates that generated code and its consumer use.
const CRATES: [&str; 9] = [
    "chrono",
    "progenitor_client",
    "regress",
    "reqwest",
    "rust_effects_kit",
    "schemars",
    "serde",
    "serde_json",
    "uuid",
];

/// Generated code with its consumer.
pub(crate) struct Program<'a> {
    pub(crate) code: &'a str,
    pub(crate) consumer: &'a str,
    /// Whether it is expected to compile. Programs that are not are first checked separately, without linking. This only
    /// saves time: if such a program compiles, it is run too.
    pub(crate) compiles: bool,
}

/// The outcome of compiling and running a program.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The first error of the compiler, in one line.
    Refused(String),
    /// The output of the program.
    Printed(String),
}

pub(crate) struct Harness {
    pub(crate) folder: PathBuf,
    /// Arguments with which the compiler finds the crates.
    arguments: Vec<String>,
}

impl Harness {
    /// Builds the kit and its dependencies, which cargo skips if nothing changed.
    pub(crate) fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rust-effects");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self { folder, arguments: crates() }
    }

    /// The outcome of each program. Two crates are built in parallel, because a small machine has two cores.
    pub(crate) fn run_all(&self, programs: &[Program<'_>]) -> Vec<Outcome> {
        let mut outcomes: BTreeMap<usize, Outcome> = thread::scope(|scope| {
            let parts: Vec<_> = (0..2)
                .map(|part| scope.spawn(move || self.run_part(part, (part..programs.len()).step_by(2), programs)))
                .collect();
            parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
        });
        (0..programs.len()).map(|number| outcomes.remove(&number).unwrap()).collect()
    }

    fn run_part(
        &self,
        part: usize,
        numbers: impl Iterator<Item = usize>,
        programs: &[Program<'_>],
    ) -> BTreeMap<usize, Outcome> {
        let mut outcomes = BTreeMap::new();
        let (mut compiling, doubtful): (BTreeSet<usize>, BTreeSet<usize>) = numbers.partition(|&number| {
            let folder = self.folder.join(module(number));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("generated.rs"), programs[number].code).unwrap();
            fs::write(folder.join("consumer.rs"), programs[number].consumer).unwrap();
            programs[number].compiles
        });
        let errors = self.compile(part, &doubtful, "metadata");
        compiling.extend(doubtful.iter().filter(|number| !errors.contains_key(number)));
        outcomes.extend(errors.into_iter().map(|(number, error)| (number, Outcome::Refused(error))));
        // The compiler reports errors in stages, so the first run may not show all revisions that fail.
        loop {
            let errors = self.compile(part, &compiling, "link");
            if errors.is_empty() {
                break;
            }
            for (number, error) in errors {
                compiling.remove(&number);
                outcomes.insert(number, Outcome::Refused(error));
            }
        }
        let output = Command::new(self.file(part, "link")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        for section in text.split('\u{1}').skip(1) {
            let (number, printed) = section.split_once('\n').unwrap();
            outcomes.insert(number.parse().unwrap(), Outcome::Printed(printed.to_owned()));
        }
        outcomes
    }

    fn file(&self, part: usize, kind: &str) -> PathBuf {
        self.folder.join(format!("part-{part}-{kind}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Compiles the modules with `--emit=kind`. Returns the first error of each module that does not compile.
    fn compile(&self, part: usize, numbers: &BTreeSet<usize>, kind: &str) -> BTreeMap<usize, String> {
        let source = self.folder.join(format!("part_{part}.rs"));
        fs::write(&source, main(numbers)).unwrap();
        let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .args(["--edition", "2024", "--crate-type", "bin", "--error-format", "json", "--cap-lints", "allow"])
            .args(["-C", "debuginfo=0", "-C", "opt-level=0", "-C", "codegen-units=1"])
            .args(&self.arguments)
            .arg(format!("--emit={kind}"))
            .arg("-o")
            .arg(self.file(part, kind))
            .arg(source)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        let mut errors = BTreeMap::new();
        for line in text.lines() {
            let message: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{text}"));
            if message["level"] != "error" {
                continue;
            }
            let code = message["code"]["code"].as_str().unwrap_or("error");
            let error = format!("{code}: {}", message["message"].as_str().unwrap().replace('\n', " "));
            if let Some(number) = message["spans"].as_array().unwrap().iter().find_map(number_of) {
                errors.entry(number).or_insert(error);
            } else {
                // Only the summary at the end has no span.
                assert!(!errors.is_empty(), "an error outside of the revisions: {}", message["rendered"]);
            }
        }
        assert_eq!(output.status.success(), errors.is_empty(), "{text}");
        errors
    }
}

/// The first line of `text` that differs from `expected`, from the first different word on.
pub(crate) fn first_difference(expected: &str, text: &str) -> String {
    let Some((old, new)) = expected.lines().zip(text.lines()).find(|(old, new)| old != new) else {
        return "another number of lines".to_owned();
    };
    let same = old.char_indices().zip(new.chars()).take_while(|((_, a), b)| a == b).last().map_or(0, |((at, _), _)| at);
    let from = old[..same].rfind(' ').unwrap_or(0);
    let cut = |line: &str| line[from..].chars().take(50).collect::<String>();
    let name = if from == 0 { "" } else { old.split_inclusive(':').next().unwrap_or_default() };
    format!("{name}{} became {}", cut(old), cut(new).trim_start())
}

fn module(number: usize) -> String {
    format!("revision_{number}")
}

/// The number of the revision whose file contains the span of an error, or the macro call that it comes from.
fn number_of(span: &Value) -> Option<usize> {
    let folder = Path::new(span["file_name"].as_str()?).parent().and_then(Path::file_name)?.to_str()?;
    match folder.strip_prefix("revision_") {
        Some(number) => number.parse().ok(),
        None => number_of(&span["expansion"]["span"]),
    }
}

/// The program that runs the consumer of each revision. Its hooks replace those of the client.
fn main(numbers: &BTreeSet<usize>) -> String {
    let mut code = String::from(
        "pub use rust_effects_kit::Decimal;\n\
         macro_rules! document_tables { ($($table:tt)*) => {} }\n\
         pub(crate) use document_tables;\n\
         pub mod request { pub use rust_effects_kit::Call as RequestSlot; }\n\
         macro_rules! hooks { () => {\n\
             impl progenitor_client::ClientHooks<crate::request::RequestSlot> for generated::Client {\n\
                 async fn exec(\n\
                     &self,\n\
                     request: reqwest::Request,\n\
                     info: &progenitor_client::OperationInfo,\n\
                 ) -> reqwest::Result<reqwest::Response> {\n\
                     use progenitor_client::ClientInfo;\n\
                     Ok(self.inner().exchange(&request, info.operation_id, &generated::NEEDS_USER))\n\
                 }\n\
             }\n\
         } }\n",
    );
    let mut runs = String::new();
    for number in numbers {
        let module = module(*number);
        writeln!(code, "mod {module} {{ pub mod generated; pub mod consumer; hooks!(); }}").unwrap();
        writeln!(runs, "    run({number}, {module}::consumer::run);").unwrap();
    }
    write!(
        code,
        "fn run(number: usize, consumer: fn() -> String) {{\n\
             let text = std::panic::catch_unwind(consumer).unwrap_or_else(|_| \"panicked\".to_owned());\n\
             print!(\"\\u{{1}}{{number}}\\n{{text}}\");\n\
         }}\n\
         fn main() {{\n{runs}}}\n"
    )
    .unwrap();
    code
}

/// The paths of the kit and its dependencies, as arguments of the compiler.
///
/// Cargo reports them. A search in the target folder could find several of the same name, after a change of features or
/// versions.
fn crates() -> Vec<String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--locked", "--package", "rust-effects-kit", "--message-format", "json", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found = BTreeMap::new();
    let mut folders = BTreeSet::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        for file in message["filenames"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            folders.insert(Path::new(file).parent().unwrap().display().to_string());
            let name = message["target"]["name"].as_str().unwrap();
            if file.ends_with(".rlib") && CRATES.contains(&name) {
                assert_eq!(found.insert(name.to_owned(), file.to_owned()), None, "two crates have the name {name}");
            }
        }
    }
    assert_eq!(found.len(), CRATES.len(), "{found:?}");
    let externs = found.into_iter().flat_map(|(name, file)| ["--extern".to_owned(), format!("{name}={file}")]);
    let searched = folders.into_iter().flat_map(|folder| ["-L".to_owned(), format!("dependency={folder}")]);
    externs.chain(searched).collect()
}
