//! One page: what is in it, and which is next.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

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

/// Where a list goes on, and what must not come again.
#[derive(Default)]
pub(super) struct Trail {
    next: Option<Next>,
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

/// The page that `step` led to, from the answer to `call`, whose items are in `taker` as far as they could be taken.
pub(super) fn read<C: Collection>(
    base: &str,
    step: &Step,
    call: &Call,
    mut trail: Trail,
    taker: &Taker<C>,
    answer: Result<C, Error>,
) -> Result<Page<C::Record>, Error> {
    let page = match answer {
        Ok(page) => page,
        // The service tells the end of a list that it is led through by a refusal.
        Err(error) if !step.is_first() && error.status() == Some(400) && error.code() == Some("2000") => {
            return Ok(Page { items: Vec::new(), next: Ok(None) });
        }
        // A customer who never consumed anything has no records, which is not a failure.
        Err(Error::Api(fault)) if fault.is_without_usage() => return Ok(Page { items: Vec::new(), next: Ok(None) }),
        Err(error) => return Err(error),
    };
    let refused =
        |why: String| Error::Decode { operation: C::OPERATION, ids: call.ids(), source: call.shown(&why).into() };
    let (left, token, links) = page.parts();
    let mut items = taker.records().map_err(refused)?;
    // Items are left where their list is not written as all services write it; then none were taken.
    items.extend(left);
    let next = match step.asked() {
        Some(asked) => {
            if step.is_first() {
                // A link without a token may lead back to the very page that it stands in.
                trail.pass(asked.as_str().as_bytes());
            }
            link::next(base, asked, token, links)
        }
        None => Err("the request for the page is not known".to_owned()),
    };
    let next = next.and_then(|next| trail.goes_on(next, items.is_empty()));
    Ok(Page { items, next: next.map_err(refused) })
}
