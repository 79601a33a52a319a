//! Permanent transport failures.

use std::error::Error;
use std::fmt;

/// A transport failure that persists until a setting is changed.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    what: String,
    advice: &'static str,
}

impl Problem {
    pub(super) fn new(what: impl Into<String>, advice: &'static str) -> Self {
        Self { what: what.into(), advice }
    }

    pub(crate) fn advice(&self) -> &'static str {
        self.advice
    }

    /// The permanent problem among the causes of `error`, if there is one.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(found) = cause {
            let problem = found.downcast_ref::<Self>().cloned();
            #[cfg(feature = "rustls")]
            let problem = problem.or_else(|| of_certificate(found));
            if let Some(problem) = problem.or_else(|| of_proxy(found)).or_else(|| of_request(found)) {
                return Some(problem);
            }
            cause = match found.downcast_ref::<std::io::Error>() {
                // The source of an I/O error is the source of the error that it wraps.
                Some(error) => error.get_ref().map(|inner| inner as _),
                None => found.source(),
            };
        }
        None
    }
}

/// The HTTP library refuses the request itself, for example because its URL has more than 65,534 bytes.
fn of_request(error: &(dyn Error + 'static)) -> Option<Problem> {
    let error = error.downcast_ref::<reqwest::Error>().filter(|error| error.is_builder())?;
    // `Display` of the error itself contains the URL.
    let why = error.source().map_or_else(|| "invalid request".to_owned(), ToString::to_string);
    Some(Problem::new(
        why,
        "nothing was sent: shorten the path or the query, and check the HTTP client if it is your own",
    ))
}

/// The proxy answered 407. The type of this error is private to the HTTP library.
fn of_proxy(error: &(dyn Error + 'static)) -> Option<Problem> {
    error.to_string().ends_with("proxy authorization required").then(|| {
        Problem::new(
            "the proxy asks for a user and a password (407)",
            "set HTTPS_PROXY, or the proxy of the client, to http://USER:PASSWORD@HOST:PORT, with special characters in both as \
             %XX",
        )
    })
}

#[cfg(feature = "rustls")]
fn of_certificate(error: &(dyn Error + 'static)) -> Option<Problem> {
    use rustls::{AlertDescription, CertificateError, OtherError};

    let error: &rustls::Error = error.downcast_ref()?;
    if let rustls::Error::AlertReceived(AlertDescription::CertificateRequired) = error {
        return Some(Problem::new(
            "the server requires a client certificate",
            "nothing was sent: pass one to ClientBuilder::client_certificate",
        ));
    }
    let rustls::Error::InvalidCertificate(reason) = error else { return None };
    let own = match reason {
        CertificateError::Other(OtherError(inner)) => inner.downcast_ref().cloned(),
        _ => None,
    };
    let other = || Problem::new(error.to_string(), "nothing was sent: check the address and this machine's clock");
    Some(own.unwrap_or_else(other))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Problem {}
