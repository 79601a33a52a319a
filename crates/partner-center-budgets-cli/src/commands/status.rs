//! `pc-budgets status`: who is signed in, and whether the service accepts the sign-in.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use partner_center_budgets::{CustomerQuery, Error};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{CliError, Exit};
use crate::output::format::OutputFormat;
use crate::output::records::{self, Record};
use crate::output::sanitize::sanitized;
use crate::session::connection::Connection;
use crate::session::origin::Origin;

/// Show who is signed in, to which cloud and until when, and whether the service accepts it
///
/// Signs in, and requests one customer from the service. No secret is shown. User, app and tenant are those of the access
/// token; a dash means unknown.
///
/// Exit codes: 0 signed in, and the service accepts it; 1 the service cannot be reached; 3 not signed in, or the service
/// refuses the sign-in.
///
/// Example: pc-budgets status --profile contoso
#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {}

#[derive(Serialize, JsonSchema)]
pub(crate) struct StatusRecord {
    source: String,
    cloud: &'static str,
    tenant: Option<String>,
    app: Option<String>,
    user: Option<String>,
    token_expires_at: Option<DateTime<Utc>>,
    mfa: Option<bool>,
    refresh_token_in: Option<String>,
    service: &'static str,
}

impl Record for StatusRecord {
    fn headers() -> Vec<&'static str> {
        vec!["source", "cloud", "tenant", "app", "user", "token_expires_at", "mfa", "refresh_token_in", "service"]
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.source.clone(),
            self.cloud.to_owned(),
            records::text(&self.tenant),
            records::text(&self.app),
            records::text(&self.user),
            self.token_expires_at.map(|time| time.to_rfc3339()).unwrap_or_default(),
            self.mfa.map(|mfa| mfa.to_string()).unwrap_or_default(),
            records::text(&self.refresh_token_in),
            self.service.to_owned(),
        ]
    }
}

pub(crate) async fn run(connection: Connection, format: OutputFormat) -> anyhow::Result<()> {
    let session = connection.open_with(|builder| builder.validate_mfa()).await?;
    let claims = session.client.token_claims().await?;
    let (client, log) = session.client.with_call_log();
    let page = CustomerQuery::new().page_size(1)?;
    let answer = client.list_customers(page).try_next().await.map(drop);
    let reported = log.take().into_iter().find_map(|report| report.is_mfa_compliant);
    let mfa = match &answer {
        Err(error) if error.needs_mfa() => Some(false),
        // The service's answer takes precedence over the token's claim.
        _ => reported.or(claims.as_ref().and_then(|claims| claims.is_mfa)),
    };
    let is_refused = answer.as_ref().is_err_and(is_sign_in_refused);
    let Origin { source, cloud, tenant, client_id, token_location, .. } = session.origin;
    let (token_app, token_tenant, user, expires) =
        claims.map_or((None, None, None, None), |claims| (claims.app, claims.tenant, claims.user, claims.expires_at));
    let status = StatusRecord {
        source,
        cloud: cloud.name(),
        tenant: tenant.or(token_tenant),
        app: client_id.or(token_app),
        user,
        token_expires_at: expires,
        mfa,
        refresh_token_in: token_location,
        service: match &answer {
            Ok(()) => "agrees",
            Err(_) if is_refused => "refuses",
            Err(_) => "cannot be asked",
        },
    };
    match format {
        OutputFormat::Table => print_table(&status)?,
        _ => records::one(format, &status)?,
    }
    match answer {
        Err(error) if is_refused => Err(CliError::from(error).with_code(Exit::SignIn).into()),
        answer => Ok(answer?),
    }
}

/// Whether the service refuses the sign-in. A 403 without a code comes from a gateway, which does not know the sign-in.
fn is_sign_in_refused(error: &Error) -> bool {
    error.is_unauthenticated() || matches!(error, Error::Api(fault) if fault.status == 403 && fault.code.is_some())
}

fn print_table(status: &StatusRecord) -> io::Result<()> {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let expires = status.token_expires_at.map(|time| format!("good until {}", time.format("%Y-%m-%d %H:%M UTC")));
    let mfa = status.mfa.map(|mfa| if mfa { "yes" } else { "no" }.to_owned());
    let lines = [
        ("signed in by", status.source.clone()),
        ("cloud", status.cloud.to_owned()),
        ("tenant", dash(&status.tenant)),
        ("app", dash(&status.app)),
        ("user", dash(&status.user)),
        ("access token", dash(&expires)),
        ("refresh token", dash(&status.refresh_token_in)),
        ("multi-factor", dash(&mfa)),
        ("service", status.service.to_owned()),
    ];
    let mut out = io::stdout().lock();
    for (name, value) in lines {
        writeln!(out, "{name:<13}  {}", sanitized(&value))?;
    }
    Ok(())
}
