//! Positions in lists that outlive a process.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::cursor::{Position, Received};
use super::link;
use crate::generated::types::{Link, LinkHeader, ResourceLinks};
use crate::{Error, ParseError};

/// The position of the next item of a [`List`](crate::List).
///
/// It prints as one line of JSON, which parses. The text has the ids and the query of the list and the continuation token of
/// the service, and no secret: it is of no use without an access token. A version of this crate reads the texts of all
/// earlier ones with the same major version. What resuming guarantees is in
/// [`List::starting_at`](crate::List::starting_at).
#[derive(Debug, Clone, PartialEq)]
pub struct Continuation(Box<Text>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Text {
    /// The address of the first page, relative to the base URL. It identifies the list.
    list: String,
    /// The page, if it is not the first, with an address relative to the base URL.
    page: Option<Link>,
    received: Received,
    skip: usize,
}

impl Continuation {
    pub(super) fn new(base: &str, first: &Url, position: &Position) -> Self {
        let text = |value: &HeaderValue| Some(value.to_str().ok()?.to_owned());
        let page = position.page.as_ref().map(|page| Link {
            uri: Some(relative(base, &page.url)),
            headers: Some(
                page.headers
                    .iter()
                    .map(|(name, value)| LinkHeader { key: Some(name.to_string()), value: text(value) })
                    .collect(),
            ),
            ..Link::default()
        });
        let (received, skip) = (position.received.clone(), position.skip);
        Self(Box::new(Text { list: relative(base, first), page, received, skip }))
    }

    /// The position in the list that begins at `first`. The text can come from anywhere, so the rules of links apply: the
    /// page is below `base`, and a header cannot replace one of the client.
    pub(super) fn resolve(self, base: &str, first: &Url) -> Result<Position, Error> {
        let Text { list, page, received, skip } = *self.0;
        if list != relative(base, first) {
            return Err(Error::input(
                "the continuation belongs to another list",
                "start the list at it that has the same method, ids and query",
            ));
        }
        let links = ResourceLinks { next: page, ..ResourceLinks::default() };
        match link::next(base, first, None, Some(links)) {
            Ok(page) => Ok(Position { page, received, skip }),
            Err(why) => {
                Err(Error::input(format!("the continuation cannot be used: {why}"), "read the list from its start"))
            }
        }
    }
}

fn relative(base: &str, url: &Url) -> String {
    url.as_str().strip_prefix(base).unwrap_or(url.as_str()).to_owned()
}

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Continuation {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let unreadable = |_| {
            ParseError::new(
                "the text is not the continuation of a list",
                "pass a text that List::continuation returned",
            )
        };
        serde_json::from_str(text).map(Self).map_err(unreadable)
    }
}
