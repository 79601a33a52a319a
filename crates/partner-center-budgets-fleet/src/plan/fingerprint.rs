use std::fmt;

use uuid::Uuid;

use super::Entry;
use crate::fnv::Fnv;
use partner_center_budgets::Decimal;

/// Tells plans apart: two with the same fingerprint make the same changes from the same budgets, whatever the lines of
/// their sheets. It guards against mistakes, not against forgery.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut hash = Fnv::new();
        for entry in entries {
            hash.add(Uuid::from(entry.customer).as_bytes());
            hash.add(entry.kind.as_str().as_bytes());
            for amount in [entry.from, entry.to] {
                // Equal amounts may have different digits.
                let digits = amount.map(|amount| rust_decimal::Decimal::from(amount).normalize());
                hash.add(digits.map_or("none".to_owned(), |digits| Decimal::from(digits).to_string()).as_bytes());
            }
        }
        Self(hash.value())
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
