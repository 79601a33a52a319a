//! Where the lines come from: the usage records, and for customers without one the customers themselves.

use std::collections::{HashMap, HashSet};

use futures_util::stream;
use partner_center_budgets::{Client, CustomerId, CustomerQuery, CustomerUsageRecord, List};
use partner_center_budgets_fleet::{BudgetStream, read_budgets};

use super::Filter;
use super::line::UsageLine;
use crate::customers::Customers;
use crate::lists::shown;
use crate::output::notice;
use crate::steering::harmless;

/// The customers that have a record, as the lists name them.
///
/// Ids are sorted once and then searched, which takes a fraction of the time and the memory of a set, and there is one for
/// every customer.
#[derive(Default)]
struct Recorded {
    ids: Vec<CustomerId>,
    texts: HashSet<String>,
}

impl Recorded {
    fn add(&mut self, id: Option<CustomerId>, text: Option<&str>) {
        match (id, text) {
            (Some(id), _) => self.ids.push(id),
            (None, Some(text)) => drop(self.texts.insert(text.to_ascii_lowercase())),
            (None, None) => {}
        }
    }

    fn sort(&mut self) {
        self.ids.sort_unstable();
    }

    /// Once it is sorted.
    fn contains(&self, id: Option<CustomerId>, text: Option<&str>) -> bool {
        match (id, text) {
            (Some(id), _) => self.ids.binary_search(&id).is_ok(),
            (None, Some(text)) => self.texts.contains(&text.to_ascii_lowercase()),
            (None, None) => false,
        }
    }
}

/// Customers without a record, whose budgets are read many at a time.
struct Unrecorded {
    names: HashMap<CustomerId, Option<String>>,
    budgets: BudgetStream<stream::Iter<std::vec::IntoIter<CustomerId>>>,
}

/// The lines that a filter takes, each handed on as soon as it is there.
pub(super) struct Source<'a> {
    client: &'a Client,
    filter: &'a Filter,
    records: List<CustomerUsageRecord>,
    recorded: Recorded,
    unrecorded: Option<Unrecorded>,
    unread: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(client: &'a Client, filter: &'a Filter) -> Self {
        let records = client.list_customer_usage_records();
        Self { client, filter, records, recorded: Recorded::default(), unrecorded: None, unread: 0 }
    }

    /// How many customers could not be read so far.
    pub(super) fn unread(&self) -> usize {
        self.unread
    }

    pub(super) async fn next(&mut self) -> anyhow::Result<Option<UsageLine>> {
        while let Some(record) = self.records.try_next().await? {
            if self.filter.takes_unrecorded() {
                self.recorded.add(record.customer_id, record.customer_id_text.as_deref());
            }
            if self.filter.takes(&record) {
                return Ok(Some(record.into()));
            }
        }
        if !self.filter.takes_unrecorded() {
            return Ok(None);
        }
        if self.unrecorded.is_none() {
            self.unrecorded = Some(self.find_unrecorded().await?);
        }
        let Some(Unrecorded { names, budgets }) = &mut self.unrecorded else { return Ok(None) };
        while let Some(outcome) = budgets.next().await {
            let name = names.remove(&outcome.customer).flatten();
            let record = match outcome.result {
                // Field by field, because the type may get more of them.
                Ok(budget) => {
                    let mut record = CustomerUsageRecord::default();
                    record.customer_id = Some(outcome.customer);
                    record.customer_name = name;
                    record.budget = budget;
                    record
                }
                Err(error) => {
                    self.unread += 1;
                    left_out(&outcome.customer.to_string(), &format!("{:#}", anyhow::Error::from(error)));
                    continue;
                }
            };
            if self.filter.takes(&record) {
                return Ok(Some(record.into()));
            }
        }
        Ok(None)
    }

    async fn find_unrecorded(&mut self) -> anyhow::Result<Unrecorded> {
        self.recorded.sort();
        let mut names = HashMap::new();
        let mut order = Vec::new();
        let mut customers = Customers::new(self.client, CustomerQuery::new());
        while let Some(one) = customers.try_next().await? {
            if self.recorded.contains(one.customer_id, one.customer_id_text.as_deref()) {
                continue;
            }
            let Some(id) = one.customer_id else {
                self.unread += 1;
                let name = shown(None, one.customer_id_text).unwrap_or_else(|| "a customer without id".to_owned());
                left_out(&name, "its id is no GUID, so that its budget cannot be asked for");
                continue;
            };
            if names.insert(id, one.company_name).is_none() {
                order.push(id);
            }
        }
        self.recorded = Recorded::default();
        Ok(Unrecorded { names, budgets: read_budgets(self.client, stream::iter(order)) })
    }
}

fn left_out(customer: &str, why: &str) {
    notice(format_args!("warning: {} left out: {}", harmless(customer), harmless(why)));
}
