//! `pc-budgets man`: the manual pages, made from what `--help` says.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use crate::arguments::{Arguments, VARIABLES};
use crate::output::notice;

/// What `--help` says in a line, for whoever writes a script.
const EXIT_STATUS: [(&str, &str); 6] = [
    ("0", "Done. A list in which nobody is found counts as done."),
    ("1", "The command failed, or some of what it was to do."),
    ("2", "Wrong usage or bad input. Nothing was sent."),
    ("3", "Nobody is signed in, or the sign-in is not accepted."),
    ("4", "There was nothing to do."),
    ("130", "Stopped by Ctrl-C."),
];

const EXAMPLES: [(&str, &str); 3] = [
    ("pc-budgets tour", "See what it does, without an account."),
    ("pc-budgets report --sandbox --html report.html", "Write a filled report, without an account."),
    ("pc-budgets export > budgets.csv", "Write all customers with their budgets, for a spreadsheet."),
];

/// Write the manual pages
///
/// There is a page for pc-budgets and one for each command, such as pc-budgets-get.1. What was written is told on standard
/// error. To install them, name a folder man1 in which man looks, such as ~/.local/share/man/man1.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write them, made where it is missing; - writes the page for pc-budgets to standard output
    #[arg(value_name = "FOLDER|-")]
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let program = Arguments::command().disable_help_subcommand(true);
    let mut program = program.subcommand_help_heading("COMMANDS").subcommand_value_name("command");
    program.build();
    if args.folder.as_os_str() == "-" {
        return Ok(io::stdout().write_all(&page(&program)?.1)?);
    }
    let shown = args.folder.display();
    fs::create_dir_all(&args.folder).with_context(|| format!("cannot make the folder `{shown}`; name another one"))?;
    let mut commands = vec![&program];
    let mut count = 0;
    while let Some(command) = commands.pop() {
        let (name, text) = page(command)?;
        let path = args.folder.join(name);
        fs::write(&path, text)
            .with_context(|| format!("cannot write `{}`; name a folder that you may write to", path.display()))?;
        count += 1;
        commands.extend(command.get_subcommands().filter(|command| !command.is_hide_set()));
    }
    let first = args.folder.join("pc-budgets.1");
    notice(format_args!("{count} pages written to {shown}; read the first with: man -l {}", first.display()));
    Ok(())
}

/// File name and text of a command's page.
fn page(command: &clap::Command) -> io::Result<(String, Vec<u8>)> {
    let is_program = command.get_name() == "pc-budgets";
    // On every page, since only the program has a version.
    let source = concat!("pc-budgets ", env!("CARGO_PKG_VERSION"));
    // The same input makes the same page, so there is no date. One that is empty would not be written at all, and what
    // follows would stand in its place.
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
    section(&mut rest, "EXIT STATUS", &EXIT_STATUS);
    section(&mut rest, "ENVIRONMENT", &VARIABLES);
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
