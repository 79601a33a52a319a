//! `pc-budgets man`: the manual pages, generated from the help texts.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap_mangen::Man;
use roff::{Roff, bold, roman};

use crate::error::{CliError, write_failed};
use crate::help::{ENVIRONMENT, EXIT_CODES};
use crate::output::notice::notice;

const EXAMPLES: [(&str, &str); 3] = [
    ("pc-budgets tour", "See what it does, without an account."),
    ("pc-budgets report --sandbox --html report.html", "Write a filled report, without an account."),
    ("pc-budgets export > budgets.csv", "Write all customers with their budgets, for a spreadsheet."),
];

/// Write the manual pages
///
/// There is a page for pc-budgets and one for each command, such as pc-budgets-get.1. To install them, name a folder man1 that
/// man searches, such as ~/.local/share/man/man1.
///
/// Exit codes: 0 written, 1 failed, 2 wrong usage.
///
/// Example: pc-budgets man ~/.local/share/man/man1
#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// Where to write them, created if missing; - writes the page for pc-budgets to standard output
    #[arg(value_name = "FOLDER|-")]
    folder: PathBuf,
}

/// `program` is the parser of this program.
pub(crate) fn run(args: &ManArgs, program: clap::Command) -> anyhow::Result<()> {
    let program = program.disable_help_subcommand(true);
    let mut program = program.subcommand_help_heading("COMMANDS").subcommand_value_name("command");
    program.build();
    if args.folder.as_os_str() == "-" {
        return Ok(io::stdout().write_all(&page(&program)?.1)?);
    }
    let shown = args.folder.display();
    fs::create_dir_all(&args.folder).map_err(|error| {
        CliError::failed(format_args!("cannot create the folder {shown}"), error, "name another one")
    })?;
    let mut commands = vec![&program];
    let mut count = 0;
    while let Some(command) = commands.pop() {
        let (name, text) = page(command)?;
        let path = args.folder.join(name);
        fs::write(&path, text).map_err(|error| write_failed(error, &path, "name a folder that you may write to"))?;
        count += 1;
        commands.extend(command.get_subcommands().filter(|command| !command.is_hide_set()));
    }
    let first = args.folder.join("pc-budgets.1");
    notice(format_args!("{count} pages written to {shown}; read the first with: man -l {}", first.display()));
    Ok(())
}

/// The file name and text of a command's page.
fn page(command: &clap::Command) -> io::Result<(String, Vec<u8>)> {
    let is_program = command.get_name() == "pc-budgets";
    // Only the program has a version, and every page shows it.
    let source = concat!("pc-budgets ", env!("CARGO_PKG_VERSION"));
    // No date, so that pages are reproducible. An empty one would be omitted, and the next field would take its position.
    let man = Man::new(command.clone()).date(" ").source(source).manual("Budgets of Partner Center");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let mut rest = Roff::new();
    section(&mut rest, "EXIT STATUS", &EXIT_CODES);
    section(&mut rest, "ENVIRONMENT", &ENVIRONMENT);
    if is_program {
        section(&mut rest, "EXAMPLES", &EXAMPLES);
    } else {
        rest.control("SH", ["SEE ALSO"]);
        rest.text([bold("pc-budgets"), roman("(1)")]);
    }
    rest.to_writer(&mut text)?;
    Ok((man.get_filename(), text))
}

fn section(page: &mut Roff, head: &str, entries: &[(&str, &str)]) {
    page.control("SH", [head]);
    for (name, what) in entries {
        page.control("TP", []);
        page.text([bold(*name)]);
        page.text([roman(*what)]);
    }
}
