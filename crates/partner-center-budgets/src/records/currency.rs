//! The currency of an amount.

mod countries;

use std::fmt;

use countries::COUNTRIES;

/// The currency of a record's amounts, including its budget.
///
/// The service sends the currency code for Azure plans, but only a locale for legacy offers (MS-AZR-0145P). The client
/// keeps what the service sent. [`presumed_code`](Self::presumed_code) also has a code for most locales.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
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
    ///
    /// ```
    /// use partner_center_budgets::Currency;
    ///
    /// assert_eq!(Currency::Code("GBP".to_owned()).code(), Some("GBP"));
    /// assert_eq!(Currency::Locale("en-GB".to_owned()).code(), None);
    /// ```
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Locale(_) => None,
        }
    }

    /// The ISO 4217 code; for a locale, the currency of its country today, such as `EUR` for `de-DE`.
    ///
    /// The code of a locale is a presumption, because the service publishes no list: say that it comes from the locale where
    /// you show it. It follows the Unicode CLDR (`currencyData` of its supplemental data): the first currency of the country
    /// that is legal tender and has no last day. `None` if the locale names no country, such as `eo-001`, or a country
    /// without a currency there.
    ///
    /// ```
    /// use partner_center_budgets::Currency;
    ///
    /// assert_eq!(Currency::Locale("de-DE".to_owned()).presumed_code(), Some("EUR"));
    /// assert_eq!(Currency::Locale("eo-001".to_owned()).presumed_code(), None);
    /// ```
    #[must_use]
    pub fn presumed_code(&self) -> Option<&str> {
        match self {
            Self::Code(code) => Some(code),
            Self::Locale(locale) => of_country(country(locale)?),
        }
    }

    /// The code or the locale, as the service sent it.
    ///
    /// ```
    /// use partner_center_budgets::Currency;
    ///
    /// assert_eq!(Currency::Code("GBP".to_owned()).as_str(), "GBP");
    /// assert_eq!(Currency::Locale("en-GB".to_owned()).as_str(), "en-GB");
    /// ```
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

/// The country of a locale such as `de-DE` or `zh-Hant-TW`: the subtag after the language and the script.
fn country(locale: &str) -> Option<&str> {
    let mut subtags = locale.split(['-', '_']).skip(1);
    let is_script = |subtag: &&str| subtag.len() == 4;
    subtags.next().and_then(|first| if is_script(&first) { subtags.next() } else { Some(first) })
}

fn of_country(country: &str) -> Option<&'static str> {
    let country = country.to_ascii_uppercase();
    let position = COUNTRIES.binary_search_by_key(&country.as_str(), |(country, _)| country).ok()?;
    Some(COUNTRIES[position].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_the_currency_of_its_country_today() {
        for (locale, expected) in [
            ("de-DE", Some("EUR")),
            ("en-GB", Some("GBP")),
            ("sv-SE", Some("SEK")),
            // Euro countries since 2023 and 2026.
            ("hr-HR", Some("EUR")),
            ("bg-BG", Some("EUR")),
            ("zh-Hant-TW", Some("TWD")),
            ("sr-Cyrl-RS", Some("RSD")),
            ("en_us", Some("USD")),
            ("ca-ES-valencia", Some("EUR")),
            ("eo-001", None),
            ("xx-YY", None),
            ("es-419", None),
            // Serbia and Montenegro split in 2006.
            ("sr-CS", None),
            ("de", None),
            ("", None),
            ("-", None),
            ("€-€", None),
        ] {
            assert_eq!(Currency::Locale(locale.to_owned()).presumed_code(), expected, "{locale}");
        }
        assert_eq!(Currency::Code("XYZ".to_owned()).presumed_code(), Some("XYZ"));
    }

    #[test]
    fn countries_are_sorted_and_have_codes() {
        assert!(COUNTRIES.is_sorted_by(|(one, _), (other, _)| one < other));
        let is_code = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        assert!(COUNTRIES.iter().all(|(country, code)| country.len() == 2 && is_code(code)));
    }
}
