//! What the service answers with: customers, usage records and summaries.
//!
//! The wire says many things twice, under a current name and under one for older clients, and each operation leaves out
//! others. Here each thing has one name. Three rules hold for all records:
//!
//! - Any field may be `None`: the service leaves out what it does not know. Fields are added when the service adds them.
//! - An id that is no GUID does not get lost: then the field of the id is `None`, and the field beside it, which ends in
//!   `_text`, has what the service sent.
//! - A date that has no offset from UTC, or cannot be read at all, is `None`: which moment it means is not known.

mod currency;
mod customer;
mod open;
mod partner;
mod resource;
mod subscription;
mod usage;
mod wire;

pub use currency::Currency;
pub use customer::{Customer, CustomerUsageRecord, CustomerUsageSummary};
pub use open::{Relationship, SubscriptionStatus};
pub use partner::PartnerUsageSummary;
pub use resource::{AzureResourceUsageRecord, MeterUsageRecord, ResourceUsageRecord};
pub use subscription::{SubscriptionUsageRecord, SubscriptionUsageSummary};

pub use usage::{compare_products, has_reached};
pub(crate) use wire::amount;

use crate::generated::types;

/// An item of a list as the service sends it.
#[diagnostic::on_unimplemented(message = "`{Self}` has no record: add it to `records!` in records.rs")]
pub(crate) trait ListItem: Into<Self::Record> {
    /// The public type that it becomes.
    type Record: Send + 'static;
}

macro_rules! records {
    ($($item:ident => $record:ident,)*) => {
        $(impl ListItem for types::$item { type Record = $record; })*
    };
}

// The generated type itself is the record where a type of our own would add nothing: re-export it above.
records! {
    AzureResourceMonthlyUsageRecord => AzureResourceUsageRecord,
    Customer => Customer,
    CustomerMonthlyUsageRecord => CustomerUsageRecord,
    MeterUsageRecord => MeterUsageRecord,
    ResourceUsageRecord => ResourceUsageRecord,
    SubscriptionMonthlyUsageRecord => SubscriptionUsageRecord,
}
