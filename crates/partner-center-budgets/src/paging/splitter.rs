//! Splits a page into its items and its envelope while it arrives.

/// Receives the items.
pub(super) trait ItemSink {
    /// Takes the item at the beginning of `text`, if it is valid and followed by a comma or bracket. Returns the position of
    /// that comma or bracket. With `None` nothing is taken, and [`push`](Self::push) gets the item once its end is found.
    ///
    /// This saves the search for the end of most items, which takes a third of the time of decoding.
    fn take_leading(&mut self, text: &str) -> Option<usize>;

    /// Takes the text between two commas, which may be no item at all.
    fn push(&mut self, item: &[u8]);
}

/// Splits a page into its items and its envelope: the page with an empty list of items.
///
/// The splitter finds boundaries and validates nothing. Invalid JSON stays in an item or in the envelope, where decoding
/// refuses it: every byte is passed on, unbalanced brackets included. A list that is not written as `"items":[`, apart from
/// white space, stays in the envelope.
#[derive(Default)]
pub(super) struct ItemSplitter {
    /// The envelope so far.
    envelope: Vec<u8>,
    /// The beginning of an item that continues in the next chunk.
    item: Vec<u8>,
    /// Whether the position is within the list of items.
    in_items: bool,
    /// The number of items that were passed on.
    count: usize,
    in_string: bool,
    escaped: bool,
    /// The number of open brackets, counted from the list of items while in it.
    depth: usize,
}

impl ItemSplitter {
    /// Reads `chunk`, and passes each item that ends in it to `sink`.
    pub(super) fn push(&mut self, chunk: &[u8], sink: &mut impl ItemSink) {
        let valid = ValidText::of(chunk);
        let mut at = 0;
        // Everything before this position is processed.
        let mut done = 0;
        while let Some(&byte) = chunk.get(at) {
            if self.in_items
                && self.depth == 0
                && self.item.is_empty()
                && at == done
                && let Some(text) = valid.from(at)
                && let Some(length) = sink.take_leading(text)
            {
                at += length;
                self.count += 1;
                self.continue_after(chunk[at]);
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
                    self.end_item(&chunk[done..at], byte, sink);
                    done = at + 1;
                }
                b'[' if !self.in_items && self.depth == 1 => {
                    self.envelope.extend_from_slice(&chunk[done..=at]);
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
        let part = if self.in_items { &mut self.item } else { &mut self.envelope };
        part.extend_from_slice(&chunk[done..]);
    }

    pub(super) fn envelope(&self) -> &[u8] {
        &self.envelope
    }

    pub(super) fn into_envelope(self) -> Vec<u8> {
        self.envelope
    }

    /// The position after the string, or after an escape in it.
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

    /// Ends an item at `end`: a comma, or the bracket after the last item.
    fn end_item(&mut self, text: &[u8], end: u8, sink: &mut impl ItemSink) {
        let item = match self.item.is_empty() {
            true => text,
            false => {
                self.item.extend_from_slice(text);
                &self.item
            }
        };
        if end == b']' && self.count == 0 && item.trim_ascii().is_empty() {
            self.envelope.extend_from_slice(item);
        } else {
            sink.push(item);
            self.count += 1;
        }
        self.item.clear();
        self.continue_after(end);
    }

    fn continue_after(&mut self, end: u8) {
        if end == b']' {
            self.envelope.push(end);
            (self.in_items, self.count, self.depth) = (false, 0, 1);
        }
    }

    /// Whether the bracket at the end of the envelope opens the list of items. A quote within a string follows a backslash,
    /// and a string value follows a colon, so neither is taken for the beginning of the key.
    fn is_at_items(&self) -> bool {
        let mut left = &self.envelope[..];
        for what in [&b"["[..], b":", b"\"items\""] {
            let Some(before) = left.trim_ascii_end().strip_suffix(what) else { return false };
            left = before;
        }
        matches!(left.trim_ascii_end().last(), Some(b'{' | b','))
    }
}

/// The part of a chunk that is valid UTF-8. Checking the chunk once is cheaper than checking each string in it.
struct ValidText<'a> {
    text: &'a str,
    /// The position of `text` in the chunk.
    start: usize,
}

impl<'a> ValidText<'a> {
    fn of(chunk: &'a [u8]) -> Self {
        // A chunk can begin within a character.
        let start = chunk.iter().take_while(|byte| (0x80..0xc0).contains(*byte)).count();
        let rest = &chunk[start..];
        let text = match str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(),
        };
        Self { text, start }
    }

    /// The valid text from this position of the chunk.
    fn from(&self, at: usize) -> Option<&'a str> {
        self.text.get(at.checked_sub(self.start)?..)
    }
}

/// The bytes that have a meaning outside strings.
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
