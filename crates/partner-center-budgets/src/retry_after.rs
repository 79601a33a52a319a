//! Properties of a response that decide about a retry.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

/// Whether the same call may succeed later, after a response with this status.
pub(crate) fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// The wait that the service asks for: `Retry-After` in seconds or as a date, else the text of the gateway.
pub(crate) fn retry_after(headers: &HeaderMap, description: Option<&str>) -> Option<Duration> {
    let header = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = header.and_then(|value| value.parse().ok()).map(Duration::from_secs);
    let date = || {
        let date = httpdate::parse_http_date(header?).ok()?;
        // A date in the past means no wait.
        Some(date.duration_since(SystemTime::now()).unwrap_or_default())
    };
    let gateway = || {
        let (_, after) = description?.split_once("Try again in ")?;
        after.split(' ').next()?.parse().ok().map(Duration::from_secs)
    };
    seconds.or_else(date).or_else(gateway)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_forms_of_retry_after() {
        let read = |value: Option<&str>, description| {
            let value = value.map(|value| (header::RETRY_AFTER, value.parse().unwrap()));
            retry_after(&value.into_iter().collect(), description)
        };
        assert_eq!(read(Some("57"), None), Some(Duration::from_secs(57)));
        assert_eq!(read(Some("Sun, 06 Nov 1994 08:49:37 GMT"), None), Some(Duration::ZERO));
        let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(60));
        let wait = read(Some(&soon), None).unwrap();
        assert!((1..=60).contains(&wait.as_secs()), "{wait:?}");
        let gateway = Some("Rate limit is exceeded. Try again in 57 seconds.");
        assert_eq!(read(None, gateway), Some(Duration::from_secs(57)));
        assert_eq!(read(Some("soon"), gateway), Some(Duration::from_secs(57)));
        for odd in ["", "-1", "1e9", "99999999999999999999999", "soon"] {
            assert_eq!(read(Some(odd), None), None, "{odd}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(10_000))]

        #[test]
        fn accepts_any_text(value in "[ -~]{0,40}|[0-9]{1,25}", number in "\\PC{0,40}") {
            let header = (header::RETRY_AFTER, value.parse().unwrap());
            let description = format!("Try again in {number} seconds");
            let wait = retry_after(&[header].into_iter().collect(), Some(&description));
            if let Ok(seconds) = value.trim().parse() {
                proptest::prop_assert_eq!(wait, Some(Duration::from_secs(seconds)));
            }
        }
    }
}
