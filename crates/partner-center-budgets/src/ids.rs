//! Ids of customers and subscriptions, and of calls.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Error;

macro_rules! id {
    ($name:ident, $what:literal, $doc:literal) => {
        #[doc = $doc]
        ///
        /// A GUID; upper and lower case are the same.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Uuid::parse_str(text).map(Self).map_err(|error| {
                    Error::input(
                        format!("`{text}` is not the id of a {}: {error}", $what),
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

id!(CustomerId, "customer", "Id of a customer: the id of its tenant.");
id!(SubscriptionId, "subscription", "Id of a customer's subscription; for an Azure plan, the id of the plan.");

/// The ids that went out with a call. Microsoft's support asks for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallIds {
    /// `MS-RequestId`.
    pub request: Uuid,
    /// `MS-CorrelationId`; match on this one in logs, the service may change the other.
    pub correlation: Uuid,
}

impl CallIds {
    /// New ids. They identify a call and protect nothing, so a fast generator is enough.
    pub(crate) fn random() -> Self {
        let id = || uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid();
        Self { request: id(), correlation: id() }
    }
}
