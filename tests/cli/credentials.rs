//! Credentials in the environment, alone and with profiles.

use std::fs;

use crate::scratch::{Scratch, counters};
use crate::sign_in::{APP, Desk, LOGIN};
use crate::{ONE, SandboxProcess, assert_shown, shown};

/// Calls a sandbox with environment variables.
fn with_variables(sandbox: &SandboxProcess, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let url = sandbox.base_url.as_str();
    let mut command = crate::command(&[arguments, &["--base-url", url, "--authority", url]].concat());
    shown(&command.envs(variables.iter().copied()).output().unwrap())
}

#[test]
fn signs_in_with_an_app_from_the_environment() {
    let sandbox = SandboxProcess::start(&[]);
    let app = [
        ("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com"),
        ("PARTNER_CENTER_CLIENT_ID", APP),
        ("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret"),
    ];
    assert_eq!(with_variables(&sandbox, &app, &["get", ONE]), "exit code: 0\n--- stdout\n97\n--- stderr\n");
    let status = with_variables(&sandbox, &app, &["status"]);
    assert!(status.contains("environment variable PARTNER_CENTER_CLIENT_SECRET\n"), "{status}");
    assert!(status.contains("user           -\n") && status.contains("multi-factor   -\n"), "{status}");
    // The client rejects an operation that needs a user before it sends anything.
    let calls = counters(&sandbox)["requests"]["list_customer_usage_records"].clone();
    let usage = with_variables(&sandbox, &app, &["usage"]);
    assert!(!usage.starts_with("exit code: 0"), "{usage}");
    assert_eq!(counters(&sandbox)["requests"]["list_customer_usage_records"], calls);
    assert_shown!(with_variables(&sandbox, &app[1..], &["get", ONE]), @"
    exit code: 3
    --- stdout
    --- stderr
    error: cannot use the credential in the environment
      why: the environment variable PARTNER_CENTER_TENANT_ID is not set
     next: set it with the other variables
    ");
    let mut wrong = app;
    wrong[2].1 = "a-very-secret-secret";
    let message = with_variables(&sandbox, &wrong, &["get", ONE]);
    assert!(message.starts_with("exit code: 3\n") && message.contains("AADSTS7000215"), "{message}");
    assert!(!message.contains("a-very-secret-secret"), "{message}");
}

#[test]
fn signs_in_with_a_refresh_token_file_from_the_environment() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&[]));
    let file = scratch.0.join("token");
    fs::write(&file, "sandbox-refresh-token\n").unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut variables = vec![
        ("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com"),
        ("PARTNER_CENTER_CLIENT_ID", APP),
        ("PARTNER_CENTER_REFRESH_TOKEN_FILE", file.to_str().unwrap()),
    ];
    // A native app has no secret, a web app has one.
    for _ in 0..2 {
        let before = fs::read_to_string(&file).unwrap();
        let usage = with_variables(&sandbox, &variables, &["usage"]);
        assert!(usage.starts_with("exit code: 0\n"), "{usage}");
        assert_ne!(fs::read_to_string(&file).unwrap(), before);
        variables.push(("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret"));
    }
    assert!(
        with_variables(&sandbox, &variables, &["status"])
            .contains("environment variable PARTNER_CENTER_REFRESH_TOKEN_FILE\n")
    );
}

#[cfg(unix)]
#[test]
fn refuses_a_private_key_that_others_may_read_or_change() {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&[]));
    scratch.write("app.pem", "made-up-key");
    let path = scratch.0.join("app.pem");
    let path = path.to_str().unwrap();
    let variables = [
        ("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com"),
        ("PARTNER_CENTER_CLIENT_ID", APP),
        ("PARTNER_CENTER_CLIENT_CERTIFICATE", path),
    ];
    for mode in [0o644, 0o640, 0o604, 0o620, 0o602] {
        scratch.set_mode("app.pem", mode);
        let message = with_variables(&sandbox, &variables, &["get", ONE]);
        let why =
            format!("names {path}, which may be read by others\n next: run `chmod 600 {path}`, and use a new key");
        assert!(message.starts_with("exit code: 3\n") && message.contains(&why), "{message}");
    }
    scratch.set_mode("app.pem", 0o600);
    scratch.set_mode(".", 0o777);
    let message = with_variables(&sandbox, &variables, &["get", ONE]);
    assert!(message.starts_with("exit code: 3\n") && message.contains("which may be changed by others"), "{message}");
    // The permissions of a key are checked before it is parsed.
    scratch.set_mode(".", 0o700);
    assert!(with_variables(&sandbox, &variables, &["get", ONE]).contains("has no private key"));
    assert_eq!(counters(&sandbox)["calls"], 0);
}

#[test]
fn unusable_environment_credential_is_an_error() {
    let sandbox = SandboxProcess::start(&[]);
    let app = [("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com"), ("PARTNER_CENTER_CLIENT_ID", APP)];
    for (variables, why) in [
        (&[("PARTNER_CENTER_CLIENT_SECRET", " ")][..], "PARTNER_CENTER_CLIENT_SECRET is empty"),
        (&[("PARTNER_CENTER_CLOUD", "mars")], "PARTNER_CENTER_CLOUD is `mars`"),
        (
            &[("PARTNER_CENTER_CLIENT_CERTIFICATE", "no/such/file.pem")],
            "names no/such/file.pem: No such file or directory",
        ),
        (&[("PARTNER_CENTER_CLIENT_CERTIFICATE", "/dev/null")], "names /dev/null: the PEM text has no private key"),
        (
            &[("PARTNER_CENTER_CLIENT_CERTIFICATE", "a.pem"), ("PARTNER_CENTER_CLIENT_SECRET", "b")],
            "PARTNER_CENTER_CLIENT_SECRET is set, and so is PARTNER_CENTER_CLIENT_CERTIFICATE",
        ),
        (&[("PARTNER_CENTER_REFRESH_TOKEN_FILE", "no/such/file")], "there is no refresh token"),
    ] {
        let message = with_variables(&sandbox, &[&app[..], variables].concat(), &["get", ONE]);
        assert!(message.starts_with("exit code: 3\n") && message.contains(why), "{why}\n{message}");
    }
    assert_eq!(counters(&sandbox)["calls"], 0);
}

/// A desk with a signed-in default profile.
fn signed_in() -> Desk {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    desk
}

fn with(desk: &Desk, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    shown(&desk.command(arguments).envs(variables.iter().copied()).output().unwrap())
}

#[test]
fn incomplete_environment_credential_does_not_fall_back_to_the_default_profile() {
    let desk = signed_in();
    let before = counters(&desk.sandbox)["calls"].clone();
    let misspelt =
        [("PARTNER_CENTER_TENANT_ID", "other.com"), ("PARTNER_CENTER_CLIENT_ID", APP), ("PARTNER_CENTER_SECRET", "s")];
    assert_shown!(with(&desk, &misspelt, &["set", ONE, "5"]), @"
    exit code: 3
    --- stdout
    --- stderr
    error: cannot use the credential in the environment
      why: the environment variable PARTNER_CENTER_TENANT_ID is set, and none of PARTNER_CENTER_CLIENT_SECRET, PARTNER_CENTER_CLIENT_CERTIFICATE and PARTNER_CENTER_REFRESH_TOKEN_FILE
     next: set one of them; or to work for a profile, unset PARTNER_CENTER_TENANT_ID, or name the profile with --profile or PC_BUDGETS_PROFILE
    ");
    for variable in misspelt.iter().take(2) {
        assert!(with(&desk, &[*variable], &["get", ONE]).starts_with("exit code: 3\n"));
    }
    assert_eq!(counters(&desk.sandbox)["calls"], before);
    // --profile overrides the environment, and login reads both variables for a new profile.
    assert!(with(&desk, &misspelt, &["get", ONE, "--profile", "default"]).starts_with("exit code: 0\n"));
    let named = [&misspelt[..], &[("PC_BUDGETS_PROFILE", "default")]].concat();
    assert!(with(&desk, &named, &["get", ONE]).starts_with("exit code: 0\n"));
}

#[test]
fn refuses_a_profile_and_a_credential_in_the_environment() {
    let desk = signed_in();
    let both = [("PC_BUDGETS_PROFILE", "default"), ("PARTNER_CENTER_TOKEN", "sandbox")];
    assert_shown!(with(&desk, &both, &["get", ONE]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: the environment names a profile and a credential
      why: PC_BUDGETS_PROFILE is default, and PARTNER_CENTER_TOKEN is set too
     next: unset one of the two, or name the profile with --profile default
    ");
    assert!(with(&desk, &both, &["get", ONE, "--profile", "default"]).starts_with("exit code: 0\n"));
}

#[test]
fn refuses_an_empty_profile_variable() {
    let desk = signed_in();
    assert_shown!(with(&desk, &[("PC_BUDGETS_PROFILE", "")], &["get", ONE]), @"
    exit code: 2
    --- stdout
    --- stderr
    error: PC_BUDGETS_PROFILE does not name a profile
      why: it is empty
     next: correct it, or unset it
    ");
    for command in [&["logout"][..], &["login"], &["status"]] {
        assert!(with(&desk, &[("PC_BUDGETS_PROFILE", "")], command).starts_with("exit code: 2\n"), "{command:?}");
    }
    assert!(
        with(&desk, &[("PC_BUDGETS_PROFILE", "")], &["get", ONE, "--profile", "default"]).starts_with("exit code: 0")
    );
    #[cfg(unix)]
    {
        let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"d\xff");
        let message = shown(&desk.command(&["get", ONE]).env("PC_BUDGETS_PROFILE", name).output().unwrap());
        assert!(message.starts_with("exit code: 2\n") && message.contains("it is not valid Unicode"), "{message}");
    }
}

#[test]
fn login_warns_if_the_environment_overrides_profiles() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--base-url", url, "--authority", url]].concat();
    let message = with(&desk, &[("PARTNER_CENTER_TOKEN", "t")], &login);
    let warning = "warning: PARTNER_CENTER_TOKEN is set, and a credential in the environment takes precedence over profiles: \
                   unset it, or add --profile default to commands\n";
    assert!(message.starts_with("exit code: 0\n") && message.contains(warning), "{message}");
    assert!(!with(&desk, &[], &login).contains("warning"));
}

#[test]
fn login_ignores_the_environment_for_an_existing_profile() {
    let desk = signed_in();
    let other = [("PARTNER_CENTER_TENANT_ID", "other.com"), ("PARTNER_CENTER_CLIENT_ID", "3333")];
    let before = desk.scratch.read("config.toml");
    assert!(with(&desk, &other, &["login"]).starts_with("exit code: 0\n"));
    assert_eq!(desk.scratch.read("config.toml"), before);
    // A new profile reads the environment, and an empty variable is an error.
    let url = desk.sandbox.base_url.as_str();
    let new = ["login", "--profile", "new", "--store", "file", "--base-url", url, "--authority", url];
    let empty = [("PARTNER_CENTER_TENANT_ID", ""), ("PARTNER_CENTER_CLIENT_ID", "3333")];
    let message = with(&desk, &empty, &new);
    assert!(
        message.starts_with("exit code: 3\n") && message.contains("PARTNER_CENTER_TENANT_ID is empty"),
        "{message}"
    );
    assert!(with(&desk, &other, &new).starts_with("exit code: 0\n"));
    assert!(
        desk.scratch.read("config.toml").contains("[profiles.new]\ntenant = \"other.com\"\nclient-id = \"3333\"\n")
    );
}

#[test]
fn rejected_credential_names_the_variable_to_renew() {
    let (scratch, sandbox) =
        (Scratch::new(), SandboxProcess::start(&["--fault", "token-error=AADSTS700082@token:nth=2"]));
    let file = scratch.0.join("token");
    fs::write(&file, "sandbox-refresh-token\n").unwrap();
    #[cfg(unix)]
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let app = [("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com"), ("PARTNER_CENTER_CLIENT_ID", APP)];
    let secret = [&app[..], &[("PARTNER_CENTER_CLIENT_SECRET", "wrong")]].concat();
    let message = with_variables(&sandbox, &secret, &["get", ONE]);
    assert!(
        message.contains("pass its value and not its id; the secret is in PARTNER_CENTER_CLIENT_SECRET\n"),
        "{message}"
    );
    let user = [&app[..], &[("PARTNER_CENTER_REFRESH_TOKEN_FILE", file.to_str().unwrap())]].concat();
    let message = with_variables(&sandbox, &user, &["get", ONE]);
    let message = message + &with_variables(&sandbox, &user, &["get", ONE]);
    assert!(message.contains("to the file that PARTNER_CENTER_REFRESH_TOKEN_FILE names\n"), "{message}");
}
