//! `login --browser`. The test acts as the browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};

use crate::scratch::after;
use crate::sign_in::{Desk, LOGIN};
use crate::{ONE, until};

/// A running `login --browser`.
pub(crate) struct BrowserLogin {
    login: Child,
    message: BufReader<ChildStderr>,
    page: String,
}

impl BrowserLogin {
    /// Starts a command that signs in with a browser.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut login = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut message = BufReader::new(login.stderr.take().unwrap());
        let page = loop {
            let mut line = String::new();
            assert!(message.read_line(&mut line).unwrap() > 0, "the command prints no URL");
            if let Some(page) = line.trim().strip_prefix("http://") {
                break page.to_owned();
            }
        };
        Self { login, message, page }
    }

    /// The redirect URL with the code.
    fn redirect(&self) -> String {
        let back = get(&self.page);
        let back = back.lines().find_map(|line| line.strip_prefix("location: http://").map(str::to_owned)).unwrap();
        back.replace("localhost", "127.0.0.1")
    }

    /// Signs the user in.
    pub(crate) fn confirm(&self) {
        assert!(get(&self.redirect()).starts_with("HTTP/1.1 200"));
    }

    pub(crate) fn kill(mut self) {
        self.login.kill().unwrap();
        self.login.wait().unwrap();
    }

    /// Signs the user in. Returns the exit code and standard error.
    pub(crate) fn finish(mut self) -> String {
        self.confirm();
        let mut message = String::new();
        self.message.read_to_string(&mut message).unwrap();
        format!("exit code: {}\n{message}", self.login.wait().unwrap().code().unwrap())
    }
}

/// The response to a GET, with its headers.
fn get(page: &str) -> String {
    let (host, path) = page.split_at(page.find(['/', '?']).unwrap());
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn browser_login_follows_the_redirect_back() {
    let desk = Desk::with(&[]);
    assert!(desk.begin_login(&LOGIN).finish().starts_with("exit code: 0\n"));
    assert_eq!(desk.run(&["get", ONE]).status.code(), Some(0));
}

/// More silent connections than the program may open files.
#[cfg(unix)]
#[test]
fn silent_connections_do_not_block_a_browser_login() {
    let desk = Desk::with(&[]);
    let url = desk.sandbox.base_url.as_str();
    let login = [&LOGIN[..], &["--browser", "--base-url", url, "--authority", url]].concat();
    let mut limited = after(&["sh"], "ulimit -n 100", desk.command(&login).env("BROWSER", "true"));
    let login = BrowserLogin::start(&mut limited);
    let back = login.redirect();
    let address = &back[..back.find(['/', '?']).unwrap()];
    let silent: Vec<_> = (0..300).map(|_| TcpStream::connect(address).unwrap()).collect();
    let message = login.finish();
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    drop(silent);
}

#[cfg(unix)]
#[test]
fn browser_inherits_no_secret_variables() {
    let desk = Desk::with(&[]);
    desk.scratch.write("browser", "#!/bin/sh\nenv > seen.part && mv seen.part seen\n");
    desk.scratch.set_mode("browser", 0o700);
    let url = desk.sandbox.base_url.as_str();
    let mut login = desk.command(&LOGIN);
    login.args(["--browser", "--base-url", url, "--authority", url]);
    login.env("BROWSER", desk.scratch.0.join("browser")).env("XDG_CURRENT_DESKTOP", "kept").env("LC_TIME", "kept");
    for name in ["PARTNER_CENTER_CLIENT_SECRET", "PARTNER_CENTER_TOKEN", "AWS_SECRET_ACCESS_KEY", "MY_PASSWORD"] {
        login.env(name, "made-up-secret");
    }
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        login.env(name, "http://me:made-up-secret@proxy.example:8080");
    }
    login.env("http_proxy", "http://proxy.example:8080");
    let message = BrowserLogin::start(&mut login).finish();
    assert!(message.starts_with("exit code: 0\n"), "{message}");
    until("the browser is started", || desk.scratch.0.join("seen").exists());
    let seen = desk.scratch.read("seen");
    assert!(!seen.contains("made-up-secret") && !seen.contains("PARTNER_CENTER"), "{seen}");
    for kept in ["PATH=", "XDG_CURRENT_DESKTOP=kept", "LC_TIME=kept", "http_proxy=http://proxy.example:8080"] {
        assert!(seen.contains(kept), "{kept}: {seen}");
    }
}
