//! A temporary folder with the files of a test.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{SandboxProcess, command};

/// A temporary folder in which commands run, removed when dropped.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        let scratch = Self(path);
        scratch.set_mode(".", 0o700);
        scratch
    }

    /// Writes a private file, with any umask.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), bytes).unwrap();
        self.set_mode(name, 0o600);
    }

    #[cfg(unix)]
    pub(crate) fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.0.join(name), std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    pub(crate) fn set_mode(&self, _: &str, _: u32) {}

    #[cfg(unix)]
    pub(crate) fn mode(&self, name: &str) -> u32 {
        let permissions = fs::metadata(self.0.join(name)).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777
    }

    /// The names of all files of a folder, in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let files = fs::read_dir(self.0.join(folder)).into_iter().flatten();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// A command that runs in the folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.current_dir(&self.0);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The same for a command that calls a sandbox.
    pub(crate) fn calling(&self, sandbox: &SandboxProcess, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.args(["--base-url", &sandbox.base_url]).env("PARTNER_CENTER_TOKEN", "sandbox");
        command
    }

    pub(crate) fn call(&self, sandbox: &SandboxProcess, arguments: &[&str]) -> Output {
        self.calling(sandbox, arguments).output().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Runs a command after a line of shell, such as `ulimit -n 100`.
pub(crate) fn after(shell: &[&str], line: &str, command: &Command) -> Command {
    let mut after = Command::new(shell[0]);
    after.args(&shell[1..]).args(["-c", &format!("{line} && exec \"$0\" \"$@\"")]);
    after.arg(command.get_program()).args(command.get_args());
    after.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => after.env(name, value),
            None => after.env_remove(name),
        };
    }
    after
}

/// The id of a customer of the sandbox.
pub(crate) fn id(number: usize) -> String {
    format!("00000000-0000-0000-0000-{number:012x}")
}

/// A sheet with the same amount for each of the first customers.
pub(crate) fn sheet(customers: usize, amount: impl std::fmt::Display) -> String {
    (1..=customers).fold("customer,amount\n".to_owned(), |mut sheet, number| {
        writeln!(sheet, "{},{amount}", id(number)).unwrap();
        sheet
    })
}

/// The counters of the sandbox.
pub(crate) fn counters(sandbox: &SandboxProcess) -> serde_json::Value {
    use std::io::{Read, Write as _};
    let address = sandbox.base_url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /_sandbox/counters HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// The number of writes by customer.
pub(crate) fn writes(sandbox: &SandboxProcess) -> Vec<(String, u64)> {
    let counters = counters(sandbox);
    let writes = counters["budgetWrites"].as_object().unwrap();
    writes.iter().map(|(customer, count)| (customer.clone(), count.as_u64().unwrap())).collect()
}
