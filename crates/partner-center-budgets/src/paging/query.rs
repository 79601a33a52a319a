//! Which customers to list.

use std::num::NonZeroU32;

use serde_json::Value;

use crate::Error;

/// The largest page that the service returns.
const LARGEST_PAGE: u32 = 500;

/// The filter field that needs a token of an app and a user.
const INDIRECT_RESELLER: &str = "IndirectReseller";

/// Which customers to list, and how many of them to a page.
///
/// ```
/// use partner_center_budgets::CustomerQuery;
///
/// let query = CustomerQuery::new().company_name_starts_with("Blue").page_size(100)?;
/// # Ok::<(), partner_center_budgets::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerQuery {
    page_size: Option<NonZeroU32>,
    filter: Option<(&'static str, String)>,
}

impl CustomerQuery {
    /// All customers, 500 to a page.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerQuery;
    /// let all = CustomerQuery::new();
    /// assert_eq!(all, CustomerQuery::new().page_size(500)?);
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self { page_size: NonZeroU32::new(LARGEST_PAGE), filter: None }
    }

    /// The number of customers per page, from 1 to 500. Smaller pages take less memory and more calls.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerQuery;
    /// let query = CustomerQuery::new().page_size(100)?;
    /// assert!(query.page_size(0).is_err());
    /// # Ok::<(), partner_center_budgets::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] for any other number.
    pub fn page_size(self, customers: u32) -> Result<Self, Error> {
        match NonZeroU32::new(customers) {
            Some(size) if customers <= LARGEST_PAGE => Ok(Self { page_size: Some(size), ..self }),
            _ => Err(Error::input(
                format!("invalid page size {customers}"),
                "use a page size from 1 to 500; the list reads as many pages as needed",
            )),
        }
    }

    /// Only customers whose company name begins with `prefix`. The service supports one filter at a time, so this replaces any
    /// other.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerQuery;
    /// let query = CustomerQuery::new().company_name_starts_with("Blue Harbor");
    /// ```
    #[must_use]
    pub fn company_name_starts_with(self, prefix: impl Into<String>) -> Self {
        Self { filter: Some(("CompanyName", prefix.into())), ..self }
    }

    /// Only customers whose domain begins with `prefix`. The service supports one filter at a time, so this replaces any
    /// other.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerQuery;
    /// let query = CustomerQuery::new().company_name_starts_with("Blue").domain_starts_with("contoso");
    /// assert_eq!(query, CustomerQuery::new().domain_starts_with("contoso"));
    /// ```
    #[must_use]
    pub fn domain_starts_with(self, prefix: impl Into<String>) -> Self {
        Self { filter: Some(("Domain", prefix.into())), ..self }
    }

    /// Only customers of an indirect reseller whose tenant id begins with `prefix`. Needs a token of an app and a user. The
    /// service supports one filter at a time, so this replaces any other.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerQuery;
    /// let query = CustomerQuery::new().indirect_reseller_starts_with("11111111-1843-4b3b-872f-206e08a08e51");
    /// ```
    #[must_use]
    pub fn indirect_reseller_starts_with(self, prefix: impl Into<String>) -> Self {
        Self { filter: Some((INDIRECT_RESELLER, prefix.into())), ..self }
    }

    /// The option that requires a user, if it is set.
    pub(crate) fn needs_user_for(&self) -> Option<&'static str> {
        matches!(self.filter, Some((INDIRECT_RESELLER, _))).then_some("a filter by indirect reseller")
    }

    pub(crate) fn size(&self) -> Option<NonZeroU32> {
        self.page_size
    }

    /// The filter in JSON, with the prefix escaped.
    pub(crate) fn filter(&self) -> Option<String> {
        let (field, prefix) = self.filter.as_ref()?;
        let value = Value::from(prefix.as_str());
        Some(format!(r#"{{"Field":"{field}","Value":{value},"Operator":"starts_with"}}"#))
    }
}

impl Default for CustomerQuery {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_page_sizes_from_1_to_500() {
        for size in [1, 500] {
            assert_eq!(CustomerQuery::new().page_size(size).unwrap().size(), NonZeroU32::new(size));
        }
        for size in [0, 501, u32::MAX] {
            let error = CustomerQuery::new().page_size(size).unwrap_err();
            assert!(matches!(error, Error::Input { .. }), "{error:?}");
        }
    }

    #[test]
    fn escapes_the_prefix() {
        let prefix = "a\"b\\c\n{é&+%?";
        let filter = CustomerQuery::new().domain_starts_with("gone").company_name_starts_with(prefix).filter();
        let filter: Value = serde_json::from_str(&filter.unwrap()).unwrap();
        let expected = serde_json::json!({ "Field": "CompanyName", "Value": prefix, "Operator": "starts_with" });
        assert_eq!(filter, expected);
        assert_eq!(CustomerQuery::new().filter(), None);
    }
}
