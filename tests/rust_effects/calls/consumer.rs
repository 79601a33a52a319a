//! What a careful user writes against the code generated from base.yaml: every call with all its arguments by their types,
//! and every result by its type. Compiled with each revision's code instead, it has to compile and to print the same.

use std::fmt::{Debug, Write};

use rust_effects_kit::{Call, now};

use super::generated::{Client, Error, ResponseValue, types};

pub fn run() -> String {
    let call = Call::default();
    let client = Client::new("http://localhost", call.clone());
    let mut out = String::new();
    list(&client, &call, &mut out).unwrap();
    others(&client, &call, &mut out).unwrap();
    out
}

fn list(client: &Client, call: &Call, out: &mut String) -> std::fmt::Result {
    let after: Option<&str> = Some("A");
    let kinds: Vec<String> = vec!["x".to_owned(), "y,z".to_owned()];
    let kinds: Option<&Vec<String>> = Some(&kinds);
    let since: &str = "";
    let size: Option<i64> = Some(-1);
    let state: Option<types::State> = Some(types::State::Paid);
    let trace: Option<&str> = Some("t");
    for (status, answer) in [(200, r#"{ "items": [{ "seller": "s" }], "next": "n" }"#), (404, r#"{ "message": "m" }"#)]
    {
        call.answer(status, answer);
        let results: [Result<ResponseValue<types::OrderList>, Error<types::Fault>>; 2] = [
            now(client.list_orders(after, kinds, since, size, state, trace)),
            now(client.list_orders(None, None, "s", None, None, None)),
        ];
        writeln!(out, "list: {}", call.sent())?;
        for result in results {
            match result {
                Ok(list) => {
                    let list: types::OrderList = list.into_inner();
                    let items: Vec<types::Order> = list.items;
                    let next: Option<String> = list.next;
                    writeln!(out, "list of {}, {next:?}", items.len())?;
                }
                Err(Error::ErrorResponse(fault)) => {
                    let message: Option<String> = fault.into_inner().message;
                    writeln!(out, "list fault {message:?}")?;
                }
                Err(error) => writeln!(out, "list failed {error}")?,
            }
        }
    }
    Ok(())
}

fn others(client: &Client, call: &Call, out: &mut String) -> std::fmt::Result {
    let word: &str = "a b/c";
    let number: i64 = -5_000_000_000;
    let order = r#"{ "seller": "s" }"#;

    call.answer(201, order);
    let draft = types::Draft { sku: "s".to_owned() };
    let created: Result<ResponseValue<types::Order>, Error<types::Fault>> = now(client.create_order(&draft));
    writeln!(out, "create: {} {:?}", call.sent(), created.map(seller).map_err(text))?;

    call.answer(200, order);
    let details: Option<types::GetOrderDetails> = "ten letter".parse().ok();
    let got: Result<ResponseValue<types::Order>, Error<()>> = now(client.get_order(word, details.as_ref()));
    writeln!(out, "get: {} {:?}", call.sent(), got.map(seller).map_err(text))?;

    call.answer(204, "");
    let changes = [
        types::LineChange { amount: Some(-300), remark: Some(String::new()) },
        types::LineChange { amount: None, remark: None },
    ];
    for change in changes {
        let changed: Result<ResponseValue<()>, Error<()>> = now(client.change_line(word, number, &change));
        writeln!(out, "change: {} {:?}", call.sent(), changed.map(ResponseValue::into_inner).map_err(text))?;
    }
    let deleted: Result<ResponseValue<()>, Error<()>> = now(client.delete_line(word, number));
    writeln!(out, "delete: {} {:?}", call.sent(), deleted.map(ResponseValue::into_inner).map_err(text))?;

    call.answer(200, r#"{ "login": "L", "grams": 3 }"#);
    let memo: String = "memo".to_owned();
    let set: Result<ResponseValue<types::Weighed>, Error<()>> = now(client.set_memo(word, memo));
    let weighed: Result<(Option<i64>, Option<String>), String> =
        set.map(ResponseValue::into_inner).map(|weighed| (weighed.grams, weighed.login)).map_err(text);
    writeln!(out, "memo: {} {weighed:?}", call.sent())?;

    call.answer(200, r#"[{ "article": "a" }]"#);
    let code: types::Code = "Twelve chars".parse().unwrap();
    let found: Result<ResponseValue<Vec<types::Line>>, Error<()>> = now(client.look_up(&code));
    writeln!(out, "look up: {} {:?}", call.sent(), found.map(|lines| lines.into_inner().len()).map_err(text))
}

fn seller(order: ResponseValue<types::Order>) -> String {
    order.into_inner().seller
}

fn text<T: Debug>(error: Error<T>) -> String {
    error.to_string()
}
