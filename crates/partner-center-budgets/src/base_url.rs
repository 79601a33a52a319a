//! Addresses of servers that receive secrets.

use std::sync::Arc;

use reqwest::Url;

use crate::Error;

/// The address of a server that may receive a token.
#[derive(Debug, Clone)]
pub(crate) struct BaseUrl {
    url: Url,
    host: Arc<str>,
}

impl BaseUrl {
    /// Accepts https, and plain http to loopback. On the way to other addresses, others could read the token.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let Ok(url) = Url::parse(text) else {
            return Err(Error::input("the base URL is not a URL", ADVICE));
        };
        let host: Arc<str> = url.host_str().unwrap_or_default().into();
        // The other parts of the URL may contain a secret.
        let shown = format!("`{}://{host}`", url.scheme());
        let refused = |why: &str| Err(Error::input(format!("{shown} cannot be the base URL: {why}"), ADVICE));
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return refused("it has more than a scheme, a host, a port and a path");
        }
        if url.path().trim_end_matches('/').to_ascii_lowercase().ends_with("/v1") {
            let what =
                format!("{shown} with a path that ends in /v1 cannot be the base URL: the client adds /v1 itself");
            return Err(Error::input(what, "leave /v1 out"));
        }
        match url.scheme() {
            "https" => Ok(Self { url, host }),
            // `transport` checks for each connection that `localhost` resolves to loopback.
            "http" if is_loopback(&host) => Ok(Self { url, host }),
            "http" => refused("over plain http, others on the network could read the token"),
            _ => refused("its scheme is not https"),
        }
    }

    /// The URL without a slash at its end, because paths begin with one.
    pub(crate) fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    pub(crate) fn host(&self) -> &Arc<str> {
        &self.host
    }

    pub(crate) fn port(&self) -> Option<u16> {
        self.url.port_or_known_default()
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

const ADVICE: &str = "write https://HOST, or http://127.0.0.1:PORT for a server on this machine";

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
