//! Escape sequences of JSON and programming languages, of URLs and of HTML.

/// Decodes one kind of escape sequence.
pub(crate) struct Decoder {
    /// The first byte of each escape sequence.
    pub(crate) mark: u8,
    /// Reads an escape sequence at the start of its input: its length and the character that it encodes.
    pub(crate) decode: fn(&[u8]) -> Option<(usize, char)>,
}

pub(crate) const HTML: Decoder = Decoder { mark: b'&', decode: entity };

pub(crate) const DECODERS: [Decoder; 3] =
    [Decoder { mark: b'\\', decode: backslash }, Decoder { mark: b'%', decode: percent }, HTML];

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// `\u0065`, `\x65`, `\/`, `\"` and the others of JSON and programming languages.
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

/// `%65`.
fn percent(text: &[u8]) -> Option<(usize, char)> {
    Some((3, char::from_u32(number(text.get(1..3)?, 16)?)?))
}

/// `&#101;`, `&#x65;`, `&amp;`.
fn entity(text: &[u8]) -> Option<(usize, char)> {
    let end = text.iter().take(12).position(|byte| *byte == b';')?;
    let character = match &text[1..end] {
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
        name => ENTITIES.iter().find(|(known, _)| known.as_bytes() == name)?.1,
    };
    Some((end + 1, character))
}

/// The names in HTML of ASCII characters.
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
