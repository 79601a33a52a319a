//! A hash that stays the same for ever, as std's hashes need not.

/// FNV-1a with 128 bits. It guards against mistakes and damage, not against forgery.
pub(super) struct Fnv(u128);

impl Fnv {
    pub(super) fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        // A byte that ends no text keeps neighbours apart.
        for byte in bytes.iter().chain(&[0xFF]) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    pub(super) fn value(&self) -> u128 {
        self.0
    }
}
