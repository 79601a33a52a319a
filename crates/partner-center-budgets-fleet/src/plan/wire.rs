//! A plan in a file.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use super::{Entry, Kind, Plan, Row, Want};
use crate::amount::Amount;
use partner_center_budgets::{Currency, CustomerId};

/// What this version writes and reads.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Document<'a> {
    version: u32,
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    partner: Option<Cow<'a, str>>,
    fingerprint: String,
    entries: Vec<Item<'a>>,
}

/// One customer.
#[derive(Serialize, Deserialize)]
struct Item<'a> {
    customer: Uuid,
    kind: Cow<'a, str>,
    from: Option<Amount>,
    to: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    currency: Option<Money<'a>>,
    rows: Vec<Line<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Money<'a> {
    Code(Cow<'a, str>),
    Locale(Cow<'a, str>),
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    line: u64,
    /// An amount, `clear` or `leave`.
    want: Cow<'a, str>,
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.entries.iter().map(item).collect();
        let fingerprint = self.fingerprint.to_string();
        let partner = self.partner.as_deref().map(Cow::from);
        Document { version: VERSION, id: self.id, partner, fingerprint, entries }.serialize(serializer)
    }
}

fn item(entry: &Entry) -> Item<'_> {
    Item {
        customer: entry.customer.into(),
        kind: entry.kind.as_str().into(),
        from: entry.from.map(Amount),
        to: entry.to.map(Amount),
        currency: entry.currency.as_ref().map(|currency| match currency.code() {
            Some(code) => Money::Code(code.into()),
            None => Money::Locale(currency.as_str().into()),
        }),
        rows: entry.rows.iter().map(|row| Line { line: row.line, want: want_text(row.want) }).collect(),
    }
}

fn want_text(want: Want) -> Cow<'static, str> {
    match want {
        Want::Set(amount) => amount.to_string().into(),
        Want::Clear => "clear".into(),
        Want::Leave => "leave".into(),
    }
}

impl<'de> Deserialize<'de> for Plan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = Document::deserialize(deserializer)?;
        if document.version != VERSION {
            let version = document.version;
            return Err(de::Error::custom(format_args!("the plan has version {version}, and only {VERSION} is known")));
        }
        let entries = document.entries.into_iter().map(entry).collect::<Result<Vec<_>, _>>();
        let entries = entries.map_err(de::Error::custom)?;
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].customer >= pair[1].customer) {
            let customer = pair[1].customer;
            return Err(de::Error::custom(format_args!("customer {customer} is not in the order of ids, once each")));
        }
        let plan = Plan::of(document.id, document.partner.map(Cow::into_owned), entries);
        if plan.fingerprint.to_string() != document.fingerprint {
            return Err(de::Error::custom("the plan was changed after it was made: make it again from its sheet"));
        }
        Ok(plan)
    }
}

/// Made anew from its rows, so that nobody can be shown one thing and another be done.
fn entry(item: Item<'_>) -> Result<Entry, String> {
    let customer = CustomerId::from(item.customer);
    let rows = item.rows.iter().map(|line| {
        let want = match line.want.as_ref() {
            "clear" => Want::Clear,
            "leave" => Want::Leave,
            amount => Want::Set(amount.parse().map_err(|error: partner_center_budgets::Error| error.to_string())?),
        };
        Ok(Row::new(line.line, want))
    });
    let rows = rows.collect::<Result<Vec<_>, String>>()?;
    if rows.is_empty() {
        return Err(format!("customer {customer} has no rows"));
    }
    let from = item.from.map(|amount| amount.0);
    let known = (item.kind != Kind::UnknownCustomer.as_str()).then_some(from);
    let currency = item.currency.map(|currency| match currency {
        Money::Code(code) => Currency::Code(code.into_owned()),
        Money::Locale(locale) => Currency::Locale(locale.into_owned()),
    });
    let entry = Entry::new(customer, rows, known, currency);
    let (kind, is) = (&item.kind, entry.kind);
    // Contradictory rows of an unknown customer are contradictory first.
    if *kind != is.as_str() || entry.to != item.to.map(|amount| amount.0) || entry.from != from {
        return Err(format!("customer {customer} is said to be `{kind}`, which its amounts and rows do not make it"));
    }
    Ok(entry)
}
