//! Ids of customers and subscriptions, and of calls.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

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

/// Makes ids of calls. It asks the system for randomness once for many ids, since asking costs more than all else that an
/// id takes.
pub(crate) struct IdSource(Mutex<Pool>);

struct Pool {
    bytes: [u8; 1024],
    used: usize,
}

impl IdSource {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Pool { bytes: [0; 1024], used: 1024 }))
    }

    pub(crate) fn fresh(&self) -> CallIds {
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        CallIds { request: pool.id(), correlation: pool.id() }
    }
}

impl Pool {
    fn id(&mut self) -> Uuid {
        if self.used == self.bytes.len() {
            if getrandom::fill(&mut self.bytes).is_err() {
                return Uuid::new_v4();
            }
            self.used = 0;
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.bytes[self.used..self.used + 16]);
        self.used += 16;
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}
