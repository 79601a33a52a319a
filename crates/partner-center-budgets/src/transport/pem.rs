//! PEM text in any encoding.

use secrecy::zeroize::Zeroizing;

/// A PEM text in UTF-8, from any encoding of [`durable_files::decode`]. Comments in it may have any other: bytes that do not
/// decode stay as they are.
pub(crate) fn pem_text(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = durable_files::decode(bytes).map(|text| text.into_owned().into_bytes());
    Zeroizing::new(text.unwrap_or_else(|_| bytes.to_vec()))
}
