//! The endpoints by name, as counters and fault rules refer to them.

use crate::operations::OPERATIONS;

/// An operation of the service, by its index in [`OPERATIONS`], or an endpoint of the sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Operation(usize),
    Token,
    DeviceCode,
    Authorize,
    Discovery,
}

impl Endpoint {
    pub(crate) const COUNT: usize = OPERATIONS.len() + 4;

    /// All endpoints, in the order of their [indices](Self::index).
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let operations = (0..OPERATIONS.len()).map(Self::Operation);
        operations.chain([Self::Token, Self::DeviceCode, Self::Authorize, Self::Discovery])
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|endpoint| endpoint.name() == name)
    }

    pub(crate) fn index(self) -> usize {
        let sign_in = OPERATIONS.len();
        match self {
            Self::Operation(index) => index,
            Self::Token => sign_in,
            Self::DeviceCode => sign_in + 1,
            Self::Authorize => sign_in + 2,
            Self::Discovery => sign_in + 3,
        }
    }

    /// The operation id of the OpenAPI document, or the name of an endpoint of the sign-in.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Operation(index) => OPERATIONS[index].id,
            Self::Token => "token",
            Self::DeviceCode => "device_code",
            Self::Authorize => "authorize",
            Self::Discovery => "discovery",
        }
    }

    /// Whether this is an operation of the service, and not part of the sign-in.
    pub(crate) fn is_operation(self) -> bool {
        matches!(self, Self::Operation(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_count_all_endpoints() {
        assert!(Endpoint::all().map(Endpoint::index).eq(0..Endpoint::COUNT));
        assert_eq!(Endpoint::named("token"), Some(Endpoint::Token));
        assert_eq!(Endpoint::named("get_usage_budget").map(Endpoint::name), Some("get_usage_budget"));
    }
}
