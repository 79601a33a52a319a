//! Rules as they are written.

use std::{fmt, str::FromStr, time::Duration};

use axum::http::{HeaderValue, StatusCode};

use super::{Fault, Often, Place, RetryAfter, What};
use crate::{
    endpoint::Endpoint,
    text::{RuleError, duration, number, settings, value},
};

impl FromStr for Fault {
    type Err = RuleError;

    fn from_str(rule: &str) -> Result<Fault, RuleError> {
        // From the end, because the address of a redirect has colons of its own.
        let (rest, often) = match rule.rsplit_once(':') {
            Some((_, often)) if rule.starts_with("redirect=") && !Often::begins(often) => (rule, Often::Always),
            Some((rest, often)) => (rest, often.parse()?),
            None => (rule, Often::Always),
        };
        let (what, place) = match rest.rsplit_once('@') {
            Some((what, place)) => (what, Some(place.parse()?)),
            None => (rest, None),
        };
        let what: What = what.parse()?;
        let place = match (&what, place) {
            (What::TokenError(_), None) => Place::One(Endpoint::Token),
            (What::TokenError(_), Some(Place::One(one))) if !one.is_operation() => Place::One(one),
            (What::TokenError(_), Some(_)) => {
                return Err(RuleError::new(
                    "a token-error is only possible at token, device_code, authorize and discovery",
                ));
            }
            (What::ExpiredToken, None | Some(Place::All)) => Place::Api,
            (What::ExpiredToken, Some(Place::One(one))) if !one.is_operation() => {
                return Err(RuleError::new("an expired-token is only possible at operations of the service"));
            }
            (_, place) => place.unwrap_or(Place::All),
        };
        Ok(Fault { what, place, often })
    }
}

impl FromStr for What {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<What, RuleError> {
        let (name, argument) = match text.split_once('=') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let what = match name {
            "status" => return refusal(text),
            "redirect" => {
                let address = value(name, argument)?;
                HeaderValue::from_str(address)
                    .map_err(|_| RuleError::new(format!("'{address}' is not an address to redirect to")))?;
                What::Redirect(address.to_owned())
            }
            "html" => What::Html(status(value(name, argument)?)?),
            "latency" => {
                let range = value(name, argument)?;
                let (from, to) = range.split_once("..").unwrap_or((range, range));
                let (from, to) = (duration(from)?, duration(to)?);
                if from > to {
                    return Err(RuleError::new(format!("the latency '{range}' ends before it begins")));
                }
                What::Latency(from, to)
            }
            "slow-body" => What::SlowBody(argument.map_or(Ok(Duration::from_secs(5)), duration)?),
            "oversized" => What::Oversized(number(name, value(name, argument)?)?),
            "token-error" => {
                let error = value(name, argument)?;
                if !error.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                    return Err(RuleError::new(format!(
                        "'{error}' is neither a code such as AADSTS700082 nor a word such as access_denied"
                    )));
                }
                What::TokenError(error.to_owned())
            }
            _ => {
                let what = match name {
                    "reset" => What::Reset,
                    "reset-after" => What::ResetAfter,
                    "cut-body" => What::CutBody,
                    "content-type" => What::ContentType,
                    "not-json" => What::NotJson,
                    "expired-token" => What::ExpiredToken,
                    _ => {
                        return Err(RuleError::new(format!(
                            "'{name}' is no fault; there are status, redirect, html, latency, reset, reset-after, slow-body, \
                             cut-body, content-type, not-json, oversized, token-error and expired-token"
                        )));
                    }
                };
                if argument.is_some() {
                    return Err(RuleError::new(format!("{name} takes no value")));
                }
                what
            }
        };
        Ok(what)
    }
}

fn refusal(text: &str) -> Result<What, RuleError> {
    let (mut code, mut retry_after, mut found) = (None, None, None);
    for (name, argument) in settings(text) {
        let argument = value(name, argument)?;
        match name {
            "status" => found = Some(status(argument)?),
            "code" => code = Some(argument.to_owned()),
            "retry-after" => retry_after = Some(RetryAfter::Seconds(number(name, argument)?)),
            "retry-after-date" => retry_after = Some(RetryAfter::Date(number::<u32>(name, argument)?.into())),
            _ => {
                return Err(RuleError::new(format!(
                    "a status has no setting '{name}'; there are code, retry-after and retry-after-date"
                )));
            }
        }
    }
    let status = found.ok_or_else(|| RuleError::new("status needs a value: status=503"))?;
    Ok(What::Status { status, code, retry_after })
}

fn status(text: &str) -> Result<StatusCode, RuleError> {
    text.parse()
        .ok()
        .filter(|status: &StatusCode| status.is_client_error() || status.is_server_error())
        .ok_or_else(|| RuleError::new(format!("'{text}' is not a status from 400 to 599")))
}

impl FromStr for Place {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Place, RuleError> {
        match text {
            "all" => Ok(Place::All),
            "api" => Ok(Place::Api),
            _ => {
                let one = Endpoint::ALL.into_iter().find(|endpoint| endpoint.name() == text);
                one.map(Place::One).ok_or_else(|| {
                    let names = Endpoint::ALL.map(Endpoint::name).join(", ");
                    RuleError::new(format!("'{text}' is not a place for a fault; there are all, api, {names}"))
                })
            }
        }
    }
}

impl Often {
    fn begins(text: &str) -> bool {
        ["first=", "every=", "nth="].iter().any(|start| text.starts_with(start))
    }
}

impl FromStr for Often {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Often, RuleError> {
        let (name, count) = text.split_once('=').unwrap_or((text, ""));
        let often = match name {
            "first" => Often::First,
            "every" => Often::Every,
            "nth" => Often::Nth,
            _ => {
                return Err(RuleError::new(format!(
                    "'{text}' does not say how often; write first=N, every=N or nth=N, or leave it out"
                )));
            }
        };
        match number(name, count)? {
            0 => Err(RuleError::new(format!("{name} counts from 1"))),
            count => Ok(often(count)),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Status { status, code, retry_after } => {
                write!(f, "status={}", status.as_u16())?;
                if let Some(code) = code {
                    write!(f, ",code={code}")?;
                }
                match retry_after {
                    Some(RetryAfter::Seconds(seconds)) => write!(f, ",retry-after={seconds}")?,
                    Some(RetryAfter::Date(seconds)) => write!(f, ",retry-after-date={seconds}")?,
                    None => {}
                }
            }
            What::Redirect(address) => write!(f, "redirect={address}")?,
            What::Html(status) => write!(f, "html={}", status.as_u16())?,
            What::Latency(from, to) => write!(f, "latency={}ms..{}ms", milliseconds(*from), milliseconds(*to))?,
            What::Reset => f.write_str("reset")?,
            What::ResetAfter => f.write_str("reset-after")?,
            What::SlowBody(time) => write!(f, "slow-body={}ms", milliseconds(*time))?,
            What::CutBody => f.write_str("cut-body")?,
            What::ContentType => f.write_str("content-type")?,
            What::NotJson => f.write_str("not-json")?,
            What::Oversized(bytes) => write!(f, "oversized={bytes}")?,
            What::TokenError(error) => write!(f, "token-error={error}")?,
            What::ExpiredToken => f.write_str("expired-token")?,
        }
        match self.place {
            Place::All => f.write_str("@all")?,
            Place::Api => f.write_str("@api")?,
            Place::One(endpoint) => write!(f, "@{}", endpoint.name())?,
        }
        match self.often {
            Often::Always => Ok(()),
            Often::First(count) => write!(f, ":first={count}"),
            Often::Every(step) => write!(f, ":every={step}"),
            Often::Nth(number) => write!(f, ":nth={number}"),
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_back_as_they_were_written() {
        for rule in [
            "status=503@all",
            "status=403,code=20002,retry-after=2@get_usage_budget:first=3",
            "status=429,retry-after-date=2@all",
            "redirect=http://127.0.0.1:9/v1@all",
            "redirect=http://127.0.0.1:9/v1@list_customers:first=1",
            "html=502@api:every=10",
            "latency=20ms..50ms@all",
            "reset@token:nth=2",
            "reset-after@update_usage_budget",
            "slow-body=5000ms@list_customers",
            "cut-body@all",
            "content-type@all",
            "not-json@all",
            "oversized=67108864@list_customers:first=1",
            "token-error=AADSTS700082@token",
            "token-error=access_denied@authorize",
            "expired-token@api:first=1",
        ] {
            assert_eq!(rule.parse::<Fault>().unwrap().to_string(), rule);
        }
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        for (short, long) in [
            ("reset", "reset@all"),
            ("reset:first=1", "reset@all:first=1"),
            ("redirect=https://a.example/", "redirect=https://a.example/@all"),
            ("redirect=http://a.example:1/:nth=2", "redirect=http://a.example:1/@all:nth=2"),
            ("latency=20ms", "latency=20ms..20ms@all"),
            ("slow-body", "slow-body=5000ms@all"),
            ("token-error=AADSTS65001", "token-error=AADSTS65001@token"),
            ("expired-token", "expired-token@api"),
            ("expired-token@all", "expired-token@api"),
        ] {
            assert_eq!(short.parse::<Fault>().unwrap().to_string(), long);
        }
    }

    #[test]
    fn bad_rules_say_what_is_wrong() {
        for (rule, word) in [
            ("", "no fault"),
            ("stauts=503", "'stauts' is no fault"),
            ("status", "needs a value"),
            ("status=200", "400 to 599"),
            ("status=503,body=x", "no setting 'body'"),
            ("html=abc", "400 to 599"),
            ("latency=50ms..20ms", "ends before it begins"),
            ("latency=20", "not a duration"),
            ("oversized=big", "not a number"),
            ("reset=1", "takes no value"),
            ("reset@budget", "'budget' is not a place"),
            ("reset:often", "how often"),
            ("reset:first=0", "counts from 1"),
            ("reset:first=", "not a number"),
            ("token-error=AADSTS1@get_usage_budget", "only possible at token"),
            ("token-error=a b", "neither a code"),
            ("expired-token@token", "operations of the service"),
        ] {
            let error = rule.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(word), "{rule}: {error}");
        }
    }
}
