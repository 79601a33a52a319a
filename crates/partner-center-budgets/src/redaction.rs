//! Secrets, and how they are taken out of every text that leaves the client.

mod view;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD as BASE64;

pub(crate) use view::without_entities;
use view::{DECODERS, View};

/// A run of a secret with so many bytes is taken out, wherever it begins in the secret.
const RUN: usize = 16;
/// A shorter secret is taken out as a whole. One that is shorter than this is a word, such as the sandbox's token
/// `sandbox`, and stays.
const SHORTEST: usize = 8;
/// How many encodings may surround each other, such as JSON within JSON within a URL.
const NESTED: usize = 3;
const REDACTED: &str = "[redacted]";

/// Secrets that no text may show.
///
/// A server may echo a request as it is, in part, or encoded. Runs are found in the text and in
/// what it decodes to as JSON, URL and HTML, and without its blanks and control characters. Base64 is found by the three
/// forms that it gives a secret. Upper and lower case are the same.
#[derive(Default)]
pub(crate) struct Secrets {
    runs: HashSet<u128>,
    short: Vec<Vec<u8>>,
}

impl Secrets {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for secret in secrets {
            all.add(secret.as_bytes());
        }
        all
    }

    /// The token of a header `Authorization`.
    pub(crate) fn of_header(authorization: &http::HeaderValue) -> Self {
        let value = authorization.as_bytes();
        let mut all = Self::default();
        all.add(value.strip_prefix(b"Bearer ").unwrap_or(value));
        all
    }

    fn add(&mut self, secret: &[u8]) {
        if secret.len() < SHORTEST {
            return;
        }
        if secret.len() < RUN {
            self.short.push(secret.iter().map(|byte| folded(*byte)).collect());
            return;
        }
        self.add_runs(secret);
        let compact: Vec<u8> = secret.iter().copied().filter(|byte| !view::is_blank(*byte)).collect();
        if compact.len() < secret.len() {
            self.add_runs(&compact);
        }
        // The form of a client secret within the header of HTTP Basic.
        let of_form: Vec<u8> = oauth_form(secret);
        for plain in [secret, &of_form] {
            for skipped in 0..3 {
                self.add_runs(BASE64.encode(&plain[skipped..]).as_bytes());
            }
        }
    }

    fn add_runs(&mut self, secret: &[u8]) {
        self.runs.extend(runs(secret).map(|(_, run)| run));
    }

    /// The text with `[redacted]` in place of each run that occurs in a secret.
    pub(crate) fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.runs.is_empty() && self.short.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut found = Vec::new();
        self.search_encoded(&View::of(text), NESTED, &mut found);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        found.sort_unstable_by_key(|range| range.start);
        let mut shown = String::with_capacity(text.len());
        let mut done = 0;
        let mut found = found.into_iter().peekable();
        while let Some(Range { start, mut end }) = found.next() {
            while let Some(next) = found.next_if(|next| next.start <= end) {
                end = end.max(next.end);
            }
            let start = text.floor_char_boundary_before(start).max(done);
            shown.push_str(&text[done..start]);
            shown.push_str(REDACTED);
            done = text.char_boundary_behind(end);
        }
        shown.push_str(&text[done..]);
        Cow::Owned(shown)
    }

    fn search_encoded(&self, view: &View, nested: usize, found: &mut Vec<Range<usize>>) {
        self.search(view, found);
        if let Some(compact) = view.without_blanks() {
            self.search(&compact, found);
        }
        if nested > 0 {
            for decode in DECODERS {
                if let Some(decoded) = view.decoded(decode) {
                    self.search_encoded(&decoded, nested - 1, found);
                }
            }
        }
    }

    fn search(&self, view: &View, found: &mut Vec<Range<usize>>) {
        let bytes = view.bytes();
        for (at, run) in runs(bytes) {
            if self.runs.contains(&run) {
                found.push(view.source(at..at + RUN));
            }
        }
        for short in &self.short {
            for (at, window) in bytes.windows(short.len()).enumerate() {
                if window.iter().map(|byte| folded(*byte)).eq(short.iter().copied()) {
                    found.push(view.source(at..at + short.len()));
                }
            }
        }
    }
}

trait Boundaries {
    fn floor_char_boundary_before(&self, at: usize) -> usize;
    fn char_boundary_behind(&self, at: usize) -> usize;
}

impl Boundaries for str {
    fn floor_char_boundary_before(&self, at: usize) -> usize {
        (0..=at).rev().find(|at| self.is_char_boundary(*at)).unwrap_or_default()
    }

    fn char_boundary_behind(&self, at: usize) -> usize {
        (at..self.len()).find(|at| self.is_char_boundary(*at)).unwrap_or(self.len())
    }
}

/// A byte as it is compared: both alphabets of base64 are one, and a form writes a blank as a plus sign.
fn folded(byte: u8) -> u8 {
    match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// All runs with their positions.
fn runs(bytes: &[u8]) -> impl Iterator<Item = (usize, u128)> {
    let mut run = 0_u128;
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        run = run << 8 | u128::from(folded(*byte));
        Some(((at + 1).checked_sub(RUN)?, run))
    })
}

fn oauth_form(secret: &[u8]) -> Vec<u8> {
    let mut form = Vec::with_capacity(secret.len());
    for byte in secret {
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
