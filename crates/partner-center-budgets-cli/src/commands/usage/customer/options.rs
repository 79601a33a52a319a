//! The options of `usage CUSTOMER`.

use clap::ValueEnum;
use partner_center_budgets::SubscriptionId;

/// The options for a single customer.
#[derive(Debug, clap::Args)]
pub(crate) struct CustomerOptions {
    /// Break the cost down by ITEM [default: subscription]
    #[arg(long, value_enum, value_name = "ITEM", requires = "customer")]
    pub(super) by: Option<By>,
    /// Only the usage of the subscription with this id, which `usage CUSTOMER` shows
    #[arg(long, value_name = "ID", requires = "customer")]
    pub(super) subscription: Option<SubscriptionId>,
}

/// The dimension of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Subscriptions; an Azure plan is one of them
    Subscription,
    /// Categories of services, such as Virtual Machines: the sum of their meters
    Category,
    /// Meters: what is counted, such as Compute Hours
    Meter,
    /// Resources: each one of an Azure plan; for legacy offers the kinds of resources
    Resource,
}

impl By {
    /// The plural for headings.
    pub(super) fn items(self) -> &'static str {
        match self {
            Self::Subscription => "subscriptions",
            Self::Category => "categories",
            Self::Meter => "meters",
            Self::Resource => "resources",
        }
    }
}
