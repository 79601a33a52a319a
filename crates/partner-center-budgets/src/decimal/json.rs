//! Decimals in JSON, and their JSON Schema.

use serde::de::{self, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

use super::Decimal;

impl Decimal {
    /// Parses a JSON number, which can have an exponent. Never rounds.
    fn from_json(text: &str) -> Option<Self> {
        let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
            return rust_decimal::Decimal::from_str_exact(text).ok().map(Self);
        };
        let number = rust_decimal::Decimal::from_str_exact(digits).ok()?;
        if number.is_zero() {
            return Some(Self(number));
        }
        let scale = i64::from(number.scale()) - i64::from(exponent.parse::<i32>().ok()?);
        let factor = 10_i128.checked_pow(u32::try_from(-scale).unwrap_or_default())?;
        let scale = u32::try_from(scale.max(0)).ok()?;
        rust_decimal::Decimal::try_from_i128_with_scale(number.mantissa().checked_mul(factor)?, scale).ok().map(Self)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.array_string();
        let number: &RawValue = serde_json::from_str(text.as_ref()).map_err(ser::Error::custom)?;
        number.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let literal = Box::<RawValue>::deserialize(deserializer)?;
        let text = literal.get();
        if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            // Without the value: it can be a secret.
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

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "format": "decimal" })
    }
}
