//! Where the history of a partner is, and how its files name the partner.

use std::path::PathBuf;

use partner_center_budgets::Error;
use partner_center_budgets_fleet::history::HistoryFolder;

use super::config::CloudName;
use super::connection::Session;
use crate::error::CliError;

/// The partner of every temporary sandbox: all of them have the same customers.
const SANDBOX: &str = "the temporary sandbox";

impl Session {
    /// Signs in, and returns the name of the partner in the files of a history.
    pub(crate) async fn history_partner(&self) -> Result<String, Error> {
        match self.origin.api {
            None => Ok(SANDBOX.to_owned()),
            Some(_) => Ok(self.partner().await?.key),
        }
    }

    /// Whether the partner has a default folder. A temporary sandbox has none, and some services have no home directory.
    pub(crate) fn has_default_history(&self) -> bool {
        self.origin.api.is_some() && dirs::data_local_dir().is_some()
    }

    /// The folder that an option names, or else that of the partner in the user's data directory: by tenant, and by host if
    /// that is not Microsoft's global one.
    pub(crate) async fn history_folder(&self, option: Option<PathBuf>) -> anyhow::Result<HistoryFolder> {
        if let Some(path) = option {
            return Ok(HistoryFolder::new(path));
        }
        let Some(api) = &self.origin.api else {
            let why = "a temporary sandbox stores nothing outside of a folder that you name";
            return Err(CliError::usage("no folder for the history", why, "name one with --dir FOLDER").into());
        };
        let tenant = match &self.origin.tenant {
            Some(tenant) => Some(tenant.clone()),
            // No variable has the tenant of an access token, so take it from the claims.
            None => self.client.token_claims().await?.and_then(|claims| claims.tenant),
        };
        let mut name = tenant.unwrap_or_else(|| "unknown-tenant".to_owned());
        if api.trim_end_matches('/') != CloudName::Global.with(None, None).api().trim_end_matches('/') {
            name = format!("{name}-at-{}", api.split_once("://").map_or(api.as_str(), |(_, host)| host));
        }
        let data = dirs::data_local_dir().ok_or_else(|| {
            let why = "this system names no home directory";
            CliError::usage("cannot locate the history", why, "set HOME, or name a folder with --dir FOLDER")
        })?;
        Ok(HistoryFolder::new(data.join("pc-budgets").join("history").join(file_name(&name))))
    }
}

/// A name that is valid in every file system.
fn file_name(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    // Without dots at the beginning, because `..` is another folder.
    let name = text.trim_start_matches('.').trim_end_matches('/');
    name.chars().map(|letter| if is_plain(letter) { letter.to_ascii_lowercase() } else { '-' }).collect()
}
