//! Name resolution for plain http.

use std::net::{SocketAddr, ToSocketAddrs};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Problem;

/// Resolves a name to loopback addresses only: the hosts file or a DNS server may resolve `localhost` to another machine.
pub(super) struct LoopbackOnly;

impl Resolve for LoopbackOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let lookup = move || {
                let found = (host.as_str(), 0).to_socket_addrs()?.collect();
                Ok(loopback_of(&host, found)?)
            };
            let found = tokio::task::spawn_blocking(lookup).await?;
            found.map(|addresses| Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn loopback_of(host: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Problem> {
    let (loopback, other): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| address.ip().is_loopback());
    match other.first() {
        Some(other) if loopback.is_empty() => Err(Problem::new(
            format!("{host} resolves to {}, which is not this machine", other.ip()),
            "nothing was sent: write http://127.0.0.1:PORT, or correct the hosts file",
        )),
        _ => Ok(loopback),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_connects_to_loopback_addresses_only() {
        let found = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let own = found(&["127.0.0.1:0", "[::1]:0"]);
        assert_eq!(loopback_of("localhost", own.clone()).unwrap(), own);
        let mixed = found(&["192.0.2.1:0", "[::1]:0", "[2001:db8::1]:0"]);
        assert_eq!(loopback_of("localhost", mixed).unwrap(), found(&["[::1]:0"]));
        for other in ["192.0.2.1:0", "[2001:db8::1]:0", "0.0.0.0:0"] {
            let error = loopback_of("localhost", found(&[other])).unwrap_err();
            assert!(error.to_string().contains("not this machine"), "{error}");
        }
    }
}
