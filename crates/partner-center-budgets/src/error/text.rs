//! The text of errors.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use super::Error;
use crate::Decimal;
use crate::error_line::write_line;
use crate::transport::Problem;

impl Error {
    /// What failed.
    ///
    /// ```
    /// # use partner_center_budgets::{Decimal, Error};
    /// let error = Error::from("1,000".parse::<Decimal>().unwrap_err());
    /// assert_eq!(error.what(), "`1,000` is not a decimal number");
    /// ```
    pub fn what(&self) -> String {
        match self {
            Self::Input { what, .. } => printable_text::one_line(what).into_owned(),
            Self::Setup { .. } => "failed to set up the HTTP client".to_owned(),
            Self::Auth(error) => printable_text::one_line(error.what()).into_owned(),
            Self::Transport { operation, .. } => format!("{operation} got no complete response"),
            Self::Api(fault) => format!("{} was refused", fault.operation),
            Self::RateLimited { operation, .. } => format!("{operation} was not sent: the service throttles"),
            Self::Cancelled { operation, .. } => format!("{operation} was not sent: it was cancelled"),
            Self::Decode { operation, .. } => format!("the response to {operation} cannot be decoded"),
            Self::NotConfirmed { .. } => "the update of the budget is not confirmed".to_owned(),
            Self::IncompleteList { operation, received, .. } => {
                let items = if *received == 1 { "item" } else { "items" };
                format!("{operation} may be incomplete: it ended after {received} {items}")
            }
        }
    }

    /// Why it failed, unless the [`source`](std::error::Error::source) says so.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let body = r#"{"code":"20002","description":"There is no relationship with this customer."}"#;
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 403, body)));
    /// let why = "403 Forbidden, code 20002: There is no relationship with this customer";
    /// assert_eq!(error.why().as_deref(), Some(why));
    /// # };
    /// ```
    pub fn why(&self) -> Option<String> {
        let shown = |amount: &Option<Decimal>| amount.map_or("no budget".to_owned(), |amount| amount.to_string());
        match self {
            Self::Api(fault) => Some(fault.why()),
            Self::NotConfirmed { requested, found: Ok(found), .. } => {
                Some(format!("requested {}, now {}", shown(requested), shown(found)))
            }
            Self::RateLimited { retry_after: Some(wait), .. } => {
                Some(format!("the client sends no call for another {}", in_words(*wait)))
            }
            Self::IncompleteList { total: Some(total), .. } => Some(format!("the service announced {total}")),
            _ => None,
        }
    }

    /// What to do next, if known.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 404, r#"{"code":"60003"}"#)));
    /// assert_eq!(error.advice().as_deref(), Some("check the customer's id"));
    /// # };
    /// ```
    pub fn advice(&self) -> Option<Cow<'static, str>> {
        let advice = match self {
            Self::Api(fault) => return fault.advice(),
            Self::Auth(error) => return error.advice().map(|advice| advice.to_owned().into()),
            Self::Setup { .. } => return None,
            Self::Input { advice, .. } => advice,
            Self::RateLimited { .. } => "try again later, or allow the call more time",
            Self::Cancelled { .. } => "nothing was changed: call again if the change is still wanted",
            Self::Transport { may_have_been_sent: false, source, .. } => {
                let problem = source.downcast_ref::<Problem>();
                problem.map_or("nothing was sent: check the address and the network", Problem::advice)
            }
            // A read can be repeated after a transport failure. An update may have taken effect.
            Self::Transport { operation, .. } | Self::Decode { operation, .. } if operation.starts_with("update_") => {
                "the update may have taken effect: read the budget back"
            }
            Self::Transport { operation, .. } | Self::Decode { operation, .. }
                if matches!(*operation, "PUT request" | "DELETE request" | "POST request" | "PATCH request") =>
            {
                "the request may have taken effect: check the result"
            }
            Self::Transport { .. } => "nothing was changed: try again",
            Self::Decode { .. } => {
                "nothing was changed; if it happens again, the service may have changed its responses"
            }
            Self::NotConfirmed { found: Ok(_), .. } => "read the budget back",
            Self::NotConfirmed { .. } => "the update may have taken effect: read the budget back",
            Self::IncompleteList { .. } => {
                "read the list again; if it ends at the same item, use another page size: only a page that is not full proves \
                 the end"
            }
        };
        Some(advice.into())
    }
}

/// A duration in a readable unit.
fn in_words(wait: Duration) -> String {
    let seconds = wait.as_secs();
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7199 => (seconds.div_ceil(60), "minute"),
        7200..=172_799 => (seconds.div_ceil(3600), "hour"),
        _ => (seconds.div_ceil(86_400), "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_line(f, &self.what(), [self.why(), None], self.advice())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = std::error::Error::source(self).map(printable_text::error_chain);
        write_line(f, &self.what(), [self.why(), causes], self.advice())
    }
}
