//! The common syntax of rules: numbers, durations, lists of settings, and their errors.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Why a rule cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError(String);

impl RuleError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RuleError {}

/// Parses a number. The error names the setting.
pub(crate) fn number<T: FromStr>(setting: &str, text: &str) -> Result<T, RuleError> {
    text.parse().map_err(|_| RuleError::new(format!("'{text}' is not a number for {setting}")))
}

/// Parses a finite number above zero.
pub(crate) fn positive(setting: &str, text: &str) -> Result<f64, RuleError> {
    let value: f64 = number(setting, text)?;
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(RuleError::new(format!("{setting} must be above zero, not '{text}'")))
    }
}

/// Parses a duration such as `250ms`, `2s` or `5m`.
pub(crate) fn duration(text: &str) -> Result<Duration, RuleError> {
    let digits = text.trim_end_matches(|sign: char| sign.is_ascii_alphabetic());
    let unit = &text[digits.len()..];
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(RuleError::new(format!("'{text}' is not a duration such as 250ms, 2s or 5m"))),
    };
    let value: f64 = number("a duration", digits)?;
    Duration::try_from_secs_f64(value * seconds)
        .map_err(|_| RuleError::new(format!("'{text}' is too long for a duration")))
}

/// Names and optional values of a list such as `rate=50,burst=5,per-customer`.
pub(crate) fn settings(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    text.split(',').map(|setting| match setting.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (setting.trim(), None),
    })
}

/// The required value of a setting.
pub(crate) fn value<'a>(name: &str, value: Option<&'a str>) -> Result<&'a str, RuleError> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| RuleError::new(format!("{name} needs a value: {name}=…")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        for (text, milliseconds) in [("20ms", 20), ("0s", 0), ("2s", 2_000), ("1.5s", 1_500), ("5m", 300_000)] {
            assert_eq!(duration(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "s", "20", "-1s", "1d", "1e400s", "NaNs", "é", "1µs"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
