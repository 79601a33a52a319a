//! Credentials in environment variables, for unattended use.

use std::env::{self, VarError};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use durable_files::{self as files, Access};
use partner_center_budgets::auth::{
    AuthError, Certificate, ClientCertificate, ClientSecret, Credential, FileStore, FixedToken, RefreshToken,
};
use partner_center_budgets::{Client, ClientBuilder};

use super::config::{CloudName, PROFILE_VARIABLE, ProfileName};
use super::credential_hint::WithHint;
use super::origin::Origin;
use super::token_store::WarningStore;
use crate::error::CliError;

const TOKEN: &str = "PARTNER_CENTER_TOKEN";
pub(crate) const TENANT: &str = "PARTNER_CENTER_TENANT_ID";
pub(crate) const CLIENT: &str = "PARTNER_CENTER_CLIENT_ID";
const SECRET: &str = "PARTNER_CENTER_CLIENT_SECRET";
const CERTIFICATE: &str = "PARTNER_CENTER_CLIENT_CERTIFICATE";
const REFRESH_TOKEN_FILE: &str = "PARTNER_CENTER_REFRESH_TOKEN_FILE";
const CLOUD: &str = "PARTNER_CENTER_CLOUD";
/// Each of these is a credential, or the secret part of one.
const CREDENTIALS: [&str; 4] = [TOKEN, SECRET, CERTIFICATE, REFRESH_TOKEN_FILE];
/// The largest certificate file, in bytes. A certificate, its key and a chain take some thousands.
const MAX_PEM_BYTES: usize = 1024 * 1024;

/// The credential in the environment.
pub(super) struct EnvironmentCredential {
    cloud: CloudName,
    kind: CredentialKind,
}

enum CredentialKind {
    AccessToken(String),
    App(Registration, ClientAuthentication),
    /// An app with the user whose refresh token is in a file. A public client does not authenticate itself.
    User(Registration, Option<ClientAuthentication>, FileStore),
}

struct Registration {
    tenant: String,
    client_id: String,
}

enum ClientAuthentication {
    Secret(String),
    Certificate(Certificate),
}

impl EnvironmentCredential {
    /// `None` if no variable names a credential.
    pub(super) fn read() -> Result<Option<Self>, CliError> {
        let cloud = match variable(CLOUD)? {
            None => CloudName::default(),
            Some(name) => clap::ValueEnum::from_str(&name, true).map_err(|_| {
                unusable(CLOUD, &format!("is `{}`", name.escape_debug()), "write global, us-government or china")
            })?,
        };
        if let Some(token) = variable(TOKEN)? {
            return Ok(Some(Self { cloud, kind: CredentialKind::AccessToken(token) }));
        }
        let (secret, certificate, file) = (variable(SECRET)?, variable(CERTIFICATE)?, variable(REFRESH_TOKEN_FILE)?);
        if [&secret, &certificate, &file].iter().all(|value| value.is_none()) {
            // An incomplete credential, perhaps with a misspelt name. The default profile may be of another tenant.
            return match [TENANT, CLIENT, CLOUD].into_iter().find(|name| env::var_os(name).is_some()) {
                None => Ok(None),
                Some(name) => {
                    let why = format!("is set, and none of {SECRET}, {CERTIFICATE} and {REFRESH_TOKEN_FILE}");
                    let next = format!(
                        "set one of them; or to work for a profile, unset {name}, or name the profile with --profile or \
                         {PROFILE_VARIABLE}"
                    );
                    Err(unusable(name, &why, &next))
                }
            };
        }
        let require =
            |name| variable(name)?.ok_or_else(|| unusable(name, "is not set", "set it with the other variables"));
        let app = Registration { tenant: require(TENANT)?, client_id: require(CLIENT)? };
        let authentication = match (secret, certificate) {
            (Some(_), Some(_)) => {
                return Err(unusable(SECRET, &format!("is set, and so is {CERTIFICATE}"), "unset one of them"));
            }
            (Some(secret), None) => Some(ClientAuthentication::Secret(secret)),
            (None, Some(path)) => Some(ClientAuthentication::Certificate(read_certificate(&path)?)),
            (None, None) => None,
        };
        let kind = match (file, authentication) {
            (Some(file), authentication) => CredentialKind::User(app, authentication, FileStore::new(file)),
            (None, Some(authentication)) => CredentialKind::App(app, authentication),
            (None, None) => return Ok(None),
        };
        Ok(Some(Self { cloud, kind }))
    }

    /// The origin of a session at the address `base_url`, or else at the cloud's.
    pub(super) fn origin(&self, base_url: Option<&str>) -> Origin {
        let (variable, app, file) = match &self.kind {
            CredentialKind::AccessToken(_) => (TOKEN, None, None),
            CredentialKind::App(app, ClientAuthentication::Secret(_)) => (SECRET, Some(app), None),
            CredentialKind::App(app, ClientAuthentication::Certificate(_)) => (CERTIFICATE, Some(app), None),
            CredentialKind::User(app, _, file) => (REFRESH_TOKEN_FILE, Some(app), Some(file)),
        };
        Origin {
            source: format!("environment variable {variable}"),
            cloud: self.cloud,
            tenant: app.map(|app| app.tenant.clone()),
            client_id: app.map(|app| app.client_id.clone()),
            token_location: file.map(|file| file.path().display().to_string()),
            api: Some(self.cloud.with(base_url, None).api().to_owned()),
            profile: None,
        }
    }

    pub(super) fn builder(self) -> ClientBuilder {
        match self.kind {
            CredentialKind::AccessToken(token) => Client::builder(FixedToken::new(token)),
            CredentialKind::App(app, ClientAuthentication::Secret(secret)) => {
                with_variable_hint(ClientSecret::new(app.tenant, app.client_id, secret), false)
            }
            CredentialKind::App(app, ClientAuthentication::Certificate(certificate)) => {
                with_variable_hint(ClientCertificate::new(app.tenant, app.client_id, certificate), false)
            }
            CredentialKind::User(app, authentication, file) => {
                let user = RefreshToken::new(app.tenant, app.client_id, Arc::new(WarningStore(file)));
                let user = match authentication {
                    None => user,
                    Some(ClientAuthentication::Secret(secret)) => user.client_secret(secret),
                    Some(ClientAuthentication::Certificate(certificate)) => user.client_certificate(certificate),
                };
                with_variable_hint(user, true)
            }
        }
    }
}

/// A client builder whose sign-in failures name the variable that has the expired or wrong value.
fn with_variable_hint(credential: impl Credential, is_user: bool) -> ClientBuilder {
    Client::builder(WithHint::new(credential, move |error: &AuthError| {
        Some(match error.code() {
            Some("AADSTS7000215" | "AADSTS7000222") => format!("the secret is in {SECRET}"),
            Some("AADSTS700027") => format!("the certificate is in the file that {CERTIFICATE} names"),
            _ if is_user && error.needs_sign_in() => {
                format!("then write the user's new refresh token to the file that {REFRESH_TOKEN_FILE} names")
            }
            _ => return None,
        })
    }))
}

/// A set variable that takes precedence over the profiles.
pub(crate) fn overriding_variable() -> Option<&'static str> {
    CREDENTIALS.into_iter().chain([TENANT, CLIENT]).find(|name| env::var_os(name).is_some())
}

/// Refuses an environment that names both a profile and a credential.
pub(super) fn ensure_no_credential(profile: &ProfileName) -> Result<(), CliError> {
    let Some(name) = CREDENTIALS.into_iter().find(|name| env::var_os(name).is_some()) else { return Ok(()) };
    let why = format!("{PROFILE_VARIABLE} is {profile}, and {name} is set too");
    let next = format!("unset one of the two, or name the profile with --profile {profile}");
    Err(CliError::usage("the environment names a profile and a credential", why, next))
}

/// The value of a variable, trimmed. An empty value is an error: a script sets it if it could not find the secret.
pub(crate) fn variable(name: &str) -> Result<Option<String>, CliError> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Err(unusable(name, "is empty", "give it a value, or unset it")),
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(unusable(name, "is not valid Unicode", "correct it")),
    }
}

fn unusable(name: &str, why: &str, next: &str) -> CliError {
    let why = format!("the environment variable {name} {why}");
    CliError::sign_in("cannot use the credential in the environment", why, next)
}

fn read_certificate(path: &str) -> Result<Certificate, CliError> {
    let failed = |error: std::io::Error| {
        unusable(CERTIFICATE, &format!("names {path}: {error}"), "check the path and that you may read the file")
    };
    let file = File::open(path).map_err(failed)?;
    // The private key is in the same file.
    files::check_access(Path::new(path), &file.metadata().map_err(failed)?, Access::Secret).map_err(|exposed| {
        let renew = if exposed.is_disclosed { ", and use a new key if others may have read this one" } else { "" };
        unusable(CERTIFICATE, &format!("names {path}, which {}", exposed.what), &(exposed.advice + renew))
    })?;
    let pem = files::read(&file, MAX_PEM_BYTES).map_err(failed)?;
    Certificate::from_pem(&*pem).map_err(|error| {
        let next = error.advice().map_or_else(String::new, |advice| advice.to_string());
        unusable(CERTIFICATE, &format!("names {path}: {}", error.what()), &next)
    })
}
