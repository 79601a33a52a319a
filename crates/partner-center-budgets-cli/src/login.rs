//! `pc-budgets login` and `logout`: who the later commands work as.

use std::io::{self, Write};
use std::sync::Arc;

use partner_center_budgets::auth::{
    AccessToken, AuthError, AuthorizationCode, DeviceCode, MemoryStore, SignIn, TokenStore,
};
use partner_center_budgets::{Cloud, Error};
use partner_center_budgets_sandbox::Sandbox;

use crate::config::{CloudName, Config, Profile, ProfileName, StoreKind};
use crate::connection::{Connection, SANDBOX_APP, SANDBOX_TENANT, cloud_of_sandbox};
use crate::failure::Told;
use crate::store::Store;

/// Sign a user in, and keep the sign-in for later commands
///
/// Shows a code to enter on a page of Microsoft's, in a browser on any device; --browser opens the browser of this machine
/// instead. The user needs the role Admin agent in the partner's tenant, and multi-factor authentication.
///
/// Tenant and app are kept as a profile in the file `pc-budgets/config.toml` of your configuration directory
/// (PC_BUDGETS_CONFIG names another file), the refresh token in the system's keyring, or where there is none in a file that
/// only you may read. It is good for 90 days after its last use. Signing in again needs no options.
///
/// The app has to be registered in Entra ID once: a public client with the delegated permission Partner Center,
/// user_impersonation, and an admin's consent; "allow public client flows" for the code, or the redirect URI
/// http://localhost for --browser.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The partner's tenant: its id or one of its domains, such as contoso.onmicrosoft.com
    #[arg(long, env = "PARTNER_CENTER_TENANT_ID", hide_env_values = true)]
    tenant: Option<String>,
    /// Id of the app (client id)
    #[arg(long, value_name = "ID", env = "PARTNER_CENTER_CLIENT_ID", hide_env_values = true)]
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
    let token = sign_in(&profile, args.browser, &connection.cloud_of(&profile), store.clone().shared()).await?;
    if let Some(before) = before.filter(|before| before.tenant != profile.tenant) {
        say(&format!("profile {name} stood for the tenant {} before", before.tenant))?;
    }
    let file = config.path().display().to_string();
    config.keep(&name, &profile)?;
    say(&format!("profile {name} is kept in {file}, its refresh token in {}", store.shown()))?;
    welcome(&token)
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
    let tenant = args.tenant.clone().or_else(|| Some(before?.tenant.clone()));
    let client_id = args.client_id.clone().or_else(|| Some(before?.client_id.clone()));
    Ok(Profile {
        tenant: tenant.ok_or_else(|| missing("--tenant", "the partner's tenant"))?,
        client_id: client_id.ok_or_else(|| missing("--client-id", "the id of an app"))?,
        cloud: args.cloud.or_else(|| Some(before?.cloud)).unwrap_or_default(),
        store: match args.store.or_else(|| Some(before?.store)) {
            Some(store) => store,
            None => usual_store().await?,
        },
        base_url: connection.base_url.clone().or_else(|| before?.base_url.clone()),
        authority: connection.authority.clone().or_else(|| before?.authority.clone()),
    })
}

/// The keyring, where there is one.
async fn usual_store() -> Result<StoreKind, Told> {
    let Err(error) = Store::keyring_answers().await else { return Ok(StoreKind::Keyring) };
    let causes: Vec<_> = anyhow::Chain::new(&error).skip(1).map(ToString::to_string).collect();
    let why = if causes.is_empty() { error.what().to_owned() } else { causes.join(": ") };
    let told = say(&format!(
        "there is no keyring here ({why}), so the refresh token is kept in a file that only you may read"
    ));
    told.map(|()| StoreKind::File).map_err(|error| Told::failed(format!("error: {error}\n")))
}

async fn sign_in(
    profile: &Profile,
    browser: bool,
    cloud: &Cloud,
    store: Arc<dyn TokenStore>,
) -> Result<AccessToken, Error> {
    let to = SignIn::to_cloud(cloud.clone())?;
    let (tenant, app) = (profile.tenant.as_str(), profile.client_id.as_str());
    // Nobody can sign in where nothing can be shown, and then the sign-in ends by itself.
    let signed_in = if browser {
        let open = |url: &str| {
            let _ = say(&format!("sign in with your browser; if none opens, open this page:\n  {url}"));
            // In a thread, as some browsers run until their window is closed. Where none opens the page is shown above.
            let url = url.to_owned();
            std::thread::spawn(move || webbrowser::open(&url));
        };
        AuthorizationCode::new(tenant, app, store, open).sign_in_user(&to).await
    } else {
        let show = |prompt: &partner_center_budgets::auth::DevicePrompt| drop(say(&plain(&prompt.message)));
        DeviceCode::new(tenant, app, store, show).sign_in_user(&to).await
    };
    signed_in.map_err(AuthError::into)
}

/// Who has signed in, and whether that is enough.
fn welcome(token: &AccessToken) -> anyhow::Result<()> {
    let claims = token.claims();
    let user = claims.as_ref().and_then(|claims| claims.user.as_deref());
    say(&user.map_or_else(|| "signed in".to_owned(), |user| format!("signed in as {}", plain(user))))?;
    if claims.and_then(|claims| claims.is_mfa) == Some(false) {
        say("warning: without multi-factor authentication, which the service asks for: it will refuse most calls")?;
    }
    Ok(())
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
    say("the sandbox agreed by itself, and nothing is kept")?;
    welcome(&token)
}

/// Take the refresh token of a profile away
///
/// The profile stays in its file, so that `login` needs no options. Microsoft knows nothing of it: whoever has copied the
/// token can use it until it ends, unless an admin revokes the user's sessions in Entra ID.
///
/// Exit codes: 0 it was there and is gone, 2 there is no such profile, 3 it cannot be taken away, 4 there was none.
#[derive(Debug, clap::Args)]
pub(crate) struct Logout {}

pub(crate) async fn logout(connection: Connection) -> anyhow::Result<()> {
    if connection.sandbox {
        return Err(Told::nothing_to_do("nothing to do: the sandbox keeps no sign-in\n".to_owned()).into());
    }
    let config = Config::read()?;
    let Some(name) = config.meant(connection.profile.as_ref())? else {
        let text = format!("nothing to do: {} has no profile\n", config.path().display());
        return Err(Told::nothing_to_do(text).into());
    };
    let store = Store::of(&name, config.known(&name)?, config.path());
    if !store.forget().await.map_err(Error::from)? {
        let text = format!("nothing to do: profile {name} is not signed in\n");
        return Err(Told::nothing_to_do(text).into());
    }
    say(&format!("profile {name} is signed out: its refresh token is gone from {}", store.shown()))
}

/// Tells people, who are no program: on standard error.
fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(io::stderr(), "{text}")?)
}

/// Texts from outside must not steer the terminal.
fn plain(text: &str) -> String {
    text.replace(|letter: char| letter.is_control(), " ")
}
