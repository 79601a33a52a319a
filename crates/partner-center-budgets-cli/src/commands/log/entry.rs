//! One change, as the command prints it.

use chrono::{DateTime, SecondsFormat, Utc};
use partner_center_budgets::AuditRecord;
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::audit_values::{AuditedBudget, who};
use crate::output::records::{self, Record};
use crate::output::truncate;
use crate::values::id_or_text;

/// The width of a value that is not an amount, in a table.
const VALUE_WIDTH: usize = 24;

#[derive(Serialize, JsonSchema)]
pub(crate) struct LogEntry {
    /// With the digits of the service.
    time: Option<DateTime<Utc>>,
    pub(super) customer: Option<String>,
    pub(super) name: Option<String>,
    /// The user, or the app if there is no user.
    pub(super) who: Option<String>,
    /// The budget before the change. Absent if the log does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<AuditedBudget>,
    /// The budget after the change. Absent if the log does not have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<AuditedBudget>,
    pub(super) status: Option<String>,
    pub(super) operation: Option<String>,
    app: Option<String>,
    correlation_id: Option<String>,
}

impl From<AuditRecord> for LogEntry {
    fn from(record: AuditRecord) -> Self {
        let value = |text: Option<String>| match record.is_budget_change() {
            true => text.map(AuditedBudget::from),
            false => text.map(AuditedBudget::Text),
        };
        Self {
            old: value(record.old_value.clone()),
            new: value(record.new_value.clone()),
            time: record.operation_date.map(|date| date.to_utc()),
            who: who(&record),
            customer: id_or_text(record.customer_id, record.customer_id_text),
            name: record.customer_name,
            status: record.status.map(|status| status.to_string()),
            operation: record.operation_type,
            app: record.application_id,
            correlation_id: record.correlation_id,
        }
    }
}

impl LogEntry {
    pub(super) fn short_time(&self) -> String {
        self.time.map_or_else(|| "-".to_owned(), |time| time.format("%Y-%m-%d %H:%M:%S").to_string())
    }

    pub(super) fn short_old(&self) -> String {
        shortened(self.old.as_ref())
    }

    pub(super) fn short_new(&self) -> String {
        shortened(self.new.as_ref())
    }
}

/// The cell of a table. Only a text is shortened.
fn shortened(value: Option<&AuditedBudget>) -> String {
    match value {
        None => "-".to_owned(),
        Some(AuditedBudget::Text(text)) => truncate::end(text, VALUE_WIDTH),
        Some(budget) => budget.to_string(),
    }
}

impl Record for LogEntry {
    fn headers() -> Vec<&'static str> {
        vec!["time", "customer", "name", "who", "old", "new", "status", "operation", "app", "correlation_id"]
    }

    fn cells(&self) -> Vec<String> {
        let Self { time, customer, name, who, old, new, status, operation, app, correlation_id } = self;
        let time = time.map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true)).unwrap_or_default();
        let [customer, name, who, status] = [customer, name, who, status].map(records::text);
        let [operation, app, correlation_id] = [operation, app, correlation_id].map(records::text);
        let [old, new] = [old, new].map(|value| value.as_ref().map(AuditedBudget::to_string).unwrap_or_default());
        vec![time, customer, name, who, old, new, status, operation, app, correlation_id]
    }
}
