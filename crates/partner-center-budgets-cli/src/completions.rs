//! `pc-budgets completions`: what shells complete commands and options with.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;

/// Write what a shell needs to complete commands and options with the Tab key
///
/// It goes to standard output. For bash, add this line to ~/.bashrc: source <(pc-budgets completions bash)
///
/// For zsh, write it to a file _pc-budgets in a folder of $fpath. For fish, write it to
/// ~/.config/fish/completions/pc-budgets.fish. For PowerShell, add this line to the file that $PROFILE names: pc-budgets
/// completions powershell | Out-String | Invoke-Expression. For elvish, add this line to rc.elv: eval (pc-budgets completions
/// elvish | slurp)
///
/// Write it again after an update of pc-budgets.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    // Into memory first: where standard output is closed, the generator would panic.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "pc-budgets", &mut script);
    let script = String::from_utf8(script)?;
    // In bash, a program with a hyphen in its name gets its commands under two names, so that their options would never be
    // completed: https://github.com/clap-rs/clap/issues/6421
    let script = script.replace("pc__subcmd__budgets__", "pc__budgets__");
    Ok(io::stdout().write_all(script.as_bytes())?)
}
