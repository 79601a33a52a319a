//! The lines and cells of a sheet, and where they stand.

use std::borrow::Cow;

/// One row of a sheet.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) cells: Vec<&'a str>,
    raw: &'a str,
    delimiter: u8,
}

/// A text, from the line that is read next.
#[derive(Clone)]
pub(super) struct Lines<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// The next line that is not blank, and its number. Not for lines of several, which only rows can be.
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

    /// Gives all rows to `tell`.
    pub(super) fn each(self, delimiter: u8, mut tell: impl FnMut(Row<'_>)) {
        // The crate counts neither the lines nor the bytes of a row that follows blank lines from that row on, so both
        // are counted here.
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
            tell(Row { line, cells: record.iter().collect(), raw, delimiter });
            // Between the two bytes of a line break both rows would count it.
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

impl Row<'_> {
    /// Where a cell begins: its line, and its column in characters, both counted from 1.
    pub(super) fn place(&self, cell: usize) -> (u64, usize) {
        self.place_at(self.scan().starts.get(cell).copied().unwrap_or(0))
    }

    /// Where a quote stands that ends before its cell does, or never. A cell like that may have swallowed whole lines.
    pub(super) fn broken_quote(&self) -> Option<(u64, usize)> {
        let at = if self.raw.contains('"') { self.scan().broken } else { None };
        at.map(|at| self.place_at(at))
    }

    fn place_at(&self, at: usize) -> (u64, usize) {
        let before = &self.raw[..at];
        // A cell before it may have several lines.
        let line = before.rfind(['\r', '\n']).map_or(before, |end| &before[end + 1..]);
        (self.line + breaks(before), line.chars().count() + 1)
    }

    /// As the crate does, which does not tell where its cells were.
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

/// The cells of one line, such as the first.
pub(super) fn split(line: &str, delimiter: u8) -> Vec<Cow<'_, str>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    let _ = reader.read_record(&mut record);
    record.iter().map(|cell| Cow::Owned(cell.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_those_of_an_editor() {
        for newline in ["\n", "\r\n", "\r"] {
            let text =
                ["", "head;er", "", "a;b", "", "", "\"x\"\"y;", "z\";\u{e4}\u{f6};c", " ", "last;one"].join(newline);
            let mut lines = Lines::new(&text);
            assert_eq!(lines.next_line(), Some((2, "head;er")));
            let mut found = Vec::new();
            lines.each(b';', |row| {
                let places: Vec<_> = (0..row.cells.len()).map(|cell| row.place(cell)).collect();
                found.push((row.cells.join("|").replace(newline, "\n"), places));
                assert_eq!(row.broken_quote(), None);
            });
            let expected = [
                ("a|b", vec![(4, 1), (4, 3)]),
                ("x\"y;\nz|\u{e4}\u{f6}|c", vec![(7, 1), (8, 4), (8, 7)]),
                (" ", vec![(9, 1)]),
                ("last|one", vec![(10, 1), (10, 6)]),
            ];
            assert_eq!(found, expected.map(|(cells, places)| (cells.to_owned(), places)), "{newline:?}");
        }
    }
}
