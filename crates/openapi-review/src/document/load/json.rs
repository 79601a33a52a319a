//! A JSON parser with positions. The YAML parser takes five times as long and does not support surrogate pairs.

use std::borrow::Cow;

use super::builder::{Builder, Position, Scalar};
use super::parsed::saturating_u32;
use crate::document::Diagnostic;

/// Parses the text of `builder`, without recursion.
pub(super) fn read(builder: &mut Builder<'_>) -> Result<(), Diagnostic> {
    let mut reader = Reader { text: builder.text(), at: 0, line: 1, line_start: 0, continuation_bytes: 0, builder };
    reader.value()?;
    while let Some(in_map) = reader.builder.is_in_map() {
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
    if reader.peek().is_some() { Err(reader.expected("the end of the text")) } else { Ok(()) }
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
    /// The number of UTF-8 continuation bytes in that line, up to the next byte.
    continuation_bytes: usize,
}

impl<'t> Reader<'_, 't> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn position(&self) -> Position {
        let characters = self.at - self.line_start - self.continuation_bytes;
        Position { line: self.line, column: saturating_u32(characters + 1) }
    }

    fn invalid(&self, reason: &str) -> Diagnostic {
        self.builder.diagnostic(self.position(), format!("invalid JSON: {reason}"))
    }

    fn expected(&self, what: &str) -> Diagnostic {
        match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(found) => self.invalid(&format!("expected {what}, found `{}`", found.escape_debug())),
            None => self.invalid(&format!("expected {what}, found the end of the text")),
        }
    }

    fn skip_space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r')) = self.peek() {
            self.at += 1;
            if byte == b'\n' || (byte == b'\r' && self.peek() != Some(b'\n')) {
                self.line += 1;
                self.line_start = self.at;
                self.continuation_bytes = 0;
            }
        }
    }

    /// Parses a scalar, or opens maps and lists up to the first scalar or closing bracket.
    fn value(&mut self) -> Result<(), Diagnostic> {
        loop {
            self.skip_space();
            let position = self.position();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.at += 1;
                    self.builder.open(bracket == b'{', position)?;
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
                        JsonScalar::Text(text) => Scalar::Text(text),
                        JsonScalar::Other(scalar) => *scalar,
                    };
                    return self.builder.scalar(scalar, position, position.line).map(drop);
                }
            }
        }
    }

    fn key(&mut self) -> Result<(), Diagnostic> {
        let position = self.position();
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let key = self.text()?;
        self.builder.key(&key, position);
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) -> Result<(), Diagnostic> {
        self.at += 1;
        self.builder.close(self.line)
    }

    fn scalar(&mut self) -> Result<JsonScalar<'t>, Diagnostic> {
        let scalar = match self.peek() {
            Some(b'"') => return self.text().map(JsonScalar::Text),
            Some(b'-' | b'0'..=b'9') => return self.number().map(|text| JsonScalar::Other(Scalar::Number(text))),
            _ => [("true", Scalar::Bool(true)), ("false", Scalar::Bool(false)), ("null", Scalar::Null)]
                .into_iter()
                .find(|(word, _)| self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word))),
        };
        let Some((word, scalar)) = scalar else { return Err(self.expected("a value")) };
        self.at += word.len();
        Ok(JsonScalar::Other(scalar))
    }

    fn number(&mut self) -> Result<&'t str, Diagnostic> {
        let start = self.at;
        self.skip_if(b"-");
        // A digit after a leading zero is reported as an unexpected character by the caller.
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

    fn digits(&mut self) -> Result<(), Diagnostic> {
        if !self.skip_if(b"0123456789") {
            return Err(self.expected("a digit"));
        }
        while self.skip_if(b"0123456789") {}
        Ok(())
    }

    /// Parses a text in double quotes. Only a text with escapes is copied.
    fn text(&mut self) -> Result<Cow<'t, str>, Diagnostic> {
        let start = self.position();
        self.at += 1;
        let mut decoded = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f));
            let Some((plain, stop)) = length.and_then(|length| rest.split_at_checked(length)) else {
                return Err(self.builder.diagnostic(start, "invalid JSON: unclosed quote"));
            };
            self.at += plain.len();
            self.continuation_bytes += plain.bytes().filter(|byte| (0x80..0xc0).contains(byte)).count();
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
                _ => return Err(self.invalid("control character in a text: escape it")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Diagnostic> {
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
            Some(b'u') => match (code_unit(rest, 0), code_unit(rest, 6)) {
                (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                    (12, char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
                }
                (first, _) => (6, first.and_then(char::from_u32)),
            },
            _ => (0, None),
        };
        let Some(character) = character else { return Err(self.invalid("invalid escape sequence")) };
        self.at += length;
        Ok(character)
    }
}

/// The UTF-16 code unit of an escape such as `\u00e9` at byte `at`.
fn code_unit(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    // `from_str_radix` also accepts a sign.
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

/// A scalar of JSON, whose text may be borrowed.
enum JsonScalar<'t> {
    Text(Cow<'t, str>),
    Other(Scalar<'t>),
}
