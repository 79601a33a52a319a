//! HTTP clients: TLS, the proxy, and loopback for plain http.

mod loopback;
mod problem;
#[cfg(feature = "rustls")]
mod proxy;
#[cfg(feature = "rustls")]
mod roots;
#[cfg(feature = "rustls")]
mod tls;
#[cfg(feature = "rustls")]
mod verifier;

use crate::Error;
use crate::base_url::BaseUrl;
pub(crate) use problem::Problem;

/// An HTTP client for requests with secrets to one server.
pub(crate) fn http(server: &BaseUrl) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        // A redirect would send the secrets to another server.
        .redirect(reqwest::redirect::Policy::none());
    let builder = match server.is_https() {
        true => builder,
        // A proxy could read the secrets, and so could another machine that `localhost` resolves to.
        false => builder.no_proxy().dns_resolver(loopback::LoopbackOnly),
    };
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(tls::config(server.is_https())?);
    builder.build().map_err(|error| Error::Setup { source: error.into() })
}
