//! One step along a list: which page the next request is for.

use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderValue};
use reqwest::Url;

use super::TakeItems;

/// The header that says where a list goes on.
pub(crate) const TOKEN: &str = "ms-continuationtoken";

/// Where a list goes on.
#[derive(Debug, Clone)]
pub(crate) struct Next {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
}

impl Next {
    /// What tells this page from the others: the token, and the address where there is no token.
    pub(super) fn key(&self) -> &[u8] {
        self.headers.get(TOKEN).map_or(self.url.as_str().as_bytes(), HeaderValue::as_bytes)
    }
}

/// Turns the request for the first page of a list into that for the page in question.
///
/// The generated methods know the first page only, or how their own operation goes on; links may lead anywhere. So each
/// request is made by the generated method and bent on its way out. A page that was found by a link comes back through
/// everything that other answers come through.
pub(crate) struct Step {
    next: Option<Next>,
    items: Arc<dyn TakeItems>,
    asked: OnceLock<Url>,
}

impl Step {
    /// `None` stands for the first page. Its items go to `items`.
    pub(super) fn to(next: Option<Next>, items: Arc<dyn TakeItems>) -> Self {
        Self { next, items, asked: OnceLock::new() }
    }

    /// To be called before the client's own headers are set, so that a link cannot set these.
    pub(crate) fn apply(&self, request: &mut reqwest::Request) {
        if let Some(next) = &self.next {
            request.url_mut().clone_from(&next.url);
            for (name, value) in &next.headers {
                request.headers_mut().insert(name.clone(), value.clone());
            }
        }
        // Nothing but this function sets it, and a repeated request is for the same page.
        let _ = self.asked.set(request.url().clone());
    }

    /// Where the items of the page go while it arrives.
    pub(crate) fn items(&self) -> &dyn TakeItems {
        &*self.items
    }

    pub(super) fn is_first(&self) -> bool {
        self.next.is_none()
    }

    /// Where the request went.
    pub(super) fn asked(&self) -> Option<&Url> {
        self.asked.get()
    }
}
