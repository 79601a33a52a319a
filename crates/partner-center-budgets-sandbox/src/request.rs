//! A request, read as far as the operations need it.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::RawPathParams;
use axum::http::{HeaderMap, Method, Uri};

/// No body of this family is anywhere near this size.
const BODY_LIMIT: usize = 1024 * 1024;

pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    uri: Uri,
    /// The query as it was sent, still encoded.
    query: String,
    /// The variable parts of the path, decoded.
    path: Vec<(String, String)>,
}

impl Request {
    pub(crate) async fn read(mut request: axum::extract::Request) -> Self {
        // A path part that is not UTF-8 is left out; as an id it is as wrong as an empty one.
        let path = request.extract_parts::<RawPathParams>().await.map_or_else(
            |_| Vec::new(),
            |params| params.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        );
        let (parts, body) = request.into_parts();
        // A body that is cut or too large is taken as empty, and refused as such where one is needed.
        let body = axum::body::to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
        Self {
            method: parts.method,
            // The service was seen to hand out links with a second question mark, so it must understand them.
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

    /// The path as it was sent.
    pub(crate) fn whole_path(&self) -> &str {
        self.uri.path()
    }

    /// The path without the version that it begins with, as links have it.
    pub(crate) fn path_below_version(&self) -> &str {
        let path = self.uri.path();
        path.strip_prefix("/v1/").unwrap_or(path)
    }

    /// A variable part of the path.
    pub(crate) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The parameters of a form in the body, decoded.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// All parameters of the query, decoded.
    pub(crate) fn query_fields(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// A parameter of the query, decoded.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }

    /// A parameter of the query as it was sent, to be repeated in a link.
    pub(crate) fn raw_query(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}
