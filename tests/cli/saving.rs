//! `login` saves profile and token completely or not at all.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::scratch::{after, counters};
use crate::sign_in::{APP, Desk, LOGIN};
use crate::{ONE, shown, until};

#[test]
fn keeps_changes_made_while_the_user_signs_in() {
    let desk = Desk::with(&[]);
    let login = desk.begin_login(&LOGIN);
    let other = ["login", "--profile", "other", "--tenant", "other.com", "--client-id", APP, "--store", "file"];
    assert_eq!(desk.login(&other).status.code(), Some(0));
    desk.scratch.write("config.toml", format!("# mine\n{}", desk.scratch.read("config.toml")));
    let message = login.finish();
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    let file = desk.scratch.read("config.toml");
    assert!(file.starts_with("# mine\ndefault = \"other\"\n"), "{file}");
    assert!(file.contains("[profiles.other]\n") && file.contains("[profiles.default]\n"), "{file}");
}

#[test]
fn concurrent_logins_are_all_saved() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let logins: Vec<_> = (0..12)
        .map(|number| {
            let (name, tenant) = (format!("p{number}"), format!("p{number}.com"));
            let arguments = ["login", "--profile", &name, "--tenant", &tenant, "--client-id", APP, "--store", "file"];
            let arguments = [&arguments[..], &["--base-url", url, "--authority", url]].concat();
            desk.command(&arguments).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut login in logins {
        assert_eq!(login.wait().unwrap().code(), Some(0));
    }
    let file = desk.scratch.read("config.toml");
    for number in 0..12 {
        assert!(file.contains(&format!("[profiles.p{number}]\n")), "{number}: {file}");
    }
    assert_eq!(desk.token_files().len(), 12);
}

#[test]
fn reports_unwritable_files_before_sign_in() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--base-url", url, "--authority", url]].concat();
    // A file takes the name of the tokens folder.
    desk.scratch.write("tokens", "");
    let message = shown(&desk.run(&login));
    assert!(message.starts_with("exit code: 3\n") && !message.contains("To sign in"), "{message}");
    assert!(message.contains("cannot be written"), "{message}");
    assert!(!desk.scratch.0.join("config.toml").exists());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("no/such/folder/config.toml", desk.scratch.0.join("config.toml")).unwrap();
        let message = shown(&desk.run(&login));
        assert!(message.starts_with("exit code: 1\n") && !message.contains("To sign in"), "{message}");
        assert!(message.contains("error: cannot write config.toml\n"), "{message}");
    }
}

#[test]
fn unsaved_profile_leaves_no_token() {
    let desk = Desk::with(&[]);
    let login = desk.begin_login(&LOGIN);
    desk.scratch.write("config.toml", "x = = 5\n");
    let message = login.finish();
    assert!(message.starts_with("exit code: 2\nerror: cannot use config.toml\n"), "{message}");
    assert!(message.ends_with("  now: nothing was stored\n"), "{message}");
    assert_eq!(desk.token_files(), [""; 0]);
    // A profile that existed before and can use the token keeps it.
    fs::remove_file(desk.scratch.0.join("config.toml")).unwrap();
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let (file, token) = (desk.scratch.read("config.toml"), desk.scratch.read(&desk.token_file()));
    let login = desk.begin_login(&LOGIN);
    desk.scratch.write("config.toml", "x = = 5\n");
    let message = login.finish();
    assert!(message.ends_with("  now: the profile is unchanged, with the new sign-in\n"), "{message}");
    assert_ne!(desk.scratch.read(&desk.token_file()), token);
    desk.scratch.write("config.toml", file);
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

#[test]
fn login_with_closed_streams_is_saved() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--base-url", url, "--authority", url]].concat();
    let mut login = desk.command(&login).stderr(Stdio::piped()).spawn().unwrap();
    drop(login.stderr.take());
    assert_eq!(login.wait().unwrap().code(), Some(0));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

#[test]
fn login_deletes_the_token_of_the_previous_profile() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let first = desk.token_file();
    let message = shown(&desk.login(&["login", "--tenant", "other.com"]));
    assert!(message.contains("profile default was for the tenant contoso.onmicrosoft.com before\n"), "{message}");
    let second = desk.token_file();
    assert_ne!(first, second);
    assert_eq!(desk.login(&["login", "--client-id", "3333"]).status.code(), Some(0));
    let third = desk.token_file();
    assert_ne!(second, third);
    // A token that cannot be deleted is reported, and the sign-in succeeds.
    fs::remove_file(desk.scratch.0.join(&third)).unwrap();
    fs::create_dir(desk.scratch.0.join(&third)).unwrap();
    let message = shown(&desk.login(&["login", "--client-id", "4444"]));
    let warning = format!("warning: the earlier refresh token is still in {third}: ");
    assert!(message.starts_with("exit code: 0\n") && message.contains(&warning), "{message}");
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    fs::remove_dir(desk.scratch.0.join(&third)).unwrap();
    // Signing out also deletes the earlier tokens of an edited profile, and no token of others.
    let other = ["login", "--profile", "DEFAULT", "--tenant", "other.com", "--client-id", APP, "--store", "file"];
    assert_eq!(desk.login(&other).status.code(), Some(0));
    assert_eq!(desk.token_files().len(), 2);
    desk.scratch.write("config.toml", desk.scratch.read("config.toml").replace("\"4444\"", "\"5555\""));
    assert_eq!(desk.run(&["logout", "--profile", "default"]).status.code(), Some(0));
    assert_eq!(desk.token_files().len(), 1);
    assert_eq!(desk.run(&["get", ONE, "--profile", "DEFAULT"]).status.code(), Some(0));
}

#[test]
fn killed_login_leaves_no_token_without_a_profile() {
    let desk = Desk::with(&[]);
    let granted = || counters(&desk.sandbox)["signIns"]["authorization_code"].as_u64().unwrap_or_default();
    for (login, count) in [(&LOGIN[..], 1), (&["login", "--client-id", "3333"], 2)] {
        let login = desk.begin_login(login);
        // The test holds the lock of the profiles, so the login waits.
        let lock = fs::File::create(desk.scratch.0.join(".config.toml.lock")).unwrap();
        lock.lock().unwrap();
        login.confirm();
        until("the token is granted", || granted() == count);
        until("the earlier token is deleted", || desk.token_files().is_empty());
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(1) {
            assert_eq!(desk.token_files(), [""; 0]);
            std::thread::sleep(Duration::from_millis(10));
        }
        login.kill();
        drop(lock);
        assert_eq!(desk.token_files(), [""; 0]);
        assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    }
}

/// The system kills the process when it writes a byte.
#[cfg(unix)]
#[test]
fn removes_temporary_token_files_of_killed_processes() {
    use std::os::unix::process::ExitStatusExt;
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let kill = || {
        let killed = after(&["sh"], "ulimit -c 0 && ulimit -f 0", &desk.command(&["get", ONE])).output().unwrap();
        assert!(killed.status.signal().is_some(), "{killed:?}");
        let [left, _] = desk.token_files().try_into().unwrap();
        assert!(left.ends_with(".new"), "{left}");
        assert_eq!(desk.scratch.mode(&left), 0o600);
    };
    kill();
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    assert_eq!(desk.token_files().len(), 1, "the next run removes it");
    kill();
    // One of a deleted profile, and one of a running process.
    let unique = |digit: &str| format!("tokens/.other-0123456789abcdef.{}.new", digit.repeat(32));
    desk.scratch.write(&unique("a"), "made-up-token");
    desk.scratch.write(&unique("b"), "made-up-token");
    let running = fs::File::options().write(true).open(desk.scratch.0.join(unique("b"))).unwrap();
    running.lock().unwrap();
    assert_eq!(desk.run(&["logout"]).status.code(), Some(0));
    assert_eq!(desk.token_files(), [unique("b")]);
    drop(running);
    let message = shown(&desk.run(&["logout"]));
    assert!(
        message.starts_with("exit code: 0\n")
            && message.contains("removed 1 temporary token file of killed processes\n"),
        "{message}"
    );
    assert_eq!(desk.token_files(), [""; 0]);
    assert_eq!(desk.run(&["logout"]).status.code(), Some(4));
}

#[cfg(unix)]
#[test]
fn logout_deletes_the_token_behind_a_link() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let (file, vault) = (desk.scratch.0.join(desk.token_file()), desk.scratch.0.join("vault"));
    fs::rename(&file, &vault).unwrap();
    std::os::unix::fs::symlink(&vault, &file).unwrap();
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
    assert_eq!(desk.run(&["logout"]).status.code(), Some(0));
    assert!(!vault.exists());
}

#[test]
fn keeps_comments_and_order_of_the_profiles_file() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    // The default cloud, with comments, quotes and line ends that a user might write.
    let file = desk.scratch.read("config.toml").replace("cloud = \"global\"\n", "");
    let file =
        file.replace("tenant = \"contoso.onmicrosoft.com\"", "tenant = 'contoso.onmicrosoft.com'  # the big one");
    let file = file.replace("\"file\"", "\"file\" # no keyring here");
    let file = file.replace(&format!("\"{APP}\""), &format!("\"{APP}\"   # ours"));
    let file = format!("\u{feff}{}", file.replace('\n', "\r\n"));
    desk.scratch.write("config.toml", &file);
    assert_eq!(desk.run(&["login"]).status.code(), Some(0));
    assert_eq!(desk.scratch.read("config.toml"), file);
    assert_eq!(desk.run(&["login", "--client-id", "3333"]).status.code(), Some(0));
    assert_eq!(desk.scratch.read("config.toml"), file.replace(APP, "3333"));
}

#[cfg(unix)]
#[test]
fn link_to_a_missing_token_file_stays_a_link() {
    let desk = Desk::with(&[]);
    let at = |name: &str| desk.scratch.0.join(name);
    fs::create_dir(at("dotfiles")).unwrap();
    desk.scratch.set_mode("dotfiles", 0o700);
    std::os::unix::fs::symlink("dotfiles/budgets.toml", at("config.toml")).unwrap();
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    assert!(fs::symlink_metadata(at("config.toml")).unwrap().is_symlink());
    assert!(desk.scratch.read("dotfiles/budgets.toml").contains("[profiles.default]\n"));
    // A link to a missing folder is an error before sign-in.
    fs::remove_file(at("config.toml")).unwrap();
    std::os::unix::fs::symlink("config.toml", at("config.toml")).unwrap();
    assert_ne!(desk.login(&LOGIN).status.code(), Some(0));
    assert!(fs::symlink_metadata(at("config.toml")).unwrap().is_symlink());
}
