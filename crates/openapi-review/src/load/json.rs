//! Reads JSON. The YAML parser reads most of it too, but takes five times as long and knows no surrogate pairs.

use std::borrow::Cow;

use super::builder::{Builder, Place, Scalar, small};
use crate::document::Complaint;

/// Reads the text of `builder`, without recursion.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), Complaint> {
    let mut reader = Reader { text: builder.text(), at: 0, line: 1, line_start: 0, wide: 0, builder };
    reader.value()?;
    while let Some(in_map) = reader.builder.in_map() {
        reader.skip_space();
        match (reader.peek(), in_map) {
            (Some(b','), _) => {
                reader.at += 1;
                reader.skip_space();
                if in_map {
                    reader.key()?;
                }
                reader.value()?;
            }
            (Some(b'}'), true) | (Some(b']'), false) => reader.close()?,
            (_, true) => return Err(reader.expected("`,` or `}`")),
            (_, false) => return Err(reader.expected("`,` or `]`")),
        }
    }
    reader.skip_space();
    if reader.peek().is_some() { Err(reader.expected("nothing after the document")) } else { Ok(()) }
}

struct Reader<'b, 't> {
    builder: &'b mut Builder<'t>,
    text: &'t str,
    /// The next byte.
    at: usize,
    /// Line of the next byte, counted from 1.
    line: u32,
    /// The first byte of that line.
    line_start: usize,
    /// How many bytes of that line continue a character, up to the next byte.
    wide: usize,
}

impl<'t> Reader<'_, 't> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn place(&self) -> Place {
        Place { line: self.line, column: small((self.at - self.line_start - self.wide).saturating_add(1)) }
    }

    fn wrong(&self, what: &str) -> Complaint {
        self.builder.complaint(self.place(), format!("invalid JSON: {what}"))
    }

    fn expected(&self, what: &str) -> Complaint {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => self.wrong(&format!("expected {what}, found `{}`", found.escape_debug())),
            None => self.wrong(&format!("expected {what}, found the end of the text")),
        }
    }

    fn skip_space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r')) = self.peek() {
            self.at += 1;
            if byte == b'\n' || (byte == b'\r' && self.peek() != Some(b'\n')) {
                self.line += 1;
                self.line_start = self.at;
                self.wide = 0;
            }
        }
    }

    /// Reads a scalar, or the beginning of a map or list up to its first value that is no such beginning.
    fn value(&mut self) -> Result<(), Complaint> {
        loop {
            self.skip_space();
            let place = self.place();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.at += 1;
                    self.builder.open(bracket == b'{', place)?;
                    self.skip_space();
                    match (bracket, self.peek()) {
                        (b'{', Some(b'}')) | (b'[', Some(b']')) => return self.close(),
                        (b'{', _) => self.key()?,
                        _ => {}
                    }
                }
                _ => {
                    let scalar = self.scalar()?;
                    let scalar = match &scalar {
                        Read::Text(text) => Scalar::Text(text),
                        Read::Other(scalar) => *scalar,
                    };
                    return self.builder.scalar(scalar, place, place.line).map(drop);
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Complaint> {
        let place = self.place();
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let key = self.text()?;
        self.builder.key(&key, place);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Complaint> {
        self.at += 1;
        self.builder.close(self.line)
    }

    fn scalar(&mut self) -> Result<Read<'t>, Complaint> {
        let scalar = match self.peek() {
            Some(b'"') => return self.text().map(Read::Text),
            Some(b'-' | b'0'..=b'9') => return self.number().map(|text| Read::Other(Scalar::Number(text))),
            _ => [("true", Scalar::Bool(true)), ("false", Scalar::Bool(false)), ("null", Scalar::Null)]
                .into_iter()
                .find(|(word, _)| self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word))),
        };
        let Some((word, scalar)) = scalar else { return Err(self.expected("a value")) };
        self.at += word.len();
        Ok(Read::Other(scalar))
    }

    fn number(&mut self) -> Result<&'t str, Complaint> {
        let start = self.at;
        self.skip_if(b"-");
        // No digit may follow a zero at the beginning; then something other than a digit is expected.
        if !self.skip_if(b"0") {
            self.digits()?;
        }
        if self.skip_if(b".") {
            self.digits()?;
        }
        if self.skip_if(b"eE") {
            self.skip_if(b"+-");
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn skip_if(&mut self, any: &[u8]) -> bool {
        let found = self.peek().is_some_and(|byte| any.contains(&byte));
        self.at += usize::from(found);
        found
    }

    fn digits(&mut self) -> Result<(), Complaint> {
        if !self.skip_if(b"0123456789") {
            return Err(self.expected("a digit"));
        }
        while self.skip_if(b"0123456789") {}
        Ok(())
    }

    /// Reads a text in double quotes; copies it only where it has escapes.
    fn text(&mut self) -> Result<Cow<'t, str>, Complaint> {
        let opening = self.place();
        self.at += 1;
        let mut decoded = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f));
            let Some((plain, stop)) = length.and_then(|length| rest.split_at_checked(length)) else {
                return Err(self.builder.complaint(opening, "invalid JSON: a text without closing quotes"));
            };
            self.at += plain.len();
            // UTF-8 continues a character with bytes from 0x80 to 0xBF.
            self.wide += plain.bytes().filter(|byte| (0x80..0xc0).contains(byte)).count();
            match stop.as_bytes().first() {
                Some(b'"') => {
                    self.at += 1;
                    if decoded.is_empty() {
                        return Ok(Cow::Borrowed(plain));
                    }
                    decoded.push_str(plain);
                    return Ok(Cow::Owned(decoded));
                }
                Some(b'\\') => {
                    decoded.push_str(plain);
                    decoded.push(self.escape()?);
                }
                _ => return Err(self.wrong("a line break, tab or other control character within a text: escape it")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Complaint> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (length, character) = match rest.as_bytes().get(1) {
            Some(b'"') => (2, Some('"')),
            Some(b'\\') => (2, Some('\\')),
            Some(b'/') => (2, Some('/')),
            Some(b'b') => (2, Some('\u{8}')),
            Some(b'f') => (2, Some('\u{c}')),
            Some(b'n') => (2, Some('\n')),
            Some(b'r') => (2, Some('\r')),
            Some(b't') => (2, Some('\t')),
            Some(b'u') => match (unit(rest, 0), unit(rest, 6)) {
                (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                    (12, char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
                }
                (first, _) => (6, first.and_then(char::from_u32)),
            },
            _ => (0, None),
        };
        let Some(character) = character else { return Err(self.wrong("an escape that stands for no character")) };
        self.at += length;
        Ok(character)
    }
}

/// The number of an escape such as `\u00e9` that stands at `at`.
fn unit(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    // A sign would pass for a part of the number.
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// A scalar as read.
enum Read<'t> {
    Text(Cow<'t, str>),
    Other(Scalar<'t>),
}
