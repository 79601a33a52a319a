//! The sandbox over sockets, as a library and as a program.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that panics has failed")]

mod customers;
mod discovery;
mod faults;
mod http;
mod msal;
mod paging;
mod responses;
mod sign_in;
#[path = "../support/skip.rs"]
mod skip;
mod throttle;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_partner-center-budgets-sandbox");

/// The running program, killed when dropped.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let child = Command::new(PROGRAM).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut program = Self { child, address: String::new() };
        let mut line = String::new();
        BufReader::new(program.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        line.trim()
            .strip_prefix("listening on http://")
            .expect("the first line has the address")
            .clone_into(&mut program.address);
        program
    }

    /// The whole response to a GET with a token.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let headers = "Host: x\r\nConnection: close\r\nAuthorization: Bearer sandbox";
        write!(stream, "GET {path} HTTP/1.1\r\n{headers}\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn no_byte_order_mark_omits_the_mark() {
    for (arguments, start) in [(&[][..], "\r\n\r\n\u{feff}{"), (&["--no-byte-order-mark"][..], "\r\n\r\n{")] {
        let program = Program::start(arguments);
        let response = program.get("/v1/usagesummary");
        assert!(response.contains(start), "{arguments:?}: {response}");
    }
}

#[test]
fn prints_its_address_and_serves() {
    let program = Program::start(&["--customers", "2"]);
    let response = program.get("/v1/customers");
    assert!(response.starts_with("HTTP/1.1 200 OK"), "{response}");
    assert!(response.contains("\"totalCount\":2"), "{response}");
}

#[test]
fn rejects_unknown_arguments() {
    let output = Command::new(PROGRAM).args(["--customers", "many"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn rejects_invalid_rules_with_the_reason() {
    for (arguments, reason) in [
        (["--fault", "reset@nowhere"], "'nowhere' is not an endpoint"),
        (["--throttle", "bucket:burst=5"], "a bucket needs a rate"),
        (["--paging", "link=v2"], "'link=v2' is not a paging setting"),
        (["--token-lifetime", "2"], "'2' is not a duration"),
        (["--device-flow", "patience=1"], "no setting 'patience'"),
    ] {
        let output = Command::new(PROGRAM).args(arguments).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && text.contains(reason), "{arguments:?}: {text}");
    }
}
