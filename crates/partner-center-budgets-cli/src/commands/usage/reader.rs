//! Reading the usage records, and the budgets of customers without a record.

use std::collections::{HashMap, HashSet};
use std::vec;

use chrono::{DateTime, Utc};
use futures_util::stream::{self, Iter};
use partner_center_budgets::{Client, CustomerId, CustomerQuery, CustomerUsageRecord, List};
use partner_center_budgets_fleet::history::RecentCosts;
use partner_center_budgets_fleet::{BudgetStream, CustomerUsage, Thresholds, read_budgets};

use super::columns::UsageRow;
use super::filter::Filter;
use crate::commands::all_customers::AllCustomers;
use crate::commands::summaries::{self, ReadSummaries};
use crate::error::error_line;
use crate::output::notice::notice;
use crate::output::sanitize::sanitized;

/// The customers that have a record.
///
/// A sorted list takes a fraction of the time and memory of a set, and it has one id for every customer.
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

    /// Call [`sort`](Self::sort) first.
    fn contains(&self, id: Option<CustomerId>, text: Option<&str>) -> bool {
        match (id, text) {
            (Some(id), _) => self.ids.binary_search(&id).is_ok(),
            (None, Some(text)) => self.texts.contains(&text.to_ascii_lowercase()),
            (None, None) => false,
        }
    }
}

/// The customers without a record, whose budgets are read concurrently.
struct Unrecorded {
    names: HashMap<CustomerId, Option<String>>,
    budgets: BudgetStream<Iter<vec::IntoIter<CustomerId>>>,
}

/// The customers that a filter accepts, each returned as soon as it is read.
pub(super) struct UsageReader<'a> {
    client: &'a Client,
    filter: &'a Filter,
    records: List<CustomerUsageRecord>,
    now: DateTime<Utc>,
    thresholds: Thresholds,
    past: RecentCosts,
    /// The customers whose record is not enough for a projection, to be read when all records have arrived.
    insufficient: Vec<CustomerUsage>,
    /// The same customers with their summaries.
    completed: vec::IntoIter<CustomerUsage>,
    summaries: ReadSummaries,
    recorded: Recorded,
    unrecorded: Option<Unrecorded>,
    unread: usize,
}

impl<'a> UsageReader<'a> {
    pub(super) fn new(client: &'a Client, filter: &'a Filter, past: RecentCosts) -> Self {
        let records = client.list_customer_usage_records();
        Self {
            client,
            filter,
            records,
            now: Utc::now(),
            thresholds: Thresholds::default(),
            past,
            insufficient: Vec::new(),
            completed: Vec::new().into_iter(),
            summaries: ReadSummaries::default(),
            recorded: Recorded::default(),
            unrecorded: None,
            unread: 0,
        }
    }

    /// The number of customers that could not be read so far.
    pub(super) fn unread(&self) -> usize {
        self.unread
    }

    /// Fails if a summary could not be read.
    pub(super) fn ensure_complete(self) -> anyhow::Result<()> {
        self.summaries.ensure_complete()
    }

    pub(super) async fn next(&mut self) -> anyhow::Result<Option<UsageRow>> {
        while let Some(record) = self.records.try_next().await? {
            if self.filter.accepts_unrecorded() {
                self.recorded.add(record.customer_id, record.customer_id_text.as_deref());
            }
            let usage = self.past.with_pace(CustomerUsage::new(record));
            if self.filter.trending && usage.needs_summary(&self.thresholds) {
                self.insufficient.push(usage);
            } else if let Some(row) = self.accepted(usage) {
                return Ok(Some(row));
            }
        }
        if !self.insufficient.is_empty() {
            let insufficient = std::mem::take(&mut self.insufficient);
            let (completed, summaries) = summaries::complete(self.client, insufficient, &self.thresholds).await?;
            (self.completed, self.summaries) = (completed.into_iter(), summaries);
        }
        while let Some(usage) = self.completed.next() {
            if let Some(row) = self.accepted(usage) {
                return Ok(Some(row));
            }
        }
        if !self.filter.accepts_unrecorded() {
            return Ok(None);
        }
        if self.unrecorded.is_none() {
            self.unrecorded = Some(self.find_unrecorded().await?);
        }
        let Some(Unrecorded { names, budgets }) = &mut self.unrecorded else { return Ok(None) };
        while let Some(outcome) = budgets.next().await {
            let name = names.remove(&outcome.customer).flatten();
            let budget = match outcome.result {
                Ok(budget) => budget,
                // All other calls would fail for the same reason.
                Err(error) if error.is_unauthenticated() => return Err(error.into()),
                Err(error) => {
                    self.unread += 1;
                    warn_left_out(&outcome.customer.to_string(), &error_line(&error));
                    continue;
                }
            };
            if self.filter.accepts_budget(budget) {
                return Ok(Some(UsageRow::without_usage(outcome.customer, name, budget)));
            }
        }
        Ok(None)
    }

    fn accepted(&self, usage: CustomerUsage) -> Option<UsageRow> {
        let assessment = usage.assess(self.now, &self.thresholds);
        self.filter.accepts(usage.record(), &assessment).then(|| UsageRow::new(usage.into_record(), &assessment))
    }

    async fn find_unrecorded(&mut self) -> anyhow::Result<Unrecorded> {
        self.recorded.sort();
        let mut names = HashMap::new();
        let mut order = Vec::new();
        let mut customers = AllCustomers::new(self.client, CustomerQuery::new());
        while let Some(customer) = customers.try_next().await? {
            if self.recorded.contains(customer.customer_id, customer.customer_id_text.as_deref()) {
                continue;
            }
            let Some(id) = customer.customer_id else {
                self.unread += 1;
                let name = customer.customer_id_text.unwrap_or_else(|| "a customer without an id".to_owned());
                warn_left_out(&name, "its id is not a GUID, so its budget cannot be read");
                continue;
            };
            if names.insert(id, customer.company_name).is_none() {
                order.push(id);
            }
        }
        self.recorded = Recorded::default();
        Ok(Unrecorded { names, budgets: read_budgets(self.client, stream::iter(order)) })
    }
}

fn warn_left_out(customer: &str, why: &str) {
    notice(format_args!("warning: {} left out: {}", sanitized(customer), sanitized(why)));
}
