//! What currency an amount is in.

use std::fmt;

/// What the service tells about the currency of a record's amounts, its budget included.
///
/// Azure plans come with the code of the currency, legacy offers (MS-AZR-0145P) with a locale only. Which currency a
/// locale stands for is left to the caller: countries change their currencies, and the service publishes no list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Currency {
    /// Code of ISO 4217, such as `GBP`.
    Code(String),
    /// A locale, such as `en-GB`, whose country has the currency.
    Locale(String),
}

impl Currency {
    /// The code where the service sent one, with or without a locale beside it.
    pub(super) fn new(code: Option<String>, locale: Option<String>) -> Option<Self> {
        let sent = |text: &String| !text.is_empty();
        code.filter(sent).map(Self::Code).or_else(|| locale.filter(sent).map(Self::Locale))
    }

    /// Code of ISO 4217, such as `GBP`; `None` where only a locale is known.
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
