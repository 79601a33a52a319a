//! The text of a decimal, for programs.

use rust_decimal::Decimal;

/// What `Display` writes, without memory of its own and without the machinery of formatting, which divides a number of
/// three words by ten for each digit: lists have numbers by the hundred thousand.
pub(super) struct Digits {
    bytes: [u8; Self::ROOM],
    begin: usize,
}

impl Digits {
    /// 29 digits at most, of which 28 may stand behind the point, and a point and a sign.
    const ROOM: usize = 32;

    pub(super) fn of(value: Decimal) -> Self {
        const HALF: u128 = 10_u128.pow(15);
        let mantissa = value.mantissa().unsigned_abs();
        // Each part has at most 15 digits, and there are 96 bits.
        let (mut part, mut next) = ((mantissa % HALF) as u64, (mantissa / HALF) as u64);
        let scale = value.scale() as usize;
        let mut digits = Self { bytes: [b'0'; Self::ROOM], begin: Self::ROOM };
        let mut count = 0;
        loop {
            if count == 15 {
                part = std::mem::take(&mut next);
            }
            // One digit stands before the point, be it a zero.
            if part == 0 && (next == 0 || count >= 15) && count > scale {
                break;
            }
            if count == scale && scale > 0 {
                digits.push(b'.');
            }
            digits.push(b'0' + (part % 10) as u8);
            part /= 10;
            count += 1;
        }
        if value.is_sign_negative() {
            digits.push(b'-');
        }
        digits
    }

    fn push(&mut self, byte: u8) {
        self.begin -= 1;
        self.bytes[self.begin] = byte;
    }

    pub(super) fn written(&self) -> &[u8] {
        &self.bytes[self.begin..]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(value: Decimal) {
        assert_eq!(std::str::from_utf8(Digits::of(value).written()).unwrap(), value.to_string());
    }

    #[test]
    fn the_ends_of_what_can_be_written() {
        for text in ["0", "-0", "0.00", "-0.00", "1", "-1", "10", "0.1", "-0.0000000000000000000000000001", "7.0"] {
            check(Decimal::from_str_exact(text).unwrap());
        }
        for scale in 0..=Decimal::MAX_SCALE {
            for value in [Decimal::MAX, Decimal::MIN, Decimal::ZERO, Decimal::from(1_000_000_000_000_000_u64)] {
                let mut value = value;
                value.set_scale(scale).unwrap();
                check(value);
                value.set_sign_negative(true);
                check(value);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn digits_are_those_of_display(low: u32, middle: u32, high: u32, words in 0..3, negative: bool, scale in 0..=28_u32) {
            let (middle, high) = (if words > 0 { middle } else { 0 }, if words > 1 { high } else { 0 });
            check(Decimal::from_parts(low, middle, high, negative, scale));
        }
    }
}
