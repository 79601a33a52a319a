//! The rules, as data: what each finding means, to whom, and what to do instead.
//!
//! Ids are spelled as the field's reference tool spells them wherever both mean the same.

mod calls;
mod schemas;

use std::fmt;

pub(crate) use calls::*;
pub(crate) use schemas::*;

use crate::review::Level;

/// A row of the rule table.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// `*` stands for the place, such as `request-body` or `response-property`, and `{}` for what else the id names.
    pub id: &'static str,
    /// Level where a client sends it, or where nobody in particular does.
    pub request: Level,
    /// Level where a client receives it.
    pub response: Level,
    /// What changed: `{what}`, `{old}` and `{new}` are filled in.
    pub says: &'static str,
    /// Why it breaks whom.
    pub why: &'static str,
    /// How to ship it instead; empty where there is nothing to do.
    pub instead: &'static str,
    /// What it does to generated Rust code.
    pub rust: Rust,
}

/// What a rule does to generated Rust code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rust {
    /// Nothing that a program notices.
    Nothing,
    /// A program that uses the code stops compiling or behaves differently, in this way.
    Breaks(&'static str),
    /// The same, where a client sends it: it is written as a literal there.
    Sent(&'static str),
    /// The same, where a client receives it: it is decoded there.
    Received(&'static str),
    /// It depends: whatever the type of the place is before and after.
    Type,
}

impl fmt::Display for Rust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("no effect"),
            Self::Breaks(how) => f.write_str(how),
            Self::Sent(how) => write!(f, "where it is sent, {how}"),
            Self::Received(how) => write!(f, "where it is received, {how}"),
            Self::Type => f.write_str("breaks where the type of the place changes"),
        }
    }
}

/// All rules, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    calls::TABLE.iter().chain(schemas::TABLE).copied()
}

macro_rules! rules {
    ($($name:ident: $id:literal, $request:ident / $response:ident, $rust:expr,
        $says:literal, $why:literal, $instead:literal;)*) => {
        $(pub(crate) static $name: Rule = Rule {
            id: $id,
            request: Level::$request,
            response: Level::$response,
            says: $says,
            why: $why,
            instead: $instead,
            rust: $rust,
        };)*
        pub(super) static TABLE: &[&Rule] = &[$(&$name),*];
    };
}
use rules;
