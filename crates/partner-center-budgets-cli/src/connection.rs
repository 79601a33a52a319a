//! Which service to call, and as whom.

use std::env::VarError;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use partner_center_budgets::Client;
use partner_center_budgets::auth::FixedToken;
use partner_center_budgets_sandbox::{Sandbox, TOKEN};

use crate::arguments::Arguments;
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
    /// Ends the program when an address was given to a command that has a sandbox of its own: it would be ignored.
    pub(crate) fn must_be_unset(&self, command: &str) {
        if self.base_url.is_some() {
            let message = format!("`{command}` does not call the service; leave out --base-url");
            Arguments::command().error(ErrorKind::ArgumentConflict, message).exit();
        }
    }

    pub(crate) async fn open(self) -> anyhow::Result<Open> {
        if self.sandbox {
            return sandbox().await;
        }
        let token = match std::env::var("PARTNER_CENTER_TOKEN") {
            Ok(token) if !token.is_empty() => token,
            Ok(_) => return Err(MissingToken("is empty").into()),
            Err(VarError::NotPresent) => return Err(MissingToken("is not set").into()),
            Err(VarError::NotUnicode(_)) => return Err(MissingToken("is not a text").into()),
        };
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
