//! The program `openapi-review` in git repositories of its own.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "../xtask/folder.rs"]
mod folder;

use std::fs;
use std::process::{Command, Output};

use folder::{Folder, git, git_command, stderr, stdout, without_hook_variables};
use serde_json::Value;

const PETS: &str = "openapi: 3.0.3
info:
  title: Pets
  version: 1.0.0
paths:
  /pets:
    get:
      operationId: list_pets
      description: Lists the pets.
      parameters:
        - {name: size, in: query, schema: {type: integer, maximum: 500}}
      responses:
        '200':
          description: Pets.
";

/// An operation that can be appended to [`PETS`].
const TOYS: &str = "  /toys:
    get:
      operationId: list_toys
      tags: [internal]
      responses:
        '200':
          description: Toys.
";

fn smaller() -> String {
    PETS.replace("500", "300").replace("1.0.0", "2.0.0")
}

/// A repository with one commit.
fn repository(name: &str, files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new(&format!("review-{name}"));
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder, "first", files);
    folder
}

fn commit(folder: &Folder, subject: &str, files: &[(&str, &str)]) {
    for (name, text) in files {
        fs::create_dir_all(folder.0.join(name).parent().unwrap()).unwrap();
        folder.file(name, text);
    }
    git(folder, &["add", "--all", "."]);
    git(folder, &["commit", "--quiet", "--message", subject]);
}

fn review(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openapi-review"));
    without_hook_variables(&mut command).args(arguments).current_dir(&folder.0).output().unwrap()
}

/// The output of a run that succeeds.
fn success(folder: &Folder, arguments: &[&str]) -> String {
    let output = review(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// The error of a run with an invalid input.
fn bad_input(folder: &Folder, arguments: &[&str]) -> String {
    let output = review(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    assert_eq!(stdout(&output), "", "{arguments:?}");
    stderr(&output)
}

#[test]
fn diff_compares_files_and_revisions_in_each_format() {
    let folder = repository("formats", &[("api.yaml", PETS)]);
    folder.file("api.yaml", &smaller());
    let formats = [
        ("text", "1 breaking, 0 to check, 0 fine, 1 in annotations; version 2.0.0 is sufficient\n"),
        ("markdown", "**Document diff:** 1 breaking"),
        ("json", "{\n  \"verdict\": {\n    \"breaking\": 1,"),
        ("github", "::error file=api.yaml,line=11,col="),
        ("html", "<!DOCTYPE html>\n"),
        ("sarif", "{\n  \"$schema\": "),
    ];
    for (format, begin) in formats {
        let output = review(&folder, &["diff", "HEAD:api.yaml", "api.yaml", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}: {}", stderr(&output));
        assert!(stdout(&output).starts_with(begin), "{format}: {}", stdout(&output));
        assert!(stderr(&output).starts_with("error: 1 change may break clients and is not accepted"), "{format}");
    }
    let text = success(&folder, &["diff", "HEAD:api.yaml", ":api.yaml"]);
    assert_eq!(text, "no change\n", "the index has the old document");
    success(&folder, &["diff", "HEAD:api.yaml", "api.yaml", "--fail-on", "none"]);
}

#[test]
fn diff_shows_the_direction_and_the_operations() {
    let folder = repository("direction", &[("old.yaml", PETS), ("new.yaml", &smaller())]);
    let text = stdout(&review(&folder, &["diff", "old.yaml", "new.yaml", "--annotations"]));
    assert!(text.contains("\n    affects   request of list_pets\n"), "{text}");
    assert!(text.contains("\nannotation  `version` of `info` changed, "), "{text}");
}

#[test]
fn diff_without_names_compares_with_the_main_branch() {
    let folder = repository("branch", &[("api.yaml", PETS)]);
    git(&folder, &["switch", "--quiet", "--create", "topic"]);
    commit(&folder, "smaller", &[("api.yaml", &smaller())]);
    let output = review(&folder, &["diff"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains(":api.yaml:11 → api.yaml:11\n"), "{}", stdout(&output));
    assert_eq!(review(&folder, &["diff", "main"]).status.code(), Some(1));
    assert_eq!(success(&folder, &["diff", "HEAD"]), "no change\n");
    git(&folder, &["branch", "--move", "main", "trunk"]);
    let error = bad_input(&folder, &["diff"]);
    assert!(
        error.contains("run `git fetch origin main:refs/remotes/origin/main`, or name the old document"),
        "{error}"
    );
}

#[test]
fn diff_of_folders_matches_documents_by_path() {
    let files = [("old/pets.yaml", PETS), ("old/gone.yaml", PETS), ("old/notes.json", "{\"openapi\": 1")];
    let folder = repository("folders", &files[..2]);
    commit(&folder, "new", &[("new/pets.yaml", PETS), ("new/more/toys.yaml", PETS), ("new/notes.yaml", "a: 1\n")]);
    let output = review(&folder, &["diff", "old", "new", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let findings: Vec<(&str, &str)> = (report["findings"].as_array().unwrap().iter())
        .map(|finding| {
            let side = if finding["new"].is_null() { &finding["old"] } else { &finding["new"] };
            (finding["id"].as_str().unwrap(), side["file"].as_str().unwrap())
        })
        .collect();
    let expected =
        [("api-path-removed-without-deprecation", "old/gone.yaml"), ("endpoint-added", "new/more/toys.yaml")];
    assert_eq!(findings, expected);
    // The same folders in revisions.
    let output = review(&folder, &["diff", "HEAD:old", "HEAD:new"]);
    assert!(stdout(&output).contains("was at HEAD:old/gone.yaml:"), "{}{}", stdout(&output), stderr(&output));
    assert!(bad_input(&folder, &["diff", "old", "new/pets.yaml"]).contains("name two documents or two folders"));
    folder.file("old/notes.json", files[2].1);
    let error = bad_input(&folder, &["diff", "old", "new"]);
    assert!(error.starts_with("error: old/notes.json:1:"), "{error}");
}

#[test]
fn diff_serves_as_a_driver_of_git() {
    let folder = repository("driver", &[("api.yaml", PETS), (".gitattributes", "*.yaml diff=openapi\n")]);
    let program = env!("CARGO_BIN_EXE_openapi-review");
    // As in the README, with the path of the program.
    let driver = format!("f() {{ {program} diff --fail-on none --label \"a/$1\" --label \"b/$1\" \"$2\" \"$5\"; }}; f");
    git(&folder, &["config", "diff.openapi.command", &driver]);
    folder.file("api.yaml", &smaller());
    folder.file("new.yaml", PETS);
    git(&folder, &["add", "new.yaml"]);
    let show = |arguments: &[&str]| {
        let output = git_command(&folder).arg("diff").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    assert!(show(&[]).contains("    where     a/api.yaml:11 → b/api.yaml:11\n"), "{}", show(&[]));
    let added = show(&["--cached"]);
    assert!(added.contains("fine  `GET /pets` is new (list_pets), added at b/new.yaml:7\n"), "{added}");
}

#[test]
fn configuration_sets_levels_and_leaves_out_operations() {
    let with_toys = PETS.to_owned() + TOYS;
    let folder = repository("configuration", &[("apis/api.yaml", &with_toys)]);
    folder.file("apis/api.yaml", &smaller());
    let found = |configuration: &str| {
        folder.file("openapi-review.toml", configuration);
        let output = review(&folder, &["diff", "HEAD"]);
        assert!(stderr(&output).is_empty() || output.status.code() == Some(1), "{}", stderr(&output));
        stdout(&output).lines().next().unwrap().to_owned()
    };
    let document = "document = \"apis/api.yaml\"\n";
    assert!(found(document).starts_with("2 breaking, 0 to check, 0 fine, 1 in annotations; "));
    let paths = format!("{document}[leave-out]\npaths = [\"/to*\"]\n");
    assert!(found(&paths).starts_with("1 breaking, 0 to check, 0 fine, 1 in annotations; "));
    let tags = format!("{document}[leave-out]\ntags = [\"internal\"]\n");
    assert!(found(&tags).starts_with("1 breaking, 0 to check, 0 fine, 1 in annotations; "));
    let levels = format!(
        "{document}fail-on = \"none\"\n[levels]\n\"*-max-decreased\" = \"check\"\ninfo-changed = \"off\"\n\
         \"api*-removed-without-deprecation\" = \"fine\"\n"
    );
    assert!(found(&levels).starts_with("0 breaking, 1 to check, 1 fine; 1 breaks Rust; "), "{}", found(&levels));
    // Also from a folder below, and not for the rules of another file.
    let below = Folder(folder.0.join("apis"));
    assert!(success(&below, &["diff", "HEAD"]).starts_with("0 breaking, 1 to check"));
    assert_eq!(
        review(&below, &["diff", "HEAD:apis/api.yaml", "api.yaml", "--fail-on", "check"]).status.code(),
        Some(1)
    );
    std::mem::forget(below);
}

#[test]
fn accept_list_makes_a_breaking_change_pass() {
    let files = [("api.yaml", PETS), ("openapi-review.toml", "document = \"api.yaml\"\naccept = \"accepted.toml\"\n")];
    let folder = repository("accept", &files);
    git(&folder, &["switch", "--quiet", "--create", "topic"]);
    commit(&folder, "smaller", &[("api.yaml", &smaller())]);
    let output = review(&folder, &["diff", "--write-accept"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("added 1 to accepted.toml: fill in reason and owner\n"), "{}", stderr(&output));
    let list = fs::read_to_string(folder.0.join("accepted.toml")).unwrap();
    let list = list.replace("reason = \"\"", "reason = 'unused'").replace("owner = \"\"", "owner = 'us'");
    folder.file("accepted.toml", &list);
    assert!(success(&folder, &["diff"]).starts_with("0 breaking, 0 to check, 1 accepted, 0 fine"));
    commit(&folder, "accept", &[]);
    git(&folder, &["branch", "--force", "main"]);
    assert_eq!(success(&folder, &["diff"]), "no change\n");
    fs::remove_file(folder.0.join("openapi-review.toml")).unwrap();
    let error = bad_input(&folder, &["diff", "main~2:api.yaml", "api.yaml", "--write-accept"]);
    assert!(error.contains("name one with `--accept`, or set `accept` in openapi-review.toml"), "{error}");
}

#[test]
fn log_has_a_line_for_each_commit_that_changed_the_document() {
    let folder = repository("log", &[("old.yaml", PETS), ("other.txt", "")]);
    commit(&folder, "unrelated", &[("other.txt", "a")]);
    commit(&folder, "broken", &[("old.yaml", &PETS.replace("version: 1.0.0", "version: [1"))]);
    commit(&folder, "fixed", &[("old.yaml", PETS)]);
    git(&folder, &["mv", "old.yaml", "api.yaml"]);
    commit(&folder, "moved", &[]);
    git(&folder, &["switch", "--quiet", "--create", "topic"]);
    commit(&folder, "smaller", &[("api.yaml", &smaller())]);
    commit(&folder, "toys", &[("api.yaml", &(smaller() + TOYS))]);
    git(&folder, &["switch", "--quiet", "main"]);
    commit(&folder, "unrelated, too", &[("other.txt", "b")]);
    git(&folder, &["merge", "--quiet", "--no-ff", "--message", "merge \u{1b}[31mtopic", "topic"]);

    let output = review(&folder, &["log"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).lines().all(|line| line.find(' ') == Some(12)), "{}", stdout(&output));
    // Without the id.
    let lines: Vec<String> = stdout(&output).lines().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect();
    assert_eq!(lines.len(), 5, "{lines:#?}");
    assert_eq!(lines[0], "2026-01-31  1 breaking, 1 fine, 1 in annotations  merge [U+001B][31mtopic");
    assert_eq!(lines[1], "2026-01-31  no change  moved");
    let is_skipped = |line: &str| line.starts_with("2026-01-31  skipped: ") && line.contains(":old.yaml:");
    assert!(is_skipped(&lines[2]) && lines[2].ends_with("  fixed"), "{}", lines[2]);
    assert!(is_skipped(&lines[3]) && lines[3].ends_with("  broken"), "{}", lines[3]);
    assert_eq!(lines[4], "2026-01-31  document added  first");
    assert_eq!(stderr(&output), "5 commits: 1 breaking, 2 skipped\n");

    assert_eq!(success(&folder, &["log", "api.yaml", "--max-count", "1"]).lines().count(), 1);
    assert_eq!(success(&folder, &["log", "api.yaml", "--range", "topic~2..topic"]).lines().count(), 2);
    assert_eq!(success(&folder, &["log", "api.yaml", "--level", "breaking"]).lines().count(), 3);
    assert!(bad_input(&folder, &["log", "none.yaml"]).contains("no commit changed `none.yaml`"));
    commit(&folder, "second document", &[("b.yaml", PETS)]);
    assert!(bad_input(&folder, &["log"]).contains("has 2 OpenAPI documents: name one of api.yaml, b.yaml"));
}

#[test]
fn a_shallow_clone_gets_the_fetch_command() {
    let origin = repository("origin", &[("api.yaml", PETS)]);
    git(&origin, &["switch", "--quiet", "--create", "topic"]);
    commit(&origin, "smaller", &[("api.yaml", &smaller())]);
    let clone = Folder::new("review-clone");
    let source = format!("file://{}", origin.0.display());
    git(&clone, &["clone", "--quiet", "--depth", "1", "--branch", "topic", &source, "."]);
    let advice = "or run `git fetch --unshallow`, because this clone is shallow";
    let error = bad_input(&clone, &["diff", "--document", "api.yaml"]);
    assert!(
        error.contains("run `git fetch origin main:refs/remotes/origin/main`") && error.contains(advice),
        "{error}"
    );
    assert!(bad_input(&clone, &["diff", "HEAD~1:api.yaml", "api.yaml"]).contains(advice));
    let output = review(&clone, &["log", "api.yaml"]);
    assert!(stderr(&output).contains("this clone is shallow: run `git fetch --unshallow`"), "{}", stderr(&output));
    git(&clone, &["fetch", "--quiet", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
    assert_eq!(review(&clone, &["diff", "--document", "api.yaml"]).status.code(), Some(1));
}

#[test]
fn changelog_is_a_section_of_a_release() {
    let folder = repository("changelog", &[("api.yaml", PETS)]);
    commit(&folder, "release", &[("api.yaml", &(smaller() + TOYS))]);
    let expected = "## 2.0.0 - 2026-01-31

### `GET /pets` (`list_pets`)

- **Breaking:** `maximum` of the parameter `size` decreased from `500` to `300` (request). Values between the two bounds, \
                    which clients may send today, are rejected.

### `GET /toys` (`list_toys`)

- `GET /toys` is new.

Descriptions, examples or extensions changed in 1 place.
";
    assert_eq!(success(&folder, &["changelog", "HEAD~1:api.yaml", "HEAD:api.yaml"]), expected);
    let arguments = ["changelog", "HEAD~1", "--document", "api.yaml", "--date", "2026-02-01"];
    assert_eq!(success(&folder, &arguments), expected.replace("01-31", "02-01"));
}

#[test]
fn rules_explain_the_id_of_a_rule_and_of_a_finding() {
    let folder = Folder::new("review-rules");
    for id in ["request-property-became-required", "*-became-required"] {
        let text = success(&folder, &["rules", id]);
        for label in ["what", "level     breaking in requests, fine in responses", "why", "instead", "rust", "example"]
        {
            assert!(text.contains(&format!("\n    {label}")), "{id}, {label}: {text}");
        }
        assert!(text.contains("\n                - ") && text.contains("\n                + "), "{text}");
    }
    let text = success(&folder, &["rules", "request-body-max-length-decreased"]);
    assert!(text.contains("breaking in requests") && !text.contains("fine in requests"), "{text}");
    let text = success(&folder, &["rules", "request-property-removed"]);
    assert!(text.contains("what      SUBJECT was removed\n"), "{text}");
    assert!(success(&folder, &["rules"]).lines().count() > 100);
    assert!(success(&folder, &["rules", "--format", "markdown"]).starts_with("| rule | in requests |"));
    let error = bad_input(&folder, &["rules", "request-became-fancy"]);
    assert!(
        error.contains("no rule has the id `request-became-fancy`: `openapi-review rules` lists all rules"),
        "{error}"
    );
}

#[test]
fn errors_name_the_position_and_the_way_out() {
    let folder = repository("errors", &[("api.yaml", PETS)]);
    folder.file("broken.yaml", &PETS.replace("version: 1.0.0", "version: [1"));
    assert!(bad_input(&folder, &["diff", "api.yaml", "broken.yaml"]).starts_with("error: broken.yaml:5:"));
    assert!(
        bad_input(&folder, &["diff", "HEAD:none.yaml", "api.yaml"]).contains("failed to read `none.yaml` of `HEAD`")
    );
    let error = bad_input(&folder, &["diff", "nowhere", "api.yaml"]);
    assert!(
        error.contains("there is no file `nowhere`: `nowhere` is not a git revision of this repository"),
        "{error}"
    );
    commit(&folder, "second document", &[("second.yaml", PETS)]);
    let error = bad_input(&folder, &["diff", "HEAD"]);
    assert!(error.contains("this repository has no document, or several: name one with `--document`"), "{error}");
    let invalid = [
        ("levels = 1\n", "openapi-review.toml:1:10: not a valid configuration: "),
        (
            "\n[levels]\nfancy = \"off\"\n",
            "openapi-review.toml:3:9: no rule has the id `fancy`: `openapi-review rules` lists",
        ),
        ("level = {}\n", "openapi-review.toml:1:1: not a valid configuration: unknown field `level`"),
        ("[levels]\n\"*\" = \"bad\"\n", "openapi-review.toml:2:7: not a valid configuration: unknown variant `bad`"),
    ];
    for (text, error) in invalid {
        folder.file("openapi-review.toml", text);
        let printed = bad_input(&folder, &["diff", "api.yaml", "api.yaml"]);
        assert!(printed.starts_with(&format!("error: {error}")), "{printed}");
    }
    assert!(
        bad_input(&folder, &["--config", "none.toml", "log"]).contains("failed to read the configuration none.toml")
    );
    let output = review(&folder, &["diff", "--format", "xml"]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("[possible values: "), "{}", stderr(&output));
}

#[test]
fn warnings_contain_no_control_characters() {
    let folder = Folder::new("review-warnings");
    let text = PETS.replace("{type: integer, maximum: 500}", "{$ref: '#/components/schemas/Size', \"\\e[31mred\": 1}");
    folder.file("api.yaml", &(text + "components: {schemas: {Size: {type: integer}}}\n"));
    let output = review(&folder, &["diff", "api.yaml", "api.yaml"]);
    let warnings = stderr(&output);
    assert!(warnings.contains("red` next to `$ref` has no meaning") && !warnings.contains('\u{1b}'), "{warnings:?}");
}

const README: &str = include_str!("../../crates/openapi-review/README.md");

/// The first block of the README that begins with `begin`, which includes its fence.
fn block_of_readme(begin: &str) -> &'static str {
    let (_, rest) = README.split_once(begin).unwrap_or_else(|| panic!("the README has no {begin:?}"));
    rest.split("```").next().unwrap()
}

#[test]
fn prints_what_the_readme_shows() {
    let folder = repository("readme-start", &[("openapi.yaml", PETS)]);
    folder.file("openapi.yaml", &smaller());
    let output = review(&folder, &["diff", "main:openapi.yaml", "openapi.yaml"]);
    assert_eq!(stdout(&output), block_of_readme("```text\n"));
}

#[test]
fn reads_the_configuration_of_the_readme() {
    let folder = repository("readme-configuration", &[("openapi/api.yaml", PETS)]);
    folder.file("openapi-review.toml", block_of_readme("```toml\n"));
    assert_eq!(success(&folder, &["diff", "HEAD"]), "no change\n");
}

#[cfg(unix)]
#[test]
fn hook_of_the_readme_refuses_a_breaking_commit() {
    use std::os::unix::fs::PermissionsExt;

    let folder = repository("hook", &[("other.txt", "")]);
    let hook = folder.file(".git/hooks/pre-commit", &format!("#!/bin/sh{}", block_of_readme("```sh\n#!/bin/sh")));
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_openapi-review")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let commits = |text: &str| {
        folder.file("openapi.yaml", text);
        git(&folder, &["add", "."]);
        git_command(&folder)
            .args(["commit", "--message", "change"])
            .env("PATH", &path)
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(commits(PETS), "the first commit of the document");
    assert!(!commits(&smaller()), "a breaking change");
    assert!(commits(&(PETS.to_owned() + TOYS)), "another operation");
}
