use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::Entry;
use crate::fleet::fnv::Fnv;
use crate::{Decimal, Error};

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

impl FromStr for Fingerprint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = (text.len() == 32).then(|| u128::from_str_radix(text, 16).ok()).flatten();
        let wrong =
            || Error::input(format!("`{text}` is not the fingerprint of a plan"), "it has 32 hexadecimal digits");
        digits.map(Self).ok_or_else(wrong)
    }
}
