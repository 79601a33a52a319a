//! Lines of a terminal as SVG: text that stays sharp, and that can be searched.

use std::fmt::Write as _;

use crate::terminal::{COLUMNS, Line, Span};

/// Pixels of a character.
const WIDTH: f64 = 7.8;
const HEIGHT: f64 = 19.0;
const MARGIN: f64 = 14.0;

/// The colours by number: black, red, green, yellow, blue, magenta, cyan, white. Each is readable on the background.
const COLOURS: [&str; 8] = ["#8b949e", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#e6edf3"];

pub(crate) fn draw(lines: &[Line]) -> String {
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    let width = 2.0 * MARGIN + WIDTH * COLUMNS as f64;
    let height = 2.0 * MARGIN + HEIGHT * end as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13\" \
         fill=\"#e6edf3\">\n"
    );
    for (row, line) in lines[..end].iter().enumerate() {
        let y = MARGIN + HEIGHT * (row as f64 + 0.75);
        let mut column = 0;
        for span in line {
            draw_span(&mut svg, span, MARGIN + WIDTH * column as f64, y);
            column += span.text.chars().count();
        }
    }
    svg + "</g>\n</svg>\n"
}

/// Runs of spaces separate pieces of their own, because viewers join spaces. The lengths are set, so that columns are
/// aligned in every font.
fn draw_span(svg: &mut String, Span { text, colour, bold }: &Span, x: f64, y: f64) {
    let colour = colour.and_then(|colour| COLOURS.get(usize::from(colour)));
    let fill = colour.map(|colour| format!(" fill=\"{colour}\"")).unwrap_or_default();
    let weight = if *bold { " font-weight=\"bold\"" } else { "" };
    let mut column = 0;
    for piece in text.split("  ") {
        let start = column + piece.chars().take_while(|character| *character == ' ').count();
        column += piece.chars().count() + 2;
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        let (x, length) = (x + WIDTH * start as f64, WIDTH * piece.chars().count() as f64);
        let piece = piece.replace('&', "&amp;").replace('<', "&lt;");
        // Writing to a string cannot fail.
        let _ =
            writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\"{fill}{weight}>{piece}</text>");
    }
}
