//! The customers: their budgets, currencies and subscriptions.

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::offer::Offer;
use super::past::{Day, Spender};
use super::usage::{Cost, Subscription};
use crate::company_name;
use crate::error_response::ErrorResponse;
use crate::money::Money;
use crate::random::Random;

/// A currency and its rate in US dollars, which does not change.
#[derive(Debug)]
pub(crate) struct Currency {
    pub(crate) code: &'static str,
    pub(crate) locale: &'static str,
    pub(crate) symbol: &'static str,
    /// Hundred thousandths of a US dollar.
    rate: i64,
}

impl Currency {
    pub(super) fn cost(&self, local: Decimal) -> Cost {
        Cost { local, usd: (local * Decimal::new(self.rate, 5)).round_dp(20) }
    }
}

pub(super) static CURRENCIES: [Currency; 4] = [
    Currency { code: "GBP", locale: "en-GB", symbol: "£", rate: 122_205 },
    Currency { code: "EUR", locale: "de-DE", symbol: "€", rate: 110_340 },
    Currency { code: "SEK", locale: "sv-SE", symbol: "kr", rate: 10_285 },
    Currency { code: "USD", locale: "en-US", symbol: "$", rate: 100_000 },
];

/// The indirect reseller of every sixth customer.
const INDIRECT_RESELLER: &str = "00000000-0000-0000-0002-000000000001";

const BUDGETS: [&str; 8] = ["97", "300.000000", "2500.50", "20", "1000", "150.75", "12000.00", "75.125"];

/// Numbers of fractional digits in published samples.
const SCALES: [u32; 5] = [2, 4, 13, 19, 20];

/// One customer. Only its budget ever changes.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) id: Uuid,
    pub(crate) company: String,
    pub(crate) domain: String,
    pub(crate) offer: Offer,
    pub(crate) currency: &'static Currency,
    pub(crate) indirect_reseller: Option<&'static str>,
    pub(crate) budget: Option<Money>,
    /// Number of writes of the budget.
    pub(crate) writes: u64,
    pub(crate) cost: Cost,
    /// Empty for a customer who never consumed Azure.
    pub(crate) subscriptions: Vec<Subscription>,
}

impl Customer {
    /// Generates customer `number`, counted from 1.
    ///
    /// Kinds follow fixed patterns, so that a small world has all of them; figures depend on the seed. Customers 1 and 2 are
    /// fixed, so that documentation can show them.
    pub(crate) fn new(number: u32, seed: u64, day: Day) -> Self {
        let mut random = Random::new(seed, number.into());
        let currency = &CURRENCIES[(number - 1) as usize % CURRENCIES.len()];
        let (budget, local) = match number {
            1 => (Some("97"), Decimal::from_i128_with_scale(2_723_292_827_625_710_931_604, 20)),
            2 => (None, Decimal::from_i128_with_scale(2_882_860_766_744_404_945_074, 20)),
            _ => figures(number, &mut random),
        };
        let offer = if number.is_multiple_of(3) { Offer::Legacy } else { Offer::AzurePlan };
        let past = day.cost(Spender { number, seed, offer }, local);
        let cost = currency.cost(past.unwrap_or_default());
        let subscriptions = match past {
            Some(_) if number % 8 != 5 => Subscription::all(number, offer, cost, &mut random),
            _ => Vec::new(),
        };
        let company = company_name::company(number);
        Self {
            id: Uuid::from_u128(number.into()),
            domain: company_name::domain(&company),
            company,
            offer,
            currency,
            indirect_reseller: number.is_multiple_of(6).then_some(INDIRECT_RESELLER),
            budget: budget.and_then(literal),
            writes: 0,
            cost,
            subscriptions,
        }
    }

    pub(crate) fn subscription(&self, id: &str) -> Result<&Subscription, ErrorResponse> {
        let parsed = Uuid::parse_str(id).map_err(|_| self.with_customer_id(ErrorResponse::subscription_id(id)))?;
        let mut subscriptions = self.subscriptions.iter();
        subscriptions
            .find(|subscription| subscription.id == parsed)
            .ok_or_else(|| self.with_customer_id(ErrorResponse::subscription_not_found(id)))
    }

    fn with_customer_id(&self, error: ErrorResponse) -> ErrorResponse {
        error.about("CustomerId", &self.id.to_string())
    }
}

/// Budget and cost of a customer.
fn figures(number: u32, random: &mut Random) -> (Option<&'static str>, Decimal) {
    let amount = *random.pick(&BUDGETS);
    let over = number % 7 == 4;
    let budget = (over || number % 5 != 2).then_some(amount);
    if matches!(number % 8, 0 | 5) {
        return (budget, Decimal::ZERO);
    }
    // In hundredths of a percent of the budget, or of the budget that the customer would have.
    let share = if over { random.between(10_100, 70_000) } else { random.between(500, 9_900) };
    let amount = literal(amount).map_or(Decimal::ONE_HUNDRED, |money| money.value());
    // Less than a hundredth of the currency, for the digits after the second.
    let crumbs = Decimal::from_i128_with_scale(random.between(1, 1_000_000_000_000_000_000).into(), 20);
    let cost = (amount * Decimal::new(share as i64, 4)).round_dp(2) + crumbs;
    (budget, cost.round_dp(*random.pick(&SCALES)))
}

fn literal(json: &str) -> Option<Money> {
    Money::from_json(&RawValue::from_string(json.to_owned()).ok()?)
}
