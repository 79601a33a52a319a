//! The JSON of outcomes. Errors have no JSON of their own, so it has their text, status, code and ids.

use partner_center_budgets::{Decimal, Error};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::{ChangeOutcome, StopReason};

/// The names of `outcome` are those of the journal.
#[derive(Default, Serialize)]
struct OutcomeDocument<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Option<Decimal>>,
    #[serde(flatten)]
    error: Option<ErrorDocument<'a>>,
}

#[derive(Serialize)]
struct StopDocument<'a> {
    reason: &'static str,
    #[serde(flatten)]
    error: Option<ErrorDocument<'a>>,
}

#[derive(Default, Serialize)]
struct ErrorDocument<'a> {
    error: String,
    status: Option<u16>,
    code: Option<&'a str>,
    request_id: Option<Uuid>,
    correlation_id: Option<Uuid>,
}

impl<'a> From<&'a Error> for ErrorDocument<'a> {
    fn from(error: &'a Error) -> Self {
        Self {
            error: error.to_string(),
            status: error.status(),
            code: error.code(),
            request_id: error.ids().map(|ids| ids.request),
            correlation_id: error.ids().map(|ids| ids.correlation),
        }
    }
}

impl Serialize for ChangeOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let document = |outcome| OutcomeDocument { outcome, ..OutcomeDocument::default() };
        let document = match self {
            Self::Done => document("done"),
            Self::AlreadySet => document("already-set"),
            Self::Conflict { found } => OutcomeDocument { found: Some(*found), ..document("conflict") },
            Self::Failed(error) => OutcomeDocument { error: Some(error.into()), ..document("failed") },
            Self::Unknown(error) => OutcomeDocument { error: error.as_ref().map(Into::into), ..document("unknown") },
            Self::NotReached => document("not-reached"),
        };
        document.serialize(serializer)
    }
}

impl Serialize for StopReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (reason, error) = match self {
            Self::Cancelled => ("cancelled", None),
            Self::SignIn(error) => ("sign-in", Some(error.into())),
            Self::Journal(error) => {
                ("journal", Some(ErrorDocument { error: error.to_string(), ..ErrorDocument::default() }))
            }
        };
        StopDocument { reason, error }.serialize(serializer)
    }
}
