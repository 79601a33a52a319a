//! A decoded text that knows the position of each of its bytes in the original text.

use std::ops::Range;

use crate::escape::{DECODERS, Decoder};

pub(crate) struct View {
    bytes: Vec<u8>,
    /// The position of each byte in the original text.
    sources: Vec<Range<usize>>,
}

pub(crate) fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

impl View {
    pub(crate) fn new(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), sources: (0..text.len()).map(|at| at..at + 1).collect() }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The position in the original text of a part of this view.
    pub(crate) fn source(&self, part: Range<usize>) -> Range<usize> {
        self.sources[part.start].start..self.sources[part.end - 1].end
    }

    /// The view without white space and control characters; `None` if it has none.
    pub(crate) fn without_blanks(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| is_blank(*byte)) {
            return None;
        }
        let kept = self.bytes.iter().zip(&self.sources).filter(|(byte, _)| !is_blank(**byte));
        let (bytes, sources) = kept.map(|(byte, source)| (*byte, source.clone())).unzip();
        Some(Self { bytes, sources })
    }

    /// The view after each decoder that finds an escape sequence in it.
    pub(crate) fn decodings(&self) -> impl Iterator<Item = Self> {
        DECODERS.iter().filter_map(|decoder| self.decoded(decoder))
    }

    /// The view with the escape sequences of one kind decoded; `None` if it has none.
    pub(crate) fn decoded(&self, decoder: &Decoder) -> Option<Self> {
        if !self.bytes.contains(&decoder.mark) {
            return None;
        }
        let mut decoded = Self { bytes: Vec::with_capacity(self.bytes.len()), sources: Vec::new() };
        let (mut at, mut any) = (0, false);
        while let Some(&byte) = self.bytes.get(at) {
            let escape = if byte == decoder.mark { (decoder.decode)(&self.bytes[at..]) } else { None };
            let Some((length, character)) = escape else {
                decoded.push(byte, self.sources[at].clone());
                at += 1;
                continue;
            };
            any = true;
            let source = self.source(at..at + length);
            // `%c3` and `\xc3` encode a byte of a character; the other escape sequences encode a whole character.
            let is_byte = byte == b'%' || self.bytes[at..].starts_with(b"\\x");
            match u8::try_from(u32::from(character)) {
                Ok(byte) if is_byte => decoded.push(byte, source),
                _ => {
                    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                        decoded.push(byte, source.clone());
                    }
                }
            }
            at += length;
        }
        any.then_some(decoded)
    }

    fn push(&mut self, byte: u8, source: Range<usize>) {
        self.bytes.push(byte);
        self.sources.push(source);
    }
}
