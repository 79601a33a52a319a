//! The texts of a release.

use anyhow::{Context, ensure};

/// `Cargo.toml` of the workspace with the version of the packages, and of the dependencies on them.
pub(super) fn manifest(text: &str, version: &str) -> anyhow::Result<String> {
    let mut in_package = false;
    let mut found = false;
    let lines = text.lines().map(|line| {
        if line.starts_with('[') {
            in_package = line == "[workspace.package]";
        }
        if in_package && line.starts_with("version = ") {
            found = true;
            return format!("version = \"{version}\"");
        }
        // The crates of this workspace are those with a path.
        match line.split_once("version = \"") {
            Some((before, rest)) if before.contains("path = ") => {
                let after = rest.split_once('"').map_or("", |(_, after)| after);
                format!("{before}version = \"{version}\"{after}")
            }
            _ => line.to_owned(),
        }
    });
    let text = joined(lines);
    ensure!(found, "Cargo.toml has no version in [workspace.package]");
    Ok(text)
}

/// The OpenAPI document with the version in `info`.
pub(super) fn document(text: &str, version: &str) -> anyhow::Result<String> {
    let (before, rest) = text.split_once("\n  version: ").context("the document has no version")?;
    let (_, after) = rest.split_once('\n').context("the document ends after its version")?;
    Ok(format!("{before}\n  version: {version}\n{after}"))
}

/// The changelog with a heading for the release below `## Unreleased`.
///
/// `changes` is what `openapi-review changelog` prints: a heading with version and date, and sections. The sections are
/// added at the end of the release if `with_sections`.
pub(super) fn changelog(text: &str, changes: &str, with_sections: bool) -> anyhow::Result<String> {
    let (heading, sections) = changes.split_once('\n').context("the changelog of the document has no heading")?;
    let unreleased = "## Unreleased\n";
    let (before, rest) = text.split_once(unreleased).context("CHANGELOG.md has no section `## Unreleased`")?;
    let (release, older) = match rest.split_once("\n## ") {
        Some((release, older)) => (release, format!("\n## {older}")),
        None => (rest, String::new()),
    };
    ensure!(!release.trim().is_empty(), "the section `## Unreleased` of CHANGELOG.md is empty: describe the release");
    let mut release = release.trim_end().to_owned();
    if with_sections && !sections.trim().is_empty() {
        let sections = sections.trim().replace("### ", "#### ");
        release = format!("{release}\n\n### OpenAPI document by operation\n\n{sections}");
    }
    Ok(format!("{before}{unreleased}\n{heading}\n{release}\n{older}"))
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_version_of_the_packages_and_of_dependencies_on_them() {
        let old = "[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\n\
                   ours = { path = \"crates/ours\", version = \"0.1.0\", default-features = false }\n\
                   tool = { path = \"tool\" }\nother = { version = \"0.1.0\" }\n";
        let new = "[workspace.package]\nversion = \"0.2.0\"\n\n[workspace.dependencies]\n\
                   ours = { path = \"crates/ours\", version = \"0.2.0\", default-features = false }\n\
                   tool = { path = \"tool\" }\nother = { version = \"0.1.0\" }\n";
        assert_eq!(manifest(old, "0.2.0").unwrap(), new);
        assert!(manifest("[package]\nversion = \"0.1.0\"\n", "0.2.0").is_err());
    }

    #[test]
    fn writes_the_version_of_the_document_only() {
        let old = "info:\n  title: A\n  version: 0.1.0\nx:\n  version: 0.1.0\n";
        assert_eq!(document(old, "0.2.0").unwrap(), "info:\n  title: A\n  version: 0.2.0\nx:\n  version: 0.1.0\n");
    }

    #[test]
    fn adds_a_heading_and_the_changes_of_the_document() {
        let old = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A.\n\n## 0.1.0 - 2026-01-31\n\n- B.\n";
        let changes = "## 0.2.0 - 2026-02-28\n\n### `GET /a`\n\n- **Breaking:** c.\n";
        let expected = "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-02-28\n\n### Added\n\n- A.\n\n\
                        ### OpenAPI document by operation\n\n#### `GET /a`\n\n- **Breaking:** c.\n\n\
                        ## 0.1.0 - 2026-01-31\n\n- B.\n";
        assert_eq!(changelog(old, changes, true).unwrap(), expected);
        let first = changelog("## Unreleased\n\n- A.\n", changes, false).unwrap();
        assert_eq!(first, "## Unreleased\n\n## 0.2.0 - 2026-02-28\n\n- A.\n");
        assert!(changelog("## Unreleased\n\n## 0.1.0\n", changes, true).is_err());
    }
}
