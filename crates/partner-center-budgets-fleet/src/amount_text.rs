//! Amounts in files.

use partner_center_budgets::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount as a JSON string, so that no program that reads the file parses it as a binary floating point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AmountText(pub(crate) Decimal);

impl Serialize for AmountText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AmountText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}
