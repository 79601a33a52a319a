//! The text form of fault rules.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};

use super::{EndpointFilter, Fault, FaultKind, Trigger};
use crate::endpoint::Endpoint;
use crate::retry_after::RetryAfter;
use crate::rule_syntax::{RuleError, duration, number, settings, value};

impl FromStr for Fault {
    type Err = RuleError;

    fn from_str(rule: &str) -> Result<Self, RuleError> {
        // From the end, because the URL of a redirect contains colons.
        let (rest, trigger) = match rule.rsplit_once(':') {
            Some((_, text)) if rule.starts_with("redirect=") && !Trigger::begins(text) => (rule, Trigger::Always),
            Some((rest, text)) => (rest, text.parse()?),
            None => (rule, Trigger::Always),
        };
        let (kind, filter) = match rest.rsplit_once('@') {
            Some((kind, filter)) => (kind, Some(filter.parse()?)),
            None => (rest, None),
        };
        let kind: FaultKind = kind.parse()?;
        let endpoints = match (&kind, filter) {
            (FaultKind::TokenError(_), None) => EndpointFilter::One(Endpoint::Token),
            (FaultKind::TokenError(_), Some(EndpointFilter::One(one))) if !one.is_operation() => {
                EndpointFilter::One(one)
            }
            (FaultKind::TokenError(_), Some(_)) => {
                return Err(RuleError::new(
                    "a token-error is only possible at token, device_code, authorize and discovery",
                ));
            }
            (FaultKind::ExpiredToken, None | Some(EndpointFilter::All)) => EndpointFilter::Api,
            (FaultKind::ExpiredToken, Some(EndpointFilter::One(one))) if !one.is_operation() => {
                return Err(RuleError::new("an expired-token is only possible at operations of the service"));
            }
            (_, filter) => filter.unwrap_or(EndpointFilter::All),
        };
        Ok(Self { kind, endpoints, trigger })
    }
}

impl FromStr for FaultKind {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (name, argument) = match text.split_once('=') {
            Some((name, argument)) => (name, Some(argument)),
            None => (text, None),
        };
        let kind = match name {
            "status" => return status_fault(text),
            "redirect" => {
                let address = value(name, argument)?;
                HeaderValue::from_str(address)
                    .map_err(|_| RuleError::new(format!("'{address}' is not a URL to redirect to")))?;
                Self::Redirect(address.to_owned())
            }
            "html" => Self::Html(status(value(name, argument)?)?),
            "latency" => {
                let range = value(name, argument)?;
                let (from, to) = range.split_once("..").unwrap_or((range, range));
                let (from, to) = (duration(from)?, duration(to)?);
                if from > to {
                    return Err(RuleError::new(format!("the latency '{range}' ends before it begins")));
                }
                Self::Latency(from, to)
            }
            "slow-body" => Self::SlowBody(argument.map_or(Ok(Duration::from_secs(5)), duration)?),
            "oversized" => Self::Oversized(number(name, value(name, argument)?)?),
            "token-error" => {
                let error = value(name, argument)?;
                if !error.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                    return Err(RuleError::new(format!(
                        "'{error}' is neither a code such as AADSTS700082 nor an OAuth error such as access_denied"
                    )));
                }
                Self::TokenError(error.to_owned())
            }
            _ => {
                let kind = match name {
                    "reset" => Self::Reset,
                    "reset-after" => Self::ResetAfter,
                    "cut-body" => Self::CutBody,
                    "content-type" => Self::ContentType,
                    "not-json" => Self::NotJson,
                    "expired-token" => Self::ExpiredToken,
                    _ => {
                        return Err(RuleError::new(format!(
                            "'{name}' is not a fault; use status, redirect, html, latency, reset, reset-after, slow-body, \
                             cut-body, content-type, not-json, oversized, token-error or expired-token"
                        )));
                    }
                };
                if argument.is_some() {
                    return Err(RuleError::new(format!("{name} takes no value")));
                }
                kind
            }
        };
        Ok(kind)
    }
}

fn status_fault(text: &str) -> Result<FaultKind, RuleError> {
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
                    "status has no setting '{name}'; use code, retry-after or retry-after-date"
                )));
            }
        }
    }
    let status = found.ok_or_else(|| RuleError::new("status needs a value: status=503"))?;
    Ok(FaultKind::Status { status, code, retry_after })
}

fn status(text: &str) -> Result<StatusCode, RuleError> {
    text.parse()
        .ok()
        .filter(|status: &StatusCode| status.is_client_error() || status.is_server_error())
        .ok_or_else(|| RuleError::new(format!("'{text}' is not a status from 400 to 599")))
}

impl FromStr for EndpointFilter {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        match text {
            "all" => Ok(Self::All),
            "api" => Ok(Self::Api),
            _ => {
                let one = Endpoint::named(text);
                one.map(EndpointFilter::One).ok_or_else(|| {
                    let names: Vec<_> = Endpoint::all().map(Endpoint::name).collect();
                    let names = names.join(", ");
                    RuleError::new(format!("'{text}' is not an endpoint; use all, api, {names}"))
                })
            }
        }
    }
}

impl Trigger {
    fn begins(text: &str) -> bool {
        ["first=", "every=", "nth="].iter().any(|start| text.starts_with(start))
    }
}

impl FromStr for Trigger {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (name, count) = text.split_once('=').unwrap_or((text, ""));
        let trigger = match name {
            "first" => Trigger::First,
            "every" => Trigger::Every,
            "nth" => Trigger::Nth,
            _ => {
                return Err(RuleError::new(format!(
                    "'{text}' is not a trigger; use first=N, every=N or nth=N, or omit it"
                )));
            }
        };
        match number(name, count)? {
            0 => Err(RuleError::new(format!("{name} counts from 1"))),
            count => Ok(trigger(count)),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            FaultKind::Status { status, code, retry_after } => {
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
            FaultKind::Redirect(address) => write!(f, "redirect={address}")?,
            FaultKind::Html(status) => write!(f, "html={}", status.as_u16())?,
            FaultKind::Latency(from, to) => write!(f, "latency={}ms..{}ms", milliseconds(*from), milliseconds(*to))?,
            FaultKind::Reset => f.write_str("reset")?,
            FaultKind::ResetAfter => f.write_str("reset-after")?,
            FaultKind::SlowBody(time) => write!(f, "slow-body={}ms", milliseconds(*time))?,
            FaultKind::CutBody => f.write_str("cut-body")?,
            FaultKind::ContentType => f.write_str("content-type")?,
            FaultKind::NotJson => f.write_str("not-json")?,
            FaultKind::Oversized(bytes) => write!(f, "oversized={bytes}")?,
            FaultKind::TokenError(error) => write!(f, "token-error={error}")?,
            FaultKind::ExpiredToken => f.write_str("expired-token")?,
        }
        match self.endpoints {
            EndpointFilter::All => f.write_str("@all")?,
            EndpointFilter::Api => f.write_str("@api")?,
            EndpointFilter::One(endpoint) => write!(f, "@{}", endpoint.name())?,
        }
        match self.trigger {
            Trigger::Always => Ok(()),
            Trigger::First(count) => write!(f, ":first={count}"),
            Trigger::Every(step) => write!(f, ":every={step}"),
            Trigger::Nth(number) => write!(f, ":nth={number}"),
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
    fn rules_keep_their_text() {
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
    fn defaults_fill_in_what_a_rule_omits() {
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
    fn errors_name_what_is_invalid() {
        for (rule, word) in [
            ("", "not a fault"),
            ("stauts=503", "'stauts' is not a fault"),
            ("status", "needs a value"),
            ("status=200", "400 to 599"),
            ("status=503,body=x", "no setting 'body'"),
            ("html=abc", "400 to 599"),
            ("latency=50ms..20ms", "ends before it begins"),
            ("latency=20", "not a duration"),
            ("oversized=big", "not a number"),
            ("reset=1", "takes no value"),
            ("reset@budget", "'budget' is not an endpoint"),
            ("reset:often", "not a trigger"),
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
