//! `pc-budgets logout`: takes away what `login` has kept, but for the profile.

use partner_center_budgets::Error;

use crate::config::Config;
use crate::connection::Connection;
use crate::failure::Told;
use crate::output::counted;
use crate::output::notice;
use crate::store::Store;

/// Take the refresh token of a profile away
///
/// The profile stays in its file, so that `login` needs no options. Microsoft knows nothing of it: whoever has copied the
/// token can use it until it ends, unless an admin revokes the user's sessions in Entra ID.
///
/// Exit codes: 0 it was there and is gone, 2 there is no such profile, 3 it cannot be taken away, 4 there was none.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(connection: Connection) -> anyhow::Result<()> {
    if connection.sandbox {
        return Err(Told::nothing_to_do("nothing to do: the sandbox keeps no sign-in\n".to_owned()).into());
    }
    let config = Config::read()?;
    let Some(name) = config.meant(connection.profile.as_ref())? else {
        let text = format!("nothing to do: {} has no profile\n", config.path().display());
        return Err(Told::nothing_to_do(text).into());
    };
    let store = Store::of(&name, config.known(&name)?, config.path());
    let abandoned = Store::remove_abandoned(&config);
    if abandoned > 0 {
        notice(format_args!("removed what killed processes left: {}", counted(abandoned, "token file")));
    }
    let mut was_there = abandoned > 0;
    for store in [store].into_iter().chain(Store::left_behind(&name, &config)) {
        if store.forget().await.map_err(Error::from)? {
            notice(format_args!("profile {name} is signed out: its refresh token is gone from {}", store.shown()));
            was_there = true;
        }
    }
    if !was_there {
        let text = format!("nothing to do: profile {name} is not signed in\n");
        return Err(Told::nothing_to_do(text).into());
    }
    Ok(())
}
