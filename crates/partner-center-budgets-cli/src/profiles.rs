//! `pc-budgets profiles`: whom one can work for, and for whom without saying so.

use serde::Serialize;

use crate::arguments::Output;
use crate::config::{Config, ProfileName};
use crate::output::notice;
use crate::rows::{self, Row};
use crate::table::{Align, Table};

/// Show the profiles, or make one of them the default
///
/// The default profile is the one that is meant where neither --profile nor PC_BUDGETS_PROFILE names one. The first that
/// `login` makes is the default.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Make this profile the default
    #[arg(long, value_name = "NAME")]
    default: Option<ProfileName>,
}

/// A profile, as programs read it.
#[derive(Serialize)]
struct ProfileLine {
    profile: String,
    default: bool,
    tenant: String,
    client_id: String,
    cloud: &'static str,
    store: &'static str,
}

impl Row for ProfileLine {
    const HEADS: &'static [&'static str] = &["profile", "default", "tenant", "client_id", "cloud", "store"];

    fn cells(&self) -> Vec<String> {
        let Self { profile, default, tenant, client_id, cloud, store } = self;
        let (default, cloud, store) = (default.to_string(), (*cloud).to_owned(), (*store).to_owned());
        vec![profile.clone(), default, tenant.clone(), client_id.clone(), cloud, store]
    }
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let mut config = Config::read()?;
    if let Some(name) = &args.default {
        config.known(name)?;
        config = config.make_default(name)?;
    }
    // Several profiles without a default are shown all the same.
    let usual = config.usual().ok().flatten();
    let lines = config.profiles().map(|(name, profile)| ProfileLine {
        profile: name.to_string(),
        default: usual.as_ref() == Some(name),
        tenant: profile.tenant.clone(),
        client_id: profile.client_id.clone(),
        cloud: profile.cloud.name(),
        store: profile.store.name(),
    });
    let lines: Vec<_> = lines.collect();
    if output != Output::Table {
        return rows::all(output, &lines);
    }
    if lines.is_empty() {
        notice(format_args!("{} has no profile", config.path().display()));
        return Ok(());
    }
    let mut table = Table::new([
        ("profile", Align::Left),
        ("default", Align::Left),
        ("tenant", Align::Cut),
        ("app", Align::Id),
        ("cloud", Align::Left),
        ("token in", Align::Left),
    ]);
    for line in lines {
        let default = if line.default { "yes" } else { "" }.to_owned();
        let (cloud, store) = (line.cloud.to_owned(), line.store.to_owned());
        table.row([line.profile, default, line.tenant, line.client_id, cloud, store]);
    }
    Ok(table.print()?)
}
