//! The error of parsing a text.

use std::fmt;

/// Why a text is not a [`Decimal`](crate::Decimal), a [`CustomerId`](crate::CustomerId), a
/// [`SubscriptionId`](crate::SubscriptionId) or a [`Continuation`](crate::Continuation).
///
/// `?` converts it into [`Error::Input`](crate::Error::Input).
#[derive(Clone, PartialEq, Eq)]
pub struct ParseError {
    what: String,
    advice: &'static str,
}

impl ParseError {
    pub(crate) fn new(what: &str, advice: &'static str) -> Self {
        Self { what: printable_text::one_line(what).into_owned(), advice }
    }

    /// What is wrong, with the text in it.
    ///
    /// ```
    /// # use partner_center_budgets::Decimal;
    /// let error = "1,000".parse::<Decimal>().unwrap_err();
    /// assert_eq!(error.what(), "`1,000` is not a decimal number");
    /// ```
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What to write instead.
    ///
    /// ```
    /// # use partner_center_budgets::CustomerId;
    /// let error = "contoso".parse::<CustomerId>().unwrap_err();
    /// assert_eq!(error.advice(), "an id is a GUID such as 11111111-1843-4b3b-872f-206e08a08e51");
    /// ```
    pub fn advice(&self) -> &'static str {
        self.advice
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.advice)
    }
}

/// As `Display`, for a program whose `main` returns the error.
impl fmt::Debug for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ParseError {}
