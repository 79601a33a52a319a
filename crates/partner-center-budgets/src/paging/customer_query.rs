//! Which customers to list.

use std::num::NonZeroU32;

use super::query::{self, LARGEST_PAGE};
use crate::Error;

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
    /// The field of the filter, and the filter in JSON.
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
        Ok(Self { page_size: Some(query::page_size(customers)?), ..self })
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
        self.filtered("CompanyName", prefix)
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
        self.filtered("Domain", prefix)
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
        self.filtered(INDIRECT_RESELLER, prefix)
    }

    fn filtered(self, field: &'static str, prefix: impl Into<String>) -> Self {
        Self { filter: Some((field, query::filter(field, prefix, "starts_with"))), ..self }
    }

    /// The option that requires a user, if it is set.
    pub(crate) fn needs_user_for(&self) -> Option<&'static str> {
        matches!(self.filter, Some((INDIRECT_RESELLER, _))).then_some("a filter by indirect reseller")
    }

    pub(crate) fn size(&self) -> Option<NonZeroU32> {
        self.page_size
    }

    pub(crate) fn filter(&self) -> Option<&str> {
        self.filter.as_ref().map(|(_, filter)| filter.as_str())
    }
}

impl Default for CustomerQuery {
    fn default() -> Self {
        Self::new()
    }
}
