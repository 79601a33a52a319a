//! What a careful user writes against the code generated from base.yaml: every request by a literal of all its fields, every
//! field of a response by its type, every enum by a match of all its variants. Compiled with each revision's code instead,
//! it has to compile and to print the same.

use std::collections::HashMap;
use std::fmt::Write;

use rust_effects_kit::{Call, Decimal, now};

use super::generated::{Client, Error, ResponseValue, types};
use types::error::ConversionError;

/// A full order, as a service answers it that knows the base document only.
const FULL: &str = r#"{
    "id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "state": "paid", "total": 28.82860766744404945074, "seller": "",
    "rows": -5000000000, "bits": -300, "ratio": 0.1, "title": "A title, and a rather long one at that", "memo": null,
    "created": "yesterday", "carrier": "by foot", "urgency": "high", "mood": "busy", "currency": "USD",
    "codes": ["x", "x", "", "long enough"], "counts": { "A b": -1, "C d": 2 }, "owner": { "login": "L", "later": [] },
    "keeper": { "name": "N", "since": "S", "later": 1 }
}"#;

/// The least that the base document lets a service answer.
const LEAST: &str =
    r#"{ "id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "state": "open", "total": 7.10, "seller": "s" }"#;

pub fn run() -> String {
    let call = Call::default();
    let client = Client::new("http://localhost", call.clone());
    let mut out = String::new();
    for (answer, draft) in [FULL, LEAST].into_iter().zip(drafts()) {
        call.answer(201, answer);
        let result: Result<ResponseValue<types::Order>, Error<()>> = now(client.create_order(&draft));
        writeln!(out, "create: {}", call.sent()).unwrap();
        match result {
            Ok(order) => read(order.into_inner(), &mut out).unwrap(),
            Err(error) => writeln!(out, "refused: {error}").unwrap(),
        }
    }
    texts(&mut out).unwrap();
    out
}

fn drafts() -> [types::Draft; 2] {
    let sku: String = String::new();
    let note: Option<String> = Some("n, and more".to_owned());
    let reference: Result<types::DraftReference, ConversionError> = "r".repeat(40).parse();
    let reference: Option<types::DraftReference> = reference.ok();
    let color: Option<types::DraftColor> = Some(types::DraftColor::Red);
    let wishes: Vec<String> = vec!["w".to_owned(), "w".to_owned(), String::new(), "four".to_owned()];
    let parcels: Option<u64> = Some(300);
    let wrapped: bool = false;
    let priority: i64 = 9;
    let code: Option<types::Code> = types::Code::try_from("Twelve chars").ok();
    let extra: HashMap<String, String> = HashMap::from([("A b".to_owned(), String::new())]);
    let amount: Option<i64> = Some(-1);
    let change: Option<types::Change> = Some(types::Change { amount });
    let full = types::Draft { sku, note, reference, color, wishes, parcels, wrapped, priority, code, extra, change };
    let least = types::Draft {
        sku: "s".to_owned(),
        note: None,
        reference: None,
        color: None,
        wishes: Vec::new(),
        parcels: Some(0),
        wrapped: true,
        priority: 5,
        code: None,
        extra: HashMap::new(),
        change: None,
    };
    [full, least]
}

fn read(order: types::Order, out: &mut String) -> std::fmt::Result {
    let id: uuid::Uuid = order.id;
    let state: types::State = order.state;
    let state_text: &str = match state {
        types::State::Open => "Open",
        types::State::Paid => "Paid",
        types::State::Shipped => "Shipped",
    };
    // The derived order, for sorting by progress.
    let is_early: bool = state < types::State::Shipped;
    let total: Decimal = order.total;
    let seller: String = order.seller;
    writeln!(out, "required: {id} {state_text} {state} {is_early} {total} {seller}")?;
    let rows: Option<i64> = order.rows;
    let bits: Option<i32> = order.bits;
    let ratio: Option<f64> = order.ratio;
    writeln!(out, "numbers: {rows:?} {bits:?} {ratio:?}")?;
    let title: Option<String> = order.title;
    let memo: Option<String> = order.memo;
    let created: Option<String> = order.created;
    let carrier: Option<String> = order.carrier.map(|carrier: types::OrderCarrier| carrier.into());
    let urgency: Option<&str> = order.urgency.map(|urgency: types::OrderUrgency| match urgency {
        types::OrderUrgency::Low => "Low",
        types::OrderUrgency::High => "High",
    });
    let mood: &str = match order.mood.unwrap_or_default() {
        types::Mood::Calm => "Calm",
        types::Mood::Busy => "Busy",
    };
    let currency: String = order.currency;
    writeln!(out, "texts: {title:?} {memo:?} {created:?} {carrier:?} {urgency:?} {mood} {currency}")?;
    let codes: Vec<String> = order.codes;
    let counts: HashMap<String, i64> = order.counts;
    let mut counts: Vec<(String, i64)> = counts.into_iter().collect();
    counts.sort();
    writeln!(out, "many: {codes:?} {counts:?}")?;
    let owner: Option<types::Owner> = order.owner;
    let login: Option<String> = owner.and_then(|owner| owner.login);
    let keeper: Option<types::Keeper> = order.keeper;
    let keeper: Option<(Option<String>, Option<String>)> = keeper.map(|keeper| (keeper.name, keeper.since));
    writeln!(out, "parts: {login:?} {keeper:?}")
}

/// Types that are made from texts and into texts.
fn texts(out: &mut String) -> std::fmt::Result {
    for text in ["", "Twelve chars"] {
        let code: Result<types::Code, ConversionError> = text.parse();
        let code: Option<String> = code.ok().map(|code| code.into());
        writeln!(out, "code {text}: {code:?}")?;
    }
    for text in ["red", "green"] {
        let color: Result<types::DraftColor, ConversionError> = text.parse();
        let color: Option<&str> = color.ok().map(|color| match color {
            types::DraftColor::Red => "Red",
            types::DraftColor::Green => "Green",
        });
        writeln!(out, "color {text}: {color:?}")?;
    }
    Ok(())
}
