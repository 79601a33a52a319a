//! What can go wrong.

use crate::{CallIds, Decimal, Fault};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed.
///
/// Its text says what failed, why, and what to do next where that is known; the same three parts are there one by one
/// as [`what`](Self::what), [`why`](Self::why) and [`advice`](Self::advice). A cause that has a text of its own is the
/// [`source`](std::error::Error::source) and is not repeated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller asked for something that cannot be sent; nothing was sent.
    #[error("{what}; {advice}")]
    Input {
        /// What is wrong.
        what: String,
        /// What to write instead.
        advice: &'static str,
    },
    /// The client could not be set up; nothing was sent.
    #[error("failed to set up the HTTP client")]
    Setup {
        /// What the HTTP or TLS library said.
        source: Source,
    },
    /// No complete answer came: the network, a timeout, or a body that was cut. A change may have been made or not.
    #[error("{operation} got no complete answer; {advice}", advice = unknown(operation))]
    Transport {
        /// Operation of the OpenAPI document that was called.
        operation: &'static str,
        /// Ids of the call.
        ids: CallIds,
        /// What the HTTP library said.
        source: Source,
    },
    /// The service refused the call.
    #[error("{operation} was refused: {why}{advice}", operation = .0.operation, why = .0.why(), advice = after_semicolon(.0.advice()))]
    Api(Box<Fault>),
    /// The service accepted the call, and its answer cannot be read.
    #[error("{operation} was answered with something unreadable; {advice}", advice = unknown(operation))]
    Decode {
        /// Operation of the OpenAPI document that was called.
        operation: &'static str,
        /// Ids of the call.
        ids: CallIds,
        /// What could not be read, and where.
        source: Source,
    },
    /// The service accepted a change of a budget and then reported another budget than the one asked for.
    #[error(
        "the budget is not what was asked for: asked {asked}, now {found}; {READ_BACK}",
        asked = amount(.asked.as_ref()),
        found = amount(.found.as_ref())
    )]
    Unconfirmed {
        /// The budget that was asked for; `None` to clear it.
        asked: Option<Decimal>,
        /// The budget that the service reports.
        found: Option<Decimal>,
        /// Ids of the call.
        ids: CallIds,
    },
}

const READ_BACK: &str = "read the budget back before you rely on it";

impl Error {
    pub(crate) fn input(what: impl Into<String>, advice: &'static str) -> Self {
        Self::Input { what: what.into(), advice }
    }

    /// What failed.
    pub fn what(&self) -> String {
        match self {
            Self::Input { what, .. } => what.clone(),
            Self::Setup { .. } => self.to_string(),
            Self::Transport { operation, .. } => format!("{operation} got no complete answer"),
            Self::Api(fault) => format!("{} was refused", fault.operation),
            Self::Decode { operation, .. } => format!("{operation} was answered with something unreadable"),
            Self::Unconfirmed { .. } => "the budget is not what was asked for".to_owned(),
        }
    }

    /// Why it failed, where the error itself knows; otherwise its [`source`](std::error::Error::source) does.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Api(fault) => Some(fault.why()),
            Self::Unconfirmed { asked, found, .. } => {
                Some(format!("asked {}, now {}", amount(asked.as_ref()), amount(found.as_ref())))
            }
            _ => None,
        }
    }

    /// What to do next, where that is known.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Input { advice, .. } => Some(advice),
            Self::Api(fault) => fault.advice(),
            Self::Transport { operation, .. } | Self::Decode { operation, .. } => Some(unknown(operation)),
            Self::Unconfirmed { .. } => Some(READ_BACK),
            Self::Setup { .. } => None,
        }
    }

    /// HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        self.fault().map(|fault| fault.status)
    }

    /// Partner Center's code of a refusal.
    pub fn code(&self) -> Option<&str> {
        self.fault()?.code.as_deref()
    }

    /// Ids of the call; `None` where nothing was sent.
    pub fn ids(&self) -> Option<CallIds> {
        match self {
            Self::Input { .. } | Self::Setup { .. } => None,
            Self::Api(fault) => Some(fault.ids),
            Self::Transport { ids, .. } | Self::Decode { ids, .. } | Self::Unconfirmed { ids, .. } => Some(*ids),
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Api(fault) => Some(fault),
            _ => None,
        }
    }
}

/// After a failure on the way, a read can be repeated; a write may have been done.
fn unknown(operation: &str) -> &'static str {
    match operation.starts_with("update_") {
        true => "the change may have been made or not, so read the budget back before you rely on it",
        false => "nothing was changed, so try again",
    }
}

fn amount(amount: Option<&Decimal>) -> String {
    amount.map_or_else(|| "no budget".to_owned(), ToString::to_string)
}

fn after_semicolon(advice: Option<&str>) -> String {
    advice.map(|advice| format!("; {advice}")).unwrap_or_default()
}
