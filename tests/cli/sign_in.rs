//! `login`, `logout` and `status`.

use std::fs;
use std::process::{Command, Output};

use crate::browser_login::BrowserLogin;
use crate::scratch::Scratch;
use crate::{ONE, SandboxProcess, assert_shown, run, shown};

pub(crate) const APP: &str = "22222222-2222-2222-2222-222222222222";
pub(crate) const LOGIN: [&str; 7] =
    ["login", "--tenant", "contoso.onmicrosoft.com", "--client-id", APP, "--store", "file"];

/// A user's configuration folder, and a sandbox for service and authority.
pub(crate) struct Desk {
    pub(crate) scratch: Scratch,
    pub(crate) sandbox: SandboxProcess,
}

impl Desk {
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let quick = ["--device-flow", "interval=100ms"];
        Self { scratch: Scratch::new(), sandbox: SandboxProcess::start(&[&quick, arguments].concat()) }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.scratch.command(arguments);
        command.env("PC_BUDGETS_CONFIG", "config.toml");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Signs in at the sandbox. The profile stores its address.
    pub(crate) fn login(&self, arguments: &[&str]) -> Output {
        let url = self.sandbox.base_url.as_str();
        self.run(&[arguments, &["--base-url", url, "--authority", url]].concat())
    }

    /// The same, without the user code, which differs each time.
    pub(crate) fn shown_login(&self, arguments: &[&str]) -> String {
        let shown = shown(&self.login(arguments));
        let code = shown.split("enter the code ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().to_owned();
        shown.replace(&code, "[code]")
    }

    pub(crate) fn token_file(&self) -> String {
        let [file] = self.token_files().try_into().unwrap();
        file
    }

    pub(crate) fn token_files(&self) -> Vec<String> {
        self.scratch.names("tokens").iter().map(|name| format!("tokens/{name}")).collect()
    }

    /// Starts a browser login at the sandbox. The test acts as the browser.
    pub(crate) fn begin_login(&self, arguments: &[&str]) -> BrowserLogin {
        let url = self.sandbox.base_url.as_str();
        let arguments = [arguments, &["--browser", "--base-url", url, "--authority", url]].concat();
        // No browser opens, so the test requests the printed URL itself.
        let mut login = self.command(&arguments);
        login.env("BROWSER", "true");
        BrowserLogin::start(&mut login)
    }
}

/// The text without the expiry times of tokens.
fn timeless(shown: &str) -> String {
    let lines = shown.lines().map(|line| match line.split_once("good until ") {
        Some((before, time)) => {
            assert!(time.ends_with(" UTC") && time.len() == "2026-01-01 00:00 UTC".len(), "{line}");
            format!("{before}good until [time]\n")
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn signs_in_works_and_signs_out() {
    let desk = Desk::with(&[]);
    assert_shown!(desk.shown_login(&LOGIN), @"
    exit code: 0
    --- stdout
    --- stderr
    To sign in, use a web browser to open the page http://127.0.0.1:[port]/devicelogin and enter the code [code] to authenticate.
    profile default is stored in config.toml, its refresh token in tokens/default-[hash]
    signed in as admin-agent@contoso.onmicrosoft.com
    ");
    assert_shown!(desk.scratch.read("config.toml"), @r#"
    default = "default"

    [profiles.default]
    tenant = "contoso.onmicrosoft.com"
    client-id = "22222222-2222-2222-2222-222222222222"
    cloud = "global"
    store = "file"
    base-url = "http://127.0.0.1:[port]"
    authority = "http://127.0.0.1:[port]"
    "#);
    let first = desk.scratch.read(&desk.token_file());
    assert_shown!(shown(&desk.run(&["get", ONE])), @"
    exit code: 0
    --- stdout
    97
    --- stderr
    ");
    let second = desk.scratch.read(&desk.token_file());
    assert_ne!(first, second, "each sign-in returns a new refresh token, which must be saved");
    let status = shown(&desk.run(&["status"]));
    assert_shown!(timeless(&status), @"
    exit code: 0
    --- stdout
    signed in by   profile default
    cloud          global
    tenant         contoso.onmicrosoft.com
    app            22222222-2222-2222-2222-222222222222
    user           admin-agent@contoso.onmicrosoft.com
    access token   good until [time]
    refresh token  tokens/default-[hash]
    multi-factor   yes
    service        agrees
    --- stderr
    ");
    assert!(!status.contains(&second) && !status.contains("sandbox-refresh"), "{status}");
    assert_shown!(shown(&desk.run(&["logout"])), @"
    exit code: 0
    --- stdout
    --- stderr
    signed out of profile default: its refresh token is deleted from tokens/default-[hash]
    ");
    assert!(fs::read_dir(desk.scratch.0.join("tokens")).unwrap().next().is_none());
    assert_shown!(shown(&desk.run(&["logout"])), @"
    exit code: 4
    --- stdout
    --- stderr
    nothing to do: profile default is not signed in
    ");
    assert_shown!(shown(&desk.run(&["get", ONE])), @"
    exit code: 3
    --- stdout
    --- stderr
    error: profile default is not signed in
     next: run `pc-budgets login --profile default`
    ");
    // The options of an existing profile need not be repeated.
    assert_eq!(desk.run(&["login"]).status.code(), Some(0));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_token() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let file = desk.scratch.0.join(desk.token_file());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert_shown!(shown(&desk.run(&["get", ONE])), @"
    exit code: 3
    --- stdout
    --- stderr
    error: the token file tokens/default-[hash] may be read by others
     next: run `chmod 600 tokens/default-[hash]`, and revoke the user's sessions in Entra ID
    ");
}

#[test]
fn first_login_says_what_it_needs() {
    let desk = Desk::with(&[]);
    assert_shown!(shown(&desk.run(&["login"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: --tenant is missing
      why: the partner's tenant is needed the first time, and profile default does not exist yet
     next: name it with --tenant; `pc-budgets login --help` explains it
    ");
    // An invalid tenant is an error before anything is stored.
    let output = desk.login(&["login", "--tenant", "a/b", "--client-id", APP, "--store", "file"]);
    assert_eq!(output.status.code(), Some(3), "{}", shown(&output));
    assert!(!desk.scratch.0.join("config.toml").exists() && !desk.scratch.0.join("tokens").exists());
    assert_eq!(desk.run(&["tour", "--profile", "default"]).status.code(), Some(2));
    for option in ["--tenant=", "--client-id="] {
        assert_eq!(desk.run(&["login", option]).status.code(), Some(2), "an empty {option} is an error");
    }
}

#[test]
fn failed_login_stores_nothing() {
    let desk = Desk::with(&["--fault", "token-error=AADSTS50076@token"]);
    let message = desk.shown_login(&LOGIN);
    assert!(message.starts_with("exit code: 3\n"), "{message}");
    assert!(message.contains(" next: let the user sign in again with multi-factor authentication\n"), "{message}");
    assert!(!desk.scratch.0.join("config.toml").exists() && !desk.scratch.0.join("tokens").exists());
}

#[test]
fn warns_without_multi_factor_authentication() {
    let desk = Desk::with(&["--no-mfa"]);
    let message = desk.shown_login(&LOGIN);
    assert!(message.contains("warning: signed in without multi-factor authentication"), "{message}");
    let status = shown(&desk.run(&["status"]));
    assert!(status.starts_with("exit code: 3\n"), "{status}");
    assert!(status.contains("multi-factor   no\nservice        refuses\n--- stderr\nerror: "), "{status}");
}

#[test]
fn login_works_with_the_sandbox() {
    assert_eq!(run(&["login", "--sandbox"]).split('\n').next(), Some("exit code: 0"));
    assert!(run(&["status", "--sandbox"]).contains("service        agrees\n"));
    assert!(run(&["logout", "--sandbox"]).starts_with("exit code: 4\n"));
    assert_eq!(run(&["status", "--sandbox", "--profile", "a"]).split('\n').next(), Some("exit code: 2"));
}

#[test]
fn errors_that_need_a_sign_in_name_the_login_command() {
    for (code, command) in [
        ("AADSTS70043", "pc-budgets login --profile contoso\n"),
        ("AADSTS50133", "pc-budgets login --profile contoso\n"),
        ("AADSTS53000", "pc-budgets login --profile contoso\n"),
        ("AADSTS530033", "pc-budgets login --profile contoso --browser\n"),
        ("AADSTS99999", "pc-budgets login --profile contoso\n"),
    ] {
        let desk = Desk::with(&["--fault", &format!("token-error={code}@token:nth=2")]);
        let login = desk.begin_login(&[&LOGIN[..], &["--profile", "contoso"]].concat());
        assert!(login.finish().starts_with("exit code: 0\n"));
        let message = shown(&desk.run(&["get", ONE]));
        assert!(message.starts_with("exit code: 3\n") && message.contains(command), "{code}: {message}");
    }
}

#[test]
fn rejected_refresh_token_names_the_profile() {
    let desk = Desk::with(&["--fault", "token-error=AADSTS700082@token:nth=2"]);
    let login = desk.begin_login(&[&LOGIN[..], &["--profile", "contoso"]].concat());
    assert!(login.finish().starts_with("exit code: 0\n"));
    let message = shown(&desk.run(&["get", ONE]));
    assert!(message.starts_with("exit code: 3\n"), "{message}");
    let next = " next: the refresh token has expired: let the user sign in again; sign in to profile contoso with: \
                pc-budgets login --profile contoso\n";
    assert!(message.contains(next), "{message}");
}
