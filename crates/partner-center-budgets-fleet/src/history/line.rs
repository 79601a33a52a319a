//! One line of a recorded day.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate};
use partner_center_budgets::{Currency, CustomerUsageRecord, Decimal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// A usage record without derived values, and the day and partner that it belongs to.
#[derive(Serialize, Deserialize)]
pub(super) struct Line<'a> {
    pub(super) date: NaiveDate,
    #[serde(borrow)]
    pub(super) partner: Cow<'a, str>,
    #[serde(borrow)]
    customer: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    amount: Option<Decimal>,
    total_cost: Option<Decimal>,
    #[serde(borrow)]
    currency: Option<Text<'a>>,
    #[serde(borrow)]
    currency_locale: Option<Text<'a>>,
    usd_total_cost: Option<Decimal>,
    is_azure_plan: Option<bool>,
    last_modified: Option<DateTime<FixedOffset>>,
}

/// A text that is borrowed from the line unless it has escapes. In an option, serde borrows no plain `Cow`.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Text<'a> {
    fn of(text: Option<&'a str>) -> Option<Self> {
        text.map(|text| Self(text.into()))
    }

    fn owned(text: Option<Self>) -> Option<String> {
        text.map(|Self(text)| text.into_owned())
    }
}

impl<'a> Line<'a> {
    /// `id` is a buffer for the text of the customer's id.
    pub(super) fn new(
        date: NaiveDate,
        partner: &'a str,
        record: &'a CustomerUsageRecord,
        id: &'a mut [u8; Hyphenated::LENGTH],
    ) -> Self {
        let customer = match record.customer_id {
            Some(customer) => Some(&*Uuid::from(customer).hyphenated().encode_lower(id)),
            None => record.customer_id_text.as_deref(),
        };
        let (currency, currency_locale) = match &record.currency {
            Some(Currency::Locale(locale)) => (None, Some(locale.as_str())),
            other => (other.as_ref().map(Currency::as_str), None),
        };
        Self {
            date,
            partner: partner.into(),
            customer: Text::of(customer),
            name: Text::of(record.customer_name.as_deref()),
            amount: record.budget,
            total_cost: record.total_cost,
            currency: Text::of(currency),
            currency_locale: Text::of(currency_locale),
            usd_total_cost: record.usd_total_cost,
            is_azure_plan: record.is_azure_plan,
            last_modified: record.last_modified,
        }
    }

    pub(super) fn into_record(self) -> CustomerUsageRecord {
        let mut record = CustomerUsageRecord::default();
        record.customer_id = self.customer.as_ref().and_then(|Text(text)| Uuid::parse_str(text).ok()).map(Into::into);
        if record.customer_id.is_none() {
            record.customer_id_text = Text::owned(self.customer);
        }
        record.customer_name = Text::owned(self.name);
        record.budget = self.amount;
        record.total_cost = self.total_cost;
        record.currency = match (self.currency, self.currency_locale) {
            (Some(Text(code)), _) => Some(Currency::Code(code.into_owned())),
            (None, locale) => Text::owned(locale).map(Currency::Locale),
        };
        record.usd_total_cost = self.usd_total_cost;
        record.is_azure_plan = self.is_azure_plan;
        record.last_modified = self.last_modified;
        record
    }
}
