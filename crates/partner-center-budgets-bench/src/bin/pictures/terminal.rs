//! The output of a command on a terminal.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

/// The width of the terminal.
pub(crate) const COLUMNS: usize = 130;

/// Text in one colour: the number of the ANSI colour, or the default one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) text: String,
    pub(crate) colour: Option<u8>,
    pub(crate) bold: bool,
}

pub(crate) type Line = Vec<Span>;

/// The prompt with the command, its output, and an empty line.
pub(crate) fn run(program: &Path, base_url: &str, command: &str) -> anyhow::Result<Vec<Line>> {
    let shell = format!("stty cols {COLUMNS} rows 60; '{}' --base-url {base_url} {command}", program.display());
    let mut script = Command::new("script");
    script.args(["--quiet", "--command", &shell, "/dev/null"]).stdin(Stdio::null());
    script.env_remove("NO_COLOR").env("TERM", "xterm-256color").env("PARTNER_CENTER_TOKEN", "sandbox");
    let output = script.output().context("failed to run `script`, which comes with util-linux")?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(!text.is_empty(), "`{command}` printed nothing");
    let prompt = vec![
        Span { text: "$ ".to_owned(), colour: Some(2), bold: true },
        Span { text: format!("pc-budgets {command}"), colour: None, bold: true },
    ];
    Ok([prompt].into_iter().chain(lines(&text)).chain([Vec::new()]).collect())
}

/// Splits the output into lines, and each line by its colours. Lines that were erased, such as progress, are left out.
fn lines(text: &str) -> Vec<Line> {
    let shown = |line: &str| line.trim_end_matches('\r').rsplit(['\r']).next().unwrap_or_default().to_owned();
    text.trim_end().split('\n').map(|line| spans(&shown(line))).collect()
}

fn spans(line: &str) -> Line {
    let mut spans = Vec::new();
    let (mut colour, mut bold) = (None, false);
    for (number, part) in line.split("\x1b[").enumerate() {
        let mut text = part;
        if number > 0 {
            let end =
                part.find(|character: char| character.is_ascii_alphabetic()).unwrap_or(part.len().saturating_sub(1));
            let (codes, rest) = part.split_at(end);
            text = rest.get(1..).unwrap_or_default();
            if rest.starts_with('m') {
                for code in codes.split(';').map(|code| code.parse::<u8>().unwrap_or_default()) {
                    match code {
                        0 => (colour, bold) = (None, false),
                        1 => bold = true,
                        30..=37 => colour = Some(code - 30),
                        90..=97 => colour = Some(code - 90),
                        39 => colour = None,
                        _ => {}
                    }
                }
            }
        }
        if !text.is_empty() {
            spans.push(Span { text: text.to_owned(), colour, bold });
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_is_split_by_colours() {
        let span = |text: &str, colour, bold| Span { text: text.to_owned(), colour, bold };
        assert_eq!(
            lines("a \x1b[31mred\x1b[0m end\r\nreading 1\r\x1b[Kdone\r\n\x1b[1;33mbold\x1b[0m\r\n"),
            [
                vec![span("a ", None, false), span("red", Some(1), false), span(" end", None, false)],
                vec![span("done", None, false)],
                vec![span("bold", Some(3), true)],
            ]
        );
    }
}
