//! The parts of a request that operations need.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, Method, Uri};

/// Far above the size of any valid body.
const BODY_LIMIT: usize = 1024 * 1024;

pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    uri: Uri,
    /// The encoded query.
    query: String,
    /// The decoded path parameters.
    path: Vec<(String, String)>,
}

impl Request {
    pub(crate) async fn from_http(mut request: axum::extract::Request) -> Self {
        // Path parameters that are not UTF-8 are left out: as an id they are as invalid as an empty one.
        let path = request.extract_parts::<RawPathParams>().await.map_or_else(
            |_| Vec::new(),
            |params| params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        );
        let (parts, body) = request.into_parts();
        // A truncated or oversized body becomes empty, which operations that need one reject.
        let body = axum::body::to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
        Self {
            method: parts.method,
            // Some links of the service have a second question mark, so it must accept them.
            query: parts.uri.query().unwrap_or_default().replace("?seekOperation=", "&seekOperation="),
            uri: parts.uri,
            headers: parts.headers,
            body,
            path,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The whole path.
    pub(crate) fn whole_path(&self) -> &str {
        self.uri.path()
    }

    /// The path without its version, as in links.
    pub(crate) fn path_below_version(&self) -> &str {
        let path = self.uri.path();
        path.strip_prefix("/v1/").unwrap_or(path)
    }

    /// A path parameter.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The decoded fields of a form in the body.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// All decoded query parameters.
    pub(crate) fn query_fields(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// A decoded query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }

    /// An encoded query parameter, for a link.
    pub(crate) fn raw_query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
