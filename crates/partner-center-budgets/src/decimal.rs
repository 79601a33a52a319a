//! Exact decimal numbers.

mod digits;

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

use crate::Error;
use digits::Digits;

/// An exact decimal number: an amount of money, a quantity or a percentage.
///
/// It holds up to 28 significant digits, which is what the service itself computes with, and keeps them all,
/// trailing zeros included: no value ever passes through a binary floating point number. Two values are equal when
/// they are numerically equal, so `300` equals `300.000000`.
///
/// ```
/// use partner_center_budgets::Decimal;
///
/// let cost: Decimal = "28.82860766744404945074".parse()?;
/// assert_eq!(cost.to_string(), "28.82860766744404945074");
/// assert!("1,000".parse::<Decimal>().is_err());
/// # Ok::<(), partner_center_budgets::Error>(())
/// ```
///
/// For arithmetic, convert into [`rust_decimal::Decimal`] and back.
///
/// In JSON it is a bare number, read and written digit by digit. That works with `serde_json` readers and writers
/// without its feature `arbitrary_precision`; it does not work inside `#[serde(flatten)]` and untagged enums, which
/// hand numbers on as `f64`. For other formats write its `Display` text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(rust_decimal::Decimal);

impl FromStr for Decimal {
    type Err = Error;

    /// Reads digits with at most one point, such as `2500.50` or `-3`.
    ///
    /// # Errors
    ///
    /// Anything else is [`Error::Input`], among it thousands separators, exponents, `NaN`, an empty text, and more
    /// digits than can be kept.
    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) {
            return Err(Error::input(
                format!("`{text}` is not a decimal number"),
                "write digits and at most one point, without thousands separators, for example 1000.50",
            ));
        }
        rust_decimal::Decimal::from_str_exact(text).map(Self).map_err(|_| {
            Error::input(
                format!("`{text}` has more digits than can be kept exactly"),
                "use at most 28 digits; nothing is ever rounded silently",
            )
        })
    }
}

impl Decimal {
    /// The exact sum; `None` where it has more digits than can be kept. The arithmetic of [`rust_decimal`] would round it.
    ///
    /// ```
    /// use partner_center_budgets::Decimal;
    ///
    /// let (large, small): (Decimal, Decimal) = ("9999999999999999999999999999".parse()?, "0.01".parse()?);
    /// assert_eq!(small.checked_add(small).map(|sum| sum.to_string()).as_deref(), Some("0.02"));
    /// assert_eq!(large.checked_add(small), None);
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.0.scale().max(other.0.scale());
        let aligned =
            |number: rust_decimal::Decimal| 10_i128.checked_pow(scale - number.scale())?.checked_mul(number.mantissa());
        let sum = aligned(self.0)?.checked_add(aligned(other.0)?)?;
        rust_decimal::Decimal::try_from_i128_with_scale(sum, scale).ok().map(Self)
    }

    /// The same number without trailing zeros, but with at least `places` digits after the point where they fit.
    ///
    /// ```
    /// use partner_center_budgets::Decimal;
    ///
    /// let amounts: [Decimal; 3] = ["300".parse()?, "2.500".parse()?, "0.0125".parse()?];
    /// assert_eq!(amounts.map(|amount| amount.with_min_places(2).to_string()), ["300.00", "2.50", "0.0125"]);
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    #[must_use]
    pub fn with_min_places(self, places: u32) -> Self {
        let mut number = self.0.normalize();
        if number.scale() < places {
            number.rescale(places);
        }
        Self(number)
    }

    /// Reads a JSON number, which unlike a person's input may have an exponent. Never rounds.
    fn from_json(text: &str) -> Option<Self> {
        let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
            return rust_decimal::Decimal::from_str_exact(text).ok().map(Self);
        };
        let mut value = rust_decimal::Decimal::from_str_exact(digits).ok()?;
        let scale = i64::from(value.scale()) - exponent.parse::<i64>().ok()?;
        if value.is_zero() {
            return Some(Self(value));
        }
        match u32::try_from(scale) {
            Ok(scale) => value.set_scale(scale).ok()?,
            Err(_) => {
                value.set_scale(0).ok()?;
                let power = u32::try_from(-scale).ok().and_then(|zeros| 10_i128.checked_pow(zeros))?;
                value = value.checked_mul(rust_decimal::Decimal::try_from_i128_with_scale(power, 0).ok()?)?;
            }
        }
        Some(Self(value))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self(value)
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(value: Decimal) -> Self {
        value.0
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = Digits::of(self.0);
        let number: &RawValue = serde_json::from_slice(digits.written()).map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let literal = Box::<RawValue>::deserialize(deserializer)?;
        let text = literal.get();
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            // Without the value: the text may be somebody's secret.
            let found = match text.as_bytes().first() {
                Some(b'"') => "string",
                Some(b'[') => "sequence",
                Some(b'{') => "map",
                Some(b'n') => "null",
                _ => "boolean",
            };
            return Err(de::Error::invalid_type(Unexpected::Other(found), &"a number"));
        }
        Self::from_json(text)
            .ok_or_else(|| de::Error::invalid_value(Unexpected::Other("number"), &"a number of at most 28 digits"))
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "format": "decimal" })
    }
}
