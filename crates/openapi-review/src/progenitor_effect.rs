//! The effect of a change on the Rust code that progenitor generates.

mod type_name;

use std::fmt;

pub(crate) use type_name::{additional_type, has_own_type, is_same_name, type_name};

/// The effect of a finding on generated Rust code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whether code that uses the generated types stops compiling or behaves differently.
    pub breaks: bool,
    /// The change in the generated code; empty if there is none.
    pub text: String,
}

/// The effect of a rule on generated Rust code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleEffect {
    /// None that a program notices.
    Nothing,
    /// A program that uses the code stops compiling or behaves differently, in this way.
    Breaks(&'static str),
    /// Breaks in requests only, where programs construct the value.
    Sent(&'static str),
    /// Breaks in responses only, where generated code decodes the value.
    Received(&'static str),
    /// Breaks if the generated type at the position changes.
    Type,
}

impl fmt::Display for RuleEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no effect"),
            Self::Breaks(how) => f.write_str(how),
            Self::Sent(how) => write!(f, "in requests: {how}"),
            Self::Received(how) => write!(f, "in responses: {how}"),
            Self::Type => f.write_str("breaks if the generated type changes"),
        }
    }
}
