use secrecy::SecretString;

use super::app::{App, ClientAuthentication};
use super::{Credential, Identity, SignInFuture, TokenEndpoint};
use crate::Error;

/// Signs in as an app without a user, with a client secret.
///
/// The app has access to budgets, customers and the Azure usage records of legacy subscriptions. All other usage operations
/// require a user, see [`RefreshToken`](super::RefreshToken).
///
/// # Setup
///
/// 1. In Partner Center, under *Account settings*, *App management*, *Web app*, add an app or register a new one. An app
///    that is only registered in Entra ID is refused.
/// 2. Create a client secret (a key) there or in Entra ID, under *Certificates & secrets*. Save its value, which is shown
///    once; its id does not work. A secret expires after two years at most.
/// 3. Pass the tenant (its id or a domain), the app's id (client id) and the secret.
///
/// # Errors
///
/// `AADSTS7000215` for a wrong secret, `AADSTS7000222` for an expired one, `AADSTS700016` for an app that is not in the
/// tenant.
///
/// ```no_run
/// # fn example() -> Result<(), partner_center_budgets::Error> {
/// use partner_center_budgets::{Client, auth::ClientSecret};
///
/// let client = Client::builder(ClientSecret::from_env()?).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ClientSecret(App);

impl ClientSecret {
    /// Uses the tenant's id or one of its domains, the app's id and the value of its client secret.
    ///
    /// ```
    /// use partner_center_budgets::auth::ClientSecret;
    ///
    /// let app = "22222222-2222-2222-2222-222222222222";
    /// let credential = ClientSecret::new("contoso.onmicrosoft.com", app, "a-secret");
    /// assert!(!format!("{credential:?}").contains("a-secret"));
    /// ```
    pub fn new(tenant: impl Into<String>, client_id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self(App::new(tenant, client_id, ClientAuthentication::Secret(secret.into())))
    }

    /// Reads the environment variables `PARTNER_CENTER_TENANT_ID`, `PARTNER_CENTER_CLIENT_ID` and
    /// `PARTNER_CENTER_CLIENT_SECRET`. White space around a value is ignored.
    ///
    /// ```
    /// use partner_center_budgets::auth::ClientSecret;
    ///
    /// match ClientSecret::from_env() {
    ///     Ok(credential) => println!("{credential:?}"),
    ///     // "the environment has no PARTNER_CENTER_CLIENT_SECRET; set the variable to …"
    ///     Err(error) => println!("{error}"),
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Input`] names the variables that are missing, empty or not UTF-8.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var(name).ok())
    }

    fn from_variables(read: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let found = VARIABLES.map(|name| {
            let value = read(name).unwrap_or_default().trim().to_owned();
            if value.is_empty() { Err(name) } else { Ok(value) }
        });
        match found {
            [Ok(tenant), Ok(client_id), Ok(secret)] => Ok(Self::new(tenant, client_id, secret)),
            found => {
                let missing: Vec<_> = found.into_iter().filter_map(Result::err).collect();
                Err(Error::input(
                    format!("the environment has no {}", missing.join(" and no ")),
                    "set the variable to what the app's registration in Partner Center shows",
                ))
            }
        }
    }
}

const VARIABLES: [&str; 3] = ["PARTNER_CENTER_TENANT_ID", "PARTNER_CENTER_CLIENT_ID", "PARTNER_CENTER_CLIENT_SECRET"];

impl Credential for ClientSecret {
    fn identity(&self) -> Identity {
        Identity::App
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(self.0.sign_in(endpoint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_missing_variables() {
        let all = ClientSecret::from_variables(|name| Some(format!("{}\n", name.len()))).unwrap();
        assert_eq!((all.0.tenant.as_str(), all.0.client_id.as_str()), ("24", "24"));

        let lacks = |missing: &[&str]| {
            let read = |name: &str| (!missing.contains(&name)).then(|| "value".to_owned());
            ClientSecret::from_variables(read).unwrap_err().to_string()
        };
        assert!(lacks(&VARIABLES[2..]).starts_with("the environment has no PARTNER_CENTER_CLIENT_SECRET; "));
        let all = "the environment has no PARTNER_CENTER_TENANT_ID and no PARTNER_CENTER_CLIENT_ID and no \
            PARTNER_CENTER_CLIENT_SECRET; ";
        assert!(lacks(&VARIABLES).starts_with(all));
        let empty = ClientSecret::from_variables(|_| Some(" ".to_owned())).unwrap_err();
        assert!(empty.to_string().starts_with(all));
    }
}
