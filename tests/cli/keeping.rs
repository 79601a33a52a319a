//! What `login` keeps: all of it or nothing, and nothing of others is lost.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::scratch::{after, counters};
use crate::sign_in::{APP, Desk, LOGIN};
use crate::{ONE, shown, until};

#[test]
fn what_changes_while_the_user_signs_in_is_kept() {
    let desk = Desk::with(&[]);
    let login = desk.begin_login(&LOGIN);
    let other = ["login", "--profile", "other", "--tenant", "other.com", "--client-id", APP, "--store", "file"];
    assert_eq!(desk.login(&other).status.code(), Some(0));
    desk.scratch.write("config.toml", format!("# mine\n{}", desk.scratch.read("config.toml")));
    let told = login.finish();
    assert!(told.starts_with("exit code: 0\n"), "{told}");
    let file = desk.scratch.read("config.toml");
    assert!(file.starts_with("# mine\ndefault = \"other\"\n"), "{file}");
    assert!(file.contains("[profiles.other]\n") && file.contains("[profiles.default]\n"), "{file}");
}

#[test]
fn many_logins_at_once_are_all_kept() {
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
fn what_cannot_be_kept_is_told_before_anybody_signs_in() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--base-url", url, "--authority", url]].concat();
    // Where the folder for the tokens has to be, there is a file.
    desk.scratch.write("tokens", "");
    let told = shown(&desk.run(&login));
    assert!(told.starts_with("exit code: 3\n") && !told.contains("To sign in"), "{told}");
    assert!(told.contains("cannot be written"), "{told}");
    assert!(!desk.scratch.0.join("config.toml").exists());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("no/such/folder/config.toml", desk.scratch.0.join("config.toml")).unwrap();
        let told = shown(&desk.run(&login));
        assert!(told.starts_with("exit code: 1\n") && !told.contains("To sign in"), "{told}");
        assert!(told.contains("error: config.toml cannot be written\n"), "{told}");
    }
}

#[test]
fn a_profile_that_cannot_be_kept_leaves_no_token() {
    let desk = Desk::with(&[]);
    let login = desk.begin_login(&LOGIN);
    desk.scratch.write("config.toml", "x = = 5\n");
    let told = login.finish();
    assert!(told.starts_with("exit code: 2\nerror: config.toml cannot be used\n"), "{told}");
    assert!(told.ends_with("  now: nothing was kept\n"), "{told}");
    assert_eq!(desk.token_files(), [""; 0]);
    // Where the profile was there before and can use the token, it may have it.
    fs::remove_file(desk.scratch.0.join("config.toml")).unwrap();
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let (file, token) = (desk.scratch.read("config.toml"), desk.scratch.read(&desk.token_file()));
    let login = desk.begin_login(&LOGIN);
    desk.scratch.write("config.toml", "x = = 5\n");
    let told = login.finish();
    assert!(told.ends_with("  now: the profile is as it was, with the new sign-in\n"), "{told}");
    assert_ne!(desk.scratch.read(&desk.token_file()), token);
    desk.scratch.write("config.toml", file);
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

#[test]
fn a_login_that_nobody_listens_to_is_kept() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--base-url", url, "--authority", url]].concat();
    let mut login = desk.command(&login).stderr(Stdio::piped()).spawn().unwrap();
    drop(login.stderr.take());
    assert_eq!(login.wait().unwrap().code(), Some(0));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

#[test]
fn the_token_of_a_profile_as_it_was_is_taken_away() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    let first = desk.token_file();
    let told = shown(&desk.login(&["login", "--tenant", "other.com"]));
    assert!(told.contains("profile default stood for the tenant contoso.onmicrosoft.com before\n"), "{told}");
    let second = desk.token_file();
    assert_ne!(first, second);
    assert_eq!(desk.login(&["login", "--client-id", "3333"]).status.code(), Some(0));
    let third = desk.token_file();
    assert_ne!(second, third);
    // What cannot be taken away is told, and the sign-in is good.
    fs::remove_file(desk.scratch.0.join(&third)).unwrap();
    fs::create_dir(desk.scratch.0.join(&third)).unwrap();
    let told = shown(&desk.login(&["login", "--client-id", "4444"]));
    let warning = format!("warning: the earlier refresh token is still in {third}: ");
    assert!(told.starts_with("exit code: 0\n") && told.contains(&warning), "{told}");
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
    fs::remove_dir(desk.scratch.0.join(&third)).unwrap();
    // Signing out takes away what is left of a profile that was changed by hand, and nothing of others.
    let other = ["login", "--profile", "DEFAULT", "--tenant", "other.com", "--client-id", APP, "--store", "file"];
    assert_eq!(desk.login(&other).status.code(), Some(0));
    assert_eq!(desk.token_files().len(), 2);
    desk.scratch.write("config.toml", desk.scratch.read("config.toml").replace("\"4444\"", "\"5555\""));
    assert_eq!(desk.run(&["logout", "--profile", "default"]).status.code(), Some(0));
    assert_eq!(desk.token_files().len(), 1);
    assert_eq!(desk.run(&["get", ONE, "--profile", "DEFAULT"]).status.code(), Some(0));
}

#[test]
fn a_killed_login_leaves_no_token_without_a_profile() {
    let desk = Desk::with(&[]);
    let granted = || counters(&desk.sandbox)["signIns"]["authorization_code"].as_u64().unwrap_or_default();
    for (login, count) in [(&LOGIN[..], 1), (&["login", "--client-id", "3333"], 2)] {
        let login = desk.begin_login(login);
        // As long as another process changes the profiles, the login cannot.
        let lock = fs::File::create(desk.scratch.0.join(".config.toml.lock")).unwrap();
        lock.lock().unwrap();
        login.agree();
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

/// Killed by the system when it writes a byte.
#[cfg(unix)]
#[test]
fn a_token_that_a_killed_process_was_writing_is_removed() {
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
    // Of a profile that does not exist any more, and of a process that is still running.
    let unique = |digit: &str| format!("tokens/.other-0123456789abcdef.{}.new", digit.repeat(32));
    desk.scratch.write(&unique("a"), "made-up-token");
    desk.scratch.write(&unique("b"), "made-up-token");
    let running = fs::File::options().write(true).open(desk.scratch.0.join(unique("b"))).unwrap();
    running.lock().unwrap();
    assert_eq!(desk.run(&["logout"]).status.code(), Some(0));
    assert_eq!(desk.token_files(), [unique("b")]);
    drop(running);
    let told = shown(&desk.run(&["logout"]));
    assert!(
        told.starts_with("exit code: 0\n") && told.contains("removed what killed processes left: 1 token file\n"),
        "{told}"
    );
    assert_eq!(desk.token_files(), [""; 0]);
    assert_eq!(desk.run(&["logout"]).status.code(), Some(4));
}

#[cfg(unix)]
#[test]
fn signing_out_deletes_the_token_behind_a_link() {
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
fn what_the_user_wrote_stays_as_it_was() {
    let desk = Desk::with(&[]);
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    // Without a cloud, which is global then, and with remarks, quotes and line ends of one's own.
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
fn a_link_to_a_file_that_is_not_there_yet_stays_a_link() {
    let desk = Desk::with(&[]);
    let at = |name: &str| desk.scratch.0.join(name);
    fs::create_dir(at("dotfiles")).unwrap();
    desk.scratch.set_mode("dotfiles", 0o700);
    std::os::unix::fs::symlink("dotfiles/budgets.toml", at("config.toml")).unwrap();
    assert_eq!(desk.login(&LOGIN).status.code(), Some(0));
    assert!(fs::symlink_metadata(at("config.toml")).unwrap().is_symlink());
    assert!(desk.scratch.read("dotfiles/budgets.toml").contains("[profiles.default]\n"));
    // One that leads nowhere is refused before anybody signs in.
    fs::remove_file(at("config.toml")).unwrap();
    std::os::unix::fs::symlink("config.toml", at("config.toml")).unwrap();
    assert_ne!(desk.login(&LOGIN).status.code(), Some(0));
    assert!(fs::symlink_metadata(at("config.toml")).unwrap().is_symlink());
}
