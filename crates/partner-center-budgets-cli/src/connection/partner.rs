//! For which partner a command works.

use partner_center_budgets::Error;

use super::{Open, Origin};
use crate::config::CloudName;
use crate::steering::harmless;

/// A partner.
pub(crate) struct Partner {
    /// What tells it from others, for plans and journals: the tenant and the address of the service.
    pub(crate) key: String,
    /// For people, who should not work for another one: `profile contoso, tenant contoso.com`.
    pub(crate) shown: String,
}

impl Open {
    /// The partner, as the access token names its tenant, or else as we do. Signs in.
    pub(crate) async fn partner(&self) -> Result<Partner, Error> {
        let Origin { said_by, cloud, tenant, api, .. } = &self.origin;
        let claimed = self.client.token_claims().await?.and_then(|claims| claims.tenant);
        let tenant_shown = tenant.as_ref().or(claimed.as_ref()).map(|tenant| format!(", tenant {tenant}"));
        let usual = cloud.with(None, None);
        let cloud_shown = (*cloud != CloudName::Global).then(|| format!(", cloud {}", cloud.name()));
        let elsewhere = api.as_deref().filter(|api| *api != usual.api()).map(|api| format!(", at {api}"));
        let parts = [Some(said_by.clone()), tenant_shown, cloud_shown, elsewhere];
        let shown: String = parts.into_iter().flatten().collect();
        let key = match api {
            // Nobody meets a sandbox inside a process again.
            None => format!("the sandbox of process {}, which is gone", std::process::id()),
            Some(api) => {
                let tenant = claimed.or_else(|| tenant.clone()).map(|tenant| format!("tenant {tenant}"));
                let tenant = tenant.unwrap_or_else(|| "a tenant that is not told".to_owned());
                format!("{tenant} at {}", api.trim_end_matches('/').to_ascii_lowercase())
            }
        };
        Ok(Partner { key, shown: harmless(&shown).into_owned() })
    }
}
