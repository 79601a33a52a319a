//! All pages of the customers list, with its end confirmed.

use partner_center_budgets::{Client, Customer, CustomerQuery, Error, List};

/// The customers that a query finds.
///
/// If the last page is full and the service refuses the next one, the list may be complete, or its continuation token has
/// expired. Then the list is read once more with another page size: its last page is not full, so the number is certain.
pub(crate) struct Customers {
    client: Client,
    query: CustomerQuery,
    list: List<Customer>,
}

/// Another size than the default one of 500, so that pages of both are full at the same customer only every 249,500.
const OTHER_PAGE_SIZE: u32 = 499;

impl Customers {
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
