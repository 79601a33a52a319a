//! Any response of a token endpoint is read or refused, without a panic or a secret in the error.

use std::time::Duration;

use partner_center_budgets::auth::TokenResponse;
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

/// Any JSON value of a field.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(|number| json!(number.to_string())),
        any::<f64>().prop_map(|number| json!(number.to_string())),
        proptest::collection::vec(any::<u8>(), 0..4).prop_map(|bytes| json!(bytes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(serde_json::from_slice::<TokenResponse>(&bytes));
    }

    #[test]
    fn any_lifetime_leaves_the_token_usable(value in any_value()) {
        let answer = json!({ "access_token": "at", "refresh_token": "rt", "expires_in": value.clone() });
        let granted: TokenResponse = serde_json::from_value(answer).unwrap();
        prop_assert_eq!(granted.access_token.expose_secret(), "at");
        // An invalid lifetime counts as unknown: the token is renewed when it is refused.
        drop(format!("{:?}", granted.into_access_token()));
    }

    #[test]
    fn seconds_are_read_as_number_and_as_text(seconds in 0_u32..) {
        for value in [json!(seconds), json!(seconds.to_string()), json!(format!(" {seconds}"))] {
            let granted: TokenResponse =
                serde_json::from_value(json!({ "access_token": "at", "expires_in": value })).unwrap();
            prop_assert_eq!(granted.lifetime, Some(Duration::from_secs(seconds.into())));
        }
    }

    #[test]
    fn a_field_of_another_type_is_refused(value in any_value(), field in 0..2) {
        let mut answer = json!({ "access_token": "at" });
        let field = ["access_token", "refresh_token"][field as usize];
        answer[field] = value.clone();
        let is_allowed = value.is_string() || (value.is_null() && field == "refresh_token");
        prop_assert_eq!(serde_json::from_value::<TokenResponse>(answer).is_ok(), is_allowed);
    }
}
