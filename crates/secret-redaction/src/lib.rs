//! Removes known secrets from text: from error messages, log lines, and anything else that leaves a program.
//!
//! A server may echo a rejected request, and with it the access token. The echo can be cut, escaped or encoded, so
//! a search for the whole secret is not enough. [`Secrets::redact`] replaces each part of a secret that it finds:
//!
//! ```
//! use secret_redaction::Secrets;
//!
//! let secrets = Secrets::new(["eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0"]);
//! assert_eq!(secrets.redact("bad token eyJ0eXAiOiJKV1QiLCJhbGciO"), "bad token [redacted]");
//! assert_eq!(secrets.redact("bad token %65yJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0!"), "bad token [redacted]!");
//! assert_eq!(secrets.redact("the token has expired"), "the token has expired");
//! ```
//!
//! # What is found
//!
//! | secret | found in a text |
//! |---|---|
//! | 16 bytes or longer | any 16 consecutive bytes of it |
//! | 8 to 15 bytes | the whole secret |
//! | shorter | nothing: such a secret may be an ordinary word |
//!
//! The text is searched as it is, and again:
//!
//! - after decoding the escape sequences of JSON and programming languages (`\u0065`, `\x65`), URLs (`%65`) and HTML
//!   (`&#101;`, `&period;`), up to three encodings inside each other;
//! - without white space and control characters, so a wrapped line hides nothing;
//! - for the base64 and base64url form of a secret of 16 bytes or longer, at any offset. This includes the header of HTTP
//!   Basic.
//!
//! The comparison ignores the case of ASCII letters.
//!
//! # What is not found
//!
//! Fewer than 16 consecutive bytes of a long secret, and other encodings, such as hexadecimal, base64 within base64,
//! base64 of a short secret, encryption and compression. Decode a compressed body first, or do not show it.
//!
//! # Cost
//!
//! [`Secrets::new`] stores about seven hashes for each byte of a secret. [`Secrets::redact`] takes time and memory
//! proportional to the length of the text for each decoding that finds an escape sequence: up to 40 of them in a text made for
//! that purpose, one in an ordinary text. Limit the length of a text from outside before redaction.

mod escape;
mod html;
mod view;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;

pub use html::unescape_html;
use view::View;

/// The length in bytes of the parts of a secret that are searched for.
const WINDOW: usize = 16;
/// A shorter secret is ignored: it may be an ordinary word.
const SHORTEST: usize = 8;
/// How many encodings are decoded one inside the other, such as JSON within JSON within a URL.
const MAX_NESTING: usize = 3;
const REDACTED: &str = "[redacted]";

/// Secrets to remove from texts.
///
/// Its `Debug` output shows none of them.
#[derive(Default)]
pub struct Secrets {
    /// Each window of a secret and of its encoded forms, [folded](fold).
    windows: HashSet<u128>,
    /// Secrets shorter than a window, [folded](fold).
    short: Vec<Vec<u8>>,
}

impl Secrets {
    /// Collects secrets of at least 8 bytes; shorter ones are ignored.
    ///
    /// ```
    /// # use secret_redaction::Secrets;
    /// let secrets = Secrets::new(["hunter2-hunter2", "sandbox"]);
    /// assert_eq!(secrets.redact("hunter2-hunter2 at the sandbox"), "[redacted] at the sandbox");
    /// ```
    pub fn new(secrets: impl IntoIterator<Item: AsRef<[u8]>>) -> Self {
        let mut all = Self::default();
        for secret in secrets {
            all.add(secret.as_ref());
        }
        all
    }

    /// The credentials in the value of an `Authorization` header, without a scheme such as `Bearer`.
    ///
    /// ```
    /// # use secret_redaction::Secrets;
    /// let secrets = Secrets::from_authorization("Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0");
    /// let response = r#"{"error":"invalid token: Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0"}"#;
    /// assert_eq!(secrets.redact(response), r#"{"error":"invalid token: Bearer [redacted]"}"#);
    /// ```
    pub fn from_authorization(value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        let scheme = value.iter().position(|byte| *byte == b' ').map_or(0, |blank| blank + 1);
        Self::new([&value[scheme..]])
    }

    fn add(&mut self, secret: &[u8]) {
        if secret.len() < SHORTEST {
            return;
        }
        if secret.len() < WINDOW {
            self.short.push(secret.iter().copied().map(fold).collect());
            return;
        }
        self.add_windows(secret);
        let compact: Vec<u8> = secret.iter().copied().filter(|byte| !view::is_blank(*byte)).collect();
        if compact.len() < secret.len() {
            self.add_windows(&compact);
        }
        // HTTP Basic encodes a client secret as a form value first (RFC 6749, section 2.3.1).
        for plain in [secret, &form_encoded(secret)] {
            // Base64 has one form for each position of the secret within a group of three bytes.
            for skipped in 0..3 {
                self.add_windows(BASE64.encode(&plain[skipped..]).as_bytes());
            }
        }
    }

    fn add_windows(&mut self, secret: &[u8]) {
        self.windows.extend(windows(secret).map(|(_, window)| window));
    }

    /// The text with `[redacted]` in place of each part of a secret.
    ///
    /// ```
    /// # use secret_redaction::Secrets;
    /// let secrets = Secrets::new(["eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0"]);
    /// // The server shows a part of the token.
    /// assert_eq!(secrets.redact("bad token: eyJ0eXAiOiJKV1QiLCJ…"), "bad token: [redacted]…");
    /// ```
    #[must_use]
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.windows.is_empty() && self.short.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut found = Vec::new();
        self.search_decoded(&View::new(text), MAX_NESTING, &mut found);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut redacted = String::with_capacity(text.len());
        let mut done = 0;
        let mut found = found.into_iter().peekable();
        while let Some(Range { start, mut end }) = found.next() {
            while let Some(next) = found.next_if(|next| next.start <= end) {
                end = end.max(next.end);
            }
            let start = char_boundary_before(text, start).max(done);
            redacted.push_str(&text[done..start]);
            redacted.push_str(REDACTED);
            done = char_boundary_after(text, end);
        }
        redacted.push_str(&text[done..]);
        Cow::Owned(redacted)
    }

    fn search_decoded(&self, view: &View, nesting: usize, found: &mut Vec<Range<usize>>) {
        self.search(view, found);
        if let Some(compact) = view.without_blanks() {
            self.search(&compact, found);
        }
        if nesting > 0 {
            for decoded in view.decodings() {
                self.search_decoded(&decoded, nesting - 1, found);
            }
        }
    }

    fn search(&self, view: &View, found: &mut Vec<Range<usize>>) {
        let bytes = view.bytes();
        for (at, window) in windows(bytes) {
            if self.windows.contains(&window) {
                found.push(view.source(at..at + WINDOW));
            }
        }
        for short in &self.short {
            for (at, part) in bytes.windows(short.len()).enumerate() {
                if part.iter().copied().map(fold).eq(short.iter().copied()) {
                    found.push(view.source(at..at + short.len()));
                }
            }
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}

// `str::floor_char_boundary` needs Rust 1.91.
fn char_boundary_before(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default()
}

fn char_boundary_after(text: &str, at: usize) -> usize {
    (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// A byte as it is compared: in lower case, with the alphabets of base64 and base64url as one. A space is a plus sign, as in
/// forms.
fn fold(byte: u8) -> u8 {
    match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// Each window of the folded bytes, with its position.
fn windows(bytes: &[u8]) -> impl Iterator<Item = (usize, u128)> {
    let mut window = 0_u128;
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        window = window << 8 | u128::from(fold(*byte));
        Some(((at + 1).checked_sub(WINDOW)?, window))
    })
}

/// The value in `application/x-www-form-urlencoded`.
fn form_encoded(value: &[u8]) -> Vec<u8> {
    let mut form = Vec::with_capacity(value.len());
    for byte in value {
        match byte {
            b' ' => form.push(b'+'),
            b'-' | b'.' | b'_' | b'*' => form.push(*byte),
            byte if byte.is_ascii_alphanumeric() => form.push(*byte),
            byte => form.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    form
}

#[cfg(test)]
mod tests;
