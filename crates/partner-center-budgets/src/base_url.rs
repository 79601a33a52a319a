//! Where the service is.

use std::sync::Arc;

use reqwest::Url;

use crate::Error;

/// An address that a token may be sent to.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    url: Url,
    host: Arc<str>,
}

impl BaseUrl {
    /// Checks that a token sent to this address cannot be read on the way.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let refused =
            |shown: &str, why: &str| Err(Error::input(format!("{shown} cannot be the base URL: {why}"), ADVICE));
        let Ok(url) = Url::parse(text) else {
            return refused("what was given", "it is not a URL");
        };
        // Only what cannot be a secret is repeated.
        let shown = format!("`{}://{}`", url.scheme(), url.host_str().unwrap_or_default());
        let refused = |why: &str| refused(&shown, why);
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return refused("it has more than a scheme, a host, a port and a path");
        }
        let path = url.path().trim_end_matches('/').to_ascii_lowercase();
        if path.ends_with("/v1") {
            let what =
                format!("{shown} with a path that ends in /v1 cannot be the base URL: the client adds /v1 itself");
            return Err(Error::input(what, "leave /v1 out"));
        }
        let host = url.host_str().unwrap_or_default().into();
        match url.scheme() {
            "https" if cfg!(feature = "rustls") => Ok(Self { url, host }),
            "https" => refused("this build has no TLS, see the feature `rustls`"),
            // Where `localhost` leads is checked with each connection.
            "http" if is_loopback(&url) => Ok(Self { url, host }),
            "http" => refused("over plain http anyone on the way could read the token"),
            _ => refused("its scheme is not https"),
        }
    }

    /// Without the slash at its end, as paths begin with one.
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    pub(crate) fn host(&self) -> &Arc<str> {
        &self.host
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

const ADVICE: &str = "write https://HOST, or http://127.0.0.1:PORT for a server on this machine";

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
