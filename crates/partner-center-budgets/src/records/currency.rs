//! The currency of an amount.

use std::fmt;

/// The currency of a record's amounts, including its budget.
///
/// The service sends the currency code for Azure plans, but only a locale for legacy offers (MS-AZR-0145P). The client does
/// not convert a locale to a currency: countries change their currencies, and the service publishes no list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Currency {
    /// An ISO 4217 code, such as `GBP`.
    Code(String),
    /// A locale, such as `en-GB`: the currency is that of its country.
    Locale(String),
}

impl Currency {
    /// Prefers the code.
    pub(super) fn new(code: Option<String>, locale: Option<String>) -> Option<Self> {
        let is_sent = |text: &String| !text.is_empty();
        code.filter(is_sent).map(Self::Code).or_else(|| locale.filter(is_sent).map(Self::Locale))
    }

    /// The ISO 4217 code, such as `GBP`; `None` if only a locale is known.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Locale(_) => None,
        }
    }

    /// The code or the locale, as the service sent it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Code(text) | Self::Locale(text) => text,
        }
    }
}

/// The code or the locale.
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
