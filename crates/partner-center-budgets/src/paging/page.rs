//! One page: what is in it, and which is next.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::collection::Parts;
use super::step::{Next, Step};
use super::taker::Taker;
use super::{Collection, TakeItems, link};
use crate::Error;
use crate::call::Call;

/// How many pages without an item may follow one another. The service may send some, and a list must not go on for ever
/// without giving anything to its reader.
const EMPTY_PAGES: u32 = 1000;

/// One page of a list.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// The items of a page are good even where it leads nowhere that the client would go.
    pub(super) next: Result<Option<Trail>, Error>,
}

/// Where a list goes on, what arrived so far, and what must not come again.
#[derive(Default)]
pub(super) struct Trail {
    next: Option<Next>,
    arrived: Arrived,
    /// Eight bytes for a page that was read.
    passed: HashSet<u64>,
    hasher: RandomState,
    empty_pages: u32,
}

impl Trail {
    /// The step to the page that is next, whose items go to `items`.
    pub(super) fn step(&mut self, items: Arc<dyn TakeItems>) -> Arc<Step> {
        Arc::new(Step::to(self.next.take(), items))
    }

    /// The trail to the page after this one, unless it has been walked already.
    fn goes_on(mut self, next: Option<Next>, empty: bool) -> Result<Option<Self>, String> {
        let Some(next) = next else { return Ok(None) };
        if !self.pass(next.key()) {
            return Err("the list leads back to a page that was read already, so it has no end".to_owned());
        }
        self.empty_pages = if empty { self.empty_pages + 1 } else { 0 };
        if self.empty_pages > EMPTY_PAGES {
            return Err(format!("more than {EMPTY_PAGES} pages in a row have no items"));
        }
        self.next = Some(next);
        Ok(Some(self))
    }

    /// False where the page was read already.
    fn pass(&mut self, key: &[u8]) -> bool {
        self.passed.insert(self.hasher.hash_one(key))
    }
}

/// How many items of a list arrived, as far as it tells whether the list is complete.
#[derive(Default, Clone, Copy)]
struct Arrived {
    items: u64,
    /// Of the whole list, if that is known.
    total: Option<u64>,
    /// The number of items in a full page. The first page is compared with the requested size; the service may send smaller
    /// pages, so later ones are compared with the first.
    page_size: u64,
    first_page: u64,
    last_page: u64,
}

impl Arrived {
    fn add_page(&mut self, items: usize, asked: &reqwest::Url, total_count: Option<u64>, is_first: bool) {
        let items = items as u64;
        if is_first {
            let size = asked.query_pairs().find_map(|(name, value)| (name == "size").then(|| value.parse().ok())?);
            self.page_size = size.filter(|size| *size > 0).unwrap_or(items);
            self.first_page = items;
            // Usually it is the number of items in the page. A larger number can only be that of the whole list.
            self.total = total_count.filter(|total| *total > items);
        } else {
            self.page_size = self.page_size.min(self.first_page);
        }
        self.items += items;
        self.last_page = items;
    }

    /// Whether the refusal of the next page can be the end of the list. A continuation token that has expired is refused
    /// in the same way.
    fn can_end_with_refusal(&self) -> bool {
        match self.total {
            Some(total) => self.items >= total,
            None => self.last_page == 0 || self.last_page < self.page_size,
        }
    }

    fn incomplete<C: Collection>(self, call: &Call, refusal: Option<Error>) -> Error {
        let Self { items: received, total, .. } = self;
        let refusal = refusal.map(Box::new);
        Error::IncompleteList { operation: C::OPERATION, received, total, ids: call.ids(), refusal }
    }
}

/// The page that `step` led to, from the answer to `call`, whose items are in `taker` as far as they could be taken.
pub(super) fn read<C: Collection>(
    base: &str,
    step: &Step,
    call: &Call,
    mut trail: Trail,
    taker: &Taker<C>,
    answer: Result<C, Error>,
) -> Result<Page<C::Record>, Error> {
    let end = || Ok(Page { items: Vec::new(), next: Ok(None) });
    let page = match answer {
        Ok(page) => page,
        // The service refuses to go beyond the end of a list.
        Err(error) if !step.is_first() && error.status() == Some(400) && error.code() == Some("2000") => {
            let arrived = trail.arrived;
            return if arrived.can_end_with_refusal() {
                end()
            } else {
                Err(arrived.incomplete::<C>(call, Some(error)))
            };
        }
        // A customer who never consumed anything has no records, which is not a failure.
        Err(Error::Api(fault)) if step.is_first() && fault.is_without_usage() => return end(),
        Err(error) => return Err(error),
    };
    let refused =
        |why: String| Error::Decode { operation: C::OPERATION, ids: call.ids(), source: call.shown(&why).into() };
    let Parts { items: left, total_count, token, links } = page.parts();
    let mut items = taker.records().map_err(refused)?;
    // Items are left where their list is not written as all services write it; then none were taken.
    items.extend(left);
    let Some(asked) = step.asked() else { return Err(refused("the request for the page is not known".to_owned())) };
    if step.is_first() {
        // A link without a token may lead back to the very page that it stands in.
        trail.pass(asked.as_str().as_bytes());
    }
    trail.arrived.add_page(items.len(), asked, total_count, step.is_first());
    let arrived = trail.arrived;
    let next = link::next(base, asked, token, links).and_then(|next| trail.goes_on(next, items.is_empty()));
    let next = match next.map_err(refused) {
        Ok(None) if arrived.total.is_some_and(|total| arrived.items < total) => {
            Err(arrived.incomplete::<C>(call, None))
        }
        next => next,
    };
    Ok(Page { items, next })
}
