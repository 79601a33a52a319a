//! The results of calls: customers, usage records, summaries and audit records.
//!
//! The service sends many values under two names, one of them for older clients, and each operation omits other ones. A
//! record has one field per value. Three rules apply to all records:
//!
//! - Every field can be `None`, because the service omits unknown values. New fields follow the service.
//! - If an id is not a GUID, the field of the id is `None`, and the next field, whose name ends in `_text`, has the text.
//! - A date without an offset from UTC, or an invalid one, is `None`.

mod audit;
mod currency;
mod customer;
mod open_enum;
mod partner;
mod percent;
mod record;
mod resource;
mod subscription;
mod wire;

pub use audit::AuditRecord;
pub use currency::Currency;
pub use customer::{Customer, CustomerUsageRecord, CustomerUsageSummary};
pub use open_enum::{AuditStatus, Relationship, SubscriptionStatus};
pub use partner::PartnerUsageSummary;
pub use percent::{compare_products, has_reached};
pub use resource::{AzureResourceUsageRecord, MeterUsageRecord, ResourceUsageRecord};
pub use subscription::{SubscriptionUsageRecord, SubscriptionUsageSummary};
pub(crate) use wire::amount;

use crate::generated::types;

/// An item of a list, as generated from the document.
#[diagnostic::on_unimplemented(message = "`{Self}` has no record: add it to `records!` in records.rs")]
pub(crate) trait ListItem: Into<Self::Record> {
    /// The public type for the item.
    type Record: Send + 'static;
}

macro_rules! records {
    ($($item:ident => $record:ident,)*) => {
        $(impl ListItem for types::$item { type Record = $record; })*
    };
}

// Use the generated type itself if a hand-written record would add nothing, and re-export it above.
records! {
    AuditRecord => AuditRecord,
    AzureResourceMonthlyUsageRecord => AzureResourceUsageRecord,
    Customer => Customer,
    CustomerMonthlyUsageRecord => CustomerUsageRecord,
    MeterUsageRecord => MeterUsageRecord,
    ResourceUsageRecord => ResourceUsageRecord,
    SubscriptionMonthlyUsageRecord => SubscriptionUsageRecord,
}
