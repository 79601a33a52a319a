//! A text in one of its readings, which knows where in the text each of its bytes comes from.

use std::ops::Range;

/// A reading of a text.
pub(super) struct View {
    bytes: Vec<u8>,
    sources: Vec<Range<usize>>,
}

/// Reads an escape sequence at the beginning of its input: its length, and what it stands for.
type Decoder = fn(&[u8]) -> Option<(usize, char)>;

pub(super) const DECODERS: [(u8, Decoder); 3] = [(b'\\', backslash), (b'%', percent), (b'&', entity)];

pub(super) fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

impl View {
    pub(super) fn of(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), sources: (0..text.len()).map(|at| at..at + 1).collect() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where in the text a part of this view is.
    pub(super) fn source(&self, part: Range<usize>) -> Range<usize> {
        self.sources[part.start].start..self.sources[part.end - 1].end
    }

    /// The view without blanks and control characters; `None` if it has none.
    pub(super) fn without_blanks(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| is_blank(*byte)) {
            return None;
        }
        let kept = self.bytes.iter().zip(&self.sources).filter(|(byte, _)| !is_blank(**byte));
        let (bytes, sources) = kept.map(|(byte, source)| (*byte, source.clone())).unzip();
        Some(Self { bytes, sources })
    }

    /// The view with its escape sequences decoded; `None` if it has none.
    pub(super) fn decoded(&self, (mark, decode): (u8, Decoder)) -> Option<Self> {
        if !self.bytes.contains(&mark) {
            return None;
        }
        let mut decoded = Self { bytes: Vec::with_capacity(self.bytes.len()), sources: Vec::new() };
        let (mut at, mut any) = (0, false);
        while let Some(&byte) = self.bytes.get(at) {
            let read = if byte == mark { decode(&self.bytes[at..]) } else { None };
            let Some((length, character)) = read else {
                decoded.push(byte, self.sources[at].clone());
                at += 1;
                continue;
            };
            any = true;
            let source = self.source(at..at + length);
            // `%c3` and `\xc3` are bytes of a character, all others whole characters.
            let is_byte = mark == b'%' || self.bytes[at..].starts_with(b"\\x");
            match u8::try_from(u32::from(character)) {
                Ok(byte) if is_byte => decoded.push(byte, source),
                _ => {
                    let mut utf_8 = [0; 4];
                    for byte in character.encode_utf8(&mut utf_8).bytes() {
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

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// `\u0065`, `\x65`, `\/`, `\"` and the like, as JSON and programming languages write them.
fn backslash(text: &[u8]) -> Option<(usize, char)> {
    let unit = |text: &[u8]| match text {
        [b'\\', b'u', digits @ ..] => number(digits.get(..4)?, 16),
        _ => None,
    };
    match text.get(1)? {
        b'u' => {
            let first = unit(text)?;
            let second = text.get(6..).and_then(unit).filter(|_| (0xd800..0xdc00).contains(&first));
            match second.filter(|second| (0xdc00..0xe000).contains(second)) {
                Some(second) => Some((12, char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))?)),
                None => Some((6, char::from_u32(first)?)),
            }
        }
        b'x' => Some((4, char::from_u32(number(text.get(2..4)?, 16)?)?)),
        b'n' | b'r' | b't' | b'b' | b'f' => Some((2, '\n')),
        next if next.is_ascii_punctuation() => Some((2, char::from(*next))),
        _ => None,
    }
}

/// `%65`
fn percent(text: &[u8]) -> Option<(usize, char)> {
    Some((3, char::from_u32(number(text.get(1..3)?, 16)?)?))
}

/// `&#101;`, `&#x65;`, `&amp;`
fn entity(text: &[u8]) -> Option<(usize, char)> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let character = match &text[1..end] {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        name => ENTITIES.iter().find(|(known, _)| known.as_bytes() == name)?.1,
    };
    Some((end + 1, character))
}

/// The characters of ASCII that have a name in HTML.
const ENTITIES: [(&str, char); 34] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("lpar", '('),
    ("rpar", ')'),
    ("ast", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("period", '.'),
    ("sol", '/'),
    ("colon", ':'),
    ("semi", ';'),
    ("equals", '='),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("bsol", '\\'),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("lowbar", '_'),
    ("grave", '`'),
    ("verbar", '|'),
    ("hyphen", '-'),
];

/// Text of HTML or XML with its entities decoded.
pub(crate) fn without_entities(text: &str) -> String {
    match View::of(text).decoded((b'&', entity)) {
        Some(view) => String::from_utf8_lossy(&view.bytes).into_owned(),
        None => text.to_owned(),
    }
}
