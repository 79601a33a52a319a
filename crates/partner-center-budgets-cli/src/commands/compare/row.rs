//! One customer of `compare`.

use std::borrow::Cow;

use partner_center_budgets::{Currency, Decimal};
use partner_center_budgets_fleet::history::{CustomerChange, CustomerFacts, UnusualPace};
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::number::{exact, rounded, to_cents};
use crate::output::records::{Record, number};
use crate::output::table::{Align, Table};

/// The change of one customer from OLD to NEW.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChangeRow<'a> {
    /// Id of the customer.
    customer: Option<Cow<'a, str>>,
    name: Option<&'a str>,
    /// Budget in OLD.
    old_amount: Option<Decimal>,
    /// Budget in NEW.
    amount: Option<Decimal>,
    /// Cost so far in OLD; null without a record.
    old_total_cost: Option<Decimal>,
    /// Cost so far in NEW; null without a record.
    total_cost: Option<Decimal>,
    /// Increase of the cost. New customers and new billing periods count from zero.
    difference: Option<Decimal>,
    /// Increase per day, rounded to two decimal places.
    per_day: Option<Decimal>,
    /// Cost per day before OLD, rounded to two decimal places.
    past_per_day: Option<Decimal>,
    currency: Option<&'a str>,
    /// The locale that the service sends instead of a currency for legacy offers.
    currency_locale: Option<&'a str>,
    notes: Vec<Note>,
}

/// The notes about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Note {
    /// The cost per day is unusual.
    Unusual,
    /// OLD has no record of the customer.
    New,
    /// NEW has no record of the customer.
    Lost,
    /// A billing period began between OLD and NEW.
    NewPeriod,
    /// The amounts have different currencies and are not compared.
    CurrencyChanged,
    BudgetChanged,
}

impl Note {
    fn of(change: &CustomerChange<'_>, limits: &UnusualPace) -> Vec<Self> {
        let notes = [
            (change.is_unusual(limits), Self::Unusual),
            (change.old.is_none(), Self::New),
            (change.new.is_none(), Self::Lost),
            (change.is_new_period, Self::NewPeriod),
            (change.is_currency_changed(), Self::CurrencyChanged),
            (change.is_budget_changed(), Self::BudgetChanged),
        ];
        notes.into_iter().filter_map(|(is, note)| is.then_some(note)).collect()
    }

    /// The name in JSON.
    fn name(self) -> &'static str {
        match self {
            Self::Unusual => "unusual",
            Self::New => "new",
            Self::Lost => "lost",
            Self::NewPeriod => "new-period",
            Self::CurrencyChanged => "currency-changed",
            Self::BudgetChanged => "budget-changed",
        }
    }

    /// The note for people.
    fn remark(self, change: &CustomerChange<'_>) -> String {
        let budget =
            |facts: Option<CustomerFacts<'_>>| facts.and_then(|facts| facts.budget).map_or("none".to_owned(), exact);
        match self {
            Self::Unusual => match change.past_per_day().filter(|_| change.old.is_some()) {
                Some(past) => format!("unusual, before {} a day", rounded(past)),
                None => "unusual".to_owned(),
            },
            Self::New => "new".to_owned(),
            Self::Lost => "no usage now".to_owned(),
            Self::NewPeriod => "new period".to_owned(),
            Self::CurrencyChanged => {
                let before = change.old.and_then(|old| old.currency).map_or("unknown", Currency::as_str);
                format!("currency before: {before}")
            }
            Self::BudgetChanged => format!("budget {} -> {}", budget(change.old), budget(change.new)),
        }
    }
}

impl<'a> ChangeRow<'a> {
    pub(super) fn new(change: &CustomerChange<'a>, limits: &UnusualPace) -> Self {
        let CustomerChange { old, new, .. } = change;
        let currency = currency(change);
        Self {
            customer: id(change),
            name: change.customer_name,
            old_amount: old.and_then(|facts| facts.budget),
            amount: new.and_then(|facts| facts.budget),
            old_total_cost: old.and_then(|facts| facts.cost),
            total_cost: new.and_then(|facts| facts.cost),
            difference: change.difference,
            per_day: change.per_day().map(to_cents),
            past_per_day: change.past_per_day().map(to_cents),
            currency: currency.and_then(Currency::code),
            currency_locale: currency.filter(|currency| currency.code().is_none()).map(Currency::as_str),
            notes: Note::of(change, limits),
        }
    }
}

fn id<'a>(change: &CustomerChange<'a>) -> Option<Cow<'a, str>> {
    let id = change.customer_id.map(|id| Cow::from(id.to_string()));
    id.or_else(|| change.customer_id_text.map(Cow::from))
}

fn currency<'a>(change: &CustomerChange<'a>) -> Option<&'a Currency> {
    change.new.or(change.old).and_then(|facts| facts.currency)
}

impl Record for ChangeRow<'_> {
    #[rustfmt::skip]
    fn headers() -> Vec<&'static str> {
        vec![
            "customer", "name", "old_amount", "amount", "old_total_cost", "total_cost", "difference", "per_day",
            "past_per_day", "currency", "currency_locale", "notes",
        ]
    }

    fn cells(&self) -> Vec<String> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        vec![
            text(self.customer.as_deref()),
            text(self.name),
            number(self.old_amount),
            number(self.amount),
            number(self.old_total_cost),
            number(self.total_cost),
            number(self.difference),
            number(self.per_day),
            number(self.past_per_day),
            text(self.currency),
            text(self.currency_locale),
            self.notes.iter().map(|note| note.name()).collect::<Vec<_>>().join(" "),
        ]
    }
}

pub(super) fn table(changes: &[CustomerChange<'_>], limits: &UnusualPace) -> Table {
    let mut table = Table::new([
        ("customer", Align::Id),
        ("name", Align::Truncated),
        ("before", Align::Decimal),
        ("now", Align::Decimal),
        ("increase", Align::Decimal),
        ("per day", Align::Decimal),
        ("currency", Align::Left),
        ("notes", Align::Optional),
    ]);
    let shown = |amount: Option<Decimal>| amount.map_or("-".to_owned(), rounded);
    for change in changes {
        let remarks: Vec<_> = Note::of(change, limits).into_iter().map(|note| note.remark(change)).collect();
        table.row([
            id(change).unwrap_or_default().into_owned(),
            change.customer_name.unwrap_or_default().to_owned(),
            shown(change.old.and_then(|facts| facts.cost)),
            shown(change.new.and_then(|facts| facts.cost)),
            shown(change.difference),
            shown(change.per_day()),
            currency(change).map(Currency::as_str).unwrap_or_default().to_owned(),
            remarks.join(", "),
        ]);
    }
    table
}
