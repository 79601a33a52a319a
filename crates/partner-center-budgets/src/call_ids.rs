//! The ids of a call.

use uuid::Uuid;

/// The ids that the client sends with a call. Microsoft's support asks for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CallIds {
    /// `MS-RequestId`.
    pub request: Uuid,
    /// `MS-CorrelationId`. Search logs for this one: the service can replace the other.
    pub correlation: Uuid,
}

impl CallIds {
    pub(crate) fn random() -> Self {
        Self { request: random_id(), correlation: random_id() }
    }
}

/// A new id. It identifies something and protects nothing, so a fast generator is enough.
pub(crate) fn random_id() -> Uuid {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
}
