//! The issued tokens and pending sign-ins.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::claims::Bearer;
use super::credentials::{REFRESH_TOKEN, TOKEN};
use super::device_flow::DeviceFlow;
use super::failure::Failure;
use super::grant::Grant;
use crate::caller::Caller;
use crate::counters::{LiveCounters, increment};
use crate::error_response::ErrorResponse;

/// Settings that can change at run time.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) token_lifetime: Duration,
    pub(crate) refresh_token_lifetime: Duration,
    pub(crate) mfa: bool,
    pub(crate) device: DeviceFlow,
}

/// The scope of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) audience: String,
    /// The requested scope.
    pub(crate) text: String,
    /// Whether to issue a refresh token too.
    pub(crate) offline: bool,
    /// Whether to issue an ID token too.
    pub(crate) openid: bool,
}

impl Scope {
    /// Parses the scope of the newer endpoint: one permission of a resource, and OpenID scopes.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let words = ["openid", "profile", "email", "offline_access"];
        let resource = text.split_whitespace().find(|scope| !words.contains(scope));
        let audience = resource.and_then(|scope| scope.rsplit_once('/')).map(|(audience, _)| audience);
        let audience = audience.filter(|audience| !audience.is_empty()).ok_or_else(|| {
            let description = format!("The provided value for the input parameter 'scope' is not valid: '{text}'.");
            Failure::new(70_011, description)
        })?;
        let offline = has(text, "offline_access");
        Ok(Self { audience: audience.to_owned(), text: text.to_owned(), offline, openid: has(text, "openid") })
    }

    /// The resource of the older endpoint, which always issues refresh tokens.
    pub(crate) fn resource(resource: &str, scope: Option<&str>) -> Self {
        let openid = scope.is_some_and(|scope| has(scope, "openid"));
        Self { audience: resource.to_owned(), text: "user_impersonation".to_owned(), offline: true, openid }
    }
}

fn has(scope: &str, word: &str) -> bool {
    scope.split_whitespace().any(|scope| scope == word)
}

/// The app and user of the token that is always valid.
static TOKEN_CALLER: LazyLock<Caller> = LazyLock::new(|| Bearer { issuer: "", tenant: "", client: TOKEN }.caller(true));

/// The rights of an access token.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) caller: Caller,
    app_only: bool,
    mfa: bool,
    audience: Option<String>,
    expires: Option<Instant>,
}

impl Access {
    /// The value of the header `isMfaCompliant`; `None` for a token without a user.
    pub(crate) fn mfa(&self) -> Option<bool> {
        (!self.app_only).then_some(self.mfa)
    }

    /// Checks that the token may call an operation of the service at one of `origins`.
    pub(crate) fn check(&self, needs_user: bool, origins: [&str; 2]) -> Result<(), ErrorResponse> {
        if let Some(audience) = &self.audience {
            let audience = audience.trim_end_matches('/');
            if ["https://graph.windows.net", "https://graph.chinacloudapi.cn"].contains(&audience) {
                return Err(ErrorResponse::audience(audience));
            }
            if !AUDIENCES.contains(&audience) && !origins.contains(&audience) {
                return Err(ErrorResponse::access_denied());
            }
        }
        if !self.app_only && !self.mfa {
            return Err(ErrorResponse::mfa_missing());
        }
        if self.app_only && needs_user {
            return Err(ErrorResponse::app_only());
        }
        Ok(())
    }
}

/// The audiences of Partner Center by cloud; the last one is its application id.
const AUDIENCES: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];

/// A code that is not redeemed yet.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<String>,
    /// Returned in the ID token, so that the client can match it to its request.
    pub(crate) nonce: Option<String>,
    pub(crate) scope: Scope,
}

/// A device code that is not redeemed yet.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) client: String,
    pub(crate) scope: Scope,
    /// Remaining responses before the token.
    pub(crate) pending: u32,
    pub(crate) slow_down: u32,
}

#[derive(Debug)]
struct IssuedRefreshToken {
    scope: Scope,
    expires: Instant,
}

#[derive(Debug)]
pub(crate) struct Tokens {
    pub(crate) settings: Settings,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) devices: HashMap<String, Device>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, IssuedRefreshToken>,
    newest_refresh: Option<String>,
}

/// The tokens of a sign-in.
pub(crate) struct Issued {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) lifetime: Duration,
    pub(crate) scope: Scope,
}

impl Tokens {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            codes: HashMap::new(),
            devices: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            newest_refresh: None,
        }
    }

    /// The rights of a bearer token; `None` if it is unknown or expired.
    pub(crate) fn access(&self, token: &str) -> Option<Access> {
        if token == TOKEN {
            return Some(Access {
                caller: TOKEN_CALLER.clone(),
                app_only: false,
                mfa: true,
                audience: None,
                expires: None,
            });
        }
        let access = self.access.get(token)?;
        access.expires.is_none_or(|expires| Instant::now() < expires).then(|| access.clone())
    }

    pub(crate) fn expire(&mut self, token: &str) {
        self.access.remove(token);
    }

    pub(crate) fn expire_all(&mut self) {
        self.access.clear();
    }

    pub(crate) fn newest_refresh(&self) -> Option<&str> {
        self.newest_refresh.as_deref()
    }

    /// The scope of a refresh token; `None` if it is unknown or expired. The fixed token has no scope: it grants every one.
    pub(crate) fn redeem(&self, token: &str) -> Option<Option<Scope>> {
        if token == REFRESH_TOKEN {
            return Some(None);
        }
        let refresh = self.refresh.get(token)?;
        (Instant::now() < refresh.expires).then(|| Some(refresh.scope.clone()))
    }

    pub(crate) fn issue(&mut self, grant: Grant, scope: Scope, bearer: &Bearer<'_>, counters: &LiveCounters) -> Issued {
        let app_only = grant == Grant::ClientCredentials;
        let lifetime = self.settings.token_lifetime;
        let mfa = (!app_only).then_some(self.settings.mfa);
        let access = bearer.access_token(&scope.audience, lifetime, mfa);
        self.access.insert(
            access.clone(),
            Access {
                caller: bearer.caller(!app_only),
                app_only,
                mfa: !app_only && self.settings.mfa,
                audience: Some(scope.audience.clone()),
                // A lifetime beyond the range of the clock never ends.
                expires: Instant::now().checked_add(lifetime),
            },
        );
        // The use of a refresh token always returns the next one, whatever the scope.
        let wanted = !app_only && (scope.offline || grant == Grant::RefreshToken);
        let refresh = wanted.then(|| self.issue_refresh(scope.clone(), counters));
        counters.sign_in(grant);
        Issued { access, refresh, lifetime, scope }
    }

    pub(crate) fn issue_refresh(&mut self, scope: Scope, counters: &LiveCounters) -> String {
        let token = format!("sandbox-refresh-{}", Uuid::new_v4().simple());
        let now = Instant::now();
        let expires =
            now.checked_add(self.settings.refresh_token_lifetime).unwrap_or(now + Duration::from_secs(1 << 30));
        self.refresh.insert(token.clone(), IssuedRefreshToken { scope, expires });
        self.newest_refresh = Some(token.clone());
        increment(&counters.refresh_tokens_issued);
        token
    }
}
