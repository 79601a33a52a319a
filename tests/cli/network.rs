//! Busy, silent and wrong servers.

use std::io::{Read, Write};
use std::net::{TcpListener, UdpSocket};
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};

use crate::scratch::{Scratch, id};
use crate::server::{Server, response};
use crate::sign_in::{APP, Desk, LOGIN};
use crate::skip::{has_terminal, missing_tool, skipped};
use crate::{ONE, SandboxProcess, command, shown};

#[test]
fn every_command_retries_a_busy_token_endpoint() {
    for fault in ["token-error=AADSTS90033@token:first=1", "status=503@token:first=1"] {
        for arguments in [
            &["status"][..],
            &["get", ONE],
            &["set", ONE, "50"],
            &["clear", ONE],
            &["plan", "budgets.csv"],
            &["apply", "budgets.csv", "--yes"],
        ] {
            let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&["--fault", fault]));
            scratch.write("budgets.csv", format!("customer,amount\n{},120.50\n", id(1)));
            let url = sandbox.base_url.as_str();
            let mut command = scratch.command(&[arguments, &["--base-url", url, "--authority", url]].concat());
            command.env("PARTNER_CENTER_TENANT_ID", "contoso.onmicrosoft.com");
            command.env("PARTNER_CENTER_CLIENT_ID", APP).env("PARTNER_CENTER_CLIENT_SECRET", "sandbox-secret");
            let message = shown(&command.output().unwrap());
            assert!(message.starts_with("exit code: 0\n"), "{fault} {arguments:?}: {message}");
        }
    }
}

#[test]
fn login_retries_a_busy_authority() {
    let desk = Desk::with(&["--fault", "token-error=AADSTS90033@token:first=1"]);
    let message = desk.begin_login(&LOGIN).finish();
    assert!(message.starts_with("exit code: 0\n"), "the user's code is redeemed once more: {message}");
    let desk = Desk::with(&["--fault", "status=503@device_code:first=1"]);
    let message = shown(&desk.login(&LOGIN));
    assert!(message.starts_with("exit code: 0\n"), "{message}");
}

#[test]
fn login_refuses_a_base_url_with_v1_before_sign_in() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let message = shown(&desk.run(&[&LOGIN[..], &["--authority", url, "--base-url", &format!("{url}/v1")]].concat()));
    assert!(message.starts_with("exit code: 2\n") && message.contains(" next: leave /v1 out\n"), "{message}");
    assert!(!message.contains("enter the code") && !desk.scratch.0.join("config.toml").exists(), "{message}");
}

/// A server that answers only when the test says so.
fn silent() -> (Server, mpsc::Sender<()>) {
    let (answer, answers) = mpsc::channel();
    let answers = Mutex::new(answers);
    let server = Server::start(move |_, _| {
        answers.lock().unwrap().recv().unwrap();
        response("200 OK", "", br#"{"amount":97}"#)
    });
    (server, answer)
}

#[test]
fn only_a_terminal_shows_the_host_that_is_waited_for() {
    if !has_terminal() {
        return;
    }
    let ((piped_server, answer_piped), (server, answer)) = (silent(), silent());
    // The pipe waits for at least as long as the terminal.
    let mut piped = command(&["get", ONE, "--base-url", &piped_server.base_url()]);
    piped.env("PARTNER_CENTER_TOKEN", "token").stdout(Stdio::piped()).stderr(Stdio::piped());
    let piped = piped.spawn().unwrap();
    let (program, url) = (env!("CARGO_BIN_EXE_pc-budgets"), server.base_url());
    let shell = format!("stty cols 100; {program} get {ONE} --base-url {url}");
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &shell, "/dev/null"]).stdin(Stdio::null());
    script.env("PARTNER_CENTER_TOKEN", "token").env("PC_BUDGETS_CONFIG", "no-such-folder/file");
    let mut script = script.stdout(Stdio::piped()).spawn().unwrap();
    let mut terminal = script.stdout.take().unwrap();
    let mut seen = Vec::new();
    // How many seconds the line shows depends on the machine.
    let is_shown = |seen: &[u8]| {
        let text = String::from_utf8_lossy(seen);
        text.split_once("waiting for 127.0.0.1, ").is_some_and(|(_, rest)| rest.contains(" s so far"))
    };
    while !is_shown(&seen) {
        let mut some = [0; 256];
        let read = terminal.read(&mut some).unwrap();
        assert!(read > 0, "{:?}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&some[..read]);
    }
    answer.send(()).unwrap();
    answer_piped.send(()).unwrap();
    terminal.read_to_end(&mut seen).unwrap();
    let text = String::from_utf8(seen).unwrap();
    let (_, after) = text.rsplit_once("so far").unwrap();
    assert_eq!(after.trim_end(), "\r\u{1b}[K97", "the line is erased before the result is printed");
    assert!(script.wait().unwrap().success());
    assert_eq!(shown(&piped.wait_with_output().unwrap()), "exit code: 0\n--- stdout\n97\n--- stderr\n");
}

/// Runs the command with its own hosts file, if the system allows mounting one.
#[test]
fn sends_no_token_to_another_address_behind_localhost() {
    let route = UdpSocket::bind("0.0.0.0:0").unwrap();
    let own = route.connect("192.0.2.1:9").and_then(|()| route.local_addr()).map(|address| address.ip());
    let Some(own) = own.ok().filter(|own| !own.is_loopback()) else {
        return skipped("this machine has no address but loopback");
    };
    let unshared = ["--user", "--map-root-user", "--mount", "--"];
    if !Command::new("unshare").args(unshared).arg("true").status().is_ok_and(|status| status.success()) {
        return missing_tool("a mount namespace", "install unshare and allow user namespaces");
    }
    let scratch = Scratch::new();
    scratch.write("hosts", format!("{own} localhost\n"));
    let listener = TcpListener::bind((own, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let run = |url: String| {
        let program = env!("CARGO_BIN_EXE_pc-budgets");
        let shell = format!("mount --bind hosts /etc/hosts && exec {program} get {ONE} {url}");
        let mut command = Command::new("unshare");
        command.args(unshared).args(["sh", "-c", &shell]).current_dir(&scratch.0);
        command.env("PARTNER_CENTER_TOKEN", "token").env("PC_BUDGETS_CONFIG", "no-such-folder/file");
        command
    };
    let seen = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut text = String::new();
        // Without another connection, the first bytes are those of the test.
        let _ = stream.read_to_string(&mut text);
        text
    });
    let message = shown(&run(format!("--base-url http://localhost:{port}")).output().unwrap());
    std::net::TcpStream::connect((own, port)).unwrap().write_all(b"the test").unwrap();
    assert_eq!(seen.join().unwrap(), "the test");
    let why = format!("  why: localhost resolves to {own}, which is not this machine\n");
    assert!(message.starts_with("exit code: 1\n") && message.contains(&why), "{message}");
}
