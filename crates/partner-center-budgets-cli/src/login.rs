//! `pc-budgets login`: who the later commands work as.

use std::sync::Arc;

use clap::builder::NonEmptyStringValueParser;
use partner_center_budgets::auth::{
    AccessToken, AuthError, AuthorizationCode, DeviceCode, MemoryStore, TokenEndpoint, TokenStore,
};
use partner_center_budgets::{Cloud, Error};
use partner_center_budgets_sandbox::Sandbox;
use secrecy::SecretString;

use crate::browser;
use crate::config::{CloudName, Config, Profile, ProfileName, StoreKind};
use crate::connection::{Connection, SANDBOX_APP, SANDBOX_TENANT, cloud_of_sandbox, environment};
use crate::failure::{Told, chain};
use crate::output::notice;
use crate::steering::harmless;
use crate::store::Store;

/// Sign a user in, and keep the sign-in for later commands
///
/// Shows a code to enter on a page of Microsoft's, in a browser on any device; --browser opens the browser of this machine
/// instead. The user needs the role Admin agent in the partner's tenant, and multi-factor authentication.
///
/// Tenant and app are kept as a profile in the file `pc-budgets/config.toml` of your configuration directory
/// (PC_BUDGETS_CONFIG names another file), the refresh token in the system's keyring, or where there is none in a file that
/// only you may read. It is good for 90 days after its last use. Signing in again needs no options. The first profile is the
/// one that counts where none is named; `pc-budgets profiles` shows and changes that.
///
/// The app has to be registered in Entra ID once: a public client with the delegated permission Partner Center,
/// user_impersonation, and an admin's consent; "allow public client flows" for the code, or the redirect URI
/// http://localhost for --browser.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The partner's tenant: its id or one of its domains, such as contoso.onmicrosoft.com
    ///
    /// For a profile that is not there yet, PARTNER_CENTER_TENANT_ID may say it instead.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    tenant: Option<String>,
    /// Id of the app (client id)
    ///
    /// For a profile that is not there yet, PARTNER_CENTER_CLIENT_ID may say it instead.
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    client_id: Option<String>,
    /// The partner's cloud
    #[arg(long, value_enum)]
    cloud: Option<CloudName>,
    /// Sign in with the browser of this machine, and with no code
    #[arg(long)]
    browser: bool,
    /// Where to keep the refresh token
    #[arg(long, value_enum)]
    store: Option<StoreKind>,
}

pub(crate) async fn run(connection: Connection, args: Args) -> anyhow::Result<()> {
    if connection.sandbox {
        return in_sandbox(args).await;
    }
    let config = Config::read()?;
    let name = match config.meant(connection.profile.as_ref())? {
        Some(name) => name,
        None => FIRST.parse().map_err(anyhow::Error::msg)?,
    };
    let before = config.profile(&name);
    let profile = profile(&connection, &args, &name, before).await?;
    let store = Store::of(&name, &profile, config.path());
    // Nobody should sign in for what cannot be kept.
    config.check_writable()?;
    store.check_writable().await.map_err(Error::from)?;
    if connection.base_url.is_none() && profile.base_url.is_some() {
        // The file may have been edited since the last sign-in.
        let (api, shown) = (profile.cloud(), config.path().display());
        notice(format_args!("the tokens of profile {name} go to {}, the base-url in {shown}", harmless(api.api())));
    }
    let granted = Arc::new(MemoryStore::default());
    let token = sign_in(&profile, args.browser, &profile.cloud(), granted.clone()).await?;
    let refresh_token = granted.load().await.map_err(Error::from)?.unwrap_or_default();
    let before = before.map(|before| Store::of(&name, before, config.path()));
    // Delete the earlier token, change the profile, save the new token: in this order a process that is killed leaves no
    // token without a profile.
    let (before_is_same, taken) = match before {
        Some(before) if before.is(&store) => (true, None),
        Some(before) => (false, take(before).await),
        None => (false, None),
    };
    let kept = match config.keep(&name, &profile) {
        Ok(kept) => kept,
        Err(mut told) => {
            let now = match before_is_same {
                true => store.save(&refresh_token).await.map(|()| "the profile is as it was, with the new sign-in"),
                false => restore(taken).await.map(|()| "nothing was kept"),
            };
            let now =
                now.map_or_else(|error| format!("the profile is as it was, and signed out: {error}"), str::to_owned);
            told.text.push_str(&format!("  now: {now}\n"));
            return Err(told.into());
        }
    };
    if let Err(error) = store.save(&refresh_token).await {
        let now = format!("  now: profile {name} is kept in {}, and signed out\n", config.path().display());
        return Err(Told::with(&Error::from(error).into(), &now).into());
    }
    if let Some(before) = kept.before.as_ref().filter(|before| before.tenant != profile.tenant) {
        notice(format_args!("profile {name} stood for the tenant {} before", before.tenant));
    }
    for left in Store::left_behind(&name, &kept.config) {
        forget(&left).await;
    }
    Store::remove_abandoned(&kept.config);
    notice(format_args!(
        "profile {name} is kept in {}, its refresh token in {}",
        config.path().display(),
        store.shown()
    ));
    welcome(&token);
    say_what_counts(&name, &kept.config);
    Ok(())
}

/// Deletes a token, and returns it with its store, so that [`restore`] can undo that.
async fn take(store: Store) -> Option<(Store, SecretString)> {
    // Delete a token that cannot be read, too.
    let token = store.load().await.ok().flatten();
    forget(&store).await;
    token.map(|token| (store, token))
}

async fn restore(taken: Option<(Store, SecretString)>) -> Result<(), AuthError> {
    match taken {
        Some((store, token)) => store.save(&token).await,
        None => Ok(()),
    }
}

/// Deletes a token that no profile will name: it would stay valid for 90 days.
async fn forget(store: &Store) {
    if let Err(error) = store.forget().await {
        notice(format_args!("warning: the earlier refresh token is still in {}: {}", store.shown(), chain(&error)));
    }
}

/// Whom commands work for from now on, where that is not the profile.
fn say_what_counts(name: &ProfileName, config: &Config) {
    match config.usual() {
        Ok(Some(usual)) if usual != *name => notice(format_args!(
            "without --profile, commands work for profile {usual}; to change that: pc-budgets profiles --default {name}"
        )),
        Ok(_) => {}
        Err(_) => notice(format_args!(
            "no profile is the default, so commands need --profile {name}, or: pc-budgets profiles --default {name}"
        )),
    }
    if let Some(variable) = environment::before_profiles() {
        notice(format_args!(
            "warning: {variable} is set, and the environment's credential comes before profiles: take it out, or give \
             commands --profile {name}"
        ));
    }
}

/// The name of the first profile, where the user gives none.
const FIRST: &str = "default";

/// The profile to sign in with: what was asked for, and otherwise as before.
async fn profile(
    connection: &Connection,
    args: &Args,
    name: &ProfileName,
    before: Option<&Profile>,
) -> Result<Profile, Told> {
    let missing = |option: &str, what: &str| {
        let why = format!("{what} is needed the first time, and profile {name} is not there yet");
        let next = format!("name it with {option}; `pc-budgets login --help` says where it comes from");
        Told::usage(Told::lines(format_args!("{option} is missing"), why, next))
    };
    // The environment may speak of another tenant than a profile that is there, so it counts only for a new one.
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
            None => usual_store().await,
        },
        base_url: connection.base_url.clone().or_else(|| before?.base_url.clone()),
        authority: connection.authority.clone().or_else(|| before?.authority.clone()),
    })
}

/// The keyring, where there is one.
async fn usual_store() -> StoreKind {
    let Err(error) = Store::keyring_answers().await else { return StoreKind::Keyring };
    let why = std::error::Error::source(&error).map_or_else(|| error.what().to_owned(), chain);
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
    let to = TokenEndpoint::for_cloud(cloud.clone())?.in_flight(crate::waiting::IN_FLIGHT.clone());
    let (tenant, app) = (profile.tenant.as_str(), profile.client_id.as_str());
    // Nobody can sign in where nothing can be shown, and then the sign-in ends by itself.
    let signed_in = if browser {
        let open = |url: &str| {
            notice(format_args!("sign in with your browser; if none opens, open this page:\n  {url}"));
            // In a thread, as some browsers run until their window is closed. Where none opens the page is shown above.
            let url = url.to_owned();
            std::thread::spawn(move || browser::open(&url));
        };
        AuthorizationCode::new(tenant, app, store, open).sign_in_user(&to).await
    } else {
        let show = |prompt: &partner_center_budgets::auth::DevicePrompt| notice(harmless(&prompt.message));
        DeviceCode::new(tenant, app, store, show).sign_in_user(&to).await
    };
    signed_in.map_err(AuthError::into)
}

/// Who has signed in, and whether that is enough.
fn welcome(token: &AccessToken) {
    let claims = token.claims();
    let user = claims.as_ref().and_then(|claims| claims.user.as_deref());
    notice(user.map_or_else(|| "signed in".to_owned(), |user| format!("signed in as {}", harmless(user))));
    if claims.and_then(|claims| claims.is_mfa) == Some(false) {
        notice("warning: without multi-factor authentication, which the service asks for: it will refuse most calls");
    }
}

/// A sign-in to try out: the sandbox agrees to everything, and nothing is kept.
async fn in_sandbox(args: Args) -> anyhow::Result<()> {
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
    notice("the sandbox agreed by itself, and nothing is kept");
    welcome(&token);
    Ok(())
}
