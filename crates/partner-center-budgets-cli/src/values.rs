//! Values of options and results that several commands share.

use partner_center_budgets::{Currency, Decimal, ParseError};

/// Parses a percentage of at least 0, such as `80` and `80%`.
pub(crate) fn percent(text: &str) -> Result<Decimal, String> {
    let number = text.strip_suffix('%').map_or(text, str::trim_end);
    let percent: Decimal = number.parse().map_err(|error: ParseError| error.to_string())?;
    match percent < Decimal::default() {
        true => Err("a percentage cannot be negative; write 0 or more, such as 80".to_owned()),
        false => Ok(percent),
    }
}

/// The id of a customer or a subscription, or the text that the service sent instead of one.
pub(crate) fn id_or_text(id: Option<impl ToString>, text: Option<String>) -> Option<String> {
    id.map(|id| id.to_string()).or(text)
}

/// The code of a currency, or the locale that the service sends instead of one for legacy offers.
pub(crate) fn code_and_locale(currency: Option<Currency>) -> (Option<String>, Option<String>) {
    match currency {
        Some(Currency::Locale(locale)) => (None, Some(locale)),
        Some(Currency::Code(code)) => (Some(code), None),
        other => (other.map(|currency| currency.to_string()), None),
    }
}
