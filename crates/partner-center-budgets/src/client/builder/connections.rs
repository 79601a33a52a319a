//! How the client connects. The settings apply to the calls and to the sign-in.

use std::time::Duration;

use super::ClientBuilder;
#[cfg(feature = "rustls")]
use crate::Error;
#[cfg(feature = "rustls")]
use crate::transport::{Transport, proxy, roots, tls};

impl ClientBuilder {
    /// How long a connection may take to be made, TLS included. By default only [`attempt_timeout`](Self::attempt_timeout)
    /// limits it. An attempt that ends by it was not sent, and is retried.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let timeout = std::time::Duration::from_secs(5);
    /// let client = Client::builder(FixedToken::new(token)).connect_timeout(timeout).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.transport.connect_timeout = Some(timeout);
        self
    }

    /// Connects to https through this proxy: `http://HOST:PORT` or `http://USER:PASSWORD@HOST:PORT`, with special characters
    /// in user and password as `%XX`. It replaces the proxy in the environment, and `NO_PROXY` does not apply to it.
    /// Plain http to loopback uses no proxy.
    ///
    /// [`build`](Self::build) fails with [`Error::Input`] if the URL is not such a proxy. No error or
    /// `Debug` output contains it.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Error> {
    /// let client = Client::builder(FixedToken::new(token)).proxy("http://proxy.contoso.example:8080").build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn proxy(self, url: &str) -> Self {
        self.set(proxy::parse(url), |transport, proxy| transport.proxy = Some(proxy))
    }

    /// Trusts these root certificates (PEM, one or more), in addition to those of the platform. May be called again.
    ///
    /// [`build`](Self::build) fails with [`Error::Input`] if the text has no certificate that can be a
    /// root.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Box<dyn std::error::Error>> {
    /// let pem = std::fs::read("/etc/contoso/ca.pem")?;
    /// let client = Client::builder(FixedToken::new(token)).root_certificate(pem).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn root_certificate(self, pem: impl AsRef<[u8]>) -> Self {
        self.set(roots::parse(pem.as_ref()), |transport, roots| transport.tls.roots.extend(roots))
    }

    /// Presents this certificate (PEM, with its chain and its private key) to servers and proxies that demand one.
    ///
    /// This is for the connection. The certificate that authenticates an app is the credential `auth::ClientCertificate`.
    ///
    /// [`build`](Self::build) fails with [`Error::Input`] if the certificate or the key is missing, if
    /// the key is encrypted, or if they do not belong together. No error or `Debug` output contains the key.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, auth::FixedToken};
    /// # fn example(token: String) -> Result<Client, Box<dyn std::error::Error>> {
    /// let pem = std::fs::read("/run/secrets/client.pem")?;
    /// let client = Client::builder(FixedToken::new(token)).client_certificate(pem).build()?;
    /// # Ok(client)
    /// # }
    /// ```
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn client_certificate(self, pem: impl AsRef<[u8]>) -> Self {
        self.set(tls::identity(pem.as_ref()), |transport, identity| transport.tls.identity = Some(identity))
    }

    /// Sends all calls and sign-ins with an HTTP client of your own. Requires the feature `reqwest`; the client is of the
    /// same version of reqwest as this crate, whose upgrade is a breaking change for users of this feature.
    ///
    /// It is an error to combine it with [`proxy`](Self::proxy), [`root_certificate`](Self::root_certificate),
    /// [`client_certificate`](Self::client_certificate) or [`connect_timeout`](Self::connect_timeout): make these settings at
    /// your HTTP client. These rules are then yours:
    ///
    /// - Follow no redirects (`redirect::Policy::none()`): a redirect of the sign-in would send the client secret to another
    ///   server.
    /// - Use TLS 1.2 or newer, and do not accept invalid certificates.
    /// - Use no proxy for plain http to loopback, and make sure that `localhost` is this machine: see `no_proxy` and
    ///   `resolve` of reqwest.
    /// - Add no header with a secret, no cookies, and no layer that retries or logs requests.
    /// - Limit the idle connections and the time to connect, if you need that.
    ///
    /// These remain the client's: which addresses may get a token, the headers of a call, the timeout of an attempt, retries,
    /// the rate limit, the size of responses, and the redaction of errors. Decompression must stay off: a compressed body
    /// would be read beyond its limit.
    ///
    /// ```no_run
    /// # use partner_center_budgets::{Client, Error, auth::FixedToken};
    /// # fn example(token: String) -> Result<(), Box<dyn std::error::Error>> {
    /// let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    /// let client = Client::builder(FixedToken::new(token)).http_client(http).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "reqwest")]
    #[must_use]
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.transport.own = Some(http);
        self
    }

    /// Applies a setting, or stores its error for [`build`](Self::build), which returns the first one.
    #[cfg(feature = "rustls")]
    fn set<T>(mut self, setting: Result<T, Error>, apply: impl FnOnce(&mut Transport, T)) -> Self {
        match setting {
            Ok(setting) => apply(&mut self.transport, setting),
            Err(error) => {
                self.invalid.get_or_insert(error);
            }
        }
        self
    }
}
