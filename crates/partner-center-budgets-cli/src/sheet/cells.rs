//! The lines and cells of a sheet, with their positions.

use super::problem::Position;

/// One row of a sheet.
pub(super) struct SheetRow<'a> {
    pub(super) line: u64,
    pub(super) cells: Vec<&'a str>,
    raw: &'a str,
    delimiter: u8,
}

/// The rest of a sheet's text.
#[derive(Clone)]
pub(super) struct Lines<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// The next line that is not blank, and its number. For lines whose cells have no line breaks.
    pub(super) fn next_line(&mut self) -> Option<(u64, &'a str)> {
        while !self.rest.is_empty() {
            let number = self.line;
            let end = self.rest.find(['\r', '\n']).unwrap_or(self.rest.len());
            let (line, rest) = self.rest.split_at(end);
            let after = rest.strip_prefix("\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
            (self.rest, self.line) = (after, number + 1);
            if !line.trim().is_empty() {
                return Some((number, line));
            }
        }
        None
    }

    /// Calls `handle` with each row.
    pub(super) fn for_each(self, delimiter: u8, mut handle: impl FnMut(SheetRow<'_>)) {
        // The position of the csv crate is wrong for a row after blank lines, so count lines and bytes here.
        let bytes = self.rest.as_bytes();
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes);
        let (mut record, mut at, mut line) = (csv::StringRecord::new(), 0, self.line);
        // Reading from memory cannot fail, and the text is UTF-8.
        while reader.read_record(&mut record).unwrap_or(false) {
            let blank = bytes[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            line += breaks(&self.rest[at..at + blank]);
            at += blank;
            let end = usize::try_from(reader.position().byte()).unwrap_or(bytes.len()).clamp(at, bytes.len());
            let raw = &self.rest[at..end];
            handle(SheetRow { line, cells: record.iter().collect(), raw, delimiter });
            // Do not split a CRLF: both rows would count it.
            let end = if raw.ends_with('\r') && bytes.get(end) == Some(&b'\n') { end + 1 } else { end };
            line += breaks(&self.rest[at..end]);
            at = end;
        }
    }
}

/// Line breaks of all three kinds.
fn breaks(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let is_break = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(is_break).count() as u64
}

impl SheetRow<'_> {
    /// The position of a cell's first character.
    pub(super) fn position(&self, cell: usize) -> Position {
        self.position_at(self.scan().starts.get(cell).copied().unwrap_or(0))
    }

    /// The position of a quote that is closed before the end of its cell, or never. Such a cell may contain whole lines.
    pub(super) fn unclosed_quote(&self) -> Option<Position> {
        let at = if self.raw.contains('"') { self.scan().broken } else { None };
        at.map(|at| self.position_at(at))
    }

    fn position_at(&self, at: usize) -> Position {
        let before = &self.raw[..at];
        // An earlier cell may have several lines.
        let line = before.rfind(['\r', '\n']).map_or(before, |end| &before[end + 1..]);
        (self.line + breaks(before), line.chars().count() + 1)
    }

    /// Finds the cells as the csv crate does, which does not report their positions.
    fn scan(&self) -> Scan {
        let (mut starts, mut broken, mut quoted, mut at) = (vec![0], None, None, 0);
        let bytes = self.raw.trim_end_matches(['\r', '\n']).as_bytes();
        while at < bytes.len() {
            let is_start = starts.last() == Some(&at);
            match (bytes[at], quoted) {
                (b'"', None) if is_start => quoted = Some(at),
                (b'"', Some(_)) if bytes.get(at + 1) == Some(&b'"') => at += 1,
                (b'"', Some(start)) => {
                    quoted = None;
                    if bytes.get(at + 1).is_some_and(|next| *next != self.delimiter) {
                        broken = broken.or(Some(start));
                    }
                }
                (byte, None) if byte == self.delimiter => starts.push(at + 1),
                _ => {}
            }
            at += 1;
        }
        Scan { starts, broken: broken.or(quoted) }
    }
}

struct Scan {
    starts: Vec<usize>,
    broken: Option<usize>,
}

/// The cells of one line.
pub(super) fn split(line: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    let _ = reader.read_record(&mut record);
    record.iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_an_editor() {
        for newline in ["\n", "\r\n", "\r"] {
            let text =
                ["", "head;er", "", "a;b", "", "", "\"x\"\"y;", "z\";\u{e4}\u{f6};c", " ", "last;one"].join(newline);
            let mut lines = Lines::new(&text);
            assert_eq!(lines.next_line(), Some((2, "head;er")));
            let mut found = Vec::new();
            lines.for_each(b';', |row| {
                let positions: Vec<_> = (0..row.cells.len()).map(|cell| row.position(cell)).collect();
                found.push((row.cells.join("|").replace(newline, "\n"), positions));
                assert_eq!(row.unclosed_quote(), None);
            });
            let expected = [
                ("a|b", vec![(4, 1), (4, 3)]),
                ("x\"y;\nz|\u{e4}\u{f6}|c", vec![(7, 1), (8, 4), (8, 7)]),
                (" ", vec![(9, 1)]),
                ("last|one", vec![(10, 1), (10, 6)]),
            ];
            assert_eq!(found, expected.map(|(cells, positions)| (cells.to_owned(), positions)), "{newline:?}");
        }
    }
}
