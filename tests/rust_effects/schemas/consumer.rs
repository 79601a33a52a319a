//! What a careful user writes against the code generated from base.yaml: every request by a literal of all its fields, every
//! field of a response by its type, every enum by a match of all its variants. Compiled with each revision's code instead,
//! it has to compile and to print the same.

use std::fmt::Write;

use rust_effects_kit::{Call, now};
use serde_json::from_str;

use super::generated::{Client, Error, ResponseValue, types};

/// A full order, as a service answers it that knows the base document only.
const FULL: &str = r#"{
    "state": "paid", "seller": "", "title": "T", "codes": ["x"], "payment": { "voucherCode": "v" },
    "discount": { "percent": 10, "reason": "r" }, "owner": { "login": "L", "later": [] }, "agent": { "login": "M" },
    "place": { "shelf": "S", "later": 4 }, "weighed": { "login": "N", "grams": 3 }
}"#;

/// The least that the base document lets a service answer.
const LEAST: &str = r#"{ "state": "open", "seller": "s" }"#;

pub fn run() -> String {
    let call = Call::default();
    let client = Client::new("http://localhost", call.clone());
    let mut out = String::new();
    let amount: Option<i32> = Some(-300);
    let code: Option<types::Code> = types::Code::try_from("Twelve chars").ok();
    let code_text: Option<String> = code.clone().map(|code| code.into());
    let changes = [types::LineChange { amount, code }, types::LineChange { amount: None, code: None }];
    let answers = [(200, FULL), (200, LEAST), (404, r#"{ "message": "gone" }"#)];
    for ((status, answer), change) in answers.into_iter().zip(changes.iter().cycle()) {
        call.answer(status, answer);
        let result: Result<ResponseValue<types::Order>, Error<types::Fault>> = now(client.change_order(change));
        writeln!(out, "change: {code_text:?} {}", call.sent()).unwrap();
        match result {
            Ok(order) => read(order.into_inner(), &mut out).unwrap(),
            Err(Error::ErrorResponse(fault)) => {
                let message: Option<String> = fault.into_inner().message;
                writeln!(out, "fault: {message:?}").unwrap();
            }
            Err(error) => writeln!(out, "refused: {error}").unwrap(),
        }
    }
    for text in [r#"{ "cardNumber": "c" }"#, r#"{ "cardNumber": "c", "voucherCode": "v" }"#, "{}"] {
        writeln!(out, "payment: {:?}", from_str::<types::Payment>(text).map(payment_text).ok()).unwrap();
    }
    for text in [r#"{ "percent": 5 }"#, r#"{ "reason": "r" }"#, "{}"] {
        writeln!(out, "discount: {:?}", from_str::<types::Discount>(text).map(discount_text).ok()).unwrap();
    }
    out
}

fn read(order: types::Order, out: &mut String) -> std::fmt::Result {
    let state: types::State = order.state;
    let state: &str = match state {
        types::State::Open => "Open",
        types::State::Paid => "Paid",
        types::State::Shipped => "Shipped",
    };
    let seller: String = order.seller;
    let title: Option<String> = order.title;
    let codes: Vec<String> = order.codes;
    writeln!(out, "texts: {state} {seller} {title:?} {codes:?}")?;
    let payment: Option<String> = order.payment.map(payment_text);
    let discount: Option<String> = order.discount.map(discount_text);
    let owner: Option<types::Owner> = order.owner;
    let owner: Option<String> = owner.and_then(|owner| owner.login);
    let agent: Option<types::Owner> = order.agent;
    let agent: Option<String> = agent.and_then(|agent| agent.login);
    let place: Option<types::OrderPlace> = order.place;
    let shelf: Option<String> = place.and_then(|place| place.shelf);
    let weighed: Option<types::Weighed> = order.weighed;
    let weighed: Option<(Option<String>, Option<i64>)> = weighed.map(|weighed| (weighed.login, weighed.grams));
    writeln!(out, "parts: {payment:?} {discount:?} {owner:?} {agent:?} {shelf:?} {weighed:?}")
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

fn discount_text(discount: types::Discount) -> String {
    let percent: Option<i64> = discount.subtype_0.and_then(|part: types::Percent| part.percent);
    let reason: Option<String> = discount.subtype_1.and_then(|part: types::Reason| part.reason);
    format!("{percent:?} {reason:?}")
}
