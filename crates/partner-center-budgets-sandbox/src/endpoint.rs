//! The endpoints by name, as counters and rules speak of them.

use crate::{operations::customers, request::Request};

/// An endpoint of the service or of its sign-in.
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

use Endpoint::{
    Authorize, DeviceCode, Discovery, GetCustomerUsageSummary, GetPartnerUsageSummary, GetSubscriptionUsageSummary,
    GetUsageBudget, ListAzureResourceUsageRecords, ListCustomerUsageRecords, ListCustomers, ListMeterUsageRecords,
    ListResourceUsageRecords, ListSubscriptionUsageRecords, Token, UpdateUsageBudget,
};

impl Endpoint {
    /// In the order of their discriminants, which counters rely on.
    pub(crate) const ALL: [Endpoint; 15] = [
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
    ];

    /// The operation id of the OpenAPI document, or the word for an endpoint of the sign-in.
    pub(crate) fn name(self) -> &'static str {
        match self {
            GetUsageBudget => "get_usage_budget",
            UpdateUsageBudget => "update_usage_budget",
            GetCustomerUsageSummary => "get_customer_usage_summary",
            GetPartnerUsageSummary => "get_partner_usage_summary",
            ListCustomerUsageRecords => "list_customer_usage_records",
            ListSubscriptionUsageRecords => "list_subscription_usage_records",
            GetSubscriptionUsageSummary => "get_subscription_usage_summary",
            ListAzureResourceUsageRecords => "list_azure_resource_usage_records",
            ListMeterUsageRecords => "list_meter_usage_records",
            ListResourceUsageRecords => "list_resource_usage_records",
            ListCustomers => "list_customers",
            Token => "token",
            DeviceCode => "device_code",
            Authorize => "authorize",
            Discovery => "discovery",
        }
    }

    /// Whether this is an operation of the service, and not part of the sign-in.
    pub(crate) fn is_operation(self) -> bool {
        !matches!(self, Token | DeviceCode | Authorize | Discovery)
    }

    /// Whether the service refuses tokens without a user here.
    pub(crate) fn needs_user(self, request: &Request) -> bool {
        if self == ListCustomers {
            return customers::needs_user(request);
        }
        matches!(
            self,
            GetCustomerUsageSummary
                | GetPartnerUsageSummary
                | ListCustomerUsageRecords
                | ListSubscriptionUsageRecords
                | GetSubscriptionUsageSummary
                | ListMeterUsageRecords
                | ListResourceUsageRecords
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_endpoints_stand_at_their_discriminant() {
        for (index, endpoint) in Endpoint::ALL.into_iter().enumerate() {
            assert_eq!(endpoint as usize, index);
        }
    }
}
