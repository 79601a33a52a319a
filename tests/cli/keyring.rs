//! The system's keyring, and the file that replaces it.

use std::process::Command;

use crate::sign_in::Desk;
use crate::skip::{has_tool, skipped};
use crate::{ONE, shown};

/// Whether the program has a keyring that these tests can replace. Otherwise the test has to return.
fn has_secret_service() -> bool {
    let has = cfg!(all(target_os = "linux", feature = "secret-service"));
    if !has {
        skipped("the keyring is tested on Linux with the feature `secret-service` only");
    }
    has
}

#[test]
fn uses_a_file_without_a_keyring() {
    if cfg!(not(target_os = "linux")) {
        return skipped("this system always has a keyring");
    }
    let desk = Desk::with(&[]);
    let message =
        desk.shown_login(&["login", "--tenant", "contoso.onmicrosoft.com", "--client-id", crate::sign_in::APP]);
    assert!(
        message.contains("there is no usable keyring") && message.contains("in a file that only you may read"),
        "{message}"
    );
    assert!(!message.contains("No default store"), "the cause is message, and not that there was one: {message}");
    let causes = match cfg!(feature = "secret-service") {
        true => &["unix:path=/no/bus", "(os error 2)"][..],
        false => &["this build of pc-budgets has no keyring"],
    };
    for cause in causes {
        assert_eq!(message.matches(cause).count(), 1, "each cause comes once: {message}");
    }
    assert!(desk.scratch.0.join(desk.token_file()).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn does_not_wait_for_a_silent_keyring() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    use crate::until;
    if !has_secret_service() {
        return;
    }
    let desk = Desk::with(&[]);
    // Accepts connections and never answers.
    let bus = std::os::unix::net::UnixListener::bind(desk.scratch.0.join("bus")).unwrap();
    let url = desk.sandbox.base_url.as_str();
    let login = ["login", "--tenant", "contoso.onmicrosoft.com", "--client-id", crate::sign_in::APP];
    let mut login = desk.command(&[&login[..], &["--base-url", url, "--authority", url]].concat());
    let address = format!("unix:path={}", desk.scratch.0.join("bus").display());
    login.env("DBUS_SESSION_BUS_ADDRESS", &address).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut login = login.spawn().unwrap();
    until("the login ends", || login.try_wait().unwrap().is_some());
    let message = shown(&login.wait_with_output().unwrap());
    bus.set_nonblocking(true).unwrap();
    bus.accept().expect("the program connects to the keyring");
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    assert!(message.contains("there is no usable keyring (the system's keyring does not answer), so"), "{message}");
    assert!(!message.contains("waiting for"), "{message}");
    assert!(desk.scratch.0.join(desk.token_file()).exists());
    // If the token is in the keyring, the command waits and says so.
    desk.scratch.write("config.toml", desk.scratch.read("config.toml").replace("\"file\"", "\"keyring\""));
    let mut get = desk.command(&["get", ONE]);
    let mut get = get.env("DBUS_SESSION_BUS_ADDRESS", &address).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(get.stderr.take().unwrap()).read_line(&mut line).unwrap();
    get.kill().unwrap();
    get.wait().unwrap();
    assert_eq!(line, "waiting for the system's keyring, which may be asking for its password\n");
}

/// The script has its own keyring.
#[test]
fn stores_the_token_in_a_keyring() {
    if !has_secret_service()
        || !has_tool("dbus-run-session", "dbus")
        || !has_tool("gnome-keyring-daemon", "gnome-keyring")
    {
        return;
    }
    let desk = Desk::with(&[]);
    let script = r#"
        printf password | gnome-keyring-daemon --unlock --components=secrets > /dev/null || exit 9
        "$0" login --tenant contoso.onmicrosoft.com --client-id 2222 --base-url "$1" --authority "$1" || exit 8
        "$0" get "$2" && "$0" status && "$0" logout && ! "$0" logout && ! "$0" get "$2" || exit 7
        cp config.toml in-keyring.toml && "$0" login && "$0" login --store file && cp in-keyring.toml config.toml || exit 6
        ! "$0" get "$2" && "$0" logout
    "#;
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", script, env!("CARGO_BIN_EXE_pc-budgets"), &desk.sandbox.base_url, ONE]);
    command.current_dir(&desk.scratch.0).env("HOME", &desk.scratch.0).env("XDG_DATA_HOME", &desk.scratch.0);
    command.env("XDG_RUNTIME_DIR", &desk.scratch.0).env("PC_BUDGETS_CONFIG", "config.toml");
    let message = shown(&command.output().unwrap());
    assert!(message.starts_with("exit code: 0\n--- stdout\n97\n"), "{message}");
    assert!(message.contains("refresh token  the system's keyring\n"), "{message}");
    assert!(
        message.contains("signed out of profile default: its refresh token is deleted from the system's keyring\n"),
        "{message}"
    );
    // Moving a token from the keyring to a file deletes it from the keyring, and signing out deletes the file.
    assert_eq!(message.matches("error: profile default is not signed in\n").count(), 2, "{message}");
    assert_eq!(desk.token_files(), [""; 0]);
    assert!(desk.scratch.read("config.toml").contains("store = \"keyring\"\n"));
}
