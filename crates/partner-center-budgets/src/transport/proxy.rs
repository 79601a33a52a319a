//! The proxy of the program or of the environment variables. The HTTP library ignores an invalid variable and connects
//! directly.

use std::env;

use http::Uri;

use crate::Error;

const ADVICE: &str = "nothing was sent: write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, without quotes or spaces, \
                      and with special characters in user and password as %XX";

/// Refuses a proxy that the HTTP library would ignore.
pub(super) fn check() -> Result<(), Error> {
    // The library reads the first variable of a pair that is set, and the second pair only if the first has no value.
    for names in [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]] {
        let Some(name) = names.into_iter().find(|name| env::var_os(name).is_some()) else { continue };
        let checked = match env::var(name) {
            Ok(value) if value.is_empty() => continue,
            Ok(_) if env::var_os("REQUEST_METHOD").is_some() => {
                Err("REQUEST_METHOD is set, and with it the HTTP library ignores proxies")
            }
            Ok(value) => check_url(&value),
            Err(_) => Err("it is not UTF-8"),
        };
        return checked.map_err(|why| Error::input(format!("the proxy in {name} cannot be used: {why}"), ADVICE));
    }
    Ok(())
}

/// The proxy at `url`, for https.
pub(crate) fn parse(url: &str) -> Result<reqwest::Proxy, Error> {
    let refused = |why| Error::input(format!("the proxy cannot be used: {why}"), ADVICE);
    check_url(url).map_err(refused)?;
    // The error of the library may repeat the URL.
    reqwest::Proxy::https(url).map_err(|_| refused("it is not a URL"))
}

/// Checks that the HTTP library can use this proxy. The reason does not repeat the value, which may contain a password.
fn check_url(value: &str) -> Result<(), &'static str> {
    let uri: Uri = value.parse().map_err(|_| "it is not a URL")?;
    match uri.scheme_str() {
        None | Some("http" | "https") => {}
        Some(scheme) if scheme.starts_with("socks") => return Err("SOCKS proxies are not supported"),
        Some(_) => return Err("its scheme is not http"),
    }
    let authority = uri.authority().ok_or("it has no host")?;
    let host = authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host);
    let has_port = !host.ends_with(']') && host.contains(':');
    // A `/`, `?` or `#` in the password ends the part of the URL that names the host.
    let is_cut = value.contains('#') || uri.path_and_query().is_some_and(|rest| rest.as_str().contains('@'));
    match uri.host().is_none_or(str::is_empty) || has_port && uri.port_u16().is_none() || is_cut {
        true => Err("its host and port cannot be read"),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_proxy_that_would_be_ignored() {
        for value in [
            "\"http://proxy:8080\"",
            "'http://proxy:8080'",
            " http://proxy:8080",
            "http://proxy:8080 ",
            "http://dom\\user:secret@proxy:8080",
            "http://user:a secret@proxy:8080",
            "http://user:a/secret@proxy:8080",
            "http://user:a#secret@proxy:8080",
            "http://user:a?secret@proxy:8080",
            "http://proxy:port",
            "http://",
            "http://:8080",
            "/proxy",
            "socks5://proxy:1080",
            "ftp://proxy:21",
        ] {
            assert!(check_url(value).is_err(), "{value}");
        }
        for value in [
            "http://proxy:8080",
            "https://proxy:8443/",
            "proxy:8080",
            "proxy",
            "http://dom%5Cuser:a%20secret@proxy:8080",
            "http://[::1]:8080",
            "http://[::1]",
        ] {
            assert_eq!(check_url(value), Ok(()), "{value}");
        }
    }
}
