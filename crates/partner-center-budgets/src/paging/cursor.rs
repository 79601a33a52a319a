//! The position in a list: the page to read, and what the pages before it had.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use http::{HeaderMap, HeaderValue};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::request::Request;

/// The header with the continuation token of a list.
pub(super) const TOKEN: &str = "ms-continuationtoken";

/// The maximum number of empty pages in a row. The service may send some, but a list must not continue forever without an
/// item.
const EMPTY_PAGES: u32 = 1000;

/// Address and headers of a page other than the first.
#[derive(Debug, Clone)]
pub(super) struct PageAddress {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
}

/// The position of a record in a list.
#[derive(Debug, Clone, Default)]
pub(super) struct Position {
    /// The page of the record; `None` for the first page.
    pub(super) page: Option<PageAddress>,
    /// The items of the pages before it.
    pub(super) received: Received,
    /// How many records of the page come before this one.
    pub(super) skip: usize,
}

/// The page of a list to read, and what is known of the pages before it.
#[derive(Default)]
pub(super) struct PageCursor {
    pub(super) position: Position,
    /// A hash of each page that was read, to find a list that repeats.
    seen: HashSet<u64>,
    hasher: RandomState,
    empty_pages: u32,
}

/// How many items arrived, to decide whether the list is complete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Received {
    pub(super) items: u64,
    /// The number of items in the whole list, if known.
    pub(super) total: Option<u64>,
    /// The number of items in a full page: the requested size, or that of the first page if it is unknown or smaller.
    page_size: u64,
    /// The number of items in the first page.
    first_page: u64,
    /// The number of items in the last page so far.
    last_page: u64,
}

impl PageAddress {
    /// The identity of this page: the token, or the URL if there is no token.
    fn key(&self) -> &[u8] {
        self.headers.get(TOKEN).map_or(self.url.as_str().as_bytes(), HeaderValue::as_bytes)
    }
}

impl PageCursor {
    /// The cursor of a list that starts at `position`.
    pub(super) fn at(position: Position) -> Self {
        let mut cursor = Self::default();
        if let Some(page) = &position.page {
            cursor.mark_seen(page.key());
        }
        Self { position, ..cursor }
    }

    pub(super) fn is_first(&self) -> bool {
        self.position.page.is_none()
    }

    pub(super) fn received(&self) -> &Received {
        &self.position.received
    }

    /// The request for the page. The generated methods build the one of the first page only.
    pub(super) fn request<C>(&self, first: &Request<C>) -> Request<C> {
        match &self.position.page {
            Some(page) => first.at(page.url.clone(), &page.headers),
            None => first.clone(),
        }
    }

    /// Counts the items of the page that was requested at `url`.
    pub(super) fn add_page(&mut self, items: usize, url: &Url, total_count: Option<u64>) {
        if self.is_first() {
            // A link without a token may lead back to its own page.
            self.mark_seen(url.as_str().as_bytes());
        }
        self.empty_pages = if items == 0 { self.empty_pages + 1 } else { 0 };
        let is_first = self.is_first();
        self.position.received.add_page(items as u64, url, total_count, is_first);
    }

    /// The cursor at `next`.
    ///
    /// # Errors
    ///
    /// Why the list must not continue there.
    pub(super) fn advance(mut self, next: PageAddress) -> Result<Self, String> {
        if !self.mark_seen(next.key()) {
            return Err("the list leads back to a page that was read already, so it has no end".to_owned());
        }
        if self.empty_pages > EMPTY_PAGES {
            return Err(format!("more than {EMPTY_PAGES} pages in a row have no items"));
        }
        self.position = Position { page: Some(next), skip: 0, ..self.position };
        Ok(self)
    }

    /// Returns whether the page is new.
    fn mark_seen(&mut self, key: &[u8]) -> bool {
        self.seen.insert(self.hasher.hash_one(key))
    }
}

impl Received {
    fn add_page(&mut self, items: u64, url: &Url, total_count: Option<u64>, is_first: bool) {
        if is_first {
            let size = url.query_pairs().find_map(|(name, value)| (name == "size").then(|| value.parse().ok())?);
            self.page_size = size.filter(|size| *size > 0).unwrap_or(items);
            self.first_page = items;
            // Usually it is the number of items in the page. A larger number can only be that of the whole list.
            self.total = total_count.filter(|total| *total > items);
        } else {
            self.page_size = self.page_size.min(self.first_page);
        }
        self.items = self.items.saturating_add(items);
        self.last_page = items;
    }

    /// Whether items are missing.
    pub(super) fn is_short(&self) -> bool {
        self.total.is_some_and(|total| self.items < total)
    }

    /// Whether the refusal of the next page can be the end of the list. An expired continuation token is refused in the same
    /// way.
    pub(super) fn can_end_with_refusal(&self) -> bool {
        match self.total {
            Some(_) => !self.is_short(),
            None => self.last_page == 0 || self.last_page < self.page_size,
        }
    }
}
