use serde::Serialize;

/// How severe a change is on the wire, for a client that was made for the old document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No client is affected.
    Fine,
    /// Some clients may break: a person has to decide.
    Check,
    /// Clients break.
    Breaking,
}

impl Level {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Check => "check",
            Self::Breaking => "breaking",
        }
    }
}
