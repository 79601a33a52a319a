//! `pc-budgets completions`: completion scripts for shells.

use std::io::{self, Write};

use clap_complete::Shell;

/// Write a script that completes commands and options in a shell
///
/// The script is written to standard output. For bash, add this line to ~/.bashrc: source <(pc-budgets completions bash)
///
/// For zsh, write it to a file _pc-budgets in a folder of $fpath. For fish, write it to
/// ~/.config/fish/completions/pc-budgets.fish. For PowerShell, add this line to the file that $PROFILE names: pc-budgets
/// completions powershell | Out-String | Invoke-Expression. For elvish, add this line to rc.elv: eval (pc-budgets completions
/// elvish | slurp)
///
/// Write it again after an update of pc-budgets.
///
/// Exit codes: 0 written, 1 failed, 2 wrong usage.
///
/// Example: pc-budgets completions bash
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// `program` is the parser of this program.
pub(crate) fn run(args: &CompletionsArgs, mut program: clap::Command) -> anyhow::Result<()> {
    // The generator panics if it cannot write, so let it write to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "pc-budgets", &mut script);
    let script = String::from_utf8(script)?;
    // clap_complete uses two different names for the commands of a program with a hyphen, so bash would not complete their
    // options: https://github.com/clap-rs/clap/issues/6421
    let script = script.replace("pc__subcmd__budgets__", "pc__budgets__");
    Ok(io::stdout().write_all(script.as_bytes())?)
}
