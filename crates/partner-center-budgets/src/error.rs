//! The errors of calls.

mod text;

use std::time::Duration;

use crate::auth::AuthError;
use crate::transport::Problem;
use crate::{CallIds, Decimal, Fault, ParseError, retry_after};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed.
///
/// `Display` says what failed, why, and what to do next if that is known. The three parts are also available as
/// [`what`](Self::what), [`why`](Self::why) and [`advice`](Self::advice). The text does not repeat the
/// [`source`](std::error::Error::source).
///
/// `Debug` prints the same line with all sources in it, so it is also what a program prints whose `main` returns the error:
///
/// ```text
/// Error: get_usage_budget got no complete response: error sending request: client error (Connect): tcp connect error:
/// Connection refused (os error 111); nothing was sent: check the address and the network
/// ```
///
/// Neither contains a secret. [`ids`](Self::ids) has what Microsoft's support asks for.
///
/// A service that passes errors on to its own clients needs few cases:
///
/// | case | status |
/// |---|---|
/// | [`is_unknown_customer`](Self::is_unknown_customer) | 404 |
/// | [`is_throttled`](Self::is_throttled) | 503, with [`retry_after`](Self::retry_after) |
/// | [`Api`](Self::Api) with [`status`](Self::status) 400 | 422: the service refuses the value |
/// | [`Transport`](Self::Transport) | 504 |
/// | [`Input`](Self::Input) and [`Setup`](Self::Setup) | 500: a fault of the program |
/// | all others | 502 |
///
/// ```no_run
/// # use partner_center_budgets::{Client, CustomerId, Error};
/// # async fn example(client: Client, customer: CustomerId) -> Result<(), Error> {
/// match client.get_budget(customer).await {
///     Ok(budget) => println!("{budget:?}"),
///     Err(error) if error.is_unknown_customer() => println!("no such customer"),
///     Err(error) if error.needs_mfa() => println!("sign in again: {error}"),
///     Err(error) if error.is_retryable() => println!("later, in {:?}: {error}", error.retry_after()),
///     Err(error) => println!("{error}; ids for the support: {:?}", error.ids()),
/// }
/// # Ok(())
/// # }
/// ```
#[non_exhaustive]
pub enum Error {
    /// An argument or setting is invalid. Nothing was sent.
    #[non_exhaustive]
    Input {
        /// What is wrong.
        what: String,
        /// What to use instead.
        advice: &'static str,
    },
    /// The client could not be set up. Nothing was sent.
    #[non_exhaustive]
    Setup {
        /// The error of the HTTP or TLS library.
        source: Source,
    },
    /// The sign-in failed. The call was not sent.
    Auth(std::sync::Arc<AuthError>),
    /// No complete response arrived: a network error, a timeout or a truncated body.
    #[non_exhaustive]
    Transport {
        /// The operation of the OpenAPI document, or for instance `GET request`.
        operation: &'static str,
        /// Ids of the call.
        ids: CallIds,
        /// False if there was no connection: the call had no effect. If true, an update may or may not have taken effect.
        may_have_been_sent: bool,
        /// The error of the HTTP library.
        source: Source,
    },
    /// The service refused the call.
    Api(Box<Fault>),
    /// The service throttles, and the call got no permit before its deadline. It was not sent.
    #[non_exhaustive]
    RateLimited {
        /// The operation of the OpenAPI document, or for instance `GET request`.
        operation: &'static str,
        /// Ids of the call.
        ids: CallIds,
        /// The time for which the client sends no call, as the service asked.
        retry_after: Option<Duration>,
    },
    /// The [`WriteGuard`](crate::WriteGuard) of the call was cancelled before anything was sent.
    #[non_exhaustive]
    Cancelled {
        /// The operation of the OpenAPI document, or for instance `GET request`.
        operation: &'static str,
        /// Ids of the call.
        ids: CallIds,
    },
    /// The service accepted the call, but its response cannot be decoded.
    #[non_exhaustive]
    Decode {
        /// The operation of the OpenAPI document, or for instance `GET request`.
        operation: &'static str,
        /// Ids of the call.
        ids: CallIds,
        /// What cannot be decoded, and where.
        source: Source,
    },
    /// The service accepted an update of a budget without confirming it. It reports another budget than the requested one, or
    /// neither its response nor a read afterwards shows the budget.
    #[non_exhaustive]
    NotConfirmed {
        /// The requested budget; `None` to clear it.
        requested: Option<Decimal>,
        /// The budget that the service reports, `None` without a budget; or why it is unknown.
        found: Result<Option<Decimal>, Box<Error>>,
        /// Ids of the call.
        ids: CallIds,
    },
    /// A list ended before all items arrived, or without proof that it is complete. The items before the error are valid.
    #[non_exhaustive]
    IncompleteList {
        /// The operation of the OpenAPI document, or for instance `GET request`.
        operation: &'static str,
        /// How many items arrived.
        received: u64,
        /// The number of items that the service announced.
        total: Option<u64>,
        /// Ids of the call for the last page.
        ids: CallIds,
        /// The refusal of the next page, if any.
        refusal: Option<Box<Error>>,
    },
}

impl Error {
    pub(crate) fn input(what: impl Into<String>, advice: &'static str) -> Self {
        Self::Input { what: what.into(), advice }
    }

    /// Whether the attempt with this error may have taken effect.
    pub(crate) fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Transport { may_have_been_sent, .. } => *may_have_been_sent,
            // A 4yy is a refusal by the service itself. Every other status can come from a gateway that stopped waiting.
            Self::Api(fault) => !(400..500).contains(&fault.status) || fault.status == 408,
            Self::Decode { .. } | Self::NotConfirmed { .. } => true,
            Self::Input { .. }
            | Self::Setup { .. }
            | Self::Auth(_)
            | Self::RateLimited { .. }
            | Self::Cancelled { .. }
            | Self::IncompleteList { .. } => false,
        }
    }

    /// The ids of a call with a status of success, if its body does not show whether the update took effect.
    pub(crate) fn ids_of_unclear_success(&self) -> Option<CallIds> {
        match self {
            Self::Decode { ids, .. } => Some(*ids),
            Self::Api(fault) if (200..300).contains(&fault.status) => Some(fault.ids),
            _ => None,
        }
    }

    /// This error, or that of an earlier attempt whose outcome is `unknown`: an attempt that was not sent does not undo it.
    pub(crate) fn or_unknown(self, unknown: Option<Self>) -> Self {
        match (self, unknown) {
            (Self::Transport { operation, ids, source, .. }, Some(_)) => {
                Self::Transport { operation, ids, may_have_been_sent: true, source }
            }
            (Self::Auth(_) | Self::RateLimited { .. } | Self::Cancelled { .. }, Some(unknown)) => unknown,
            (error, _) => error,
        }
    }

    /// The HTTP status of a refusal.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Decimal, Error, Fault};
    /// let error = Error::Api(Box::new(Fault::from_response("update_usage_budget", 400, "")));
    /// assert_eq!(error.status(), Some(400));
    /// assert_eq!(Error::from("1,000".parse::<Decimal>().unwrap_err()).status(), None);
    /// # };
    /// ```
    pub fn status(&self) -> Option<u16> {
        self.fault().map(|fault| fault.status)
    }

    /// The Partner Center code of a refusal.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let body = r#"{"code":"2032","description":"Access to this resource was denied."}"#;
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 403, body)));
    /// assert_eq!(error.code(), Some("2032"));
    /// # };
    /// ```
    pub fn code(&self) -> Option<&str> {
        self.fault()?.code.as_deref()
    }

    /// The ids of the call; `None` if nothing was sent.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// # let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 503, "")));
    /// // For a case at Microsoft's support:
    /// if let Some(ids) = error.ids() {
    ///     println!("MS-RequestId {}, MS-CorrelationId {}", ids.request, ids.correlation);
    /// }
    /// # };
    /// ```
    pub fn ids(&self) -> Option<CallIds> {
        match self {
            Self::Input { .. } | Self::Setup { .. } | Self::Auth(_) => None,
            Self::Api(fault) => Some(fault.ids),
            Self::Transport { ids, .. }
            | Self::RateLimited { ids, .. }
            | Self::Cancelled { ids, .. }
            | Self::Decode { ids, .. }
            | Self::NotConfirmed { ids, .. }
            | Self::IncompleteList { ids, .. } => Some(*ids),
        }
    }

    /// Whether the sign-in failed or the service refused the token (401), so that every other call would fail, too.
    ///
    /// ```
    /// use partner_center_budgets::{Error, auth::AuthError};
    ///
    /// let error = Error::from(AuthError::new("the vault cannot be read", "check its policy"));
    /// assert!(error.is_unauthenticated(), "end the job instead of calling for the next customer");
    /// ```
    pub fn is_unauthenticated(&self) -> bool {
        matches!(self, Self::Auth(_)) || self.status() == Some(401)
    }

    /// Whether the user must pass multi-factor authentication: codes 900421 and 10001, and the AADSTS codes for it.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let body = r#"{"code":"900421","description":"MFA is required."}"#;
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 401, body)));
    /// assert!(error.needs_mfa(), "let the user sign in again");
    /// # };
    /// ```
    pub fn needs_mfa(&self) -> bool {
        match self {
            Self::Api(fault) => fault.status == 401 && matches!(fault.code.as_deref(), Some("900421" | "10001")),
            Self::Auth(error) => matches!(error.code(), Some("AADSTS50076" | "AADSTS50078" | "AADSTS50079")),
            _ => false,
        }
    }

    /// Whether the service refused the call because of too many calls (429), or the client did not send it because of that.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 429, "")));
    /// assert!(error.is_throttled(), "answer your own clients with 503");
    /// # };
    /// ```
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || matches!(self, Self::RateLimited { .. })
    }

    /// Whether the customer is unknown to the service (404 with code 60003 or 1000), or is not a customer of the partner (403
    /// with code 20002).
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let refused = |status, body| Error::Api(Box::new(Fault::from_response("get_usage_budget", status, body)));
    /// assert!(refused(404, r#"{"code":"60003"}"#).is_unknown_customer());
    /// // The status alone proves nothing: a gateway, a proxy or a wrong address answers 404 and 403, too.
    /// assert!(!refused(404, "").is_unknown_customer());
    /// # };
    /// ```
    pub fn is_unknown_customer(&self) -> bool {
        matches!((self.status(), self.code()), (Some(404), Some("60003" | "1000")) | (Some(403), Some("20002")))
    }

    /// Whether the refusal only means that a customer has not used Azure. Code 3000 has other meanings too, and its status
    /// for this meaning was never recorded.
    pub(crate) fn is_without_usage(&self) -> bool {
        let description = self.fault().and_then(|fault| fault.description.as_deref()).unwrap_or_default();
        matches!((self.status(), self.code()), (Some(400 | 404), Some("3000")))
            && description.to_ascii_lowercase().contains("usage data")
    }

    /// How long the service asks to wait before the next call.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let body = r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}"#;
    /// let error = Error::Api(Box::new(Fault::from_response("get_usage_budget", 429, body)));
    /// assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(57)));
    /// # };
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => *retry_after,
            Self::IncompleteList { refusal: Some(refusal), .. } => refusal.retry_after(),
            error => error.fault()?.retry_after,
        }
    }

    /// Whether the same call may succeed later. The client has retried it already, as its
    /// [`RetryPolicy`](crate::RetryPolicy) allows.
    ///
    /// ```
    /// # #[cfg(feature = "test-util")] {
    /// # use partner_center_budgets::{Error, Fault};
    /// let refused = |status| Error::Api(Box::new(Fault::from_response("get_usage_budget", status, "")));
    /// assert!(refused(503).is_retryable(), "put the customer into the next run");
    /// assert!(!refused(403).is_retryable());
    /// # };
    /// ```
    pub fn is_retryable(&self) -> bool {
        match self {
            // A setting must be changed first, for example if a certificate is not trusted.
            Self::Transport { source, .. } if source.is::<Problem>() => false,
            Self::Api(fault) => retry_after::is_transient(fault.status),
            Self::Transport { .. } | Self::RateLimited { .. } | Self::IncompleteList { .. } => true,
            Self::Auth(error) => error.is_retryable(),
            _ => false,
        }
    }

    /// Whether a new token may cure this 401. It cannot cure the excluded codes: a new token has the same audience and the same
    /// authentication.
    pub(crate) fn is_expired_token(&self) -> bool {
        self.status() == Some(401) && !matches!(self.code(), Some("900420" | "900421" | "10001"))
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Api(fault) => Some(fault),
            _ => None,
        }
    }
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        Self::input(error.what(), error.advice())
    }
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        Self::Auth(std::sync::Arc::new(error))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Setup { source } | Self::Transport { source, .. } | Self::Decode { source, .. } => {
                Some(source.as_ref())
            }
            Self::Auth(error) => error.source(),
            Self::NotConfirmed { found, .. } => found.as_ref().err().map(|error| error as _),
            Self::IncompleteList { refusal, .. } => refusal.as_ref().map(|error| error as _),
            Self::Input { .. } | Self::Api(_) | Self::RateLimited { .. } | Self::Cancelled { .. } => None,
        }
    }
}
