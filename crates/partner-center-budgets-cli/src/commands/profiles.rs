//! `pc-budgets profiles`: the profiles, and which one is the default.

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::format::OutputFormat;
use crate::output::notice::notice;
use crate::output::records::{self, Record};
use crate::output::table::{Align, Table};
use crate::session::config::{Config, ProfileName};

/// Show the profiles, or choose the default one
///
/// Commands use the default profile unless --profile or PC_BUDGETS_PROFILE names another. The first profile that `login`
/// creates is the default.
///
/// Exit codes: 0 shown or changed, 1 the profiles file cannot be written, 2 wrong usage or unknown profile.
///
/// Example: pc-budgets profiles --default contoso
#[derive(Debug, clap::Args)]
pub(crate) struct ProfilesArgs {
    /// Make this profile the default
    #[arg(long, value_name = "NAME")]
    default: Option<ProfileName>,
}

#[derive(Serialize, JsonSchema)]
pub(crate) struct ProfileRecord {
    profile: String,
    default: bool,
    tenant: String,
    client_id: String,
    cloud: &'static str,
    store: &'static str,
}

impl Record for ProfileRecord {
    fn headers() -> Vec<&'static str> {
        vec!["profile", "default", "tenant", "client_id", "cloud", "store"]
    }

    fn cells(&self) -> Vec<String> {
        let Self { profile, default, tenant, client_id, cloud, store } = self;
        let (default, cloud, store) = (default.to_string(), (*cloud).to_owned(), (*store).to_owned());
        vec![profile.clone(), default, tenant.clone(), client_id.clone(), cloud, store]
    }
}

pub(crate) fn run(args: &ProfilesArgs, format: OutputFormat) -> anyhow::Result<()> {
    let mut config = Config::read()?;
    if let Some(name) = &args.default {
        config.require(name)?;
        config = config.make_default(name)?;
    }
    // Without a default, the list still helps to choose one.
    let default = config.default().ok().flatten();
    let profiles = config.profiles().map(|(name, profile)| ProfileRecord {
        profile: name.to_string(),
        default: default.as_ref() == Some(name),
        tenant: profile.tenant.clone(),
        client_id: profile.client_id.clone(),
        cloud: profile.cloud.name(),
        store: profile.store.name(),
    });
    let profiles: Vec<_> = profiles.collect();
    if format != OutputFormat::Table {
        return records::all(format, &profiles);
    }
    if profiles.is_empty() {
        notice(format_args!("{} has no profile", config.path().display()));
        return Ok(());
    }
    let mut table = Table::new([
        ("profile", Align::Left),
        ("default", Align::Left),
        ("tenant", Align::Truncated),
        ("app", Align::Id),
        ("cloud", Align::Left),
        ("token in", Align::Left),
    ]);
    for profile in profiles {
        let default = if profile.default { "yes" } else { "" }.to_owned();
        let (cloud, store) = (profile.cloud.to_owned(), profile.store.to_owned());
        table.row([profile.profile, default, profile.tenant, profile.client_id, cloud, store]);
    }
    Ok(table.print()?)
}
