//! Exact decimal numbers.

mod json;

use std::fmt;
use std::str::FromStr;

use crate::ParseError;

/// An exact decimal number: an amount of money, a quantity or a percentage.
///
/// It keeps up to 28 significant digits, as many as the service computes with, and trailing zeros. No value passes through
/// a binary floating point number. Equality is numerical: `300` equals `300.000000`.
///
/// ```
/// use partner_center_budgets::Decimal;
///
/// let cost: Decimal = "28.82860766744404945074".parse()?;
/// assert_eq!(cost.to_string(), "28.82860766744404945074");
/// assert!("1,000".parse::<Decimal>().is_err());
/// # Ok::<(), partner_center_budgets::ParseError>(())
/// ```
///
/// Integers convert with `from`. For arithmetic, convert to [`rust_decimal::Decimal`] and back.
///
/// In JSON it is a number with all digits. This works with the readers and writers of `serde_json`, with and without its feature
/// `arbitrary_precision`. It does not work with `serde_json::Value`, `#[serde(flatten)]` and untagged enums, which pass
/// numbers as `f64`. In other formats, write the `Display` text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(rust_decimal::Decimal);

impl FromStr for Decimal {
    type Err = ParseError;

    /// Parses digits with at most one point, such as `2500.50` or `-3`.
    ///
    /// # Errors
    ///
    /// Every other text is an error, including thousands separators, exponents, `NaN`, the empty text, and too many digits.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) {
            return Err(ParseError::new(
                &format!("`{text}` is not a decimal number"),
                "write digits and at most one point, without thousands separators, for example 1000.50",
            ));
        }
        rust_decimal::Decimal::from_str_exact(text).map(Self).map_err(|_| {
            ParseError::new(
                &format!("`{text}` has more digits than can be kept exactly"),
                "use at most 28 digits; nothing is ever rounded silently",
            )
        })
    }
}

impl Decimal {
    /// The shortest decimal that reads back as this `f64`: 0.1 for the `f64` 0.1, although that is a little more than 0.1.
    ///
    /// An `f64` has 15 to 17 significant digits, so an amount with more has lost some already. Parse the text of an amount
    /// where you have it.
    ///
    /// ```
    /// use partner_center_budgets::Decimal;
    ///
    /// assert_eq!(Decimal::from_f64_shortest(0.1)?.to_string(), "0.1");
    /// assert_eq!(Decimal::from_f64_shortest(0.1 + 0.2)?.to_string(), "0.30000000000000004");
    /// assert!(Decimal::from_f64_shortest(f64::NAN).is_err());
    /// # Ok::<(), partner_center_budgets::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// NaN and infinities, and a number that has too many digits without an exponent: one of 8e28 or more, and one with more
    /// than 28 digits after the point.
    pub fn from_f64_shortest(value: f64) -> Result<Self, ParseError> {
        // `Display` of `f64` prints the shortest digits, without an exponent.
        value.to_string().parse()
    }

    /// The exact sum; `None` if it has too many digits. The arithmetic of [`rust_decimal`] would round it.
    ///
    /// ```
    /// use partner_center_budgets::Decimal;
    ///
    /// let (large, small): (Decimal, Decimal) = ("9999999999999999999999999999".parse()?, "0.01".parse()?);
    /// assert_eq!(small.checked_add(small).map(|sum| sum.to_string()).as_deref(), Some("0.02"));
    /// assert_eq!(large.checked_add(small), None);
    /// # Ok::<(), partner_center_budgets::ParseError>(())
    /// ```
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.0.scale().max(other.0.scale());
        let aligned =
            |number: rust_decimal::Decimal| 10_i128.checked_pow(scale - number.scale())?.checked_mul(number.mantissa());
        let sum = aligned(self.0)?.checked_add(aligned(other.0)?)?;
        rust_decimal::Decimal::try_from_i128_with_scale(sum, scale).ok().map(Self)
    }

    /// The exact difference; `None` if it has too many digits.
    ///
    /// ```
    /// use partner_center_budgets::Decimal;
    ///
    /// let (cost, budget): (Decimal, Decimal) = ("120.50".parse()?, 100.into());
    /// assert_eq!(cost.checked_sub(budget).map(|excess| excess.to_string()).as_deref(), Some("20.50"));
    /// # Ok::<(), partner_center_budgets::ParseError>(())
    /// ```
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self(-other.0))
    }

    /// The same number without trailing zeros, but with at least `places` digits after the point if they fit.
    ///
    /// ```
    /// use partner_center_budgets::Decimal;
    ///
    /// let amounts: [Decimal; 3] = ["300".parse()?, "2.500".parse()?, "0.0125".parse()?];
    /// assert_eq!(amounts.map(|amount| amount.with_min_places(2).to_string()), ["300.00", "2.50", "0.0125"]);
    /// # Ok::<(), partner_center_budgets::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_min_places(self, places: u32) -> Self {
        let mut number = self.0.normalize();
        if number.scale() < places {
            number.rescale(places);
        }
        Self(number)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self(value)
    }
}

impl From<Decimal> for rust_decimal::Decimal {
    fn from(value: Decimal) -> Self {
        value.0
    }
}

macro_rules! from_integers {
    ($($integer:ty)*) => {
        $(impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self(value.into())
            }
        })*
    };
}

from_integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
