//! Texts of the help and the manual pages.

/// The exit codes and their meanings.
pub(crate) const EXIT_CODES: [(&str, &str); 7] = [
    ("0", "done; also if a list is empty"),
    ("1", "the command failed, or some customers failed"),
    ("2", "wrong usage or bad input; nothing was sent"),
    ("3", "not signed in, or the service refuses the sign-in"),
    ("4", "nothing to do"),
    ("5", "customers need attention (`check`)"),
    ("130", "stopped by Ctrl-C or SIGTERM"),
];

/// The environment variables and their meanings.
pub(crate) const ENVIRONMENT: [(&str, &str); 12] = [
    ("PARTNER_CENTER_TOKEN", "an access token; or instead, an app:"),
    ("PARTNER_CENTER_TENANT_ID", "the partner's tenant,"),
    ("PARTNER_CENTER_CLIENT_ID", "the app's id,"),
    ("PARTNER_CENTER_CLIENT_SECRET", "its secret, or"),
    ("PARTNER_CENTER_CLIENT_CERTIFICATE", "a file with its certificate and key as PEM;"),
    ("PARTNER_CENTER_REFRESH_TOKEN_FILE", "and for a user, a file with the refresh token"),
    ("PARTNER_CENTER_CLOUD", "global (the default), us-government or china"),
    ("PC_BUDGETS_PROFILE", "the profile to use, unless --profile names one"),
    ("PC_BUDGETS_CONFIG", "the profiles file, instead of the default one"),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "the proxy for https, and the hosts without one"),
    ("SSL_CERT_FILE", "a file with root certificates as PEM, such as a company's"),
    ("NO_COLOR", "no colours, with any value"),
];

/// The end of the help of each command.
pub(crate) const GLOBAL_OPTIONS: &str = "Global options: see `pc-budgets --help`";

/// The end of the program's help.
pub(crate) fn after_help() -> String {
    format!(
        "Sign in once with `pc-budgets login`; `pc-budgets status` shows who is signed in.\n\nFor unattended use, set \
         environment variables. A credential in them takes precedence over profiles; --profile overrides it:\n{}\n\
         Exit codes:\n{}\n\
         Try everything without an account: pc-budgets tour\n\
         Write a sample report without an account: pc-budgets report --sandbox --html report.html",
        table(&ENVIRONMENT, 34),
        table(&EXIT_CODES, 3)
    )
}

fn table(entries: &[(&str, &str)], width: usize) -> String {
    entries.iter().map(|(name, what)| format!("  {name:<width$}  {what}\n")).collect()
}
