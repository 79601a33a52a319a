//! Hashes that are the same in every version and on every machine, unlike those of std.

use sha2::{Digest, Sha256};

/// The first 128 bits of a SHA-256 over `parts`. The length before each part keeps neighbours apart.
pub(crate) fn digest<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).fold(0, |value, byte| (value << 8) | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_each_part_and_its_length() {
        // SHA-256 of eight bytes of length, here 3, and `abc`.
        assert_eq!(digest(["abc"]), 0xce91_dc5e_ec01_39ad_f091_900d_2259_71d6);
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_ne!(digest(["ab", ""]), digest(["ab"]));
    }
}
