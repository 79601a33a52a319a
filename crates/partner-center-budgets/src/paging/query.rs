//! The page size and the filter, which the queries of lists share.

use std::num::NonZeroU32;

use serde_json::Value;

use crate::Error;

/// The largest page that the service is known to return.
pub(super) const LARGEST_PAGE: u32 = 500;

/// Checks the number of records per page.
pub(super) fn page_size(records: u32) -> Result<NonZeroU32, Error> {
    NonZeroU32::new(records).filter(|_| records <= LARGEST_PAGE).ok_or_else(|| {
        Error::input(
            format!("invalid page size {records}"),
            "use a page size from 1 to 500; the list reads as many pages as needed",
        )
    })
}

/// A filter in JSON, with the value escaped.
pub(super) fn filter(field: &str, value: impl Into<String>, operator: &str) -> String {
    let value = Value::from(value.into());
    format!(r#"{{"Field":"{field}","Value":{value},"Operator":"{operator}"}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_page_sizes_from_1_to_500() {
        for size in [1, 500] {
            assert_eq!(page_size(size).unwrap().get(), size);
        }
        for size in [0, 501, u32::MAX] {
            let error = page_size(size).unwrap_err();
            assert!(matches!(error, Error::Input { .. }), "{error:?}");
        }
    }

    #[test]
    fn escapes_the_value() {
        let value = "a\"b\\c\n{é&+%?";
        let filter: Value = serde_json::from_str(&filter("CompanyName", value, "substring")).unwrap();
        assert_eq!(filter, serde_json::json!({ "Field": "CompanyName", "Value": value, "Operator": "substring" }));
    }
}
