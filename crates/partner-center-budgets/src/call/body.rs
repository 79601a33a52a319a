//! Bodies of successes, read while they arrive.

use bytes::{Bytes, BytesMut};

/// The maximum length in bytes of a single object, or of a page without its items. Real ones have some thousands of bytes;
/// decoding takes many times the memory of the text.
pub(crate) const LONGEST_OBJECT: usize = 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads the body of one response. Each attempt starts with a new one.
pub(crate) trait BodyDecoder: Default + Send + 'static {
    /// The decoded body.
    type Output: Send + 'static;
    /// The maximum length of the body in bytes, if the client's setting allows more.
    const LIMIT: usize;

    fn push(&mut self, chunk: Bytes);

    /// The beginning of the body, to find out whether it is compressed.
    fn beginning(&self) -> &[u8];

    /// # Errors
    ///
    /// Why the whole body is unusable.
    fn finish(self) -> Result<Self::Output, String>;
}

/// The body of a single object.
pub(super) type ObjectBody = WholeBody<LONGEST_OBJECT>;
/// A body of any length that the client's setting allows.
pub(crate) type AnyBody = WholeBody<{ usize::MAX }>;

/// The unchanged body, with at most `LIMIT` bytes. A body in one chunk is not copied.
#[derive(Default)]
pub(crate) struct WholeBody<const LIMIT: usize> {
    first: Bytes,
    joined: BytesMut,
}

impl<const LIMIT: usize> BodyDecoder for WholeBody<LIMIT> {
    type Output = Bytes;
    const LIMIT: usize = LIMIT;

    fn push(&mut self, chunk: Bytes) {
        if self.joined.is_empty() {
            if self.first.is_empty() {
                self.first = chunk;
                return;
            }
            self.joined.extend_from_slice(&self.first);
        }
        self.joined.extend_from_slice(&chunk);
    }

    fn beginning(&self) -> &[u8] {
        if self.joined.is_empty() { &self.first } else { &self.joined }
    }

    fn finish(self) -> Result<Bytes, String> {
        let whole = if self.joined.is_empty() { self.first } else { self.joined.freeze() };
        Ok(without_byte_order_mark(whole))
    }
}

/// Bodies of the usage family begin with a byte order mark, which no JSON parser accepts.
pub(crate) fn without_byte_order_mark(body: Bytes) -> Bytes {
    match body.starts_with(BYTE_ORDER_MARK) {
        true => body.slice(BYTE_ORDER_MARK.len()..),
        false => body,
    }
}
