use super::app::{App, Proof};
use super::{Certificate, Credential, Identity, SignIn, SigningIn};

/// Signs in as an app alone, with a certificate: no secret leaves the machine.
///
/// Needs the feature `certificate`. What the app may read is the same as with [`ClientSecret`](super::ClientSecret).
///
/// # Set-up
///
/// 1. Make a key and a certificate, for instance
///    `openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=budgets -keyout key.pem -out certificate.pem`.
/// 2. Upload `certificate.pem`, without the key, to the app's registration in Entra ID, under *Certificates & secrets*.
/// 3. Keep both in one file that only the service may read: `cat certificate.pem key.pem > app.pem`.
///
/// # Errors
///
/// `AADSTS700027` where the certificate is not registered with the app, or the machine's clock is wrong.
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
    /// Takes the tenant's id or one of its domains, the app's id and its certificate.
    pub fn new(tenant: impl Into<String>, client_id: impl Into<String>, certificate: Certificate) -> Self {
        Self(App::new(tenant, client_id, Proof::Certificate(certificate)))
    }
}

impl Credential for ClientCertificate {
    fn identity(&self) -> Identity {
        Identity::App
    }

    fn sign_in<'a>(&'a self, to: &'a SignIn) -> SigningIn<'a> {
        Box::pin(self.0.client_credentials(to))
    }
}
