//! Values of the activity log: who made a change, and the budget before or after it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use partner_center_budgets::{AuditRecord, Decimal};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A budget before or after a change. Microsoft does not publish how the log writes one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AuditedBudget {
    Amount(Decimal),
    NoBudget,
    /// A text that does not tell the amount.
    Text(String),
}

/// Reads JSON with an amount, as other values of the log have it.
impl From<String> for AuditedBudget {
    fn from(text: String) -> Self {
        let object: HashMap<String, Box<RawValue>> = serde_json::from_str(&text).unwrap_or_default();
        // The log has the casing of .NET, the service that of JavaScript.
        match object.get("Amount").or_else(|| object.get("amount")).map(|amount| amount.get()) {
            Some("null") => Self::NoBudget,
            Some(amount) => serde_json::from_str(amount).map_or(Self::Text(text), Self::Amount),
            None => Self::Text(text),
        }
    }
}

impl fmt::Display for AuditedBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Amount(amount) => write!(f, "{amount}"),
            Self::NoBudget => f.write_str("none"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A number, null or a text.
impl Serialize for AuditedBudget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Amount(amount) => amount.serialize(serializer),
            Self::NoBudget => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The user who made a change, or the app if there is no user.
pub(crate) fn who(record: &AuditRecord) -> Option<String> {
    let is_named = |name: &&String| !name.trim().is_empty();
    let user = record.user_principal_name.as_ref().filter(is_named);
    user.or(record.application_id.as_ref().filter(is_named)).cloned()
}

impl JsonSchema for AuditedBudget {
    fn schema_name() -> Cow<'static, str> {
        "AuditedBudget".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "An amount, null for no budget, or the text of the log if it does not tell the amount",
            "type": ["number", "null", "string"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_amounts_in_both_casings_and_keeps_other_texts() {
        let amount = |text: &str| AuditedBudget::Amount(text.parse().unwrap());
        let text = |text: &str| AuditedBudget::Text(text.to_owned());
        for (sent, expected, json) in [
            (r#"{"Amount":28.82860766744404945074}"#, amount("28.82860766744404945074"), "28.82860766744404945074"),
            (r#"{"amount":300.000000,"Attributes":{}}"#, amount("300.000000"), "300.000000"),
            (r#"{"Amount":null}"#, AuditedBudget::NoBudget, "null"),
            (
                r#"{"Attributes":{"ObjectType":"SpendingBudget"}}"#,
                text(r#"{"Attributes":{"ObjectType":"SpendingBudget"}}"#),
                "",
            ),
            (r#"{"Amount":"much"}"#, text(r#"{"Amount":"much"}"#), ""),
            ("97", text("97"), r#""97""#),
            ("97 EUR", text("97 EUR"), r#""97 EUR""#),
            ("[]", text("[]"), r#""[]""#),
            ("", text(""), r#""""#),
        ] {
            let read = AuditedBudget::from(sent.to_owned());
            assert_eq!(read, expected, "{sent}");
            if !json.is_empty() {
                assert_eq!(serde_json::to_string(&read).unwrap(), json, "{sent}");
            }
        }
        assert_eq!(AuditedBudget::NoBudget.to_string(), "none");
    }
}
