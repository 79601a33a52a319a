//! From one page to the next: the token in its body, the link in its body, or both.

use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;

use super::cursor::{PageAddress, TOKEN};
use crate::generated::types::{LinkHeader, ResourceLinks};

/// Why a list cannot continue, for an error.
pub(super) type Reason = String;

/// The page after the one at `requested`; `None` at the end of the list.
///
/// `base` is the base URL without a slash at its end. The URL of the next page is always below `base`, so that a token can be
/// sent there.
pub(super) fn next(
    base: &str,
    requested: &Url,
    token: Option<String>,
    links: Option<ResourceLinks>,
) -> Result<Option<PageAddress>, Reason> {
    let link = links.and_then(|links| links.next).unwrap_or_default();
    let mut headers = headers(link.headers.unwrap_or_default())?;
    if let Some(token) = token.filter(|token| !token.is_empty() && !headers.contains_key(TOKEN)) {
        headers.insert(HeaderName::from_static(TOKEN), value(&token)?);
    }
    let mut url = match link.uri.as_deref().map(str::trim).filter(|uri| !uri.is_empty()) {
        Some(uri) => resolve(base, uri)?,
        None if headers.contains_key(TOKEN) => requested.clone(),
        None => return Ok(None),
    };
    if link.method.is_some_and(|method| !method.is_empty() && !method.eq_ignore_ascii_case("get")) {
        return Err("the link to the next page asks for a method other than GET".to_owned());
    }
    if headers.contains_key(TOKEN) && !seeks(&url) {
        url.query_pairs_mut().append_pair("seekOperation", "Next");
    }
    Ok(Some(PageAddress { url, headers }))
}

const MOST_HEADERS: usize = 16;

/// The headers of a link that are sent. All others control the connection or the sign-in.
fn headers(sent: Vec<LinkHeader>) -> Result<HeaderMap, Reason> {
    let mut headers = HeaderMap::new();
    // No link has more; many would only cost memory.
    for header in sent.into_iter().take(MOST_HEADERS) {
        let (Some(name), Some(text)) = (header.key, header.value) else { continue };
        let name = name.trim().to_ascii_lowercase();
        if !(name.starts_with("ms-") || name.starts_with("x-")) || text.is_empty() {
            continue;
        }
        let name = HeaderName::try_from(name).map_err(|_| "the link to the next page has a header without a name")?;
        headers.insert(name, value(&text)?);
    }
    Ok(headers)
}

fn value(text: &str) -> Result<HeaderValue, Reason> {
    HeaderValue::from_str(text.trim()).map_err(|_| "the continuation of the list cannot be sent as a header".to_owned())
}

/// The service reads a token only with this parameter. Some of its operations write `seek_operation`.
fn seeks(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name.replace('_', "").eq_ignore_ascii_case("seekoperation"))
}

/// Reads a link in any form that the service writes: absolute, `/v1/customers`, `/customers` and `customers`.
fn resolve(base: &str, uri: &str) -> Result<Url, Reason> {
    let unreadable = |_| "the link to the next page is not a URL".to_owned();
    let base_url = Url::parse(base).map_err(unreadable)?;
    // Relative links are relative to the version of the service.
    let found = base_url.join("/").and_then(|root| root.join(uri)).map_err(unreadable)?;
    if found.origin() != base_url.origin() {
        return Err(format!(
            "the link to the next page leads to {}://{}, and the access token is for {} alone",
            found.scheme(),
            found.host_str().unwrap_or_default(),
            base_url.origin().ascii_serialization(),
        ));
    }
    let path = found.path();
    let path = path.strip_prefix(base_url.path().trim_end_matches('/')).unwrap_or(path).trim_start_matches('/');
    let path = path.strip_prefix("v1/").unwrap_or(path);
    let query = found.query().map_or_else(String::new, |query| format!("?{}", one_question_mark(query)));
    let url = Url::parse(&format!("{base}/v1/{path}{query}")).map_err(unreadable)?;
    // `join` has resolved `..`. This check excludes every other way out.
    match url.as_str().starts_with(&format!("{base}/v1/")) {
        true => Ok(url),
        false => Err("the link to the next page leads out of the service".to_owned()),
    }
}

/// Some links begin each parameter with a question mark: `customers?size=2?seekOperation=Next`. A question mark without a
/// name after it is part of a value.
fn one_question_mark(query: &str) -> String {
    let mut parts = query.split('?');
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split(['=', '&']).next().unwrap_or_default();
        let begins = part[name.len()..].starts_with('=') && !name.is_empty() && name.bytes().all(is_name);
        read.push(if begins { '&' } else { '?' });
        read.push_str(part);
    }
    read
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

#[cfg(test)]
mod tests;
