//! Which service to call, and as whom.

use clap::Args;
use partner_center_budgets::Client;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets_sandbox::{Sandbox, TOKEN};

use crate::failure::MissingToken;

#[derive(Debug, Args)]
pub(crate) struct Connection {
    /// Call a fresh sandbox inside this process: no account, no token, nothing kept
    #[arg(long, global = true, conflicts_with = "base_url")]
    sandbox: bool,
    /// Call this address instead of api.partnercenter.microsoft.com: https, or http on this machine
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
}

/// A client and, where it calls one, the sandbox, which lives as long as this does.
pub(crate) struct Open {
    pub(crate) client: Client,
    _sandbox: Option<Sandbox>,
}

impl Connection {
    pub(crate) async fn open(self) -> anyhow::Result<Open> {
        if self.sandbox {
            return sandbox().await;
        }
        let token = std::env::var("PARTNER_CENTER_TOKEN").map_err(|_| MissingToken)?;
        let mut builder = Client::builder(FixedToken::new(token));
        if let Some(url) = self.base_url {
            builder = builder.base_url(url);
        }
        Ok(Open { client: builder.build()?, _sandbox: None })
    }
}

/// A client of a sandbox of its own.
pub(crate) async fn sandbox() -> anyhow::Result<Open> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder(FixedToken::new(TOKEN)).base_url(sandbox.base_url()).build()?;
    Ok(Open { client, _sandbox: Some(sandbox) })
}
