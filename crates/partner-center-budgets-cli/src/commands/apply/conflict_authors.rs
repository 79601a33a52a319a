//! The authors of conflicting changes, from the activity log of the partner.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use partner_center_budgets::{AuditQuery, AuditRecord, AuditStatus, Client, CustomerId, Decimal, Error, RetryPolicy};
use partner_center_budgets_fleet::{ApplySummary, ChangeOutcome, Plan};

use crate::commands::audit_values::{AuditedBudget, who};
use crate::error::error_line;
use crate::interrupt::Interrupt;
use crate::output::notice::notice;
use crate::values::days_before;

/// The result of the run is known already, so the log must not delay it for long.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The users or apps that changed budgets meanwhile, with the times.
#[derive(Debug, Default)]
pub(super) struct ConflictAuthors(HashMap<CustomerId, Author>);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Author {
    pub(super) who: String,
    pub(super) when: DateTime<Utc>,
}

/// Such as `by admin@contoso.com on 2026-11-27 21:29:03 UTC`.
impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "by {} on {} UTC", self.who, self.when.format("%Y-%m-%d %H:%M:%S"))
    }
}

impl ConflictAuthors {
    /// Reads the log if the run has conflicts and was not stopped. A failure is reported, and changes nothing else.
    pub(super) async fn find(client: &Client, plan: &Plan, summary: &ApplySummary) -> Self {
        let conflicts: HashMap<_, _> = summary
            .conflicts
            .iter()
            .filter_map(|report| {
                let ChangeOutcome::Conflict { found, .. } = report.outcome else { return None };
                Some((report.customer, found))
            })
            .collect();
        if conflicts.is_empty() || summary.stopped.is_some() {
            return Self::default();
        }
        let client = client.with_retry(RetryPolicy::default().total(TIMEOUT));
        let read = tokio::time::timeout(TIMEOUT, read(&client, plan, &conflicts));
        let read = match Interrupt::listen() {
            Ok(mut interrupt) => interrupt.unless(read).await,
            Err(_) => Ok(read.await),
        };
        let why = match read {
            Ok(Ok(Ok(authors))) => return Self(authors),
            Ok(Ok(Err(error))) => error_line(&error),
            Ok(Err(_)) => format!("it took more than {} s", TIMEOUT.as_secs()),
            Err(_) => "it was interrupted".to_owned(),
        };
        notice(format_args!("cannot read in the activity log who changed the budgets: {why}"));
        Self::default()
    }

    pub(super) fn of(&self, customer: CustomerId) -> Option<&Author> {
        self.0.get(&customer)
    }
}

/// Reads one list, the newest change first, until each conflict has its author.
async fn read(
    client: &Client,
    plan: &Plan,
    conflicts: &HashMap<CustomerId, Option<Decimal>>,
) -> Result<HashMap<CustomerId, Author>, Error> {
    let mut authors = HashMap::new();
    let mut records = client.list_audit_records(query(plan, conflicts));
    while authors.len() < conflicts.len()
        && let Some(record) = records.try_next().await?
    {
        if let Some((customer, found)) = record.customer_id.and_then(|id| conflicts.get_key_value(&id))
            && let Some(author) = author(&record, *found, plan.made_at())
        {
            authors.entry(*customer).or_insert(author);
        }
    }
    Ok(authors)
}

/// The changes since the plan, of the only customer with a conflict or of all customers.
fn query(plan: &Plan, conflicts: &HashMap<CustomerId, Option<Decimal>>) -> AuditQuery {
    let earliest = days_before(Utc::now().date_naive(), AuditQuery::MAX_DAYS);
    let query = match plan.made_at() {
        Some(date) => AuditQuery::new().since(date.date_naive().max(earliest)),
        None => AuditQuery::new(),
    };
    match conflicts.keys().next() {
        Some(customer) if conflicts.len() == 1 => query.customer(*customer),
        _ => query,
    }
}

/// The author of the change that set the budget that was `found`. If the record does not tell the amount, the change must be
/// later than the plan.
fn author(record: &AuditRecord, found: Option<Decimal>, made_at: Option<DateTime<Utc>>) -> Option<Author> {
    let when = record.operation_date?.to_utc();
    let is_it = match record.new_value.clone().map(AuditedBudget::from) {
        Some(AuditedBudget::Amount(amount)) => found == Some(amount),
        Some(AuditedBudget::NoBudget) => found.is_none(),
        Some(AuditedBudget::Text(_)) | None => made_at.is_some_and(|made_at| when >= made_at),
    };
    let has_failed = record.status == Some(AuditStatus::Failed);
    (is_it && record.is_budget_change() && !has_failed).then_some(Author { who: who(record)?, when })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "admin@contoso.example";

    fn date(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn record(new_value: Option<&str>) -> AuditRecord {
        let mut record = AuditRecord::default();
        record.operation_type = Some(AuditRecord::BUDGET_CHANGE.to_owned());
        record.operation_date = Some(date("2026-09-02T10:00:00Z").fixed_offset());
        record.user_principal_name = Some(USER.to_owned());
        record.new_value = new_value.map(str::to_owned);
        record
    }

    /// The author according to a record, for a budget of 70 that was planned at this time.
    fn author_of(record: &AuditRecord, made_at: &str) -> Option<String> {
        author(record, Some("70".parse().unwrap()), Some(date(made_at))).map(|author| author.to_string())
    }

    #[test]
    fn the_author_set_the_budget_that_was_found() {
        let expected = Some("by admin@contoso.example on 2026-09-02 10:00:00 UTC".to_owned());
        let after = "2026-09-02T11:00:00Z";
        assert_eq!(author_of(&record(Some(r#"{"Amount":70.00}"#)), after), expected);
        assert_eq!(author_of(&record(Some(r#"{"Amount":71}"#)), after), None);
        assert_eq!(author_of(&record(Some(r#"{"Amount":null}"#)), after), None);
        let cleared = author(&record(Some(r#"{"Amount":null}"#)), None, Some(date(after)));
        assert_eq!(cleared.map(|author| author.who), Some(USER.to_owned()));
    }

    #[test]
    fn a_change_without_an_amount_must_be_later_than_the_plan() {
        for value in [Some("70 EUR"), None] {
            assert!(author_of(&record(value), "2026-09-02T09:00:00Z").is_some(), "{value:?}");
            assert_eq!(author_of(&record(value), "2026-09-02T11:00:00Z"), None, "{value:?}");
            assert_eq!(author(&record(value), None, None), None, "{value:?}");
        }
    }

    #[test]
    fn other_changes_and_failed_ones_have_no_author() {
        let before = "2026-09-02T09:00:00Z";
        let change = |change: fn(&mut AuditRecord)| {
            let mut record = record(Some(r#"{"Amount":70}"#));
            change(&mut record);
            author_of(&record, before)
        };
        assert!(change(|record| record.status = Some(AuditStatus::Succeeded)).is_some());
        assert_eq!(change(|record| record.status = Some(AuditStatus::Failed)), None);
        assert_eq!(change(|record| record.operation_type = Some("update_subscription".to_owned())), None);
        assert_eq!(change(|record| record.operation_date = None), None);
        assert_eq!(change(|record| record.user_principal_name = None), None);
    }
}
