//! The JSON form of a plan.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use partner_center_budgets::{Currency, CustomerId, ParseError};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use super::{Entry, EntryKind, Plan, SheetRow, Target};
use crate::amount_text::AmountText;

/// The version that is written and read. Version 1 had a fingerprint by another hash.
const VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct PlanDocument<'a> {
    version: u32,
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    partner: Option<Cow<'a, str>>,
    // Optional, because older programs of this version did not write them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    author: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    made_at: Option<DateTime<Utc>>,
    /// The number of the partner's customers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    customer_count: Option<usize>,
    fingerprint: String,
    entries: Vec<EntryDocument<'a>>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct EntryDocument<'a> {
    customer: Uuid,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    name: Option<Cow<'a, str>>,
    kind: Cow<'a, str>,
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    from: Option<AmountText>,
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    to: Option<AmountText>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    currency: Option<CurrencyDocument<'a>>,
    rows: Vec<RowDocument<'a>>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum CurrencyDocument<'a> {
    Code(Cow<'a, str>),
    Locale(Cow<'a, str>),
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
struct RowDocument<'a> {
    line: u64,
    /// An amount, `clear` or `leave`.
    want: Cow<'a, str>,
}

/// Gives a type the schema of its document.
#[cfg(feature = "schemars")]
macro_rules! schema_of_document {
    ($name:ident: $document:ident) => {
        impl schemars::JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $document::json_schema(generator)
            }
        }
    };
}

#[cfg(feature = "schemars")]
schema_of_document!(Plan: PlanDocument);
#[cfg(feature = "schemars")]
schema_of_document!(Entry: EntryDocument);

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = PlanDocument {
            version: VERSION,
            id: self.id,
            partner: self.partner.as_deref().map(Cow::from),
            author: self.author.as_deref().map(Cow::from),
            made_at: self.made_at,
            customer_count: self.customer_count,
            fingerprint: self.fingerprint.to_string(),
            entries: self.entries.iter().map(EntryDocument::from).collect(),
        };
        document.serialize(serializer)
    }
}

impl<'a> From<&'a Entry> for EntryDocument<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            customer: entry.customer.into(),
            name: entry.name.as_deref().map(Cow::from),
            kind: entry.kind.as_str().into(),
            from: entry.from.map(AmountText),
            to: entry.to.map(AmountText),
            currency: entry.currency.as_ref().map(|currency| match currency.code() {
                Some(code) => CurrencyDocument::Code(code.into()),
                None => CurrencyDocument::Locale(currency.as_str().into()),
            }),
            rows: entry.rows.iter().map(|row| RowDocument { line: row.line, want: target_text(row.target) }).collect(),
        }
    }
}

fn target_text(target: Target) -> Cow<'static, str> {
    match target {
        Target::Set(amount) => amount.to_string().into(),
        Target::Clear => "clear".into(),
        Target::Leave => "leave".into(),
    }
}

/// As in the file of a plan.
impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        EntryDocument::from(self).serialize(serializer)
    }
}

/// As in the file of a plan. Fails if parts contradict each other.
impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(EntryDocument::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = PlanDocument::deserialize(deserializer)?;
        if document.version != VERSION {
            let version = document.version;
            return Err(de::Error::custom(format_args!(
                "the plan has version {version}, and this program reads version {VERSION}: make it again from its sheet"
            )));
        }
        let entries = document.entries.into_iter().map(Entry::try_from).collect::<Result<Vec<_>, _>>();
        let entries = entries.map_err(de::Error::custom)?;
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].customer >= pair[1].customer) {
            let customer = pair[1].customer;
            return Err(de::Error::custom(format_args!("customer {customer} is not in the order of ids, once each")));
        }
        let plan = Plan {
            partner: document.partner.map(Cow::into_owned),
            author: document.author.map(Cow::into_owned),
            made_at: document.made_at,
            customer_count: document.customer_count,
            ..Plan::from_entries(document.id, entries)
        };
        if plan.fingerprint.to_string() != document.fingerprint {
            return Err(de::Error::custom("the plan was changed after it was made: make it again from its sheet"));
        }
        Ok(plan)
    }
}

impl TryFrom<EntryDocument<'_>> for Entry {
    type Error = String;

    /// Derives the entry from its rows and compares it with the document: a file must not show a reviewer something
    /// other than what is sent.
    fn try_from(document: EntryDocument<'_>) -> Result<Self, String> {
        let customer = CustomerId::from(document.customer);
        let rows = document.rows.iter().map(|row| {
            let target = match row.want.as_ref() {
                "clear" => Target::Clear,
                "leave" => Target::Leave,
                amount => Target::Set(amount.parse().map_err(|error: ParseError| error.to_string())?),
            };
            Ok(SheetRow { line: row.line, target })
        });
        let rows = rows.collect::<Result<Vec<_>, String>>()?;
        if rows.is_empty() {
            return Err(format!("customer {customer} has no rows"));
        }
        let from = document.from.map(|amount| amount.0);
        let current = (document.kind != EntryKind::UnknownCustomer.as_str()).then_some(from);
        let currency = document.currency.map(|currency| match currency {
            CurrencyDocument::Code(code) => Currency::Code(code.into_owned()),
            CurrencyDocument::Locale(locale) => Currency::Locale(locale.into_owned()),
        });
        let entry = Self::new(customer, rows, current, currency);
        // Contradictory rows of an unknown customer are contradictory first.
        let kind = &document.kind;
        if *kind != entry.kind.as_str() || entry.to != document.to.map(|amount| amount.0) || entry.from != from {
            return Err(format!(
                "customer {customer} has kind `{kind}`, which does not follow from its amounts and rows"
            ));
        }
        Ok(entry.named(document.name.map(Cow::into_owned)))
    }
}
