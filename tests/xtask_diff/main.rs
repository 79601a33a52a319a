//! `cargo xtask diff` in a temporary git repository.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "../xtask/folder.rs"]
mod folder;

use std::fs;
use std::io::Read;
use std::process::{Command, Output, Stdio};

use folder::{Folder, git, stderr, stdout};
use xtask::generate::generate;
use xtask::{DOCUMENT, GENERATED, Workspace, read_document};

const ACCEPTED: &str = "openapi/accepted-changes.toml";

const THINGS: &str = "openapi: 3.0.3
info:
  title: Things
  version: 0.1.0
paths:
  /things:
    get:
      operationId: list_things
      responses:
        '200':
          description: Things.
";

/// [`THINGS`] with one more operation. Adding it is compatible, removing it breaks clients.
fn more() -> String {
    THINGS.to_owned() + &THINGS[THINGS.find("  /things").unwrap()..].replace("hings", "oys")
}

/// A repository whose branch `main` has one commit, with `document`.
fn repository(name: &str, document: &str) -> Folder {
    let folder = Folder::new(name);
    fs::create_dir_all(folder.0.join("openapi/released")).unwrap();
    git(&folder, &["init", "--quiet", "--initial-branch", "main"]);
    commit(&folder, document);
    folder
}

fn commit(folder: &Folder, document: &str) {
    folder.file(DOCUMENT, document);
    git(folder, &["add", "."]);
    git(folder, &["commit", "--quiet", "--message", "document"]);
}

fn diff(folder: &Folder, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask-diff")).args(arguments).current_dir(&folder.0).output().unwrap()
}

/// Runs the command, which must exit with 2 and print nothing but one error. Returns the error.
fn bad_input(folder: &Folder, arguments: &[&str]) -> String {
    let output = diff(folder, arguments);
    let text = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{text}");
    assert_eq!(text.matches("error:").count(), 1, "not one error: {text}");
    text
}

#[test]
fn compares_the_work_tree_with_head_on_the_main_branch() {
    let folder = repository("main", &more());
    let output = diff(&folder, &[]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "no change\n"), "{}", stderr(&output));
    folder.file(DOCUMENT, THINGS);
    let output = diff(&folder, &[]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.lines().next().unwrap().contains(" breaking, ") && !text.contains('\u{1b}'), "{text}");
    assert!(text.contains(&format!(":{DOCUMENT}:1")), "{text}");
    assert!(stderr(&output).contains("--write-accept` and fill in the reason"), "{}", stderr(&output));
}

#[test]
fn compares_a_branch_with_its_merge_base() {
    let folder = repository("branch", &more());
    git(&folder, &["switch", "--quiet", "--create", "topic"]);
    commit(&folder, THINGS);
    git(&folder, &["switch", "--quiet", "main"]);
    commit(&folder, &more().replace("list_things", "list_all_things"));
    git(&folder, &["switch", "--quiet", "topic"]);
    let output = diff(&folder, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(!stdout(&output).contains("list_all_things"), "{}", stdout(&output));
}

#[test]
fn takes_files_revisions_and_paths_in_revisions() {
    let folder = repository("names", &more());
    let old = folder.file("old.yaml", &more());
    folder.file("new.yaml", THINGS);
    commit(&folder, THINGS);
    git(&folder, &["mv", "old.yaml", "moved.yaml"]);
    git(&folder, &["commit", "--quiet", "--message", "moved"]);
    let old = old.with_file_name("moved.yaml");
    let bases = ["HEAD~2", "HEAD~1:old.yaml", "HEAD:./moved.yaml", ":moved.yaml", "moved.yaml", old.to_str().unwrap()];
    for base in bases {
        for revision in ["HEAD", "new.yaml", "HEAD:new.yaml", DOCUMENT] {
            let output = diff(&folder, &[base, revision]);
            assert_eq!(output.status.code(), Some(1), "{base} {revision}: {}", stderr(&output));
            let place = if base == "HEAD~2" { format!("{base}:{DOCUMENT}:1") } else { format!("{base}:1") };
            let place = place.replace(&format!("{}/", folder.0.display()), "");
            assert!(stdout(&output).contains(&place), "{place}: {}", stdout(&output));
            assert_eq!(diff(&folder, &[revision, base]).status.code(), Some(0), "{revision} {base}");
        }
    }
    // A file comes before a revision of the same name.
    git(&folder, &["tag", "new.yaml", "HEAD~2"]);
    assert_eq!(stdout(&diff(&folder, &["new.yaml"])), "no change\n");
}

#[test]
fn runs_in_a_subfolder_of_the_workspace() {
    let folder = repository("within", &more());
    folder.file(DOCUMENT, THINGS);
    let within = Folder(folder.0.join("openapi"));
    let output = diff(&within, &["HEAD:./partner-center-budgets.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(diff(&within, &["HEAD", "HEAD"]).status.code(), Some(0));
    std::mem::forget(within);
}

#[test]
fn all_formats_report_the_same_finding() {
    let folder = repository("formats", &more());
    folder.file(DOCUMENT, THINGS);
    let format = |format, code| {
        let fail_on = if code == 0 { "none" } else { "check" };
        let output = diff(&folder, &["--format", format, "--fail-on", fail_on]);
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        stdout(&output)
    };
    for code in [0, 1] {
        let json: serde_json::Value = serde_json::from_str(&format("json", code)).unwrap();
        assert_eq!(json["findings"][0]["level"], "breaking");
        assert_eq!(json["findings"][0]["accepted"], serde_json::Value::Null);
        assert!(format("markdown", code).starts_with("**Document diff:** "));
        // The removed path is annotated at `paths`, which the new document still has.
        assert!(format("github", code).starts_with(&format!("::error file={DOCUMENT},line=5,col=1,title=")));
        assert!(format("html", code).starts_with("<!DOCTYPE html>"));
        assert!(format("sarif", code).contains("\"version\": \"2.1.0\""));
    }
}

#[test]
fn prints_the_rules_without_a_document() {
    let folder = Folder::new("rule-table");
    let output = diff(&folder, &["--rules"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("| rule | in requests | in responses | reason | suggestion | Rust |\n|---|"));
}

#[test]
fn reports_invalid_input_once() {
    let folder = repository("bad", THINGS);
    assert!(
        bad_input(&folder, &["nowhere"])
            .contains("there is no file `nowhere`: `nowhere` is not a git revision of this repository")
    );
    assert!(bad_input(&folder, &["nowhere:a.yaml"]).contains("`nowhere` is not a git revision of this repository"));
    assert!(bad_input(&folder, &["HEAD:a.yaml"]).contains("failed to read `a.yaml` of `HEAD`"));
    assert!(bad_input(&folder, &["C:\\a.yaml"]).contains("failed to read C:\\a.yaml"));
    assert!(
        bad_input(&folder, &["--", "--output=x"]).contains("`--output=x` is not a git revision of this repository")
    );
    assert!(
        bad_input(&folder, &["--", "--output=x:a"]).contains("`--output=x` is not a git revision of this repository")
    );
    assert!(!folder.0.join("x").exists());
    let binary = folder.0.join("binary.yaml");
    fs::write(binary, b"\xff\xfe\x80").unwrap();
    assert!(
        bad_input(&folder, &["binary.yaml"])
            .contains("binary.yaml:1:1: the file begins like UTF-16, but is not: save it as UTF-8")
    );
    assert!(bad_input(&folder, &["HEAD", "HEAD", "--accept", "none.toml"]).contains("the accept list none.toml"));
    assert!(bad_input(&folder, &["--write-accept", "--fail-on", "none"]).contains("choose a level"));
    assert_eq!(diff(&folder, &["--format", "xml"]).status.code(), Some(2));
}

#[test]
fn locates_invalid_yaml_in_either_document() {
    let broken = THINGS.replace("version: 0.1.0", "version: [0.1.0");
    let folder = repository("broken", &broken);
    folder.file(DOCUMENT, THINGS);
    assert!(bad_input(&folder, &["HEAD"]).starts_with(&format!("error: HEAD:{DOCUMENT}:")));
    folder.file("broken.yaml", &broken);
    assert!(bad_input(&folder, &[DOCUMENT, "broken.yaml"]).starts_with("error: broken.yaml:"));
}

#[test]
fn reports_a_missing_history() {
    let folder = Folder::new("no-history");
    folder.file("a.yaml", THINGS);
    let output = diff(&folder, &["a.yaml", "a.yaml"]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "no change\n"), "{}", stderr(&output));
    assert!(bad_input(&folder, &["HEAD:a.yaml"]).contains("no history to compare with: git: not a git repository"));

    let folder = repository("no-main", THINGS);
    git(&folder, &["branch", "--move", "trunk"]);
    assert!(bad_input(&folder, &[]).contains("this clone has no branch main or master: run `git fetch origin main:"));
    git(&folder, &["switch", "--quiet", "--orphan", "main"]);
    git(&folder, &["commit", "--quiet", "--allow-empty", "--message", "unrelated"]);
    git(&folder, &["switch", "--quiet", "trunk"]);
    assert!(bad_input(&folder, &[]).contains("HEAD and refs/heads/main have no common commit in this clone"));
}

#[test]
fn advises_a_shallow_clone_to_fetch_the_history() {
    let origin = repository("origin", &more());
    git(&origin, &["switch", "--quiet", "--create", "topic"]);
    commit(&origin, THINGS);
    let clone = Folder::new("clone");
    let source = format!("file://{}", origin.0.display());
    git(&clone, &["clone", "--quiet", "--depth", "1", "--branch", "topic", &source, "."]);
    let advice = "or run `git fetch --unshallow`, because this clone is shallow";
    assert!(bad_input(&clone, &[]).contains(advice));
    assert!(bad_input(&clone, &["HEAD~1"]).contains(advice));
    git(&clone, &["fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main"]);
    git(&clone, &["fetch", "--quiet", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
    assert_eq!(diff(&clone, &[]).status.code(), Some(1));
}

#[test]
fn accepts_a_change_until_its_entry_expires_or_is_obsolete() {
    let folder = repository("accept", &more());
    git(&folder, &["switch", "--quiet", "--create", "topic"]);
    commit(&folder, THINGS);

    let output = diff(&folder, &["--write-accept", "--fail-on", "check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(&format!("to {ACCEPTED}: fill in reason and owner")), "{}", stderr(&output));
    let proposed = fs::read_to_string(folder.0.join(ACCEPTED)).unwrap();
    let output = diff(&folder, &["--write-accept", "--fail-on", "check"]);
    assert_eq!(output.status.code(), Some(1), "not filled in");
    assert!(stdout(&output).contains(&format!("{ACCEPTED}:1:1: the acceptance of ")), "{}", stdout(&output));
    assert!(stderr(&output).contains(&format!("the accept list {ACCEPTED} needs a correction")), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.0.join(ACCEPTED)).unwrap(), proposed);

    let filled = proposed.replace("reason = \"\"", "reason = \"unused\"").replace("owner = \"\"", "owner = \"us\"");
    folder.file(ACCEPTED, &filled);
    let output = diff(&folder, &["--fail-on", "check"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("0 breaking, 0 to check, ") && stdout(&output).contains("by us until "));

    let expires = filled.lines().find(|line| line.starts_with("expires = ")).unwrap();
    folder.file(ACCEPTED, &filled.replace(expires, "expires = 2020-02-29"));
    let output = diff(&folder, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("expired on 2020-02-29: ask us, and set a later date"), "{}", stdout(&output));

    folder.file(ACCEPTED, &filled);
    // The default list belongs to the default comparison: with BASE its entries need not be found, unless it is named.
    assert_eq!(diff(&folder, &["HEAD", "--fail-on", "none"]).status.code(), Some(0));
    let output = diff(&folder, &["HEAD", "--fail-on", "none", "--accept", ACCEPTED]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains(": delete the entry"), "{}", stdout(&output));

    // The list is merged together with the change that it accepts.
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "--message", "accepted"]);
    git(&folder, &["branch", "--force", "main"]);
    let output = diff(&folder, &[]);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "no change\n"), "{}", stderr(&output));
    folder.file(ACCEPTED, &filled.replace(expires, "expires = 2020-02-29"));
    assert_eq!(diff(&folder, &[]).status.code(), Some(1), "a merged entry expires too");
}

#[test]
fn in_ci_a_breaking_change_or_a_missing_base_fails_and_missing_git_does_not() {
    let folder = repository("ci", &more());
    let ci = || diff(&folder, &["--skip-without-git"]);
    assert_eq!(ci().status.code(), Some(0));
    folder.file(DOCUMENT, THINGS);
    let output = ci();
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: 1 change may break clients and is not accepted: change the document, or run ";
    assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
    git(&folder, &["branch", "--move", "trunk"]);
    let output = ci();
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    let expected =
        "error: this clone has no branch main or master: run `git fetch origin main:refs/remotes/origin/main`";
    assert!(stderr(&output).starts_with(expected), "{}", stderr(&output));
    fs::remove_dir_all(folder.0.join(".git")).unwrap();
    let output = ci();
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("not a git repository"), "{}", stderr(&output));
}

#[test]
fn reports_the_findings_despite_an_invalid_accept_list() {
    let folder = repository("bad-list", THINGS);
    folder.file(DOCUMENT, &more());
    folder.file("list.toml", "[[accept]]\nfinger = 1\n");
    let output = diff(&folder, &["--accept", "list.toml", "--write-accept"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.starts_with("0 breaking, ") && text.contains("list.toml:2:1: not a valid accept list"), "{text}");
    assert_eq!(fs::read_to_string(folder.0.join("list.toml")).unwrap(), "[[accept]]\nfinger = 1\n");
}

#[test]
fn compares_with_the_release_of_the_highest_version() {
    let folder = repository("released", THINGS);
    let text = bad_input(&folder, &["--released"]);
    assert!(text.contains("nothing is released yet, so openapi/released has no document"), "{text}");
    folder.file("openapi/released/0.9.0.yaml", THINGS);
    folder.file("openapi/released/0.10.0.yaml", &more());
    folder.file("openapi/released/README.md", "");
    let output = diff(&folder, &["--released"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stdout(&output).contains("openapi/released/0.10.0.yaml:1"), "{}", stdout(&output));
    folder.file("new.yaml", &more());
    assert_eq!(diff(&folder, &["--released", "new.yaml"]).status.code(), Some(0));
    assert!(bad_input(&folder, &["--released", "HEAD", "HEAD"]).contains("name REVISION only"));
    folder.file("openapi/released/next.yaml", THINGS);
    assert!(bad_input(&folder, &["--released"]).contains("`next` is not a version"));
}

#[test]
fn ignores_a_closed_pipe() {
    let folder = repository("pipe", &more());
    folder.file(DOCUMENT, THINGS);
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask-diff"))
        .args(["--fail-on", "none"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!((child.wait().unwrap().code(), text.as_str()), (Some(0), ""));
}

#[test]
fn prints_what_the_readme_shows() {
    let readme = fs::read_to_string(Workspace::here().root.join("README.md")).unwrap();
    let block = |begin: &str| {
        let (_, rest) = readme.split_once(begin).unwrap_or_else(|| panic!("the README has no {begin}"));
        rest.split("```").next().unwrap().to_owned()
    };
    let document = fs::read_to_string(Workspace::here().document()).unwrap();
    // The README shows the version before the first release.
    let version = document.lines().find(|line| line.starts_with("  version: ")).unwrap();
    let document = document.replacen(version, "  version: 0.1.0", 1);
    let folder = repository("diff-readme", &document);
    let generated = folder.0.join(GENERATED);
    fs::create_dir_all(generated.parent().unwrap()).unwrap();
    let path = folder.0.join(DOCUMENT);
    let write_generated = || fs::write(&generated, generate(&read_document(&path).unwrap()).unwrap()).unwrap();
    write_generated();
    commit(&folder, &document);

    // Each removed line is followed by the added line that replaces it.
    let lines: Vec<String> = block("```diff\n").lines().map(str::to_owned).collect();
    let edited = lines.chunks(2).fold(document, |text, pair| {
        let [old, new] = pair else { panic!("{pair:?} is not a replaced line") };
        text.replacen(old.strip_prefix('-').unwrap(), new.strip_prefix('+').unwrap(), 1)
    });
    folder.file(DOCUMENT, &edited);
    write_generated();

    let printed = stdout(&diff(&folder, &[]));
    let id = printed.split_once("    where     ").unwrap().1.split_once(':').unwrap().0;
    let shown = block("```text\n1 breaking");
    let shown_id = shown.split_once("    where     ").unwrap().1.split_once(':').unwrap().0;
    assert_eq!(printed.replace(id, shown_id), format!("1 breaking{shown}"));
}
