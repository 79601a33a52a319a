//! The activity log of the partner.

use chrono::{DateTime, FixedOffset};

use super::record::record;
use super::{AuditStatus, wire};
use crate::CustomerId;
use crate::generated::types;

record! {
    /// A change that a user or an app of the partner made: one item of the activity log.
    AuditRecord from (sent: types::AuditRecord) {
        /// Id of the record, as the service sent it. Not a GUID.
        record_id: Option<String> = sent.id,
        /// Id of the partner's tenant, as the service sent it.
        partner_id: Option<String> = sent.partner_id,
        /// Ids of the tenants that take part in the change.
        participants: Vec<String> = sent.participants.unwrap_or_default(),
        /// Id of the customer.
        customer_id: Option<CustomerId> = wire::id(&sent.customer_id, &None),
        /// The id of the customer as the service sent it, if it is not a GUID.
        customer_id_text: Option<String> = wire::id_text(customer_id, sent.customer_id, None),
        /// Name of the customer.
        customer_name: Option<String> = sent.customer_name,
        /// Sign-in name of the user who made the change.
        user_principal_name: Option<String> = sent.user_principal_name,
        /// The app that made the change, with or without a user: its id, or the name of an app of Microsoft.
        application_id: Option<String> = sent.application_id,
        /// The type of the changed resource, such as `customer` or `subscription`.
        resource_type: Option<String> = sent.resource_type,
        /// The resource before the change, as a text, often JSON. Microsoft does not publish its form for budgets.
        old_value: Option<String> = sent.resource_old_value,
        /// The resource after the change, as `old_value`.
        new_value: Option<String> = sent.resource_new_value,
        /// The kind of the change, such as [`BUDGET_CHANGE`](Self::BUDGET_CHANGE).
        operation_type: Option<String> = sent.operation_type,
        /// `MS-CorrelationId` of the call that made the change, as the service sent it.
        correlation_id: Option<String> = sent.original_correlation_id,
        /// When the change was made, in UTC.
        operation_date: Option<DateTime<FixedOffset>> = wire::date(sent.operation_date),
        /// Whether the change took effect.
        status: Option<AuditStatus> = sent.operation_status.map(Into::into),
        /// Details that depend on the kind of the change, as names and values. A value can be missing.
        details: Vec<(String, Option<String>)> = details(sent.customized_data),
    }
}

impl AuditRecord {
    /// The value of `operation_type` for a change of a usage spending budget.
    pub const BUDGET_CHANGE: &str = "update_customer_spending_budget";

    /// Whether this is a change of a usage spending budget. The service has no filter for it.
    ///
    /// ```
    /// use partner_center_budgets::AuditRecord;
    ///
    /// let mut record = AuditRecord::default();
    /// record.operation_type = Some("update_customer_spending_budget".to_owned());
    /// assert!(record.is_budget_change());
    /// ```
    #[must_use]
    pub fn is_budget_change(&self) -> bool {
        self.operation_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(Self::BUDGET_CHANGE))
    }
}

/// Details without a name are dropped.
fn details(sent: Option<Vec<types::AuditRecordDetail>>) -> Vec<(String, Option<String>)> {
    sent.unwrap_or_default().into_iter().filter_map(|detail| Some((detail.key?, detail.value))).collect()
}
