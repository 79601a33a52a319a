//! Which service to call, and as whom.

mod advised;
pub(crate) mod environment;
mod partner;

use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use partner_center_budgets::auth::{AuthError, MemoryStore, RefreshToken};
use partner_center_budgets::{Client, ClientBuilder, Cloud};
use partner_center_budgets_sandbox::{REFRESH_TOKEN, Sandbox};

use crate::arguments::Arguments;
use crate::config::{self, CloudName, Config, Profile, ProfileName};
use crate::failure::Told;
use crate::store::{Store, WarningStore};
use crate::waiting::IN_FLIGHT;
use advised::Advised;
use environment::Variables;

#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
pub(crate) struct Connection {
    /// Call a fresh sandbox inside this process: no account, no token, nothing kept
    #[arg(long, global = true, conflicts_with_all = ["base_url", "authority", "profile"])]
    pub(crate) sandbox: bool,
    /// Work for this profile; without it PC_BUDGETS_PROFILE, the default or the only one is meant
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<ProfileName>,
    /// Call this address instead of api.partnercenter.microsoft.com: https, or http on this machine
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Sign in at this address instead of login.microsoftonline.com: https, or http on this machine
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) authority: Option<String>,
}

/// A client and, where it calls one, the sandbox, which lives as long as this does.
pub(crate) struct Open {
    pub(crate) client: Client,
    pub(crate) origin: Origin,
    _sandbox: Option<Sandbox>,
}

/// As whom the service is called, and who said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Such as `profile contoso`.
    pub(crate) said_by: String,
    pub(crate) cloud: CloudName,
    pub(crate) tenant: Option<String>,
    pub(crate) client_id: Option<String>,
    /// Where the refresh token is kept.
    pub(crate) kept_in: Option<String>,
    /// The profile, where it is one.
    pub(crate) profile: Option<ProfileName>,
    /// The address of the service; `None` for a sandbox inside this process, where it is another each time.
    pub(crate) api: Option<String>,
}

impl Connection {
    /// Ends the program when an address or a profile was given to a command that calls nobody: it would be ignored.
    pub(crate) fn must_be_unset(&self, command: &str) {
        let given = [
            ("--base-url", self.base_url.is_some()),
            ("--authority", self.authority.is_some()),
            ("--profile", self.profile.is_some()),
        ];
        if let Some((option, _)) = given.iter().find(|(_, is_given)| *is_given) {
            let message = format!("`{command}` does not call the service; leave out {option}");
            Arguments::command().error(ErrorKind::ArgumentConflict, message).exit();
        }
    }

    /// The client of whom is meant: the sandbox, the profile that was named, the environment's credential, or the profile
    /// that is meant where none is named.
    pub(crate) async fn open(self) -> anyhow::Result<Open> {
        self.open_with(|builder| builder).await
    }

    /// The same, with settings of the client.
    pub(crate) async fn open_with(self, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> anyhow::Result<Open> {
        if self.sandbox {
            return in_sandbox(set).await;
        }
        if self.profile.is_none() {
            match config::named_by_environment()? {
                Some(name) => environment::must_name_none(&name)?,
                None => {
                    if let Some(variables) = Variables::read()? {
                        let origin = variables.origin();
                        let api = Some(origin.cloud.with(self.base_url.as_deref(), None).api().to_owned());
                        let origin = Origin { api, ..origin };
                        return opened(set(self.addressed(variables.builder(), origin.cloud)), origin, None);
                    }
                }
            }
        }
        let config = Config::read()?;
        let Some(name) = config.meant(self.profile.as_ref())? else { return Err(nobody(&config).into()) };
        let profile = config.known(&name)?;
        self.must_be_of(&name, profile)?;
        let store = Store::of(&name, profile, config.path());
        let origin = Origin {
            said_by: format!("profile {name}"),
            cloud: profile.cloud,
            tenant: Some(profile.tenant.clone()),
            client_id: Some(profile.client_id.clone()),
            kept_in: Some(store.shown()),
            api: Some(profile.cloud().api().to_owned()),
            profile: Some(name.clone()),
        };
        let credential = RefreshToken::new(&profile.tenant, &profile.client_id, Arc::new(WarningStore(store)));
        let credential = Advised::new(credential, move |error: &AuthError| {
            // A device code cannot prove which device the user sits at.
            let browser = if error.code() == Some("AADSTS530033") { " --browser" } else { "" };
            let how = format!("profile {name} is signed in with: pc-budgets login --profile {name}{browser}");
            error.needs_sign_in().then_some(how)
        });
        opened(set(Client::builder(credential).cloud(profile.cloud())), origin, None)
    }

    /// Refuses to send the tokens of a profile to another address than that for which its user signed in.
    fn must_be_of(&self, name: &ProfileName, profile: &Profile) -> Result<(), Told> {
        let cloud = profile.cloud();
        let options =
            [("--base-url", &self.base_url, cloud.api()), ("--authority", &self.authority, cloud.authority())];
        for (option, given, own) in options {
            let Some(given) = given else { continue };
            if given.trim_end_matches('/') != own.trim_end_matches('/') {
                let what = format!("{option} is not for profile {name}");
                let why =
                    format!("its user has signed in for {own}, and other addresses must not get the user's tokens");
                let next = format!(
                    "leave {option} out, or sign in under another profile: pc-budgets login --profile NAME {option} {given}"
                );
                return Err(Told::usage(Told::lines(what, why, next)));
            }
        }
        Ok(())
    }

    fn addressed(&self, builder: ClientBuilder, cloud: CloudName) -> ClientBuilder {
        builder.cloud(cloud.with(self.base_url.as_deref(), self.authority.as_deref()))
    }
}

/// A client of a sandbox of its own, in which a user has signed in.
pub(crate) async fn in_sandbox(set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> anyhow::Result<Open> {
    let sandbox = Sandbox::start().await?;
    let origin = Origin {
        said_by: "--sandbox".to_owned(),
        cloud: CloudName::Global,
        tenant: Some(SANDBOX_TENANT.to_owned()),
        client_id: Some(SANDBOX_APP.to_owned()),
        kept_in: None,
        api: None,
        profile: None,
    };
    let store = Arc::new(MemoryStore::new(REFRESH_TOKEN));
    let builder = Client::builder(RefreshToken::new(SANDBOX_TENANT, SANDBOX_APP, store));
    opened(set(builder.cloud(cloud_of_sandbox(&sandbox))), origin, Some(sandbox))
}

/// The sandbox is service and authority in one.
pub(crate) fn cloud_of_sandbox(sandbox: &Sandbox) -> Cloud {
    let url = sandbox.base_url();
    CloudName::Global.with(Some(&url), Some(&url))
}

pub(crate) const SANDBOX_TENANT: &str = "sandbox.example";
pub(crate) const SANDBOX_APP: &str = "22222222-2222-2222-2222-222222222222";

fn opened(builder: ClientBuilder, origin: Origin, sandbox: Option<Sandbox>) -> anyhow::Result<Open> {
    Ok(Open { client: builder.in_flight(IN_FLIGHT.clone()).build()?, origin, _sandbox: sandbox })
}

fn nobody(config: &Config) -> Told {
    let why =
        format!("{} has no profile, and no variable of the environment names a credential", config.path().display());
    let next = "run `pc-budgets login --tenant TENANT --client-id ID`, or set PARTNER_CENTER_TOKEN, or try --sandbox";
    Told::sign_in(Told::lines("nobody is signed in", &why, next))
}
