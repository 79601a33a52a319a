//! The start of a sign-in with a device code.

use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::authority::{check_tenant, origin};
use super::failure::SignInResult;
use super::fields::Fields;
use super::tokens::{Device, Scope};
use crate::request::Request;
use crate::service::Service;

/// Issues a device code. No user is needed: the sandbox grants it after the configured number of requests.
pub(crate) fn device_code(service: &Service, request: &Request) -> SignInResult {
    check_tenant(request.path("tenant"))?;
    let form = Fields(request.form());
    let client = form.require("client_id")?.to_owned();
    let scope = Scope::parse(form.require("scope")?)?;
    let code = format!("sandbox-device-{}", Uuid::new_v4().simple());
    let user_code = format!("{:.9}", Uuid::new_v4().simple().to_string().to_uppercase());
    let mut tokens = service.tokens_mut();
    let flow = tokens.settings.device;
    let device = Device { client, scope, pending: flow.pending, slow_down: flow.slow_down };
    tokens.devices.insert(code.clone(), device);
    let uri = format!("{}/devicelogin", origin(service, request));
    Ok(json!({
        "user_code": user_code,
        "device_code": code,
        "verification_uri": uri,
        "expires_in": 900,
        "interval": seconds(flow.interval),
        "message": format!(
            "To sign in, use a web browser to open the page {uri} and enter the code {user_code} to authenticate."
        ),
    }))
}

/// Whole seconds as integers, as the service sends them, and fractions for tests with short waits.
fn seconds(interval: Duration) -> serde_json::Value {
    match interval.subsec_nanos() {
        0 => interval.as_secs().into(),
        _ => interval.as_secs_f64().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_integers_if_possible() {
        assert_eq!(seconds(Duration::from_secs(5)), json!(5));
        assert_eq!(seconds(Duration::ZERO), json!(0));
        assert_eq!(seconds(Duration::from_millis(250)), json!(0.25));
    }
}
