//! Credentials in the environment, for programs that run where nobody can sign in.

use std::env::{self, VarError};
use std::sync::Arc;

use partner_center_budgets::auth::{Certificate, ClientCertificate, ClientSecret, FileStore, FixedToken, RefreshToken};
use partner_center_budgets::{Client, ClientBuilder};

use super::Origin;
use crate::config::CloudName;
use crate::failure::Told;

const TOKEN: &str = "PARTNER_CENTER_TOKEN";
const TENANT: &str = "PARTNER_CENTER_TENANT_ID";
const CLIENT: &str = "PARTNER_CENTER_CLIENT_ID";
const SECRET: &str = "PARTNER_CENTER_CLIENT_SECRET";
const CERTIFICATE: &str = "PARTNER_CENTER_CLIENT_CERTIFICATE";
const REFRESH_TOKEN_FILE: &str = "PARTNER_CENTER_REFRESH_TOKEN_FILE";
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
            return Ok(None);
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
                Client::builder(ClientSecret::new(app.tenant, app.client_id, secret))
            }
            Who::App(app, Proof::Certificate(certificate)) => {
                Client::builder(ClientCertificate::new(app.tenant, app.client_id, certificate))
            }
            Who::User(app, proof, file) => {
                let user = RefreshToken::new(app.tenant, app.client_id, Arc::new(file));
                Client::builder(match proof {
                    None => user,
                    Some(Proof::Secret(secret)) => user.client_secret(secret),
                    Some(Proof::Certificate(certificate)) => user.client_certificate(certificate),
                })
            }
        }
    }
}

/// The value of a variable, without the spaces and line breaks around it. An empty one is a mistake: it is set where a
/// secret could not be found.
fn variable(name: &str) -> Result<Option<String>, Told> {
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
    let pem = std::fs::read(path).map_err(|error| {
        wrong(CERTIFICATE, &format!("names {path}: {error}"), "check the path and that you may read the file")
    })?;
    Certificate::from_pem(pem).map_err(|error| {
        let next = error.advice().map_or_else(String::new, |advice| advice.to_string());
        wrong(CERTIFICATE, &format!("names {path}: {}", error.what()), &next)
    })
}
