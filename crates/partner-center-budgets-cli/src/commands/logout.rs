//! `pc-budgets logout`: deletes the refresh token that `login` stored.

use partner_center_budgets::Error;

use crate::error::CliError;
use crate::output::notice::notice;
use crate::output::number::quantity;
use crate::session::config::Config;
use crate::session::connection::Connection;
use crate::session::token_store::Store;

/// Sign out: delete the stored refresh token
///
/// The profile stays, so that `login` needs no options. Microsoft is not informed: a copy of the token stays valid until it
/// expires, unless an admin revokes the user's sessions in Entra ID.
///
/// Exit codes: 0 deleted, 2 the profile does not exist, 3 the token cannot be deleted, 4 there was none.
///
/// Example: pc-budgets logout --profile contoso
#[derive(Debug, clap::Args)]
pub(crate) struct LogoutArgs {}

pub(crate) async fn run(connection: Connection) -> anyhow::Result<()> {
    if connection.sandbox {
        return Err(CliError::nothing_to_do("the sandbox stores no sign-in").into());
    }
    let config = Config::read()?;
    let Some(name) = config.selected(connection.profile.as_ref())? else {
        return Err(CliError::nothing_to_do(format_args!("{} has no profile", config.path().display())).into());
    };
    let store = Store::of(&name, config.require(&name)?, config.path());
    let abandoned = Store::remove_abandoned(&config);
    if abandoned > 0 {
        notice(format_args!("removed {} of killed processes", quantity(abandoned, "temporary token file")));
    }
    let mut was_signed_in = abandoned > 0;
    for store in [store].into_iter().chain(Store::left_behind(&name, &config)) {
        if store.delete().await.map_err(Error::from)? {
            notice(format_args!(
                "signed out of profile {name}: its refresh token is deleted from {}",
                store.location()
            ));
            was_signed_in = true;
        }
    }
    match was_signed_in {
        true => Ok(()),
        false => Err(CliError::nothing_to_do(format_args!("profile {name} is not signed in")).into()),
    }
}
