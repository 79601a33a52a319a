//! Credentials in the environment, for programs that run where nobody can sign in.

use std::env::{self, VarError};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use durable_files::{self as files, Access};
use partner_center_budgets::auth::{
    AuthError, Certificate, ClientCertificate, ClientSecret, Credential, FileStore, FixedToken, RefreshToken,
};
use partner_center_budgets::{Client, ClientBuilder};

use super::Origin;
use super::advised::Advised;
use crate::config::{CloudName, PROFILE_VARIABLE, ProfileName};
use crate::failure::Told;
use crate::store::WarningStore;

const TOKEN: &str = "PARTNER_CENTER_TOKEN";
pub(crate) const TENANT: &str = "PARTNER_CENTER_TENANT_ID";
pub(crate) const CLIENT: &str = "PARTNER_CENTER_CLIENT_ID";
const SECRET: &str = "PARTNER_CENTER_CLIENT_SECRET";
const CERTIFICATE: &str = "PARTNER_CENTER_CLIENT_CERTIFICATE";
const REFRESH_TOKEN_FILE: &str = "PARTNER_CENTER_REFRESH_TOKEN_FILE";
/// A certificate, its key and a chain have some thousands of bytes.
const LONGEST_PEM: usize = 1024 * 1024;
const CLOUD: &str = "PARTNER_CENTER_CLOUD";

/// What the environment says of who calls.
pub(super) struct Variables {
    cloud: CloudName,
    who: Who,
}

enum Who {
    /// Whoever the access token was made for.
    Bearer(String),
    App(Registration, Proof),
    /// An app with the user whose refresh token is in a file. A native app proves nothing.
    User(Registration, Option<Proof>, FileStore),
}

struct Registration {
    tenant: String,
    client_id: String,
}

enum Proof {
    Secret(String),
    Certificate(Certificate),
}

impl Variables {
    /// `None` where no variable names a credential.
    pub(super) fn read() -> Result<Option<Self>, Told> {
        let cloud = match variable(CLOUD)? {
            None => CloudName::default(),
            Some(name) => clap::ValueEnum::from_str(&name, true).map_err(|_| {
                wrong(CLOUD, &format!("is `{}`", name.escape_debug()), "write global, us-government or china")
            })?,
        };
        if let Some(token) = variable(TOKEN)? {
            return Ok(Some(Self { cloud, who: Who::Bearer(token) }));
        }
        let (secret, certificate, file) = (variable(SECRET)?, variable(CERTIFICATE)?, variable(REFRESH_TOKEN_FILE)?);
        if [&secret, &certificate, &file].iter().all(|value| value.is_none()) {
            // Half a credential, perhaps with a name that is misspelt. The default profile is another tenant's.
            return match [TENANT, CLIENT, CLOUD].into_iter().find(|name| env::var_os(name).is_some()) {
                None => Ok(None),
                Some(name) => {
                    let why = format!("is set, and none of {SECRET}, {CERTIFICATE} and {REFRESH_TOKEN_FILE}");
                    let next = format!(
                        "set one of them; or to work for a profile, take {name} out of the environment or name the profile \
                         with --profile or {PROFILE_VARIABLE}"
                    );
                    Err(wrong(name, &why, &next))
                }
            };
        }
        let need = |name| variable(name)?.ok_or_else(|| wrong(name, "is not set", "set it beside the other variables"));
        let app = Registration { tenant: need(TENANT)?, client_id: need(CLIENT)? };
        let proof = match (secret, certificate) {
            (Some(_), Some(_)) => {
                return Err(wrong(SECRET, &format!("is set beside {CERTIFICATE}"), "take one of them out"));
            }
            (Some(secret), None) => Some(Proof::Secret(secret)),
            (None, Some(path)) => Some(Proof::Certificate(read_certificate(&path)?)),
            (None, None) => None,
        };
        let who = match (file, proof) {
            (Some(file), proof) => Who::User(app, proof, FileStore::new(file)),
            (None, Some(proof)) => Who::App(app, proof),
            (None, None) => return Ok(None),
        };
        Ok(Some(Self { cloud, who }))
    }

    pub(super) fn origin(&self) -> Origin {
        let (said_by, app, file) = match &self.who {
            Who::Bearer(_) => (TOKEN, None, None),
            Who::App(app, Proof::Secret(_)) => (SECRET, Some(app), None),
            Who::App(app, Proof::Certificate(_)) => (CERTIFICATE, Some(app), None),
            Who::User(app, _, file) => (REFRESH_TOKEN_FILE, Some(app), Some(file)),
        };
        Origin {
            said_by: format!("environment variable {said_by}"),
            cloud: self.cloud,
            tenant: app.map(|app| app.tenant.clone()),
            client_id: app.map(|app| app.client_id.clone()),
            kept_in: file.map(|file| file.path().display().to_string()),
            api: None,
            profile: None,
        }
    }

    pub(super) fn builder(self) -> ClientBuilder {
        match self.who {
            Who::Bearer(token) => Client::builder(FixedToken::new(token)),
            Who::App(app, Proof::Secret(secret)) => {
                advised(ClientSecret::new(app.tenant, app.client_id, secret), false)
            }
            Who::App(app, Proof::Certificate(certificate)) => {
                advised(ClientCertificate::new(app.tenant, app.client_id, certificate), false)
            }
            Who::User(app, proof, file) => {
                let user = RefreshToken::new(app.tenant, app.client_id, Arc::new(WarningStore(file)));
                let user = match proof {
                    None => user,
                    Some(Proof::Secret(secret)) => user.client_secret(secret),
                    Some(Proof::Certificate(certificate)) => user.client_certificate(certificate),
                };
                advised(user, true)
            }
        }
    }
}

/// A client with a credential whose failures name the variable that has to be renewed.
fn advised(credential: impl Credential, is_user: bool) -> ClientBuilder {
    Client::builder(Advised::new(credential, move |error: &AuthError| {
        Some(match error.code() {
            Some("AADSTS7000215" | "AADSTS7000222") => format!("it is the one in {SECRET}"),
            Some("AADSTS700027") => format!("it is the one in the file that {CERTIFICATE} names"),
            _ if is_user && error.needs_sign_in() => {
                format!("then put the user's new refresh token into the file that {REFRESH_TOKEN_FILE} names")
            }
            _ => return None,
        })
    }))
}

/// The variable that comes before the profiles, where there is one.
pub(crate) fn before_profiles() -> Option<&'static str> {
    let names = [TOKEN, SECRET, CERTIFICATE, REFRESH_TOKEN_FILE, TENANT, CLIENT];
    names.into_iter().find(|name| env::var_os(name).is_some())
}

/// Refuses to choose between a profile and a credential, both of which the environment names.
pub(super) fn must_name_none(profile: &ProfileName) -> Result<(), Told> {
    let names = [TOKEN, SECRET, CERTIFICATE, REFRESH_TOKEN_FILE];
    let Some(name) = names.into_iter().find(|name| env::var_os(name).is_some()) else { return Ok(()) };
    let what = "the environment names a profile and a credential";
    let why = format!("{PROFILE_VARIABLE} is {profile}, and {name} is set too");
    let next = format!("take one of the two out of the environment, or name the profile with --profile {profile}");
    Err(Told::usage(Told::lines(what, why, next)))
}

/// The value of a variable, without the spaces and line breaks around it. An empty one is a mistake: it is set where a
/// secret could not be found.
pub(crate) fn variable(name: &str) -> Result<Option<String>, Told> {
    match env::var(name) {
        Ok(text) if text.trim().is_empty() => Err(wrong(name, "is empty", "set it, or take it out of the environment")),
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(wrong(name, "is not a text", "set it anew")),
    }
}

fn wrong(name: &str, why: &str, next: &str) -> Told {
    let why = format!("the environment variable {name} {why}");
    Told::sign_in(Told::lines("the environment's credential cannot be used", &why, next))
}

fn read_certificate(path: &str) -> Result<Certificate, Told> {
    let failed = |error: std::io::Error| {
        wrong(CERTIFICATE, &format!("names {path}: {error}"), "check the path and that you may read the file")
    };
    let file = File::open(path).map_err(failed)?;
    // The private key is in the same file.
    files::check_access(Path::new(path), &file.metadata().map_err(failed)?, Access::Secret).map_err(|exposed| {
        let renew = if exposed.is_disclosed { ", and use a new key if others may have read this one" } else { "" };
        wrong(CERTIFICATE, &format!("names {path}, which {}", exposed.what), &(exposed.advice + renew))
    })?;
    let pem = files::read(&file, LONGEST_PEM).map_err(failed)?;
    Certificate::from_pem(&*pem).map_err(|error| {
        let next = error.advice().map_or_else(String::new, |advice| advice.to_string());
        wrong(CERTIFICATE, &format!("names {path}: {}", error.what()), &next)
    })
}
