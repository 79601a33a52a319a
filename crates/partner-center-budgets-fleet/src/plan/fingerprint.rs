use std::fmt;

use partner_center_budgets::Decimal;
use uuid::Uuid;

use super::Entry;
use crate::digest::digest;

/// A hash of what a plan does: the same changes from the same budgets have the same fingerprint, whatever the lines of
/// their sheets. It detects mistakes, not forgery.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    pub(super) fn new(entries: &[Entry]) -> Self {
        // Equal amounts may differ in their trailing zeros.
        let digits = |amount: Option<Decimal>| {
            let digits = amount.map(|amount| rust_decimal::Decimal::from(amount).normalize().to_string());
            digits.unwrap_or_else(|| "none".to_owned()).into_bytes()
        };
        Self(digest(entries.iter().flat_map(|entry| {
            let customer = Uuid::from(entry.customer).as_bytes().to_vec();
            [customer, entry.kind.as_str().into(), digits(entry.from), digits(entry.to)]
        })))
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
