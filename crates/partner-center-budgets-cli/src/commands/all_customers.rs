//! All pages of the list of customers, with its end confirmed.

use partner_center_budgets::{Client, Customer, CustomerQuery, Error, List};

/// The customers that a query finds.
///
/// If the last page is full and the service rejects the request for the next one, either the list is complete or its
/// continuation token has expired. In this case the list is read again with another page size: its last page is not full, so
/// the number of customers is certain.
pub(crate) struct AllCustomers {
    client: Client,
    query: CustomerQuery,
    list: List<Customer>,
}

/// Differs from the default of 500 so that the last pages of both lists are full only at multiples of 249,500 customers.
const OTHER_PAGE_SIZE: u32 = 499;

impl AllCustomers {
    pub(crate) fn new(client: &Client, query: CustomerQuery) -> Self {
        Self { client: client.clone(), list: client.list_customers(query.clone()), query }
    }

    pub(crate) async fn try_next(&mut self) -> Result<Option<Customer>, Error> {
        match self.list.try_next().await {
            Err(Error::IncompleteList { total: None, received, .. }) if self.count().await? == received => Ok(None),
            other => other,
        }
    }

    async fn count(&self) -> Result<u64, Error> {
        let mut list = self.client.list_customers(self.query.clone().page_size(OTHER_PAGE_SIZE)?);
        let mut count = 0;
        while list.try_next().await?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}
