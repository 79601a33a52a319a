//! Checks that the body of a success is the object that its operation returns.
//!
//! Every field of a response is optional, so `{}`, a maintenance notice and a fault all decode as an object without
//! values. An absent value has a meaning ("no budget", "no customers") only in an object that identifies its type.

use serde_json::Value;

use crate::generated::types::ResourceAttributes;

/// A response type of the document. [`document_tables`](crate::tables) implements it.
pub(crate) trait ResponseType {
    /// The value of `attributes.objectType`.
    const OBJECT_TYPE: &'static str;
    /// Fields that identify the type: one of them is enough, even if it is null.
    const IDENTIFYING_FIELDS: &'static [&'static str];

    /// Whether the object has its main value, such as the amount of a budget or the items of a list.
    fn has_value(&self) -> bool;

    /// The metadata of the object.
    fn attributes(&self) -> Option<&ResourceAttributes>;

    /// Whether `object_type` names this type. Case differs between services.
    fn is_named(object_type: &str) -> bool {
        object_type.eq_ignore_ascii_case(Self::OBJECT_TYPE)
    }
}

/// Why a body is not the object that its operation returns.
#[derive(Debug, PartialEq)]
pub(crate) enum Mismatch {
    /// It is a fault, although the status is a success.
    Fault,
    /// Nothing in it identifies the expected type.
    Unidentified,
}

/// Checks that `answer`, decoded from `body`, identifies its type.
pub(crate) fn check<T: ResponseType>(answer: &T, body: &[u8]) -> Result<(), Mismatch> {
    let object_type = answer.attributes().and_then(|attributes| attributes.object_type.as_deref());
    if answer.has_value() || object_type.is_some_and(T::is_named) {
        return Ok(());
    }
    // The decoded value does not distinguish null from absent, so parse the body again. This is rare.
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if body.get("code").is_some() && body.get("description").is_some() {
        return Err(Mismatch::Fault);
    }
    let has_field = T::IDENTIFYING_FIELDS.iter().any(|field| body.get(field).is_some());
    if has_field { Ok(()) } else { Err(Mismatch::Unidentified) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::types::{
        CustomerCollection, CustomerUsageSummary, PartnerUsageSummary, SpendingBudget, SubscriptionUsageSummary,
    };

    fn checked<T: ResponseType + serde::de::DeserializeOwned>(body: &str) -> Result<(), Mismatch> {
        check(&serde_json::from_str::<T>(body).unwrap(), body.as_bytes())
    }

    const NOT_CHANGED: &str = r#"{"code":"2000","description":"under maintenance, nothing was changed"}"#;

    #[test]
    fn an_object_without_values_must_identify_its_type() {
        for body in ["{}", r#"{"status":"maintenance"}"#, r#"{"attributes":{}}"#, r#"{"usageSpendingBudget":97}"#] {
            assert_eq!(checked::<SpendingBudget>(body), Err(Mismatch::Unidentified), "{body}");
            assert_eq!(checked::<CustomerUsageSummary>(body), Err(Mismatch::Unidentified), "{body}");
            assert_eq!(checked::<PartnerUsageSummary>(body), Err(Mismatch::Unidentified), "{body}");
            assert_eq!(checked::<SubscriptionUsageSummary>(body), Err(Mismatch::Unidentified), "{body}");
            assert_eq!(checked::<CustomerCollection>(body), Err(Mismatch::Unidentified), "{body}");
        }
        for mark in ["SpendingBudget", "spendingBUDGET"] {
            let body = format!(r#"{{"attributes":{{"objectType":"{mark}"}}}}"#);
            assert_eq!(checked::<SpendingBudget>(&body), Ok(()), "{body}");
            assert_eq!(checked::<CustomerUsageSummary>(&body), Err(Mismatch::Unidentified), "{body}");
        }
        for mark in ["Collection", "PagedResourceCollection"] {
            let body = format!(r#"{{"attributes":{{"objectType":"{mark}"}}}}"#);
            assert_eq!(checked::<CustomerCollection>(&body), Ok(()), "{body}");
        }
    }

    #[test]
    fn an_identifying_field_is_enough_even_if_it_is_null() {
        assert_eq!(checked::<SpendingBudget>(r#"{"amount":null}"#), Ok(()));
        assert_eq!(checked::<SpendingBudget>(r#"{"amount":97,"code":1,"description":"x"}"#), Ok(()));
        assert_eq!(checked::<CustomerCollection>(r#"{"items":[]}"#), Ok(()));
        assert_eq!(checked::<CustomerCollection>(r#"{"items":null}"#), Ok(()));
        assert_eq!(checked::<CustomerCollection>(r#"{"totalCount":0}"#), Ok(()));
        assert_eq!(checked::<CustomerCollection>(r#"{"totalCount":3}"#), Err(Mismatch::Unidentified));
        assert_eq!(checked::<CustomerUsageSummary>(r#"{"totalCost":null}"#), Ok(()));
    }

    #[test]
    fn a_fault_is_not_an_object() {
        assert_eq!(checked::<SpendingBudget>(NOT_CHANGED), Err(Mismatch::Fault));
        assert_eq!(checked::<CustomerUsageSummary>(NOT_CHANGED), Err(Mismatch::Fault));
        assert_eq!(checked::<PartnerUsageSummary>(NOT_CHANGED), Err(Mismatch::Fault));
        assert_eq!(checked::<SubscriptionUsageSummary>(NOT_CHANGED), Err(Mismatch::Fault));
        assert_eq!(checked::<CustomerCollection>(NOT_CHANGED), Err(Mismatch::Fault));
        let with_null = r#"{"amount":null,"code":2000,"description":"nothing was changed"}"#;
        assert_eq!(checked::<SpendingBudget>(with_null), Err(Mismatch::Fault));
    }
}
