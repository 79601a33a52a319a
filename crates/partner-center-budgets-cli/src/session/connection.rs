//! The global options that select a service and a credential, and the session that they open.

use std::sync::Arc;

use clap::Args;
use partner_center_budgets::auth::{AuthError, MemoryStore, RefreshToken};
use partner_center_budgets::{Client, ClientBuilder, Cloud};
use partner_center_budgets_sandbox::{Config as SandboxConfig, REFRESH_TOKEN, Sandbox};

use super::config::{self, CloudName, Config, Profile, ProfileName};
use super::credential_hint::WithHint;
use super::environment::{self, EnvironmentCredential};
use super::origin::Origin;
use super::token_store::{Store, WarningStore};
use crate::error::CliError;
use crate::output::waiting::IN_FLIGHT;

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Connection {
    /// Call a temporary sandbox inside this process: no account, no token, nothing stored
    #[arg(long, global = true, conflicts_with_all = ["base_url", "authority", "profile"])]
    pub(crate) sandbox: bool,
    /// Use this profile [default: PC_BUDGETS_PROFILE, else the default profile]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<ProfileName>,
    /// Call this address instead of api.partnercenter.microsoft.com: https, or http on this machine
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Sign in at this address instead of login.microsoftonline.com: https, or http on this machine
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) authority: Option<String>,
}

/// A client, and the sandbox that it may call.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) origin: Origin,
    /// Runs as long as the session.
    _sandbox: Option<Sandbox>,
}

impl Connection {
    /// Opens a session with the credential of the sandbox, the named profile, the environment or the default profile, in
    /// this order.
    pub(crate) async fn open(self) -> anyhow::Result<Session> {
        self.open_with(|builder| builder).await
    }

    /// As [`open`](Self::open), with further settings of the client.
    pub(crate) async fn open_with(self, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> anyhow::Result<Session> {
        if self.sandbox {
            return open_sandbox(set).await;
        }
        if self.profile.is_none() {
            match config::profile_from_environment()? {
                Some(name) => environment::ensure_no_credential(&name)?,
                None => {
                    if let Some(credential) = EnvironmentCredential::read()? {
                        let origin = credential.origin(self.base_url.as_deref());
                        return build_session(set(self.with_address(credential.builder(), origin.cloud)), origin, None);
                    }
                }
            }
        }
        let config = Config::read()?;
        let Some(name) = config.selected(self.profile.as_ref())? else { return Err(no_credential(&config).into()) };
        let profile = config.require(&name)?;
        self.ensure_addresses_of(&name, profile)?;
        let store = Store::of(&name, profile, config.path());
        let origin = Origin {
            source: format!("profile {name}"),
            cloud: profile.cloud,
            tenant: Some(profile.tenant.clone()),
            client_id: Some(profile.client_id.clone()),
            token_location: Some(store.location()),
            api: Some(profile.cloud().api().to_owned()),
            profile: Some(name.clone()),
        };
        let credential = RefreshToken::new(&profile.tenant, &profile.client_id, Arc::new(WarningStore(store)));
        let credential = WithHint::new(credential, move |error: &AuthError| {
            // A device code cannot prove on which device the user signs in.
            let browser = if error.code() == Some("AADSTS530033") { " --browser" } else { "" };
            let how = format!("sign in to profile {name} with: pc-budgets login --profile {name}{browser}");
            error.needs_sign_in().then_some(how)
        });
        build_session(set(Client::builder(credential).cloud(profile.cloud())), origin, None)
    }

    /// Refuses to send a profile's tokens to any address except the one for which its user signed in.
    fn ensure_addresses_of(&self, name: &ProfileName, profile: &Profile) -> Result<(), CliError> {
        let cloud = profile.cloud();
        let options =
            [("--base-url", &self.base_url, cloud.api()), ("--authority", &self.authority, cloud.authority())];
        for (option, given, own) in options {
            let Some(given) = given else { continue };
            if given.trim_end_matches('/') != own.trim_end_matches('/') {
                let what = format!("{option} is not for profile {name}");
                let why = format!("its user signed in for {own}, and other addresses must not get the user's tokens");
                let next = format!(
                    "leave {option} out, or sign in to another profile: pc-budgets login --profile NAME {option} {given}"
                );
                return Err(CliError::usage(what, why, next));
            }
        }
        Ok(())
    }

    fn with_address(&self, builder: ClientBuilder, cloud: CloudName) -> ClientBuilder {
        builder.cloud(cloud.with(self.base_url.as_deref(), self.authority.as_deref()))
    }
}

/// Opens a session with a temporary sandbox, in which a user has signed in.
pub(crate) async fn open_sandbox(set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> anyhow::Result<Session> {
    open_sandbox_of(0, set).await
}

/// As [`open_sandbox`], with the figures that the sandbox had some days before.
pub(crate) async fn open_sandbox_of(
    days_ago: u32,
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> anyhow::Result<Session> {
    let sandbox = Sandbox::with(SandboxConfig { days_ago, ..SandboxConfig::default() }).await?;
    let origin = Origin {
        source: "--sandbox".to_owned(),
        cloud: CloudName::Global,
        tenant: Some(SANDBOX_TENANT.to_owned()),
        client_id: Some(SANDBOX_APP.to_owned()),
        token_location: None,
        api: None,
        profile: None,
    };
    let store = Arc::new(MemoryStore::new(REFRESH_TOKEN));
    let builder = Client::builder(RefreshToken::new(SANDBOX_TENANT, SANDBOX_APP, store));
    build_session(set(builder.cloud(cloud_of_sandbox(&sandbox))), origin, Some(sandbox))
}

/// The sandbox is both service and authority.
pub(crate) fn cloud_of_sandbox(sandbox: &Sandbox) -> Cloud {
    let url = sandbox.base_url();
    CloudName::Global.with(Some(&url), Some(&url))
}

pub(crate) const SANDBOX_TENANT: &str = "sandbox.example";
pub(crate) const SANDBOX_APP: &str = "22222222-2222-2222-2222-222222222222";

fn build_session(builder: ClientBuilder, origin: Origin, sandbox: Option<Sandbox>) -> anyhow::Result<Session> {
    Ok(Session { client: builder.in_flight(IN_FLIGHT.clone()).build()?, origin, _sandbox: sandbox })
}

fn no_credential(config: &Config) -> CliError {
    let why = format!("{} has no profile, and no environment variable names a credential", config.path().display());
    let next = "run `pc-budgets login --tenant TENANT --client-id ID`, or set PARTNER_CENTER_TOKEN, or try --sandbox";
    CliError::sign_in("not signed in", why, next)
}
