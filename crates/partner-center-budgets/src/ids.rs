//! Ids of customers and subscriptions.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::ParseError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        pub struct $name(Uuid);

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                Uuid::parse_str(text).map(Self).map_err(|error| {
                    ParseError::new(
                        &format!("`{text}` is not the id of a {}: {error}", $what),
                        "an id is a GUID such as 11111111-1843-4b3b-872f-206e08a08e51",
                    )
                })
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

id! {
    /// Id of a customer: the id of its tenant.
    ///
    /// A GUID. Parsing ignores case, and accepts the forms of [`Uuid::parse_str`]. `Display` prints small letters and hyphens.
    ///
    /// ```
    /// use partner_center_budgets::CustomerId;
    /// use uuid::Uuid;
    ///
    /// let id: CustomerId = "11111111-1843-4B3B-872F-206E08A08E51".parse()?;
    /// assert_eq!(id.to_string(), "11111111-1843-4b3b-872f-206e08a08e51");
    /// assert_eq!(CustomerId::from(Uuid::from(id)), id);
    /// # Ok::<(), partner_center_budgets::ParseError>(())
    /// ```
    CustomerId, "customer"
}

id! {
    /// Id of a customer's subscription; for an Azure plan, the id of the plan.
    ///
    /// A GUID. It parses and prints as [`CustomerId`] does.
    SubscriptionId, "subscription"
}
