//! What a careful user writes against the code generated from base.yaml: every request by a literal of all its fields, every
//! field of a response by its type, every enum by a match of all its variants. Compiled with each revision's code instead,
//! it has to compile and to print the same.

use std::collections::HashMap;
use std::fmt::Write;

use rust_effects_kit::{Call, Decimal, now};
use serde_json::{Value, from_str};

use super::generated::{Client, Error, ResponseValue, types};

/// A full order, as a service answers it that knows the base document only.
const FULL: &str = r#"{
    "id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff", "state": "paid", "total": 28.82860766744404945074, "seller": "",
    "rows": -5000000000, "bits": -300, "ratio": 0.1, "score": 2.5, "title": "not a number", "memo": null,
    "created": "yesterday", "shipped": "2026-02-03", "payload": "no base64!", "currency": "USD", "codes": ["x", "x", ""],
    "counts": { "A b": -5000000000 }, "anything": [1, "2"], "place": { "shelf": "S", "later": 4 }, "urgency": "high",
    "address": { "street": "", "town": null, "later": 1 }, "owner": { "login": "L", "mail": "not a mail" },
    "payment": { "voucherCode": "v" }, "later": { "any": "thing" }
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
    let card = from_str::<types::Payment>(r#"{ "cardNumber": "c" }"#).map(payment_text);
    writeln!(out, "card: {:?}", card.map_err(|error| error.to_string())).unwrap();
    out
}

fn drafts() -> [types::Draft; 2] {
    let sku: String = String::new();
    let quantity: i64 = -5_000_000_000;
    let price: Option<Decimal> = "28.82860766744404945074".parse().ok();
    let note: Option<String> = Some("n".to_owned());
    let labels: Vec<String> = vec!["l".to_owned(), "l".to_owned(), String::new()];
    let parcels: Option<u64> = Some(300);
    let priority: i64 = 9;
    let coupon: Option<String> = Some("c".to_owned());
    let address: Option<types::Address> = Some(types::Address { street: String::new(), town: Some("t".to_owned()) });
    let extra: HashMap<String, String> = HashMap::from([("A b".to_owned(), String::new())]);
    let full = types::Draft { sku, quantity, price, note, labels, parcels, priority, coupon, address, extra };
    let least = types::Draft {
        sku: "s".to_owned(),
        quantity: 0,
        price: None,
        note: None,
        labels: Vec::new(),
        parcels: None,
        priority: 5,
        coupon: None,
        address: None,
        extra: HashMap::new(),
    };
    [full, least]
}

fn read(order: types::Order, out: &mut String) -> std::fmt::Result {
    let id: uuid::Uuid = order.id;
    let state: &str = match order.state {
        types::State::Open => "Open",
        types::State::Paid => "Paid",
    };
    let total: Decimal = order.total;
    let seller: String = order.seller;
    writeln!(out, "required: {id} {state} {total} {seller}")?;
    let rows: Option<i64> = order.rows;
    let bits: Option<i32> = order.bits;
    let ratio: Option<f64> = order.ratio;
    let score: Option<f32> = order.score;
    writeln!(out, "numbers: {rows:?} {bits:?} {ratio:?} {score:?}")?;
    let title: Option<String> = order.title;
    let memo: Option<String> = order.memo;
    let created: Option<String> = order.created;
    let shipped: Option<chrono::NaiveDate> = order.shipped;
    let payload: Option<String> = order.payload;
    let currency: String = order.currency;
    writeln!(out, "texts: {title:?} {memo:?} {created:?} {shipped:?} {payload:?} {currency}")?;
    let codes: Vec<String> = order.codes;
    let counts: HashMap<String, i64> = order.counts;
    let anything: Option<Value> = order.anything;
    writeln!(out, "many: {codes:?} {counts:?} {anything:?}")?;
    let place: Option<types::OrderPlace> = order.place;
    let shelf: Option<String> = place.and_then(|place| place.shelf);
    let urgency: Option<&str> = order.urgency.map(|urgency: types::OrderUrgency| match urgency {
        types::OrderUrgency::Low => "Low",
        types::OrderUrgency::High => "High",
    });
    let address: Option<types::Address> = order.address;
    let address: Option<(String, Option<String>)> = address.map(|address| (address.street, address.town));
    let owner: Option<types::Owner> = order.owner;
    let owner: Option<(Option<String>, Option<String>)> = owner.map(|owner| (owner.login, owner.mail));
    let payment: Option<String> = order.payment.map(payment_text);
    writeln!(out, "parts: {shelf:?} {urgency:?} {address:?} {owner:?} {payment:?}")
}

fn payment_text(payment: types::Payment) -> String {
    match payment {
        types::Payment::Card(card) => {
            let number: String = card.card_number;
            format!("card {number}")
        }
        types::Payment::Voucher(voucher) => {
            let code: String = voucher.voucher_code;
            format!("voucher {code}")
        }
    }
}
