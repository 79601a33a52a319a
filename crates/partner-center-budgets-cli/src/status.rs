//! `pc-budgets status`: as whom the service is called, and whether it agrees.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use partner_center_budgets::{CustomerQuery, Error};
use serde::Serialize;

use crate::arguments::Output;
use crate::connection::{Connection, Origin};
use crate::rows::{self, Row};
use crate::steering::harmless;

/// Show who is signed in, to which cloud and until when, and whether the service agrees
///
/// Signs in, and asks the service for one customer. No secret is shown. User, app and tenant are what the access token says
/// of itself; a dash stands for what nobody says.
///
/// Exit codes: 0 signed in, and the service agrees; 1 the service cannot be asked; 3 nobody is signed in, or the service
/// refuses.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// The state, as programs read it.
#[derive(Serialize)]
struct Status {
    said_by: String,
    cloud: &'static str,
    tenant: Option<String>,
    app: Option<String>,
    user: Option<String>,
    token_expires_at: Option<DateTime<Utc>>,
    mfa: Option<bool>,
    refresh_token_in: Option<String>,
    service: &'static str,
}

impl Row for Status {
    const HEADS: &'static [&'static str] =
        &["said_by", "cloud", "tenant", "app", "user", "token_expires_at", "mfa", "refresh_token_in", "service"];

    fn cells(&self) -> Vec<String> {
        let expires = self.token_expires_at.map(|time| time.to_rfc3339()).unwrap_or_default();
        let mfa = self.mfa.map(|mfa| mfa.to_string()).unwrap_or_default();
        vec![
            self.said_by.clone(),
            self.cloud.to_owned(),
            rows::text(&self.tenant),
            rows::text(&self.app),
            rows::text(&self.user),
            expires,
            mfa,
            rows::text(&self.refresh_token_in),
            self.service.to_owned(),
        ]
    }
}

pub(crate) async fn run(connection: Connection, output: Output) -> anyhow::Result<()> {
    let open = connection.open_with(|builder| builder.validate_mfa()).await?;
    let claims = open.client.token_claims().await?;
    let (client, log) = open.client.recorded();
    let page = CustomerQuery::new().page_size(1)?;
    let asked = client.list_customers(page).try_next().await.map(drop);
    let reported = log.take().into_iter().find_map(|report| report.is_mfa_compliant);
    let mfa = match &asked {
        Err(error) if error.needs_mfa() => Some(false),
        // What the service says counts, and not what the token does.
        _ => reported.or(claims.as_ref().and_then(|claims| claims.is_mfa)),
    };
    let Origin { said_by, cloud, tenant, client_id, kept_in, .. } = open.origin;
    let (token_app, token_tenant, user, expires) =
        claims.map_or((None, None, None, None), |claims| (claims.app, claims.tenant, claims.user, claims.expires_at));
    let status = Status {
        said_by,
        cloud: cloud.name(),
        tenant: tenant.or(token_tenant),
        app: client_id.or(token_app),
        user,
        token_expires_at: expires,
        mfa,
        refresh_token_in: kept_in,
        service: match &asked {
            Ok(()) => "agrees",
            // A 403 without a code comes from a gateway, which knows nothing of the sign-in. Other refusals are not about it.
            Err(Error::Api(fault)) if fault.status == 401 || fault.status == 403 && fault.code.is_some() => "refuses",
            Err(_) => "cannot be asked",
        },
    };
    match output {
        Output::Table => table(&status)?,
        _ => rows::one(output, &status)?,
    }
    Ok(asked?)
}

fn table(status: &Status) -> io::Result<()> {
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let expires = status.token_expires_at.map(|time| format!("good until {}", time.format("%Y-%m-%d %H:%M UTC")));
    let mfa = status.mfa.map(|mfa| if mfa { "yes" } else { "no" }.to_owned());
    let lines = [
        ("signed in by", status.said_by.clone()),
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
        writeln!(out, "{name:<13}  {}", harmless(&value))?;
    }
    Ok(())
}
