//! The configuration file `openapi-review.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

use crate::accept::position;
use crate::document::Diagnostic;
use crate::pattern::matches;
use crate::review::Review;
use crate::rules::{self, Level};
use crate::version;

/// The settings of a repository. Paths are relative to the folder of the file.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// The document that a git revision without a path means.
    pub document: Option<String>,
    /// The accept list.
    pub accept: Option<String>,
    /// The lowest level that fails: `breaking`, `check` or `none`.
    pub fail_on: Option<FailOn>,
    /// Levels that replace those of the rules, in the order of their ids. The most specific one that matches counts.
    pub levels: Vec<LevelOverride>,
    /// Paths of operations that are not compared. A `*` stands for any text.
    pub left_out_paths: Vec<String>,
    /// Tags of operations that are not compared.
    pub left_out_tags: Vec<String>,
}

/// A level that replaces the one of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelOverride {
    /// The id of a rule or finding. A `*` stands for any text.
    pub id: String,
    /// The level; none drops the finding.
    pub level: Option<Level>,
}

/// The lowest level that makes a comparison fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Changes that break clients
    #[default]
    Breaking,
    /// Changes that may break some clients, too
    Check,
    /// Only an invalid accept list
    None,
}

impl FailOn {
    /// The level; none if no finding fails.
    ///
    /// ```
    /// use openapi_review::config::FailOn;
    /// use openapi_review::rules::Level;
    ///
    /// assert_eq!(FailOn::Check.level(), Some(Level::Check));
    /// assert_eq!(FailOn::None.level(), None);
    /// ```
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Breaking => Some(Level::Breaking),
            Self::Check => Some(Level::Check),
            Self::None => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ConfigFile {
    document: Option<String>,
    accept: Option<String>,
    fail_on: Option<FailOn>,
    #[serde(default)]
    levels: BTreeMap<String, Spanned<LevelName>>,
    #[serde(default)]
    leave_out: LeaveOut,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeaveOut {
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelName {
    Breaking,
    Check,
    Fine,
    Off,
}

impl Config {
    /// Parses a configuration. `name` appears in diagnostics.
    ///
    /// ```
    /// use openapi_review::config::{Config, FailOn};
    ///
    /// let config = Config::parse("openapi-review.toml", "document = 'openapi/api.yaml'\nfail-on = 'check'")?;
    /// assert_eq!((config.document.as_deref(), config.fail_on), (Some("openapi/api.yaml"), Some(FailOn::Check)));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The text is not TOML, a key is unknown, a value has the wrong type, or no rule has an id of `levels`.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let diagnostic = |byte: usize, reason: String| {
            let (line, column) = position(text, byte);
            Diagnostic { file: name.to_owned(), line, column, reason }
        };
        let file: ConfigFile = toml::from_str(text).map_err(|error| {
            let reason = error.message().trim().replace('\n', ", ");
            diagnostic(error.span().map_or(0, |span| span.start), format!("not a valid configuration: {reason}"))
        })?;
        let mut levels = Vec::new();
        for (id, level) in file.levels {
            if !rules::is_known(&id) {
                let advice = "`openapi-review rules` lists all rules";
                return Err(diagnostic(level.span().start, format!("no rule has the id `{id}`: {advice}")));
            }
            let level = match level.into_inner() {
                LevelName::Breaking => Some(Level::Breaking),
                LevelName::Check => Some(Level::Check),
                LevelName::Fine => Some(Level::Fine),
                LevelName::Off => None,
            };
            levels.push(LevelOverride { id, level });
        }
        Ok(Self {
            document: file.document,
            accept: file.accept,
            fail_on: file.fail_on,
            levels,
            left_out_paths: file.leave_out.paths,
            left_out_tags: file.leave_out.tags,
        })
    }
}

impl Review {
    /// The review with other levels, and with the version that they require.
    ///
    /// ```
    /// # use openapi_review::config::Config;
    /// # use openapi_review::rules::Level;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// let config = Config::parse("openapi-review.toml", "[levels]\nrequest-parameter-max-decreased = 'check'")?;
    /// let review = review.with_levels(&config.levels);
    /// assert_eq!(review.findings[0].level, Level::Check);
    /// assert_eq!(review.required_version.as_deref(), Some("1.1.0"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn with_levels(self, levels: &[LevelOverride]) -> Self {
        if levels.is_empty() {
            return self;
        }
        let Self { mut findings, versions, .. } = self;
        findings.retain_mut(|finding| {
            // An exact id is more specific than a pattern.
            let found = levels.iter().filter(|it| it.id == finding.rule.id || matches(&it.id, &finding.id));
            match found.max_by_key(|it| (it.id == finding.id, !it.id.contains('*'), it.id.len())) {
                Some(LevelOverride { level: Some(level), .. }) => finding.level = *level,
                Some(LevelOverride { level: None, .. }) => return false,
                None => {}
            }
            true
        });
        findings.sort_by_key(|finding| (std::cmp::Reverse(finding.level), std::cmp::Reverse(finding.rust.breaks)));
        version::review(findings, versions)
    }

    /// One review of several documents, with the version of the one that requires most. Returns its position, too.
    ///
    /// ```
    /// # use openapi_review::review::Review;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// let unchanged = compare(&base, &base, &Settings::default());
    /// let (all, worst) = Review::combined(vec![unchanged, review]);
    /// assert_eq!((all.findings.len(), worst), (1, 1));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn combined(reviews: Vec<Self>) -> (Self, usize) {
        let worst = reviews.iter().enumerate().max_by_key(|(at, review)| {
            let missing = review.required_version.is_some() && !review.version_suffices;
            (missing, review.bump, std::cmp::Reverse(*at))
        });
        let Some((worst, review)) = worst else { return (version::review(Vec::new(), Default::default()), 0) };
        let mut combined = Self { findings: Vec::new(), versions: review.versions.clone(), ..review.clone() };
        combined.rust_unknown = reviews.iter().find_map(|review| review.rust_unknown);
        combined.warnings = reviews.iter().flat_map(|review| review.warnings.clone()).collect();
        combined.findings = reviews.into_iter().flat_map(|review| review.findings).collect();
        combined
            .findings
            .sort_by_key(|finding| (std::cmp::Reverse(finding.level), std::cmp::Reverse(finding.rust.breaks)));
        (combined, worst)
    }
}
