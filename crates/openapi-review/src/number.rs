//! Numbers as written in a document, compared without rounding.

use std::cmp::Ordering;

use serde_json::Value;

/// Whether a plain YAML scalar is a number in the core schema of YAML 1.2.
pub(crate) fn is_yaml_number(text: &str) -> bool {
    if let Some((radix, digits)) = radix(text) {
        return !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
        || Parts::of(text).is_some()
}

/// Whether two numbers have exactly the same value, as `1`, `1.0` and `10e-1` do.
///
/// Numbers that cannot be compared (`.nan`, or an exponent beyond 64 bits) are equal if their texts are equal.
pub(crate) fn is_equal(left: &str, right: &str) -> bool {
    left == right || Decimal::of(left).is_some_and(|left| Some(left) == Decimal::of(right))
}

/// Compares two numbers exactly; none if one of them cannot be compared.
pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Decimal::of(left)?, Decimal::of(right)?);
    let sign = |number: &Decimal| match number {
        Decimal { digits, .. } if digits.is_empty() => 0,
        Decimal { negative: true, .. } => -1,
        _ => 1,
    };
    // Digits without leading and trailing zeros compare like texts.
    let size = || left.exponent.cmp(&right.exponent).then_with(|| left.digits.cmp(&right.digits));
    Some(match sign(&left).cmp(&sign(&right)) {
        Ordering::Equal if left.negative => size().reverse(),
        Ordering::Equal => size(),
        order => order,
    })
}

/// Whether `left` is a multiple of `right`; none on overflow.
pub(crate) fn is_multiple(left: &str, right: &str) -> Option<bool> {
    let (left, right) = (Decimal::of(left)?, Decimal::of(right)?);
    let places = |number: &Decimal| i64::try_from(number.digits.len()).ok()?.checked_sub(number.exponent);
    let scale = places(&left)?.max(places(&right)?);
    let whole = |number: &Decimal| {
        let zeros = usize::try_from(scale.checked_sub(places(number)?)?).ok().filter(|zeros| *zeros < 39)?;
        format!("{}{}", number.digits, "0".repeat(zeros)).parse::<u128>().ok()
    };
    whole(&left)?.checked_rem(whole(&right)?).map(|rest| rest == 0)
}

/// The number as JSON, rounded to 64 bits; a text if JSON has no such number.
pub(crate) fn to_json(text: &str) -> Value {
    if let Ok(value) = text.parse::<i64>() {
        return value.into();
    }
    if let Ok(value) = text.parse::<u64>() {
        return value.into();
    }
    if let Some(Ok(value)) = radix(text).map(|(radix, digits)| u64::from_str_radix(digits, radix)) {
        return value.into();
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => value.into(),
        _ => text.into(),
    }
}

/// The base and the digits of a number whose base is not ten.
fn radix(text: &str) -> Option<(u32, &str)> {
    text.strip_prefix("0x").map(|digits| (16, digits)).or_else(|| text.strip_prefix("0o").map(|digits| (8, digits)))
}

/// The parts of a decimal number: `-12.50e3` has the digits `12` and `50`.
struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
    exponent: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (digits, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let exponent_digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let valid = all_digits(whole)
            && all_digits(fraction)
            && !(whole.is_empty() && fraction.is_empty())
            && all_digits(exponent_digits)
            && !exponent_digits.is_empty();
        valid.then_some(Self { negative: text.starts_with('-'), whole, fraction, exponent })
    }
}

/// The value `0.digits` times ten to the power of `exponent`, without leading and trailing zeros.
#[derive(PartialEq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        if let Some((radix, digits)) = radix(text) {
            return Self::of(&u128::from_str_radix(digits, radix).ok()?.to_string());
        }
        let Parts { negative, whole, fraction, exponent } = Parts::of(text)?;
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0');
        if digits.is_empty() {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(all.len() - significant.len()).ok()?;
        let exponent = exponent.parse::<i64>().ok()?.checked_add(point)?;
        Some(Self { negative, digits: digits.to_owned(), exponent })
    }
}
