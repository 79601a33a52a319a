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
        let why = match env::var(name) {
            Ok(value) if value.is_empty() => continue,
            Ok(value) => problem(&value).or_else(|| {
                let why = "REQUEST_METHOD is set, and with it the HTTP library ignores proxies";
                env::var_os("REQUEST_METHOD").map(|_| why)
            }),
            Err(_) => Some("it is not UTF-8"),
        };
        let refused = |why| Error::input(format!("the proxy in {name} cannot be used: {why}"), ADVICE);
        return why.map_or(Ok(()), |why| Err(refused(why)));
    }
    Ok(())
}

/// The proxy at `url`, for https.
pub(crate) fn parse(url: &str) -> Result<reqwest::Proxy, Error> {
    let refused = |why| Error::input(format!("the proxy cannot be used: {why}"), ADVICE);
    match problem(url) {
        Some(why) => Err(refused(why)),
        // The error of the library may repeat the URL.
        None => reqwest::Proxy::https(url).map_err(|_| refused("it is not a URL")),
    }
}

/// The reason for which the HTTP library cannot use this proxy. It does not repeat the value, which may contain a password.
fn problem(value: &str) -> Option<&'static str> {
    let Ok(uri) = value.parse::<Uri>() else { return Some("it is not a URL") };
    match uri.scheme_str() {
        None | Some("http" | "https") => {}
        Some(scheme) if scheme.starts_with("socks") => return Some("SOCKS proxies are not supported"),
        Some(_) => return Some("its scheme is not http"),
    }
    let Some(authority) = uri.authority() else { return Some("it has no host") };
    let host = authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host);
    let has_port = !host.ends_with(']') && host.contains(':');
    // A `/`, `?` or `#` in the password ends the part of the URL that names the host.
    if uri.host().is_none_or(str::is_empty) || has_port && uri.port_u16().is_none() || value.contains('#') {
        return Some("its host and port cannot be read");
    }
    uri.path_and_query().filter(|rest| rest.as_str().contains('@')).map(|_| "its host and port cannot be read")
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
            assert!(problem(value).is_some(), "{value}");
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
            assert_eq!(problem(value), None, "{value}");
        }
    }
}
