//! Decimals keep all digits. Other texts are errors.

use partner_center_budgets::Decimal;
use proptest::prelude::*;

#[test]
fn refuses_other_texts() {
    let refused = [
        "",
        " ",
        "1,000",
        "1.000,00",
        "1_000",
        "NaN",
        "inf",
        "1e3",
        "1e999",
        "+1",
        ".5",
        "5.",
        "-",
        "--1",
        "1 000",
        "0x10",
        "１",
        "1.2.3",
        "99999999999999999999999999999999",
        "0.00000000000000000000000000001",
    ];
    for text in refused {
        let error = text.parse::<Decimal>().unwrap_err().to_string();
        assert!(error.contains(&format!("`{text}`")), "{text}: {error}");
    }
}

#[test]
fn keeps_all_digits() {
    for text in [
        "0",
        "0.00",
        "-1",
        "300.000000",
        "28.82860766744404945074",
        "120.5682999999995904716",
        "79228162514264337593543950335",
    ] {
        assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
        assert_eq!(serde_json::to_string(&serde_json::from_str::<Decimal>(text).unwrap()).unwrap(), text);
    }
}

#[test]
fn parses_json_numbers_with_an_exponent() {
    for (text, value) in [
        ("1e3", "1000"),
        ("2.5E-2", "0.025"),
        ("1E+2", "100"),
        ("0e99", "0"),
        ("0e99999999999999999999", "0"),
        ("-1.50e1", "-15.0"),
        ("1e28", "10000000000000000000000000000"),
    ] {
        assert_eq!(serde_json::from_str::<Decimal>(text).unwrap(), value.parse().unwrap(), "{text}");
    }
}

#[test]
fn refuses_json_that_does_not_fit_without_rounding() {
    for text in [
        "1e999",
        "\"97\"",
        "null",
        "[]",
        "true",
        "123456789012345678901234567890123",
        "28.828607667444049450741234567890123e0",
        "1.5e-28",
        "1e29",
        "1e-9223372036854775808",
        "1.00000000000000000000000000001",
    ] {
        assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
    }
}

/// The value can be a secret.
#[test]
fn refusal_of_other_json_has_its_type_and_not_its_value() {
    for (json, found) in
        [("\"97\"", "string"), ("[97]", "sequence"), ("{\"a\":97}", "map"), ("null", "null"), ("true", "boolean")]
    {
        let error = serde_json::from_str::<Decimal>(json).unwrap_err().to_string();
        assert_eq!(error, format!("invalid type: {found}, expected a number"));
    }
}

#[test]
fn json_schema_is_a_number() {
    let schema = schemars::schema_for!([Decimal; 1]);
    assert_eq!(schema.get("items"), Some(&serde_json::json!({ "type": "number", "format": "decimal" })));
}

#[test]
fn zeros_are_added_or_removed_up_to_the_minimum_of_places() {
    for (text, expected) in [
        ("300", "300.00"),
        ("300.000000", "300.00"),
        ("2.500", "2.50"),
        ("0.0125", "0.0125"),
        ("-1.2", "-1.20"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
    ] {
        let number = text.parse::<Decimal>().unwrap().with_min_places(2);
        assert_eq!(number.to_string(), expected);
        assert_eq!(format!("{number:?}"), expected);
    }
}

#[test]
fn differences_are_exact_or_nothing() {
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    let difference = |one: &str, other: &str| decimal(one).checked_sub(decimal(other)).map(|found| found.to_string());
    assert_eq!(difference("1000.00000000000000000001", "10").as_deref(), Some("990.00000000000000000001"));
    assert_eq!(difference("1", "2.50").as_deref(), Some("-1.50"));
    assert_eq!(difference("9999999999999999999999999999", "0.01"), None);
    assert_eq!(difference("-79228162514264337593543950335", "1"), None);
}

#[test]
fn converts_integers_of_every_type() {
    assert_eq!(Decimal::from(-128_i8).to_string(), "-128");
    assert_eq!(Decimal::from(65_535_u16).to_string(), "65535");
    assert_eq!(Decimal::from(i64::MIN).to_string(), i64::MIN.to_string());
    assert_eq!(Decimal::from(u64::MAX).to_string(), u64::MAX.to_string());
    assert_eq!(Decimal::from(usize::MAX).to_string(), usize::MAX.to_string());
}

#[test]
fn converts_f64_to_its_shortest_digits() {
    for (value, expected) in [
        (0.1, "0.1"),
        (-120.50, "-120.5"),
        (1e3, "1000"),
        (1e-28, "0.0000000000000000000000000001"),
        (0.0, "0"),
        (-0.0, "0"),
        (7e28, "70000000000000000000000000000"),
    ] {
        assert_eq!(Decimal::from_f64_shortest(value).unwrap().to_string(), expected);
    }
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 8e28, f64::MAX, 1e-29, f64::MIN_POSITIVE] {
        assert!(Decimal::from_f64_shortest(value).is_err(), "{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn round_trips_every_decimal(digits in -79228162514264337593543950335_i128..79228162514264337593543950335, scale in 0_u32..=28) {
        let value = Decimal::from(rust_decimal::Decimal::from_i128_with_scale(digits, scale));
        let text = value.to_string();
        prop_assert_eq!(text.parse::<Decimal>().unwrap(), value);
        let json = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(&json, &text);
        prop_assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap().to_string(), text);
    }

    #[test]
    fn parses_any_text_exactly_or_refuses_it(text in "\\PC{0,40}") {
        if let Ok(value) = text.parse::<Decimal>() {
            let digits = |text: &str| text.trim_start_matches(['-', '0']).to_owned();
            prop_assert_eq!(digits(&value.to_string()), digits(&text));
        }
    }

    #[test]
    fn an_f64_reads_back_from_its_shortest_digits(value in -1e15..1e15_f64) {
        if let Ok(decimal) = Decimal::from_f64_shortest(value) {
            prop_assert_eq!(decimal.to_string().parse::<f64>().unwrap(), value);
        }
    }
}
