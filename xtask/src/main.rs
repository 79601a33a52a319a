//! The command `cargo xtask`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command writes to its standard streams")]

mod arguments;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use arguments::{Command, HELP};
use xtask::{Workspace, api, ci, currencies, diff, file, generate, lint, read_document, release};

/// The exit code of `generate --check` if the generated code is outdated.
const OUTDATED: u8 = 4;

/// The exit code for wrong arguments.
const WRONG_ARGUMENTS: u8 = 2;

fn main() -> ExitCode {
    let command = match arguments::parse(std::env::args_os().skip(1).collect()) {
        Ok(command) => command,
        Err(reason) => {
            eprintln!("error: {}\nFor more information, run `cargo xtask --help`.", printable_text::lines(&reason));
            return ExitCode::from(WRONG_ARGUMENTS);
        }
    };
    run(command).unwrap_or_else(|error| {
        eprintln!("error: {}", printable_text::lines(&format!("{error:#}")));
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    let here = Workspace::here();
    match command {
        Command::Generate { check, document, target } => {
            let document = read_document(&document.unwrap_or_else(|| here.document()))?;
            let target = target.unwrap_or_else(|| here.generated());
            if !check {
                file::replace(&target, &generate::generate(&document)?)?;
                eprintln!("wrote {}", printable(&target));
            } else if let Some(report) = generate::differences(&document, &target)? {
                eprintln!("{}", printable_text::lines(&report));
                return Ok(ExitCode::from(OUTDATED));
            } else {
                eprintln!("{} is up to date", printable(&target));
            }
        }
        Command::Lint { document } => {
            let document = read_document(&document.unwrap_or_else(|| here.document()))?;
            let problems = lint::problems(&document);
            for problem in &problems {
                println!("{}", printable_text::one_line(&problem.to_string()));
            }
            anyhow::ensure!(problems.is_empty(), lint::summary(&problems));
            eprintln!("{}: no problems found", printable_text::one_line(document.name()));
        }
        Command::Diff { arguments } => {
            let status = diff::run(&here, &arguments)?;
            let code = status.code().context("the diff was killed by a signal")?;
            return Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from));
        }
        Command::Currencies { data } => {
            let target = here.countries();
            file::replace(&target, &currencies::table(&data)?)?;
            eprintln!("wrote {}", printable(&target));
        }
        Command::Api { accept } => api::run(&here, accept)?,
        Command::Release { version, dry_run } => release::run(&here, &version, dry_run)?,
        Command::Ci => ci::run(&here)?,
        Command::Help => print!("{HELP}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn printable(path: &Path) -> String {
    printable_text::one_line(&path.display().to_string()).into_owned()
}
