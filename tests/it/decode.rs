//! Each fixture decodes into its operation's type, and what the type does not hold is named under `lost:`.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use partner_center_budgets::__generated::types;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exact;

/// The text of a fixture without the byte order mark that some begin with.
pub(crate) fn text(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

fn snapshot<T: DeserializeOwned + Serialize + Debug>(path: &Path) -> String {
    let text = text(path);
    let decoded: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lost = exact::lost(&text, &serde_json::to_string(&decoded).unwrap());
    let lost = if lost.is_empty() { " nothing".to_owned() } else { format!("\n{}", lost.join("\n")) };
    format!("{decoded:#?}\n\nlost:{lost}")
}

macro_rules! decode {
    ($($operation:ident: $type:ident,)*) => {
        $(
            #[test]
            fn $operation() {
                insta::with_settings!({ omit_expression => true }, {
                    insta::glob!(concat!("../fixtures/", stringify!($operation)), "*.json", |path| {
                        insta::assert_snapshot!(snapshot::<types::$type>(path));
                    });
                });
            }
        )*

        /// The operations that have fixtures.
        pub(crate) const OPERATIONS: &[(&str, &str)] = &[$((stringify!($operation), stringify!($type)),)*];
    };
}

decode! {
    get_customer_usage_summary: CustomerUsageSummary,
    get_partner_usage_summary: PartnerUsageSummary,
    get_subscription_usage_summary: SubscriptionUsageSummary,
    get_usage_budget: SpendingBudget,
    list_azure_resource_usage_records: AzureResourceMonthlyUsageRecordCollection,
    list_customer_usage_records: CustomerMonthlyUsageRecordCollection,
    list_customers: CustomerCollection,
    list_meter_usage_records: MeterUsageRecordCollection,
    list_resource_usage_records: ResourceUsageRecordCollection,
    list_subscription_usage_records: SubscriptionMonthlyUsageRecordCollection,
    update_usage_budget: SpendingBudget,
}
