//! Escapes texts for Markdown: without HTML, links and mentions.

use crate::output::report::{changed_lines, one_line};
use crate::review::Finding;

/// `text` as a code span.
pub(in crate::output) fn code(text: &str) -> String {
    let text = one_line(text);
    let marks = "`".repeat(1 + longest_run(&text));
    // Markdown strips one space at each side. It separates backticks of the text from the delimiters.
    let space = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{marks}{space}{text}{space}{marks}")
}

/// A sentence with code spans. Words that Markdown could interpret become code spans too.
pub(in crate::output) fn prose(text: &str) -> String {
    let text = one_line(text.trim());
    if text.matches('`').count() % 2 == 1 {
        return code(&text);
    }
    let mut output = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            add_code(&mut output, part);
            continue;
        }
        for (index, word) in part.split(' ').enumerate() {
            if index > 0 {
                output.push(' ');
            }
            if is_plain(word) {
                output.push_str(word);
                continue;
            }
            // Punctuation around a word belongs to the sentence.
            let begin = word.len() - word.trim_start_matches('(').len();
            let end = word.trim_end_matches([')', ',', ';', ':', '.']).len().max(begin);
            output.push_str(&word[..begin]);
            add_code(&mut output, &word[begin..end]);
            output.push_str(&word[end..]);
        }
    }
    output
}

fn add_code(output: &mut String, text: &str) {
    // Adjacent code spans would merge.
    if output.ends_with('`') {
        output.push(' ');
    }
    output.push_str(&code(text));
}

/// Whether Markdown shows `word` as it is: it has no mark-up, URL, `@name` or `#1`.
fn is_plain(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':']);
    word.chars().all(|character| character.is_alphanumeric() || "'-,;()?\"…→".contains(character))
}

/// The change of the source as a fenced block in a list item; empty if there is no source.
pub(super) fn fence(finding: &Finding) -> String {
    let lines = changed_lines(finding);
    if lines.is_empty() {
        return String::new();
    }
    let longest = lines.iter().map(|(_, line)| longest_run(line)).max().unwrap_or(0);
    let marks = "`".repeat(3.max(1 + longest));
    let mut text = format!("\n  {marks}diff\n");
    for (mark, line) in lines {
        text += &format!("  {mark} {line}\n");
    }
    text + &format!("  {marks}\n")
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}
