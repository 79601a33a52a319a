//! Files that cannot be renamed over, as in containers: mount points and read-only folders.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Output};

use crate::scratch::{Scratch, after, counters};
use crate::sign_in::{APP, Desk, LOGIN};
use crate::skip::missing_tool;
use crate::{ONE, shown};

/// A shell in its own mount namespace.
const SHELL: [&str; 3] = ["unshare", "-rm", "sh"];

fn mounted(path: &str) -> String {
    format!("mount --bind {path} {path}")
}

fn read_only(path: &str) -> String {
    format!("{} && mount -o remount,bind,ro {path}", mounted(path))
}

/// Whether mounting works here. Containers and some systems forbid it.
fn can_mount() -> bool {
    let scratch = Scratch::new();
    scratch.write("file", "");
    let script = format!("{} && ! echo x 2>&- >file", read_only("file"));
    let output = Command::new(SHELL[0]).args(&SHELL[1..]).args(["-c", &script]).current_dir(&scratch.0).output();
    let can = output.is_ok_and(|output| output.status.success());
    if !can {
        missing_tool("a mount namespace", "install unshare and allow user namespaces");
    }
    can
}

/// A sandbox and a refresh token in the file `vault/token`.
struct Vault(Desk);

impl Vault {
    fn new() -> Self {
        let desk = Desk::with(&[]);
        fs::create_dir(desk.scratch.0.join("vault")).unwrap();
        desk.scratch.set_mode("vault", 0o700);
        desk.scratch.write("vault/token", "sandbox-refresh-token\n");
        Self(desk)
    }

    fn get(&self, mount: &str) -> String {
        let url = self.0.sandbox.base_url.as_str();
        let mut get = self.0.command(&["get", ONE, "--base-url", url, "--authority", url]);
        get.env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com").env("PARTNER_CENTER_CLIENT_ID", APP);
        get.env("PARTNER_CENTER_REFRESH_TOKEN_FILE", "vault/token");
        shown(&after(&SHELL, mount, &get).output().unwrap())
    }

    fn token(&self) -> String {
        self.0.scratch.read("vault/token")
    }
}

#[test]
fn overwrites_a_mounted_token_file_in_place() {
    if !can_mount() {
        return;
    }
    let vault = Vault::new();
    let inode = || fs::metadata(vault.0.scratch.0.join("vault/token")).unwrap().ino();
    let first = inode();
    for _ in 0..2 {
        let before = vault.token();
        assert_eq!(vault.get(&mounted("vault/token")), "exit code: 0\n--- stdout\n97\n--- stderr\n");
        assert_ne!(vault.token(), before);
    }
    assert_eq!(inode(), first);
    assert_eq!(vault.0.scratch.names("vault"), ["token"]);
    // The same applies to a writable file in a read-only folder.
    let before = vault.token();
    let mount = format!("{} && {} && mount -o remount,bind,ro vault", mounted("vault"), mounted("vault/token"));
    assert_eq!(vault.get(&mount), "exit code: 0\n--- stdout\n97\n--- stderr\n");
    assert_ne!(vault.token(), before);
}

#[test]
fn warns_if_the_next_token_cannot_be_saved() {
    if !can_mount() {
        return;
    }
    let vault = Vault::new();
    for path in ["vault", "vault/token"] {
        for _ in 0..2 {
            let message = vault.get(&read_only(path));
            assert!(
                message.starts_with("exit code: 0\n--- stdout\n97\n--- stderr\nwarning: the next refresh token"),
                "{message}"
            );
            assert!(
                message.contains("Read-only file system") && message.ends_with("the stored one is still good\n"),
                "{message}"
            );
            assert_eq!(message.lines().count(), 5, "{message}");
            assert_eq!(vault.token(), "sandbox-refresh-token\n");
        }
    }
}

/// Runs a command of a desk after a mount.
fn mounted_run(desk: &Desk, mount: &str, arguments: &[&str]) -> Output {
    after(&SHELL, mount, &desk.command(arguments)).output().unwrap()
}

#[test]
fn overwrites_a_mounted_profiles_file_or_fails_before_sign_in() {
    if !can_mount() {
        return;
    }
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--base-url", url, "--authority", url]].concat();
    desk.scratch.write("config.toml", "# mine\n");
    for mount in [read_only("config.toml"), read_only(".")] {
        let message = shown(&mounted_run(&desk, &format!("{mount} && cd $PWD"), &login));
        assert!(message.starts_with("exit code: 1\n") && !message.contains("To sign in"), "{message}");
        assert!(message.contains("error: cannot write config.toml\n  why: Read-only file system"), "{message}");
    }
    assert_eq!(counters(&desk.sandbox)["calls"], 0);
    let message = shown(&mounted_run(&desk, &mounted("config.toml"), &login));
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    let file = desk.scratch.read("config.toml");
    assert!(file.contains("# mine\n") && file.contains("\n[profiles.default]\n"), "{file}");
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    // A mounted token file cannot be deleted, so it is emptied.
    let file = desk.token_file();
    let message = shown(&mounted_run(&desk, &mounted(&file), &["logout"]));
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    assert_eq!(desk.scratch.read(&file), "");
    assert_eq!(mounted_run(&desk, &mounted(&file), &["logout"]).status.code(), Some(4));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(3));
}

#[test]
fn overwrites_a_mounted_report_or_fails_before_any_call() {
    if !can_mount() {
        return;
    }
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let report = |mount: &str| {
        let mut report = desk.command(&["report", "--html", "r.html", "--base-url", url]);
        shown(&after(&SHELL, mount, report.env("PARTNER_CENTER_TOKEN", "sandbox")).output().unwrap())
    };
    desk.scratch.write("r.html", "the previous report");
    let message = report(&read_only("r.html"));
    assert!(message.starts_with("exit code: 2\n") && message.contains("Read-only file system"), "{message}");
    assert_eq!(counters(&desk.sandbox)["calls"], 0);
    assert_eq!(desk.scratch.read("r.html"), "the previous report");
    let message = report(&mounted("r.html"));
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    let page = desk.scratch.read("r.html");
    assert!(page.starts_with("<!") && page.trim_end().ends_with("</html>"), "the complete page");
    assert_eq!(desk.scratch.names("."), ["r.html"]);
}
