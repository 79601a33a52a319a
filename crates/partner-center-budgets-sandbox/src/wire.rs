//! The common parts of bodies. Like the service, they omit absent values.

use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use crate::money::Money;
use crate::world::{Cost, Currency, Offer};

/// Start and end of the billing period, and the time of the figures.
///
/// They never change, so that the same request returns the same response on every day. Legacy offers use Pacific time, Azure
/// plans UTC.
pub(crate) struct Dates {
    pub(crate) start: &'static str,
    pub(crate) end: &'static str,
    pub(crate) modified: &'static str,
}

impl Dates {
    pub(crate) fn of_offer(offer: Offer) -> Self {
        match offer {
            Offer::Legacy => Self {
                start: "2019-08-28T00:00:00-07:00",
                end: "2019-09-27T00:00:00-07:00",
                modified: "2019-09-17T09:42:54.5130558+00:00",
            },
            Offer::AzurePlan => Self {
                start: "2019-09-01T00:00:00+00:00",
                end: "2019-09-30T00:00:00+00:00",
                modified: "2019-09-17T17:08:11.1433333+00:00",
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attributes {
    object_type: &'static str,
}

impl Attributes {
    pub(crate) fn of_type(object_type: &'static str) -> Self {
        Self { object_type }
    }
}

/// Id and name of the subject of a body, each under the newer key, the older key, or both.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl Identity {
    pub(crate) fn newer(id: impl Into<String>, name: &str) -> Self {
        Self { resource_id: Some(id.into()), resource_name: Some(name.to_owned()), ..Self::default() }
    }

    pub(crate) fn older(id: impl Into<String>, name: &str) -> Self {
        Self { id: Some(id.into()), name: Some(name.to_owned()), ..Self::default() }
    }

    pub(crate) fn both(id: impl Into<String>, name: &str) -> Self {
        let id = Some(id.into());
        let name = Some(name.to_owned());
        Self { resource_id: id.clone(), id, resource_name: name.clone(), name }
    }

    /// Summaries of Azure plans have the newer keys only.
    pub(crate) fn in_summary(offer: Offer, id: Uuid, name: &str) -> Self {
        match offer {
            Offer::Legacy => Self::both(id, name),
            Offer::AzurePlan => Self::newer(id, name),
        }
    }
}

/// A cost in the form of an offer: legacy offers give a locale for the currency, Azure plans a code.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figures {
    total_cost: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_locale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usd_total_cost: Option<Money>,
}

impl Figures {
    pub(crate) fn of_offer(offer: Offer, currency: &Currency, cost: Cost) -> Self {
        match offer {
            Offer::Legacy => Self::with_locale(currency.locale, cost.local),
            Offer::AzurePlan => Self::with_code(currency.code, cost),
        }
    }

    pub(crate) fn with_locale(locale: &'static str, cost: Decimal) -> Self {
        Self { total_cost: cost.into(), currency_locale: Some(locale), currency_code: None, usd_total_cost: None }
    }

    pub(crate) fn with_code(code: &'static str, cost: Cost) -> Self {
        Self {
            total_cost: cost.local.into(),
            currency_locale: None,
            currency_code: Some(code),
            usd_total_cost: Some(cost.usd.into()),
        }
    }
}
