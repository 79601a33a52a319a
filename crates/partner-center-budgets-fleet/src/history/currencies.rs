//! The currencies of a history, each stored once.

use std::collections::HashMap;

use partner_center_budgets::Currency;

#[derive(Debug, Default)]
pub(super) struct Currencies {
    keys: HashMap<Currency, CurrencyKey>,
    all: Vec<Currency>,
}

/// A currency in [`Currencies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CurrencyKey(u32);

impl Currencies {
    /// The key of a currency, which is added if it is new. There are fewer than 2³² records.
    pub(super) fn key(&mut self, currency: &Currency) -> CurrencyKey {
        if let Some(key) = self.keys.get(currency) {
            return *key;
        }
        let key = CurrencyKey(self.all.len() as u32);
        self.all.push(currency.clone());
        self.keys.insert(currency.clone(), key);
        key
    }

    /// The key of a currency; `None` if it was not added.
    pub(super) fn find(&self, currency: &Currency) -> Option<CurrencyKey> {
        self.keys.get(currency).copied()
    }

    pub(super) fn get(&self, key: CurrencyKey) -> Option<&Currency> {
        self.all.get(key.0 as usize)
    }
}
