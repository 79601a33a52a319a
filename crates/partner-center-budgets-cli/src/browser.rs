//! Opens a page in the user's browser, without the secrets in this program's environment.

use std::env;
use std::ffi::OsStr;
use std::process::{Command, ExitCode};

/// The argument that makes this program open a browser.
const OPEN: &str = "__open-in-browser";

/// Variables that browsers and their launchers read. Any other variable may hold a secret.
const NAMES: &str = "\
    ALLUSERSPROFILE APPDATA BROWSER COLORTERM COMMONPROGRAMFILES COMPUTERNAME COMSPEC DBUS_SESSION_BUS_ADDRESS \
    DESKTOP_SESSION DISPLAY HOME HOMEDRIVE HOMEPATH HYPRLAND_INSTANCE_SIGNATURE LANG LANGUAGE LOCALAPPDATA LOGNAME \
    NO_PROXY NUMBER_OF_PROCESSORS OS PATH PATHEXT PROCESSOR_ARCHITECTURE PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) \
    PROGRAMW6432 PUBLIC SESSIONNAME SHELL SWAYSOCK SYSTEMDRIVE SYSTEMROOT TEMP TERM TMP TMPDIR TZ USER USERDOMAIN \
    USERNAME USERPROFILE WAYLAND_DISPLAY WINDIR XAUTHORITY __CF_USER_TEXT_ENCODING";
const PREFIXES: [&str; 11] = ["GDK_", "GNOME_", "GTK_", "KDE_", "LC_", "MATE_", "MOZ_", "QT_", "SNAP_", "WSL", "XDG_"];
/// A browser may need a proxy, but asks the user for its password.
const PROXIES: [&str; 4] = ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY"];

/// Opens `url`, and returns when the browser has started; a text browser must have ended. Failures are not reported, because
/// the caller also prints the URL.
pub(crate) fn open(url: &str) {
    let Ok(program) = env::current_exe() else { return };
    let inherited = env::vars_os().filter(|(name, value)| is_inherited(name, value));
    // A browser inherits the environment of the process that calls webbrowser, so use another process.
    drop(Command::new(program).args([OPEN, url]).env_clear().envs(inherited).status());
}

/// Opens the browser, in the process that [`open`] starts. `None` in any other process.
pub(crate) fn run_as_opener() -> Option<ExitCode> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next()? != OPEN {
        return None;
    }
    let opened = webbrowser::open(arguments.next()?.to_str()?);
    Some(if opened.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn is_inherited(name: &OsStr, value: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    let is_proxy = PROXIES.contains(&name.as_str()) && !value.to_string_lossy().contains('@');
    is_proxy
        || NAMES.split(' ').any(|inherited| inherited == name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}
