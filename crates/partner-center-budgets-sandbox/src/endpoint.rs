//! The endpoints by name, as counters and fault rules refer to them.

/// An operation of the service, or an endpoint of the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    GetUsageBudget,
    UpdateUsageBudget,
    GetCustomerUsageSummary,
    GetPartnerUsageSummary,
    ListCustomerUsageRecords,
    ListSubscriptionUsageRecords,
    GetSubscriptionUsageSummary,
    ListAzureResourceUsageRecords,
    ListMeterUsageRecords,
    ListResourceUsageRecords,
    ListCustomers,
    Token,
    DeviceCode,
    Authorize,
    Discovery,
}

/// All endpoints with their names, in the order of the discriminants: the operation ids of the OpenAPI document, and the
/// endpoints of the sign-in.
const NAMES: [(Endpoint, &str); 15] = [
    (Endpoint::GetUsageBudget, "get_usage_budget"),
    (Endpoint::UpdateUsageBudget, "update_usage_budget"),
    (Endpoint::GetCustomerUsageSummary, "get_customer_usage_summary"),
    (Endpoint::GetPartnerUsageSummary, "get_partner_usage_summary"),
    (Endpoint::ListCustomerUsageRecords, "list_customer_usage_records"),
    (Endpoint::ListSubscriptionUsageRecords, "list_subscription_usage_records"),
    (Endpoint::GetSubscriptionUsageSummary, "get_subscription_usage_summary"),
    (Endpoint::ListAzureResourceUsageRecords, "list_azure_resource_usage_records"),
    (Endpoint::ListMeterUsageRecords, "list_meter_usage_records"),
    (Endpoint::ListResourceUsageRecords, "list_resource_usage_records"),
    (Endpoint::ListCustomers, "list_customers"),
    (Endpoint::Token, "token"),
    (Endpoint::DeviceCode, "device_code"),
    (Endpoint::Authorize, "authorize"),
    (Endpoint::Discovery, "discovery"),
];

impl Endpoint {
    pub(crate) const COUNT: usize = NAMES.len();

    /// All endpoints, in the order of their [indices](Self::index).
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(|(endpoint, _)| endpoint)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|endpoint| endpoint.name() == name)
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn name(self) -> &'static str {
        NAMES[self.index()].1
    }

    /// Whether this is an operation of the service, and not part of the sign-in.
    pub(crate) fn is_operation(self) -> bool {
        !matches!(self, Self::Token | Self::DeviceCode | Self::Authorize | Self::Discovery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_has_a_name() {
        assert!(Endpoint::all().map(Endpoint::index).eq(0..Endpoint::COUNT));
        assert_eq!(Endpoint::named("token"), Some(Endpoint::Token));
        assert_eq!(Endpoint::named("get_usage_budget"), Some(Endpoint::GetUsageBudget));
    }
}
