//! Records that are made while their page arrives.

use std::mem;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::Collection;
use super::split::{ReadItem, Split};
use crate::decode::explain;

/// The most items that a page may have. A list of all customers comes in one page, and partners have some ten thousands.
/// A page of `{},` within the limit of bytes would have millions, each of which takes a hundred times its text.
const MOST_ITEMS: usize = 250_000;

/// The longest item, in bytes. Items have some hundreds; a longer one may hold a list that takes as much memory as a page.
const LONGEST_ITEM: usize = 1024 * 1024;

/// Takes the items out of a page while it arrives.
///
/// A page may have every customer of a partner, and its text takes more memory than the records that come of it, so it is
/// never held as a whole. Nothing is handed to the list's reader before all of the page was read and found good.
pub(crate) trait TakeItems: Send + Sync {
    /// A page begins, and what came of an earlier try is void.
    fn begin(&self);

    fn take(&self, chunk: &[u8]);

    /// What the page has besides the items that were taken: itself, with an empty list of items.
    fn rest(&self) -> Vec<u8>;
}

pub(super) struct Taker<C: Collection>(Mutex<Taken<C>>);

struct Taken<C: Collection> {
    split: Split,
    records: Records<C>,
}

/// The records, or why an item is none.
struct Records<C: Collection>(Result<Vec<C::Record>, Refusal>);

/// Why a page cannot be read, in words that end up in an error.
type Refusal = String;

impl<C: Collection> Default for Taken<C> {
    fn default() -> Self {
        Self { split: Split::default(), records: Records(Ok(Vec::new())) }
    }
}

impl<C: Collection> Records<C> {
    fn push(&mut self, item: C::Item) {
        match &mut self.0 {
            Ok(read) if read.len() < MOST_ITEMS => read.push(item.into()),
            Ok(_) => self.0 = Err(format!("the page has more than {MOST_ITEMS} items")),
            Err(_) => {}
        }
    }
}

impl<C: Collection> ReadItem for Records<C> {
    fn read_first(&mut self, text: &[u8]) -> Option<usize> {
        self.0.as_ref().ok()?;
        let mut items = serde_json::Deserializer::from_slice(text).into_iter::<C::Item>();
        let item = items.next()?.ok()?;
        let behind = text.get(items.byte_offset()..)?;
        let end = behind.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
        if !matches!(behind[end], b',' | b']') {
            return None;
        }
        self.push(item);
        Some(text.len() - behind.len() + end)
    }

    fn read(&mut self, item: &[u8]) {
        let Ok(read) = &self.0 else { return };
        let number = read.len() + 1;
        if item.len() > LONGEST_ITEM {
            self.0 = Err(format!("item {number} of the page is longer than {LONGEST_ITEM} bytes"));
            return;
        }
        match serde_json::from_slice::<C::Item>(item) {
            Ok(item) => self.push(item),
            // Keep reading: a truncated page must be retried even if one of its items is invalid.
            Err(error) => {
                let path = format!("items[{}]", read.len());
                let of = subject(item).map_or_else(String::new, |subject| format!(" of {subject}"));
                self.0 = Err(format!("item {number} of the page{of}: {}", explain::<C::Item>(&path, item, &error)));
            }
        }
    }
}

/// Whom an item is about, by name and id, so that a bad one can be found.
fn subject(item: &[u8]) -> Option<String> {
    let item: Value = serde_json::from_slice(item).ok()?;
    let text = |name: &str| item[name].as_str().filter(|text| !text.is_empty());
    let profile = |name: &str| item["companyProfile"][name].as_str();
    let id = text("customerId").or_else(|| text("id")).or_else(|| text("resourceId"));
    let name = text("customerName").or_else(|| text("name")).or_else(|| profile("companyName"));
    let name = name.or_else(|| text("resourceName")).map(|name| format!("`{}`", short(name)));
    let id = id.map(|id| short(id).to_owned());
    let parts: Vec<_> = name.into_iter().chain(id).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn short(text: &str) -> &str {
    text.char_indices().nth(100).map_or(text, |(end, _)| &text[..end])
}

impl<C: Collection> Default for Taker<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Collection> Taker<C> {
    fn with<T>(&self, act: impl FnOnce(&mut Taken<C>) -> T) -> T {
        // A page during which something panicked is never read to its end, and the next one begins anew.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The records of the page, once its rest was found good.
    pub(super) fn records(&self) -> Result<Vec<C::Record>, Refusal> {
        self.with(|taken| mem::take(taken).records.0)
    }
}

impl<C: Collection> TakeItems for Taker<C> {
    fn begin(&self) {
        self.with(|taken| *taken = Taken::default());
    }

    fn take(&self, chunk: &[u8]) {
        self.with(|Taken { split, records }| split.feed(chunk, records));
    }

    fn rest(&self) -> Vec<u8> {
        self.with(|taken| mem::take(&mut taken.split).into_rest())
    }
}

#[cfg(test)]
mod tests;
