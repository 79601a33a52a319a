//! Profiles: selection, the default, and their file.

use std::process::Output;

use crate::scratch::counters;
use crate::sign_in::{APP, Desk, LOGIN};
use crate::skip::skipped;
use crate::{ONE, assert_shown, shown};

#[test]
fn profiles_are_separate() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let commented = format!("# mine\n{}", desk.scratch.read("config.toml").replace("store =", "# kept here\nstore ="));
    desk.scratch.write("config.toml", &commented);
    let other = ["login", "--profile", "fabrikam", "--tenant", "fabrikam.com", "--client-id", APP, "--store", "file"];
    assert_eq!(desk.login(&other).status.code(), Some(0));
    assert!(desk.scratch.read("config.toml").starts_with(&commented), "comments of the user stay");
    let tenant =
        |output: Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()["tenant"].clone();
    let status = ["status", "--output", "json"];
    let in_environment = |name: &str| desk.command(&status).env("PC_BUDGETS_PROFILE", name).output().unwrap();
    assert_eq!(tenant(desk.run(&status)), "contoso.onmicrosoft.com");
    assert_eq!(tenant(in_environment("fabrikam")), "fabrikam.com");
    assert_eq!(tenant(desk.run(&[&status[..], &["--profile", "fabrikam"]].concat())), "fabrikam.com");
    assert_shown!(shown(&desk.run(&["get", ONE, "--profile", "unknown"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: there is no profile `unknown`
      why: config.toml has default, fabrikam
     next: name one of these, or create it: pc-budgets login --profile unknown --tenant TENANT --client-id ID
    ");
    assert_eq!(in_environment("a/b").status.code(), Some(2));
    // --profile overrides the credential of the environment, which overrides the default profile.
    let with_token =
        |arguments: &[&str]| desk.command(arguments).env("PARTNER_CENTER_TOKEN", "stale").output().unwrap();
    assert_eq!(with_token(&["get", ONE, "--profile", "fabrikam"]).status.code(), Some(0));
    let of_environment = with_token(&["get", ONE, "--base-url", &desk.sandbox.base_url]);
    assert_eq!(of_environment.status.code(), Some(3), "{}", shown(&of_environment));
    // Signing one profile out does not affect the other.
    assert_eq!(desk.run(&["logout", "--profile", "fabrikam"]).status.code(), Some(0));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    // A profile whose tenant was edited does not use the earlier token.
    desk.scratch.write("config.toml", commented.replace("contoso.onmicrosoft.com", "elsewhere.com"));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(3));
}

#[test]
fn reports_the_position_of_an_error_in_the_profiles_file() {
    let desk = Desk::with(&[]);
    for (text, place) in [
        ("[profiles.a]\ntenant = 5\n", "line 2, column 10"),
        ("[profiles.a]\ntenant = \"a\"\nclient-id = \"b\"\nstore = \"pocket\"\n", "line 4, column 9"),
        ("[profiles.a]\ntenant = \"a\"\ntenant = \"a\"\n", "line 3, column 1"),
        ("[profiles.\"a/b\"]\ntenant = \"a\"\n", "line 1, column"),
        ("colour = \"red\"\n", "line 1, column 1"),
        ("x = = 5\n", "line 1, column 5"),
    ] {
        desk.scratch.write("config.toml", text);
        for command in [&["get", ONE][..], &["status"], &["logout"], &LOGIN] {
            let message = shown(&desk.run(command));
            assert!(
                message.starts_with("exit code: 2\n--- stdout\n--- stderr\nerror: cannot use config.toml\n"),
                "{message}"
            );
            assert!(message.contains(place), "{place}\n{message}");
        }
    }
    assert_eq!(counters(&desk.sandbox)["calls"], 0);
}

/// Signs in with more profiles, each for its own tenant.
fn login_as(desk: &Desk, names: &[&str]) {
    for name in names {
        let tenant = format!("{name}.com");
        let login = ["login", "--profile", name, "--tenant", &tenant, "--client-id", APP, "--store", "file"];
        assert_eq!(desk.login(&login).status.code(), Some(0));
    }
}

#[test]
fn shows_and_changes_the_default_profile() {
    let desk = Desk::with(&[]);
    assert!(shown(&desk.run(&["profiles"])).ends_with("--- stderr\nconfig.toml has no profile\n"));
    login_as(&desk, &["one"]);
    let two = ["login", "--profile", "two", "--tenant", "two.com", "--client-id", APP, "--store", "file"];
    let message = desk.shown_login(&two);
    let note = "without --profile, commands use profile one; to change that: pc-budgets profiles --default two\n";
    assert!(message.contains(note), "{message}");
    assert_shown!(shown(&desk.run(&["profiles"])), @"
    exit code: 0
    --- stdout
    profile  default  tenant   app                                   cloud   token in
    one      yes      one.com  22222222-2222-2222-2222-222222222222  global  file
    two               two.com  22222222-2222-2222-2222-222222222222  global  file
    --- stderr
    ");
    let commented = desk.scratch.read("config.toml").replace("default = \"one\"", "default = \"one\" # us");
    desk.scratch.write("config.toml", &commented);
    let json = shown(&desk.run(&["profiles", "--default", "two", "--output", "ndjson"]));
    assert!(json.contains(r#"{"profile":"two","default":true,"tenant":"two.com","#), "{json}");
    assert_eq!(desk.scratch.read("config.toml"), commented.replace("\"one\" # us", "\"two\" # us"));
    assert!(shown(&desk.run(&["status"])).contains("tenant         two.com\n"));
    assert_eq!(desk.run(&["profiles", "--default", "three"]).status.code(), Some(2));
    assert_eq!(desk.run(&["profiles", "--profile", "two"]).status.code(), Some(2));
}

#[test]
fn refuses_to_choose_among_profiles_without_a_default() {
    let desk = Desk::with(&[]);
    login_as(&desk, &["one", "two"]);
    let without = desk.scratch.read("config.toml").replace("default = \"one\"\n", "");
    desk.scratch.write("config.toml", &without);
    assert_shown!(shown(&desk.run(&["get", ONE])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot select a profile
      why: config.toml has one, two and no default
     next: name one with --profile or PC_BUDGETS_PROFILE, or make one the default: pc-budgets profiles --default NAME
    ");
    assert_eq!(desk.run(&["logout"]).status.code(), Some(2));
    assert_eq!(desk.login(&LOGIN).status.code(), Some(2));
    let message = shown(&desk.login(&["login", "--profile", "two"]));
    assert!(message.contains("no profile is the default, so commands need --profile two, or"), "{message}");
    assert_eq!(desk.run(&["get", ONE, "--profile", "two"]).status.code(), Some(0));
    assert_eq!(desk.run(&["profiles", "--default", "one"]).status.code(), Some(0));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

#[test]
fn sends_tokens_only_to_the_addresses_of_the_profile() {
    let (desk, elsewhere) = (Desk::with(&[]), Desk::with(&[]));
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let other = elsewhere.sandbox.base_url.as_str();
    assert_shown!(shown(&desk.run(&["status", "--authority", other])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: --authority is not for profile default
      why: its user signed in for http://127.0.0.1:[port], and other addresses must not get the user's tokens
     next: leave --authority out, or sign in to another profile: pc-budgets login --profile NAME --authority http://127.0.0.1:[port]
    ");
    for arguments in [["get", ONE, "--base-url", other], ["set", ONE, "--base-url", "https://example.com"]] {
        assert_eq!(desk.run(&arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(counters(&elsewhere.sandbox)["calls"], 0);
    // Repeating the addresses of the profile is allowed.
    let own = format!("{}/", desk.sandbox.base_url);
    assert_eq!(desk.run(&["get", ONE, "--base-url", &own, "--authority", &own]).status.code(), Some(0));
    // A profile whose addresses were edited does not use the earlier token.
    let file = desk.scratch.read("config.toml");
    let base_url = format!("base-url = \"{}\"\n", desk.sandbox.base_url);
    for edited in [
        file.replace("authority = \"http", "authority = \"https"),
        file.replace(&base_url, &format!("base-url = \"{other}\"\n")),
        file.replace(&base_url, ""),
    ] {
        assert_ne!(edited, file);
        desk.scratch.write("config.toml", edited);
        let message = shown(&desk.run(&["get", ONE]));
        assert!(message.contains("profile default is not signed in"), "{message}");
    }
    // Signing in again prints the address that gets the tokens.
    desk.scratch.write("config.toml", file.replace(&base_url, &format!("base-url = \"{other}\"\n")));
    let message = shown(&desk.run(&["login"]));
    assert!(
        message.contains(&format!("the tokens of profile default go to {other}, the base-url in config.toml\n")),
        "{message}"
    );
    assert_eq!(counters(&elsewhere.sandbox)["calls"], 0);
}

#[cfg(unix)]
#[test]
fn refuses_a_profiles_file_that_others_may_change() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let before = counters(&desk.sandbox)["calls"].clone();
    let is_refused = |why: &str, next: &str| {
        for command in [&["get", ONE][..], &["status"], &["logout"], &["login"], &["profiles"]] {
            let message = shown(&desk.run(command));
            let expected = format!("error: cannot use config.toml\n  why: it {why}\n next: {next}\n");
            assert!(message.starts_with("exit code: 2\n") && message.ends_with(&expected), "{command:?}: {message}");
        }
    };
    let chmod = |name| format!("check what is in it, then run `chmod go-w {name}`");
    for exposed in [0o666, 0o620, 0o602] {
        desk.scratch.set_mode("config.toml", exposed);
        is_refused("may be changed by others", &chmod("config.toml"));
    }
    // Others may read it.
    desk.scratch.set_mode("config.toml", 0o644);
    for exposed in [0o777, 0o770, 0o707] {
        desk.scratch.set_mode(".", exposed);
        is_refused("is in the folder ., which may be changed by others", &chmod("."));
    }
    desk.scratch.set_mode(".", 0o700);
    let file = desk.scratch.0.join("config.toml");
    match std::os::unix::fs::chown(&file, Some(12_345), None) {
        Ok(()) => {
            let next = "run `chown 0 config.toml`, or name a file of this user";
            is_refused("belongs to another user (id 12345)", next);
            std::os::unix::fs::chown(&file, Some(0), None).unwrap();
        }
        Err(_) => skipped("only root can make a file of another user"),
    }
    assert_eq!(counters(&desk.sandbox)["calls"], before);
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    // A new file is not created in such a folder, either.
    std::fs::remove_file(&file).unwrap();
    desk.scratch.set_mode(".", 0o777);
    let message = shown(&desk.login(&LOGIN));
    assert!(message.starts_with("exit code: 2\n") && !message.contains("To sign in"), "{message}");
}

#[test]
fn reads_profiles_files_of_all_editors() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let file = desk.scratch.read("config.toml").replace('\n', "\r\n");
    let utf_16 = |write: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(file.encode_utf16()).flat_map(write).collect()
    };
    for bytes in [format!("\u{feff}{file}").into_bytes(), utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes)] {
        desk.scratch.write("config.toml", &bytes);
        assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
        // The content stays the same, byte for byte.
        assert_eq!(desk.run(&["login", "--cloud", "global"]).status.code(), Some(0));
        assert_eq!(std::fs::read(desk.scratch.0.join("config.toml")).unwrap(), bytes);
    }
    assert_eq!(desk.run(&["login", "--tenant", "other.com"]).status.code(), Some(0));
    let changed = file.replace("contoso.onmicrosoft.com", "other.com");
    assert_eq!(desk.scratch.read("config.toml"), format!("\u{feff}{changed}"));
}

#[test]
fn two_profiles_files_have_separate_tokens() {
    let desk = Desk::with(&[]);
    let login = |file: &str, tenant: &str| {
        let url = desk.sandbox.base_url.as_str();
        let words = ["login", "--profile", "a", "--tenant", tenant, "--client-id", "2222", "--store", "file"];
        let mut command = desk.command(&[&words[..], &["--base-url", url, "--authority", url]].concat());
        assert_eq!(command.env("PC_BUDGETS_CONFIG", file).output().unwrap().status.code(), Some(0));
    };
    login("config.toml", "one.example");
    login("other.toml", "two.example");
    assert_eq!(desk.run(&["logout"]).status.code(), Some(0));
    let mut get = desk.command(&["get", ONE]);
    assert_eq!(get.env("PC_BUDGETS_CONFIG", "other.toml").output().unwrap().status.code(), Some(0));
}
