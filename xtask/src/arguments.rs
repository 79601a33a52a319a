//! The arguments of `cargo xtask`.

use std::ffi::OsString;
use std::path::PathBuf;

use pico_args::Arguments;

pub(crate) const HELP: &str = "\
Run the tasks of this repository's developers and its CI

Usage: cargo xtask COMMAND

Commands:
  generate [--check] [--document FILE] [--target FILE]
            Generate the client's types and calls from the OpenAPI document. A
            document that breaks a rule for the generated code is an error.
            --check writes nothing, prints the differences, and exits with 4 if
            the generated code is outdated
  lint [--document FILE]
            Check the OpenAPI document against the rules in openapi/README.md
  diff [OPTIONS] [BASE] [REVISION]
            Report the effect of a change of the OpenAPI document on clients and
            on generated Rust code. See `cargo xtask diff --help`
  api [--accept]
            Compare the public interfaces of the published libraries with their
            listings, crates/*/public-api.txt. --accept writes the listings
  currencies FILE
            Write the client's table of countries and their currencies. FILE is
            supplemental/currencyData.json of the npm package cldr-core
  release [--dry-run] VERSION
            Make a release: write the version, copy the document, add a section
            to the changelog, run all checks, commit and tag. Refuses a version
            that is too small for the changes of the document. --dry-run changes
            nothing and prints the edits
  ci        Run all checks of CI, the quick ones first

Options:
  --document FILE  The OpenAPI document
                   [default: openapi/partner-center-budgets.yaml]
  --target FILE    The file to write [default: the client's generated.rs]
  -h, --help       Print this help

Exit codes: 0 success, 1 failure or problems found, 2 wrong arguments,
4 the generated code is outdated
";

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Generate {
        check: bool,
        document: Option<PathBuf>,
        target: Option<PathBuf>,
    },
    Lint {
        document: Option<PathBuf>,
    },
    /// `xtask-diff` parses the arguments.
    Diff {
        arguments: Vec<OsString>,
    },
    Api {
        accept: bool,
    },
    /// `data` is a file of the Unicode CLDR.
    Currencies {
        data: PathBuf,
    },
    Release {
        version: String,
        dry_run: bool,
    },
    Ci,
    Help,
}

/// Parses the arguments after the program's name. The error describes the problem.
pub(crate) fn parse(words: Vec<OsString>) -> Result<Command, String> {
    if let [first, arguments @ ..] = words.as_slice()
        && first == "diff"
    {
        return Ok(Command::Diff { arguments: arguments.to_vec() });
    }
    let mut arguments = Arguments::from_vec(words);
    if arguments.contains(["-h", "--help"]) {
        return Ok(Command::Help);
    }
    let name = arguments.subcommand().map_err(|error| error.to_string())?;
    let command = match name.as_deref() {
        Some("generate") => Command::Generate {
            check: arguments.contains("--check"),
            document: file(&mut arguments, "--document")?,
            target: file(&mut arguments, "--target")?,
        },
        Some("lint") => Command::Lint { document: file(&mut arguments, "--document")? },
        Some("currencies") => {
            let data: Option<PathBuf> = arguments.opt_free_from_str().map_err(|error| error.to_string())?;
            Command::Currencies { data: data.ok_or("currencies needs the file of CLDR")? }
        }
        Some("api") => Command::Api { accept: arguments.contains("--accept") },
        Some("release") => {
            let dry_run = arguments.contains("--dry-run");
            let version: Option<String> = arguments.opt_free_from_str().map_err(|error| error.to_string())?;
            Command::Release { version: version.ok_or("release needs a version")?, dry_run }
        }
        Some("ci") => Command::Ci,
        Some(name) => return Err(format!("unknown command `{name}`")),
        None => return Err("no command".to_owned()),
    };
    match arguments.finish().first() {
        Some(unknown) => Err(format!("unexpected argument `{}`", unknown.to_string_lossy())),
        None => Ok(command),
    }
}

fn file(arguments: &mut Arguments, name: &'static str) -> Result<Option<PathBuf>, String> {
    arguments.opt_value_from_str(name).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn parses_each_command() {
        let generate = |check, document: Option<&str>, target: Option<&str>| {
            Ok(Command::Generate { check, document: document.map(PathBuf::from), target: target.map(PathBuf::from) })
        };
        assert_eq!(parsed("generate"), generate(false, None, None));
        assert_eq!(
            parsed("generate --target b.rs --check --document=a.yaml"),
            generate(true, Some("a.yaml"), Some("b.rs"))
        );
        assert_eq!(parsed("lint --document a.yaml"), Ok(Command::Lint { document: Some("a.yaml".into()) }));
        assert_eq!(parsed("currencies a.json"), Ok(Command::Currencies { data: "a.json".into() }));
        assert_eq!(parsed("api --accept"), Ok(Command::Api { accept: true }));
        let release = |dry_run| Ok(Command::Release { version: "0.2.0".to_owned(), dry_run });
        assert_eq!(parsed("release 0.2.0"), release(false));
        assert_eq!(parsed("release --dry-run 0.2.0"), release(true));
        assert_eq!(parsed("ci"), Ok(Command::Ci));
        assert_eq!(parsed("--help"), Ok(Command::Help));
        assert_eq!(parsed("generate -h"), Ok(Command::Help));
    }

    #[test]
    fn leaves_the_arguments_of_diff_alone() {
        let arguments = ["HEAD", "--help", "--check"].map(OsString::from).to_vec();
        assert_eq!(parsed("diff HEAD --help --check"), Ok(Command::Diff { arguments }));
    }

    #[test]
    fn rejects_invalid_arguments() {
        for (line, reason) in [
            ("", "no command"),
            ("nothing", "unknown command `nothing`"),
            ("--check", "no command"),
            ("currencies", "currencies needs the file of CLDR"),
            ("release --dry-run", "release needs a version"),
            ("ci --fast", "unexpected argument `--fast`"),
            ("generate a.yaml", "unexpected argument `a.yaml`"),
            ("lint --target a.rs", "unexpected argument `--target`"),
            ("lint --document", "the '--document' option doesn't have an associated value"),
            ("generate --check --check", "unexpected argument `--check`"),
        ] {
            assert_eq!(parsed(line), Err(reason.to_owned()), "{line}");
        }
    }
}
