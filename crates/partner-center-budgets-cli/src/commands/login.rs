//! `pc-budgets login`: signs a user in for later commands.

use std::sync::Arc;

use clap::builder::NonEmptyStringValueParser;
use partner_center_budgets::auth::{
    AccessToken, AuthError, AuthorizationCode, DeviceCode, MemoryStore, TokenEndpoint, TokenStore,
};
use partner_center_budgets::{Cloud, Error};
use partner_center_budgets_sandbox::Sandbox;
use secrecy::SecretString;

use crate::browser;
use crate::error::CliError;
use crate::output::notice::notice;
use crate::output::sanitize::sanitized;
use crate::output::waiting::IN_FLIGHT;
use crate::session::config::{CloudName, Config, Profile, ProfileName, StoreKind};
use crate::session::connection::{Connection, SANDBOX_APP, SANDBOX_TENANT, cloud_of_sandbox};
use crate::session::environment;
use crate::session::token_store::Store;

/// Sign in a user, and store the sign-in for later commands
///
/// Shows a code to enter on a page of Microsoft's, in a browser on any device; --browser opens the browser of this machine
/// instead. The user needs the role Admin agent in the partner's tenant, and multi-factor authentication.
///
/// Tenant and app are stored as a profile in the file pc-budgets/config.toml of your configuration directory, which is
/// ~/.config on Linux and %LOCALAPPDATA% on Windows. PC_BUDGETS_CONFIG names another file. The refresh token is stored in
/// the system's keyring, or without one in a file that only you may read. It is valid for 90 days after its last use.
/// Signing in again needs no options. The first profile is the default; `pc-budgets profiles` shows and changes that.
///
/// The app must be registered in Entra ID once: a public client with the delegated permission Partner Center,
/// user_impersonation, and an admin's consent; "allow public client flows" for the code, or the redirect URI
/// http://localhost for --browser.
///
/// Exit codes: 0 signed in, 1 the profile cannot be written, 2 wrong usage, 3 the sign-in failed or cannot be stored.
///
/// Example: pc-budgets login --tenant contoso.onmicrosoft.com --client-id 11111111-1843-4b3b-872f-206e08a08e51
#[derive(Debug, clap::Args)]
pub(crate) struct LoginArgs {
    /// The partner's tenant: its id or one of its domains, such as contoso.onmicrosoft.com
    ///
    /// For a new profile, PARTNER_CENTER_TENANT_ID can name it instead.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    tenant: Option<String>,
    /// Id of the app (client id)
    ///
    /// For a new profile, PARTNER_CENTER_CLIENT_ID can name it instead.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    client_id: Option<String>,
    /// The partner's cloud
    #[arg(long, value_enum)]
    cloud: Option<CloudName>,
    /// Sign in with the browser of this machine, without a code
    #[arg(long)]
    browser: bool,
    /// Where to store the refresh token
    #[arg(long, value_enum)]
    store: Option<StoreKind>,
}

pub(crate) async fn run(connection: Connection, args: LoginArgs) -> anyhow::Result<()> {
    if connection.sandbox {
        return in_sandbox(args).await;
    }
    let config = Config::read()?;
    let name = match config.selected(connection.profile.as_ref())? {
        Some(name) => name,
        None => FIRST_PROFILE.parse().map_err(anyhow::Error::msg)?,
    };
    let before = config.profile(&name);
    let profile = profile(&connection, &args, &name, before).await?;
    let store = Store::of(&name, &profile, config.path());
    // Check before the user signs in.
    config.ensure_writable()?;
    store.ensure_writable().await.map_err(Error::from)?;
    if connection.base_url.is_none() && profile.base_url.is_some() {
        // The file may have been edited since the last sign-in.
        let (api, shown) = (profile.cloud(), config.path().display());
        notice(format_args!("the tokens of profile {name} go to {}, the base-url in {shown}", sanitized(api.api())));
    }
    let granted = Arc::new(MemoryStore::default());
    let token = sign_in(&profile, args.browser, &profile.cloud(), granted.clone()).await?;
    let refresh_token = granted.load().await.map_err(Error::from)?.unwrap_or_default();
    let before = before.map(|before| Store::of(&name, before, config.path()));
    // Delete the earlier token, change the profile, save the new token: in this order, a process that is killed never leaves a
    // token without a profile.
    let (before_is_same, deleted) = match before {
        Some(before) if before.is_same(&store) => (true, None),
        Some(before) => (false, take(before).await),
        None => (false, None),
    };
    let saved = match config.save(&name, &profile) {
        Ok(saved) => saved,
        Err(error) => {
            let now = match before_is_same {
                true => store.save(&refresh_token).await.map(|()| "the profile is unchanged, with the new sign-in"),
                false => restore(deleted).await.map(|()| "nothing was stored"),
            };
            let now =
                now.map_or_else(|error| format!("the profile is unchanged, and signed out: {error}"), str::to_owned);
            return Err(error.now(now).into());
        }
    };
    if let Err(error) = store.save(&refresh_token).await {
        let now = format!("profile {name} is stored in {}, and signed out", config.path().display());
        return Err(CliError::from(Error::from(error)).now(now).into());
    }
    if let Some(before) = saved.before.as_ref().filter(|before| before.tenant != profile.tenant) {
        notice(format_args!("profile {name} was for the tenant {} before", before.tenant));
    }
    for left in Store::left_behind(&name, &saved.config) {
        delete(&left).await;
    }
    Store::remove_abandoned(&saved.config);
    notice(format_args!(
        "profile {name} is stored in {}, its refresh token in {}",
        config.path().display(),
        store.location()
    ));
    welcome(&token);
    warn_if_not_selected(&name, &saved.config);
    Ok(())
}

/// Deletes a token, and returns it with its store, so that [`restore`] can undo that.
async fn take(store: Store) -> Option<(Store, SecretString)> {
    // Also delete a token that cannot be read.
    let token = store.load().await.ok().flatten();
    delete(&store).await;
    token.map(|token| (store, token))
}

async fn restore(deleted: Option<(Store, SecretString)>) -> Result<(), AuthError> {
    match deleted {
        Some((store, token)) => store.save(&token).await,
        None => Ok(()),
    }
}

/// Deletes a token that no profile will name: it would stay valid for 90 days.
async fn delete(store: &Store) {
    if let Err(error) = store.delete().await {
        notice(format_args!(
            "warning: the earlier refresh token is still in {}: {}",
            store.location(),
            printable_text::error_chain(&error)
        ));
    }
}

/// Says which credential commands use from now on, if it is not that of the profile.
fn warn_if_not_selected(name: &ProfileName, config: &Config) {
    match config.default() {
        Ok(Some(default)) if default != *name => notice(format_args!(
            "without --profile, commands use profile {default}; to change that: pc-budgets profiles --default {name}"
        )),
        Ok(_) => {}
        Err(_) => notice(format_args!(
            "no profile is the default, so commands need --profile {name}, or: pc-budgets profiles --default {name}"
        )),
    }
    if let Some(variable) = environment::overriding_variable() {
        notice(format_args!(
            "warning: {variable} is set, and a credential in the environment takes precedence over profiles: unset it, or \
             add --profile {name} to commands"
        ));
    }
}

/// The name of the first profile, if the user gives none.
const FIRST_PROFILE: &str = "default";

/// The profile to sign in to. The options replace its earlier values.
async fn profile(
    connection: &Connection,
    args: &LoginArgs,
    name: &ProfileName,
    before: Option<&Profile>,
) -> Result<Profile, CliError> {
    let missing = |option: &str, what: &str| {
        let why = format!("{what} is needed the first time, and profile {name} does not exist yet");
        let next = format!("name it with {option}; `pc-budgets login --help` explains it");
        CliError::usage(format_args!("{option} is missing"), why, next)
    };
    // The environment may be for another tenant than an existing profile, so it is used for a new profile only.
    let tenant = match args.tenant.clone().or_else(|| Some(before?.tenant.clone())) {
        Some(tenant) => tenant,
        None => {
            environment::variable(environment::TENANT)?.ok_or_else(|| missing("--tenant", "the partner's tenant"))?
        }
    };
    let client_id = match args.client_id.clone().or_else(|| Some(before?.client_id.clone())) {
        Some(client_id) => client_id,
        None => {
            environment::variable(environment::CLIENT)?.ok_or_else(|| missing("--client-id", "the id of an app"))?
        }
    };
    Ok(Profile {
        tenant,
        client_id,
        cloud: args.cloud.or_else(|| Some(before?.cloud)).unwrap_or_default(),
        store: match args.store.or_else(|| Some(before?.store)) {
            Some(store) => store,
            None => default_store().await,
        },
        base_url: connection.base_url.clone().or_else(|| before?.base_url.clone()),
        authority: connection.authority.clone().or_else(|| before?.authority.clone()),
    })
}

/// The keyring, if there is one.
async fn default_store() -> StoreKind {
    let Err(error) = Store::ensure_keyring().await else { return StoreKind::Keyring };
    let why = std::error::Error::source(&error).map_or_else(|| error.what().to_owned(), printable_text::error_chain);
    notice(format_args!(
        "there is no usable keyring ({why}), so the refresh token is stored in a file that only you may read"
    ));
    StoreKind::File
}

async fn sign_in(
    profile: &Profile,
    browser: bool,
    cloud: &Cloud,
    store: Arc<dyn TokenStore>,
) -> Result<AccessToken, Error> {
    let endpoint = TokenEndpoint::for_cloud(cloud.clone())?.in_flight(IN_FLIGHT.clone());
    let (tenant, app) = (profile.tenant.as_str(), profile.client_id.as_str());
    let signed_in = if browser {
        let open = |url: &str| {
            notice(format_args!("sign in with your browser; if none opens, open this page:\n  {url}"));
            // Some browsers run until their window is closed.
            let url = url.to_owned();
            std::thread::spawn(move || browser::open(&url));
        };
        AuthorizationCode::new(tenant, app, store, open).sign_in_user(&endpoint).await
    } else {
        let show = |prompt: &partner_center_budgets::auth::DevicePrompt| notice(&prompt.message);
        DeviceCode::new(tenant, app, store, show).sign_in_user(&endpoint).await
    };
    signed_in.map_err(AuthError::into)
}

/// Prints who has signed in, and a warning without multi-factor authentication.
fn welcome(token: &AccessToken) {
    let claims = token.claims();
    let user = claims.as_ref().and_then(|claims| claims.user.as_deref());
    notice(user.map_or_else(|| "signed in".to_owned(), |user| format!("signed in as {}", sanitized(user))));
    if claims.and_then(|claims| claims.is_mfa) == Some(false) {
        notice("warning: signed in without multi-factor authentication; the service will refuse most calls");
    }
}

/// Signs in to a temporary sandbox, which accepts everything. Nothing is stored.
async fn in_sandbox(args: LoginArgs) -> anyhow::Result<()> {
    let sandbox = Sandbox::start().await?;
    let profile = Profile {
        tenant: args.tenant.unwrap_or_else(|| SANDBOX_TENANT.to_owned()),
        client_id: args.client_id.unwrap_or_else(|| SANDBOX_APP.to_owned()),
        cloud: args.cloud.unwrap_or_default(),
        store: StoreKind::File,
        base_url: None,
        authority: None,
    };
    let token = sign_in(&profile, args.browser, &cloud_of_sandbox(&sandbox), Arc::new(MemoryStore::default())).await?;
    notice("the sandbox accepted the sign-in; nothing is stored");
    welcome(&token);
    Ok(())
}
