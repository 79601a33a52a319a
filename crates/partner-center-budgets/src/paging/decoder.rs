//! Decodes the records of a page while it arrives.

use bytes::Bytes;
use serde_json::Value;

use super::Collection;
use super::splitter::{ItemSink, ItemSplitter};
use crate::body_problem::explain;
use crate::call::{BodyDecoder, LONGEST_OBJECT, without_byte_order_mark};

/// The maximum number of items in a page. The service sends a list of all customers in one page, and partners have tens of
/// thousands. A page of `{},` within the limit of bytes would have millions, each of which takes a hundred times its text.
const MOST_ITEMS: usize = 250_000;

/// The maximum length of an item in bytes. Real ones have some hundreds; a longer one may hold a list that takes as much
/// memory as a page.
const LONGEST_ITEM: usize = 1024 * 1024;

/// Decodes the items of a page as they arrive, and keeps the rest of the page, its envelope.
///
/// A page may hold every customer of a partner, and its text takes more memory than the records. So the text is never held
/// as a whole.
pub(super) struct PageDecoder<C: Collection> {
    splitter: ItemSplitter,
    records: Records<C>,
}

/// A page that arrived completely.
pub(super) struct DecodedPage<R> {
    /// The records, or why an item is invalid.
    pub(super) records: Result<Vec<R>, String>,
    /// The page with an empty list of items.
    pub(super) envelope: Bytes,
}

struct Records<C: Collection>(Result<Vec<C::Record>, String>);

impl<C: Collection> Default for PageDecoder<C> {
    fn default() -> Self {
        Self { splitter: ItemSplitter::default(), records: Records(Ok(Vec::new())) }
    }
}

impl<C: Collection> BodyDecoder for PageDecoder<C> {
    type Output = DecodedPage<C::Record>;
    const LIMIT: usize = usize::MAX;

    fn push(&mut self, chunk: Bytes) {
        self.splitter.push(&chunk, &mut self.records);
    }

    fn beginning(&self) -> &[u8] {
        self.splitter.envelope()
    }

    fn finish(self) -> Result<Self::Output, String> {
        let envelope = Bytes::from(self.splitter.into_envelope());
        if envelope.len() > LONGEST_OBJECT {
            return Err(format!("the page without its items is longer than the limit of {LONGEST_OBJECT} bytes"));
        }
        Ok(DecodedPage { records: self.records.0, envelope: without_byte_order_mark(envelope) })
    }
}

impl<C: Collection> Records<C> {
    fn add(&mut self, item: C::Item) {
        match &mut self.0 {
            Ok(records) if records.len() < MOST_ITEMS => records.push(item.into()),
            Ok(_) => self.0 = Err(format!("the page has more than {MOST_ITEMS} items")),
            Err(_) => {}
        }
    }
}

impl<C: Collection> ItemSink for Records<C> {
    fn take_leading(&mut self, text: &str) -> Option<usize> {
        self.0.as_ref().ok()?;
        let mut items = serde_json::Deserializer::from_str(text).into_iter::<C::Item>();
        let item = items.next()?.ok()?;
        let after = text.as_bytes().get(items.byte_offset()..)?;
        let end = after.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))?;
        if !matches!(after[end], b',' | b']') {
            return None;
        }
        self.add(item);
        Some(text.len() - after.len() + end)
    }

    fn push(&mut self, item: &[u8]) {
        let Ok(records) = &self.0 else { return };
        let number = records.len() + 1;
        if item.len() > LONGEST_ITEM {
            self.0 = Err(format!("item {number} of the page is longer than {LONGEST_ITEM} bytes"));
            return;
        }
        // Checking the whole item for UTF-8 is cheaper than checking each of its strings.
        let decoded = match str::from_utf8(item) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice::<C::Item>(item),
        };
        match decoded {
            Ok(item) => self.add(item),
            // Keep reading: a truncated page must be retried even if one of its items is invalid.
            Err(error) => {
                let path = format!("items[{}]", records.len());
                let of = subject(item).map_or_else(String::new, |subject| format!(" of {subject}"));
                self.0 = Err(format!("item {number} of the page{of}: {}", explain::<C::Item>(&path, item, &error)));
            }
        }
    }
}

/// Name and id of the customer or resource of an item, so that an invalid one can be found.
fn subject(item: &[u8]) -> Option<String> {
    let item: Value = serde_json::from_slice(item).ok()?;
    let text = |name: &str| item[name].as_str().filter(|text| !text.is_empty());
    let profile = |name: &str| item["companyProfile"][name].as_str();
    let id = text("customerId").or_else(|| text("id")).or_else(|| text("resourceId"));
    let name = text("customerName").or_else(|| text("name")).or_else(|| profile("companyName"));
    let name = name.or_else(|| text("resourceName")).map(|name| format!("`{}`", shortened(name)));
    let id = id.map(|id| shortened(id).to_owned());
    let parts: Vec<_> = name.into_iter().chain(id).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn shortened(text: &str) -> &str {
    text.char_indices().nth(100).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests;
