//! HTTP clients: TLS, the proxy, and loopback for plain http.

mod loopback;
#[cfg(feature = "rustls")]
pub(crate) mod pem;
mod problem;
#[cfg(feature = "rustls")]
pub(crate) mod proxy;
#[cfg(feature = "rustls")]
pub(crate) mod roots;
#[cfg(feature = "rustls")]
pub(crate) mod tls;
#[cfg(feature = "rustls")]
mod verifier;

use std::time::Duration;

use crate::Error;
use crate::base_url::BaseUrl;
pub(crate) use problem::Problem;

/// How the connections to the service and to the authority are made.
#[derive(Clone, Default)]
pub(crate) struct Transport {
    pub(crate) connect_timeout: Option<Duration>,
    #[cfg(feature = "rustls")]
    pub(crate) proxy: Option<reqwest::Proxy>,
    #[cfg(feature = "rustls")]
    pub(crate) tls: tls::Settings,
    /// Used alone: the other settings would have no effect.
    #[cfg(feature = "reqwest")]
    pub(crate) own: Option<reqwest::Client>,
}

impl Transport {
    /// An HTTP client for requests with secrets to one server.
    pub(crate) fn http(&self, server: &BaseUrl) -> Result<reqwest::Client, Error> {
        #[cfg(feature = "reqwest")]
        if let Some(own) = &self.own {
            return if self.is_default() {
                Ok(own.clone())
            } else {
                Err(Error::input(
                    "`http_client` is combined with another setting of the connections",
                    "set the proxy, the certificates and the time to connect at the HTTP client",
                ))
            };
        }
        let is_https = server.is_https();
        if cfg!(not(feature = "rustls")) && is_https {
            return Err(Error::input("this build has no TLS for https", "enable the feature `rustls`"));
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            // A redirect would send the secrets to another server.
            .redirect(reqwest::redirect::Policy::none());
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if !is_https {
            // A proxy could read the secrets, and so could another machine that `localhost` resolves to.
            builder = builder.no_proxy().dns_resolver(loopback::LoopbackOnly);
        }
        #[cfg(feature = "rustls")]
        {
            builder = builder.tls_backend_preconfigured(self.tls.config(is_https)?);
            match &self.proxy {
                Some(proxy) if is_https => builder = builder.proxy(proxy.clone()),
                None if is_https => proxy::check()?,
                _ => {}
            }
        }
        builder.build().map_err(|error| Error::Setup { source: error.into() })
    }

    /// Whether nothing was set but the HTTP client.
    #[cfg(feature = "reqwest")]
    fn is_default(&self) -> bool {
        #[cfg(feature = "rustls")]
        if self.proxy.is_some() || !self.tls.roots.is_empty() || self.tls.identity.is_some() {
            return false;
        }
        self.connect_timeout.is_none()
    }
}
