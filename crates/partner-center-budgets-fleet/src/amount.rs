//! Amounts in files.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use partner_center_budgets::Decimal;

/// An amount as text, so that no program that reads the file takes it for a floating point number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Amount(pub(super) Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}
