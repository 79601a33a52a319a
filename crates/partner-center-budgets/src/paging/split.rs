//! Takes the items out of a page's text while it arrives.

/// Who reads the items.
pub(super) trait ReadItem {
    /// Reads the item that `text` begins with, if it is good and the comma or the bracket behind it is there: where that
    /// stands. Else nothing is read, and the item comes to [`read`](Self::read) once its end was found.
    ///
    /// Most items come in one piece, and finding their ends first would take a third of the time that reading them takes.
    fn read_first(&mut self, text: &[u8]) -> Option<usize>;

    /// Reads a text that is an item or nothing.
    fn read(&mut self, item: &[u8]);
}

/// Cuts a page in two: its items, one by one, and the page with none of them in it.
///
/// It finds where things begin and end and judges nothing. What is no JSON ends up in an item or in the rest, and is refused
/// by whoever reads that: both get every byte that is theirs, brackets of the other kind included. An `items` that is
/// written in any other way than `"items":[`, blanks aside, stays in the rest.
#[derive(Default)]
pub(super) struct Split {
    /// The page without items, as far as it has come.
    rest: Vec<u8>,
    /// The beginning of an item whose end has not come.
    item: Vec<u8>,
    /// Whether the items are being read.
    in_items: bool,
    /// How many of them were handed on.
    count: usize,
    in_string: bool,
    escaped: bool,
    /// How many brackets are open, counted from the items while these are read.
    depth: usize,
}

impl Split {
    /// Reads on, and hands each item that ends in `chunk` to `reader`.
    pub(super) fn feed(&mut self, chunk: &[u8], reader: &mut impl ReadItem) {
        let mut at = 0;
        // What stands before it is in its place.
        let mut done = 0;
        while let Some(&byte) = chunk.get(at) {
            if self.in_items
                && self.depth == 0
                && self.item.is_empty()
                && at == done
                && let Some(length) = reader.read_first(&chunk[at..])
            {
                at += length;
                self.count += 1;
                self.go_on(chunk[at]);
                at += 1;
                done = at;
                continue;
            }
            if self.in_string {
                at = self.in_string_at(chunk, at);
                continue;
            }
            if !STOPS[usize::from(byte)] {
                at += chunk[at..].iter().position(|byte| STOPS[usize::from(*byte)]).unwrap_or(chunk.len() - at);
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b',' | b']' if self.in_items && self.depth == 0 => {
                    self.end_item(&chunk[done..at], byte, reader);
                    done = at + 1;
                }
                b'[' if !self.in_items && self.depth == 1 => {
                    self.rest.extend_from_slice(&chunk[done..=at]);
                    done = at + 1;
                    self.in_items = self.is_at_items();
                    self.depth = if self.in_items { 0 } else { 2 };
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        let part = if self.in_items { &mut self.item } else { &mut self.rest };
        part.extend_from_slice(&chunk[done..]);
    }

    /// The page without the items that were handed on.
    pub(super) fn into_rest(self) -> Vec<u8> {
        self.rest
    }

    /// Where to read on, at most behind the string's end.
    fn in_string_at(&mut self, chunk: &[u8], at: usize) -> usize {
        if std::mem::take(&mut self.escaped) {
            return at + 1;
        }
        let Some(length) = chunk[at..].iter().position(|byte| matches!(byte, b'"' | b'\\')) else { return chunk.len() };
        match chunk[at + length] {
            b'"' => self.in_string = false,
            _ => self.escaped = true,
        }
        at + length + 1
    }

    /// An item ends with `end`, which is a comma or the bracket behind the last one.
    fn end_item(&mut self, text: &[u8], end: u8, reader: &mut impl ReadItem) {
        let item = match self.item.is_empty() {
            true => text,
            false => {
                self.item.extend_from_slice(text);
                &self.item
            }
        };
        if end == b']' && self.count == 0 && item.trim_ascii().is_empty() {
            self.rest.extend_from_slice(item);
        } else {
            reader.read(item);
            self.count += 1;
        }
        self.item.clear();
        self.go_on(end);
    }

    /// Goes on behind an item and its `end`.
    fn go_on(&mut self, end: u8) {
        if end == b']' {
            self.rest.push(end);
            (self.in_items, self.count, self.depth) = (false, 0, 1);
        }
    }

    /// Whether the bracket that the rest ends with is that of the items. A quote within a string stands behind a backslash,
    /// and a string that is a value behind a colon, so neither is taken for the beginning of the key.
    fn is_at_items(&self) -> bool {
        let mut left = &self.rest[..];
        for what in [&b"["[..], b":", b"\"items\""] {
            let Some(before) = left.trim_ascii_end().strip_suffix(what) else { return false };
            left = before;
        }
        matches!(left.trim_ascii_end().last(), Some(b'{' | b','))
    }
}

/// What means something outside strings.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let all = b"\"{}[],";
    let mut at = 0;
    while at < all.len() {
        stops[all[at] as usize] = true;
        at += 1;
    }
    stops
};

#[cfg(test)]
mod tests;
