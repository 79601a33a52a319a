//! The partner that a command works for.

use partner_center_budgets::Error;
use partner_center_budgets_fleet::Plan;

use super::config::CloudName;
use super::connection::Session;
use super::origin::Origin;
use crate::output::sanitize::sanitized;

/// A partner, and who acts for it.
pub(crate) struct Partner {
    /// Identifies the partner in plans and journals: the tenant and the address of the service.
    pub(crate) key: String,
    /// For people, who should notice a wrong partner: `profile contoso, tenant contoso.com`.
    pub(crate) shown: String,
    /// The signed-in user, or the app if there is no user: `admin-agent@contoso.com`, `app 22222222-…`. `None` if neither is
    /// known.
    pub(crate) actor: Option<String>,
}

impl Partner {
    /// Writes the partner and the author into a new plan.
    pub(crate) fn sign(&self, plan: Plan) -> Plan {
        let plan = plan.for_partner(&self.key);
        self.actor.iter().fold(plan, Plan::made_by)
    }
}

impl Session {
    /// Signs in, and returns the partner. The key has the tenant of the access token, if the token names one.
    pub(crate) async fn partner(&self) -> Result<Partner, Error> {
        let Origin { source, cloud, tenant, client_id, api, .. } = &self.origin;
        let (user, app, claimed) = match self.client.token_claims().await? {
            Some(claims) => (claims.user, claims.app, claims.tenant),
            None => (None, None, None),
        };
        let app = || client_id.clone().or(app).map(|app| format!("app {app}"));
        let actor = user.or_else(app).map(|actor| sanitized(&actor).into_owned());
        let tenant_shown = tenant.as_ref().or(claimed.as_ref()).map(|tenant| format!(", tenant {tenant}"));
        let default = cloud.with(None, None);
        let cloud_shown = (*cloud != CloudName::Global).then(|| format!(", cloud {}", cloud.name()));
        let other_api = api.as_deref().filter(|api| *api != default.api()).map(|api| format!(", at {api}"));
        let shown: String =
            [Some(source.clone()), tenant_shown, cloud_shown, other_api].into_iter().flatten().collect();
        let key = match api {
            // Unique, because the sandbox ends with this process.
            None => format!("the temporary sandbox of process {}", std::process::id()),
            Some(api) => {
                let tenant = claimed.or_else(|| tenant.clone()).map(|tenant| format!("tenant {tenant}"));
                let tenant = tenant.unwrap_or_else(|| "an unknown tenant".to_owned());
                format!("{tenant} at {}", api.trim_end_matches('/').to_ascii_lowercase())
            }
        };
        Ok(Partner { key, shown: sanitized(&shown).into_owned(), actor })
    }
}
