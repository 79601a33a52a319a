//! The usage of subscriptions, and its cost.

use std::iter::Sum;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::offer::Offer;
use crate::random::Random;

/// A cost in the customer's currency and in US dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) local: Decimal,
    pub(crate) usd: Decimal,
}

impl Cost {
    /// Splits a cost into parts that add up to it exactly: the last part is the remainder.
    fn split(self, parts: u64, random: &mut Random) -> Vec<Self> {
        let mut rest = self;
        let mut costs = Vec::new();
        for part in 1..parts {
            // The next part of a few is a fifth to three fifths of the rest; of many, an equal share of it.
            let share = match parts {
                0..=10 => Decimal::new(random.between(20, 60) as i64, 2),
                _ => Decimal::ONE / Decimal::from(parts - part + 1),
            };
            let part = Self { local: (rest.local * share).round_dp(20), usd: (rest.usd * share).round_dp(20) };
            rest = Self { local: rest.local - part.local, usd: rest.usd - part.usd };
            costs.push(part);
        }
        costs.push(rest);
        costs
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        let nothing = Self { local: Decimal::ZERO, usd: Decimal::ZERO };
        costs.fold(nothing, |sum, cost| Self { local: sum.local + cost.local, usd: sum.usd + cost.usd })
    }
}

/// A subscription; for an Azure plan, the plan.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) id: Uuid,
    /// Id of the Azure subscription within an Azure plan.
    pub(crate) entitlement: Uuid,
    pub(crate) name: String,
    pub(crate) status: &'static str,
    pub(crate) cost: Cost,
    seed: u64,
}

impl Subscription {
    /// One to three subscriptions that make up the cost of customer `number`.
    pub(crate) fn all(number: u32, offer: Offer, cost: Cost, random: &mut Random) -> Vec<Self> {
        let count = random.between(1, 4);
        let costs = cost.split(count, random);
        (1_u128..)
            .zip(costs)
            .map(|(nth, cost)| {
                let status = if random.between(0, 10) == 0 { "suspended" } else { "active" };
                Self::new(nth, number, offer, status, cost, random)
            })
            .collect()
    }

    /// Subscription `nth` of customer `number`, both counted from 1.
    pub(super) fn new(
        nth: u128,
        number: u32,
        offer: Offer,
        status: &'static str,
        cost: Cost,
        random: &mut Random,
    ) -> Self {
        let title = match offer {
            Offer::Legacy => "Microsoft Azure",
            Offer::AzurePlan => "Azure plan",
        };
        // 00000000-0000-0000-000N-… followed by the customer's number: easy to type and to distinguish.
        let id = nth << 48 | u128::from(number);
        Self {
            id: Uuid::from_u128(id),
            entitlement: Uuid::from_u128(1 << 64 | id),
            name: if nth == 1 { title.to_owned() } else { format!("{title} {nth}") },
            status,
            cost,
            seed: random.next(),
        }
    }

    /// The meters that make up the cost, generated on demand because few are requested. `count` overrides their number.
    pub(crate) fn lines(&self, count: Option<u32>) -> Vec<UsageLine> {
        let mut random = Random::new(self.seed, 0);
        let first = random.between(0, METERS.len() as u64) as usize;
        let count = count.map_or_else(|| random.between(2, METERS.len() as u64), u64::from);
        let costs = self.cost.split(count, &mut random);
        let meters = METERS.iter().cycle().skip(first);
        meters
            .zip(costs)
            .map(|(meter, cost)| UsageLine {
                meter,
                quantity: Decimal::new(random.between(1, 9_999_999) as i64, 4),
                cost,
            })
            .collect()
    }
}

/// The usage of one meter.
pub(crate) struct UsageLine {
    pub(crate) meter: &'static Meter,
    pub(crate) quantity: Decimal,
    pub(crate) cost: Cost,
}

/// A meter of Azure.
pub(crate) struct Meter {
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) subcategory: &'static str,
    pub(crate) unit: &'static str,
    /// Id in the price list of legacy offers.
    pub(crate) id: &'static str,
    /// Product and sku in the catalogue of Azure plans.
    pub(crate) product: &'static str,
    /// Type of the resources that the meter counts, and the path of their provider.
    pub(crate) resource: &'static str,
    pub(crate) provider: &'static str,
}

#[rustfmt::skip]
static METERS: [Meter; 6] = [
    Meter {
        name: "Data Transfer In (GB)", category: "Networking", subcategory: "", unit: "GB",
        id: "32c3ebec-1646-49e3-8127-2cafbd3a04d8", product: "DZH318Z0BNVX-005J",
        resource: "Network", provider: "Microsoft.Network/publicIPAddresses",
    },
    Meter {
        name: "Standard IO - Block Blob (GB)", category: "Data Services", subcategory: "Geo Redundant", unit: "GB",
        id: "8f2f9d6b-61d6-4e4e-8c5b-b2b2e9a9f0d4", product: "DZH318Z0BPH7-002C",
        resource: "Storage", provider: "Microsoft.Storage/storageAccounts",
    },
    Meter {
        name: "Compute Hours", category: "Virtual Machines", subcategory: "A1 VM", unit: "Hours",
        id: "b4438d5d-453b-4ee1-b42a-dc72e377f1e4", product: "DZH318Z0BQ4B-00HX",
        resource: "Virtual Machines", provider: "Microsoft.Compute/virtualMachines",
    },
    Meter {
        name: "Database Days", category: "SQL Database", subcategory: "Standard", unit: "Days",
        id: "6a8f3b1c-2d47-4c0a-9e58-7f1b0c6d2e93", product: "DZH318Z0BQHG-00JQ",
        resource: "SQL Database", provider: "Microsoft.Sql/servers",
    },
    Meter {
        name: "App Service Hours", category: "Azure App Service", subcategory: "Basic Plan", unit: "Hours",
        id: "0d9c41f7-85ea-4b36-a1c2-3e5f60718293", product: "DZH318Z0BPVW-006K",
        resource: "App Service", provider: "Microsoft.Web/serverfarms",
    },
    Meter {
        name: "Secret Operations (10K)", category: "Key Vault", subcategory: "", unit: "10K",
        id: "5e7d2a90-1f4b-4d63-8c0e-9ab1c2d3e4f5", product: "DZH318Z0BQ6N-001D",
        resource: "Key Vault", provider: "Microsoft.KeyVault/vaults",
    },
];
