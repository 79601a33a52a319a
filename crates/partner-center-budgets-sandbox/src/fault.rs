//! Faults on demand: rules in words, and which of them strikes a call.

mod plan;

use std::{fmt, str::FromStr, time::Duration};

use axum::http::StatusCode;

pub(crate) use plan::{Plan, Strike};

use crate::{
    endpoint::Endpoint,
    text::{RuleError, duration, number, settings, value},
};

/// A rule that makes calls fail: what happens, where, and how often. It is read from text:
///
/// ```
/// use partner_center_budgets_sandbox::Fault;
///
/// # fn main() -> Result<(), partner_center_budgets_sandbox::RuleError> {
/// let rule: Fault = "status=503,retry-after=2@get_usage_budget:first=3".parse()?;
/// # Ok(())
/// # }
/// ```
///
/// The grammar is `WHAT[@WHERE][:HOW-OFTEN]`.
///
/// | what | happens |
/// |---|---|
/// | `status=STATUS` | a refusal as JSON, instead of the operation; `,code=CODE` sets its code, `,retry-after=SECONDS` adds the header. Code 10001 comes as plain text |
/// | `html=STATUS` | an HTML page with this status, instead of the operation |
/// | `latency=20ms..50ms`, `latency=20ms` | a wait before the answer, drawn from the seed |
/// | `reset` | the connection is reset (RST) without an answer, instead of the operation |
/// | `reset-after` | the same, but the operation has been carried out |
/// | `slow-body`, `slow-body=10s` | the operation's answer comes in ten pieces, over 5 s unless told |
/// | `cut-body` | the operation's answer ends in the middle, and the connection with it |
/// | `content-type` | the operation's answer calls itself `text/html` |
/// | `not-json` | the operation is carried out; its answer looks like JSON but is none |
/// | `oversized=BYTES` | the operation's answer, followed by so many blanks that it has this size; without a `Content-Length` |
/// | `token-error=AADSTS700082`, `token-error=access_denied` | the sign-in is refused with this code, or with this word of OAuth |
/// | `expired-token` | the token of the call expires at once: 401, now and until the client signs in anew. The token [`TOKEN`](crate::TOKEN) is refused this once |
///
/// *Where* is the operation id of the OpenAPI document (`get_usage_budget`, `list_customers` …), or `token`,
/// `device_code` or `authorize` for the endpoints of the sign-in, or `api` for all operations, or `all`, which is
/// also meant when it is left out. A `token-error` without a place is one of `token`, an `expired-token` without a
/// place one of `api`.
///
/// *How often* is `first=N` for the first N calls, `every=N` for every Nth call, `nth=N` for the Nth call alone. Left
/// out, it is every call.
///
/// The rules are tried in their order. The first one that strikes keeps the call, and the rules behind it neither
/// see nor count it; only `latency` leaves the call to them. Calls that a throttle rejects have the latency and no
/// other fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    what: What,
    place: Place,
    often: Often,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    Status { status: StatusCode, code: Option<String>, retry_after: Option<u64> },
    Html(StatusCode),
    Latency(Duration, Duration),
    Reset,
    ResetAfter,
    SlowBody(Duration),
    CutBody,
    ContentType,
    NotJson,
    Oversized(u64),
    TokenError(String),
    ExpiredToken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    All,
    Api,
    One(Endpoint),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Often {
    Always,
    First(u64),
    Every(u64),
    Nth(u64),
}

impl Place {
    fn holds(self, endpoint: Endpoint) -> bool {
        match self {
            Place::All => true,
            Place::Api => endpoint.is_operation(),
            Place::One(one) => one == endpoint,
        }
    }
}

impl Often {
    /// Whether the call of a number, counted from 1, is one of these.
    fn holds(self, call: u64) -> bool {
        match self {
            Often::Always => true,
            Often::First(count) => call <= count,
            Often::Every(step) => call.is_multiple_of(step),
            Often::Nth(number) => call == number,
        }
    }
}

impl FromStr for Fault {
    type Err = RuleError;

    fn from_str(rule: &str) -> Result<Fault, RuleError> {
        let (rest, often) = match rule.split_once(':') {
            Some((rest, often)) => (rest, often.parse()?),
            None => (rule, Often::Always),
        };
        let (what, place) = match rest.split_once('@') {
            Some((what, place)) => (what, Some(place.parse()?)),
            None => (rest, None),
        };
        let what: What = what.parse()?;
        let place = match (&what, place) {
            (What::TokenError(_), None) => Place::One(Endpoint::Token),
            (What::TokenError(_), Some(Place::One(one))) if !one.is_operation() => Place::One(one),
            (What::TokenError(_), Some(_)) => {
                return Err(RuleError::new("a token-error is only possible at token, device_code and authorize"));
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
                            "'{name}' is no fault; there are status, html, latency, reset, reset-after, slow-body, \
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
            "retry-after" => retry_after = Some(number(name, argument)?),
            _ => {
                return Err(RuleError::new(format!(
                    "a status has no setting '{name}'; there are code and retry-after"
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
                    RuleError::new(format!("'{text}' is no place for a fault; there are all, api, {names}"))
                })
            }
        }
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
                if let Some(seconds) = retry_after {
                    write!(f, ",retry-after={seconds}")?;
                }
            }
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
            ("reset@budget", "'budget' is no place"),
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
