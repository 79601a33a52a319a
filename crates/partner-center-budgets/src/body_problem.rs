//! Explains why a body cannot be decoded, without any of its values: a body can contain the access token or customer data.

use http::HeaderMap;
use serde::de::DeserializeOwned;

/// Path, found type and expected type, as in "`items[3].budget.amount` is a string, expected a number".
///
/// `prefix` is the path to `body` if it is a part of a response. The body is decoded a second time to find the path.
pub(crate) fn explain<T: DeserializeOwned>(prefix: &str, body: &[u8], error: &serde_json::Error) -> String {
    if !error.is_data() {
        // The messages of syntax errors are fixed texts.
        let what = if prefix.is_empty() { "the body" } else { prefix };
        return format!("{what} is not JSON: {error}");
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => error.path().to_string(),
        Ok(_) => String::new(),
    };
    let path = match (prefix, path.as_str()) {
        ("", "" | ".") => "the body".to_owned(),
        (prefix, "" | ".") => format!("`{prefix}`"),
        ("", path) => format!("`{path}`"),
        (prefix, path) => format!("`{prefix}.{path}`"),
    };
    format!("{path} {} (line {}, column {})", mismatch(&error.to_string()), error.line(), error.column())
}

/// The message of serde without its value. Only known texts pass.
fn mismatch(message: &str) -> String {
    for fixed in ["missing field `", "duplicate field `"] {
        // The name is one of a field, so it is not from the body.
        if let Some((name, _)) = message.strip_prefix(fixed).and_then(|rest| rest.split_once('`')) {
            return format!("has a {fixed}{name}`");
        }
    }
    let Some((_, found)) = message.split_once(": ") else { return "is not of the expected type".to_owned() };
    let found = FOUND.iter().find(|(word, _)| found.starts_with(word)).map_or("another type", |(_, found)| found);
    let expected = message.rsplit_once(", expected ").map_or("", |(_, expected)| expected);
    match EXPECTED.iter().find(|(word, _)| expected.starts_with(word)) {
        Some((_, expected)) if message.starts_with("invalid value") => format!("is {found} that is not {expected}"),
        Some((_, expected)) => format!("is {found}, expected {expected}"),
        None => format!("is {found}, which was not expected"),
    }
}

/// The found type in a message of serde, by prefix.
const FOUND: [(&str, &str); 9] = [
    ("string", "a string"),
    ("integer", "a number"),
    ("floating point", "a number"),
    ("number", "a number"),
    ("boolean", "a boolean"),
    ("sequence", "an array"),
    ("map", "an object"),
    ("null", "null"),
    ("unit", "null"),
];

/// The expected type in a message of serde, by prefix.
const EXPECTED: [(&str, &str); 10] = [
    ("struct", "an object"),
    ("a map", "an object"),
    ("a sequence", "an array"),
    ("a string", "a string"),
    ("a boolean", "a boolean"),
    ("a number of at most 28 digits", "a number of at most 28 digits"),
    ("a number", "a number"),
    ("i", "a whole number"),
    ("u", "a whole number"),
    ("f", "a number"),
];

/// Explains that a body is compressed, by its header or its first bytes. No request accepts compression.
pub(crate) fn compression(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let by_magic = match body {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] => Some("deflate"),
        _ => None,
    };
    let named = headers.get(http::header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let by_header = named.and_then(|named| {
        ["gzip", "br", "deflate", "zstd", "compress"]
            .into_iter()
            .find(|known| named.to_ascii_lowercase().contains(known))
    });
    // Some servers send the header with plain text.
    let is_text = || body.iter().take(64).all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..));
    let starts_plain = || body.trim_ascii_start().first().is_none_or(|first| b"{[<\"".contains(first)) && is_text();
    let how = match (by_header, by_magic) {
        (Some(name), _) if !starts_plain() => format!("Content-Encoding: {name}"),
        (_, Some(name)) => format!("it starts like {name}"),
        _ => return None,
    };
    Some(format!(
        "the body is compressed ({how}), but the request did not allow it; make the proxy or gateway pass bodies unchanged"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::types::SpendingBudget;

    fn explained(body: &str) -> String {
        let error = serde_json::from_str::<SpendingBudget>(body).unwrap_err();
        explain::<SpendingBudget>("", body.as_bytes(), &error)
    }

    #[test]
    fn reports_path_and_types_without_values() {
        for (body, expected) in [
            (r#"{"amount":"Bearer, expected eyJ"}"#, "`amount` is a string, expected a number"),
            (r#"{"amount":true}"#, "`amount` is a boolean, expected a number"),
            (r#"{"amount":[1]}"#, "`amount` is an array, expected a number"),
            (r#"{"amount":{}}"#, "`amount` is an object, expected a number"),
            (r#"{"amount":1e400}"#, "`amount` is a number that is not a number of at most 28 digits"),
            (r#"{"attributes":"eyJ"}"#, "`attributes` is a string, expected an object"),
            (r#"{"attributes":{"objectType":7}}"#, "`attributes.objectType` is a number, expected a string"),
            (r#""Bearer eyJ""#, "the body is a string, expected an object"),
            ("12", "the body is a number, expected an object"),
            ("<html>", "the body is not JSON: expected value at line 1 column 1"),
        ] {
            let shown = explained(body);
            assert!(shown.starts_with(expected) && !shown.contains("eyJ"), "{body}: {shown}");
        }
        let body = "[7]".to_owned();
        let error = serde_json::from_str::<Vec<SpendingBudget>>(&body).unwrap_err();
        let shown = explain::<Vec<SpendingBudget>>("", body.as_bytes(), &error);
        assert!(shown.starts_with("`[0]` is a number, expected an object"), "{shown}");
    }

    #[test]
    fn detects_compression_by_header_or_first_bytes() {
        let named = |name: &'static str| {
            HeaderMap::from_iter([(http::header::CONTENT_ENCODING, http::HeaderValue::from_static(name))])
        };
        for (headers, body, expected) in [
            (HeaderMap::new(), &b"\x1f\x8b\x08\x00"[..], Some("gzip")),
            (HeaderMap::new(), b"\x28\xb5\x2f\xfd", Some("zstd")),
            (named("br"), b"\x8b\x05\x80", Some("Content-Encoding: br")),
            (named("gzip"), br#"{"amount":1}"#, None),
            (named("identity"), b"x", None),
            (HeaderMap::new(), b"{}", None),
            (HeaderMap::new(), b"", None),
        ] {
            let found = compression(&headers, body);
            assert_eq!(found.is_some(), expected.is_some(), "{body:?}");
            assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()), "{body:?}");
        }
    }
}
