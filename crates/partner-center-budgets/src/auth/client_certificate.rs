use super::app::{App, ClientAuthentication};
use super::{Certificate, Credential, Identity, SignInFuture, TokenEndpoint};

/// Signs in as an app without a user, with a certificate. The private key does not leave the machine.
///
/// Requires the feature `certificate`. The app has the same access as with [`ClientSecret`](super::ClientSecret).
///
/// # Setup
///
/// 1. Create a key and a certificate, for example
///    `openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=budgets -keyout key.pem -out certificate.pem`.
/// 2. Upload `certificate.pem`, without the key, to the app's registration in Entra ID, under *Certificates & secrets*.
/// 3. Put both into one file that only the service can read: `cat certificate.pem key.pem > app.pem`.
///
/// # Errors
///
/// `AADSTS700027` if the certificate is not registered for the app, or if the machine's clock is wrong.
///
/// ```no_run
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use partner_center_budgets::{Client, auth::{Certificate, ClientCertificate}};
///
/// let certificate = Certificate::from_pem(std::fs::read("app.pem")?)?;
/// let app = "22222222-2222-2222-2222-222222222222";
/// let client = Client::builder(ClientCertificate::new("contoso.onmicrosoft.com", app, certificate)).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ClientCertificate(App);

impl ClientCertificate {
    /// Uses the tenant's id or one of its domains, the app's id and its certificate.
    ///
    /// ```no_run
    /// use partner_center_budgets::auth::{Certificate, ClientCertificate};
    ///
    /// let certificate = Certificate::from_pem(std::fs::read("app.pem")?)?;
    /// let app = "22222222-2222-2222-2222-222222222222";
    /// let credential = ClientCertificate::new("contoso.onmicrosoft.com", app, certificate);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(tenant: impl Into<String>, client_id: impl Into<String>, certificate: Certificate) -> Self {
        Self(App::new(tenant, client_id, ClientAuthentication::Certificate(certificate)))
    }
}

impl Credential for ClientCertificate {
    fn identity(&self) -> Identity {
        Identity::App
    }

    fn sign_in<'a>(&'a self, endpoint: &'a TokenEndpoint) -> SignInFuture<'a> {
        Box::pin(self.0.sign_in(endpoint))
    }
}
