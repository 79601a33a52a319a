//! What the user may write.

use clap::{Parser, Subcommand, ValueEnum};
use partner_center_budgets::{CustomerId, Decimal};

use crate::connection::Connection;
use crate::{lists, report, usage};

/// The variables of the environment that count, and what they are.
pub(crate) const VARIABLES: [(&str, &str); 12] = [
    ("PARTNER_CENTER_TOKEN", "an access token; or else an app:"),
    ("PARTNER_CENTER_TENANT_ID", "the partner's tenant,"),
    ("PARTNER_CENTER_CLIENT_ID", "the app's id,"),
    ("PARTNER_CENTER_CLIENT_SECRET", "its secret, or"),
    ("PARTNER_CENTER_CLIENT_CERTIFICATE", "a file with its certificate and key as PEM;"),
    ("PARTNER_CENTER_REFRESH_TOKEN_FILE", "and for a user, a file with the refresh token"),
    ("PARTNER_CENTER_CLOUD", "global (the default), us-government or china"),
    ("PC_BUDGETS_PROFILE", "the profile to work for, where --profile names none"),
    ("PC_BUDGETS_CONFIG", "the file with the profiles, in place of the usual one"),
    ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "the proxy for calls over https, and the hosts without one"),
    ("SSL_CERT_FILE", "a file with root certificates as PEM, such as a company's"),
    ("NO_COLOR", "no colours, where it is set to anything"),
];

fn after_help() -> String {
    let variables: Vec<_> = VARIABLES.iter().map(|(name, what)| format!("  {name:<34}  {what}\n")).collect();
    format!(
        "Sign in once with `pc-budgets login`; `pc-budgets status` shows as whom you work. Where nobody can sign in, \
         variables of the environment name a credential, which counts unless --profile is given:\n{}\n\
         Try everything without an account: pc-budgets tour\n\
         A filled report without an account: pc-budgets report --sandbox --html report.html\n\n\
         Exit codes: 0 done, 1 failed or some failed, 2 wrong usage or bad input (nothing was sent),\n\
         3 sign-in, 4 nothing to do, 130 stopped by Ctrl-C",
        variables.concat()
    )
}

/// Read, set and clear the Azure budgets of a Cloud Solution Provider's customers.
#[derive(Debug, Parser)]
#[command(name = "pc-budgets", version, max_term_width = 100, after_help = after_help())]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// How to print results
    #[arg(long, global = true, value_enum, default_value_t = Output::Table, help_heading = "Options of all commands")]
    pub(crate) output: Output,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Login(crate::login::Args),
    Logout(crate::logout::Args),
    Status(crate::status::Args),
    Profiles(crate::profiles::Args),
    #[command(flatten)]
    Call(Call),
    Plan(crate::plan::Args),
    Apply(crate::apply::Args),
    Export(crate::export::Args),
    /// See get, set and clear at work in the sandbox, in one go
    Tour,
    /// Run the sandbox, a local stand-in for the service, until it is killed
    ///
    /// Prints its address on standard output, and accepts the access token `sandbox`. So another terminal can say:
    /// PARTNER_CENTER_TOKEN=sandbox pc-budgets --base-url ADDRESS customers
    Sandbox(partner_center_budgets_sandbox::cli::Args),
    Completions(crate::completions::Args),
    Man(crate::man::Args),
}

impl Command {
    /// The name of a command that has no rows, and what it writes instead.
    pub(crate) fn writes(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Login(_) => ("login", "what to do to sign in"),
            Self::Logout(_) => ("logout", "who is signed out"),
            Self::Call(Call::Report(_)) => ("report", "a page for a browser"),
            Self::Tour => ("tour", "what the commands print"),
            Self::Sandbox(_) => ("sandbox", "its address"),
            Self::Completions(_) => ("completions", "a script for a shell"),
            Self::Man(_) => ("man", "manual pages"),
            _ => return None,
        })
    }
}

/// What calls the service.
#[derive(Debug, Subcommand)]
pub(crate) enum Call {
    /// Show the budget of a customer
    ///
    /// The amount counts in the currency of the customer's usage, which `usage` shows: the budget itself has none.
    Get {
        /// Id of the customer: the GUID of its tenant, as `customers` shows it
        #[arg(value_name = "ID")]
        customer: CustomerId,
    },
    /// Set the budget of a customer
    ///
    /// The amount counts in the currency of the customer's usage. The service publishes no rule for amounts: zero and
    /// negative ones are passed on as they are.
    Set {
        /// Id of the customer: the GUID of its tenant, as `customers` shows it
        #[arg(value_name = "ID")]
        customer: CustomerId,
        /// Digits with at most one point, such as 2500.50
        // Any hyphen, so that `-1,5` is told what is wrong with it and not taken for an option.
        #[arg(allow_hyphen_values = true)]
        amount: Decimal,
    },
    /// Clear the budget of a customer, so that it has none
    Clear {
        /// Id of the customer: the GUID of its tenant, as `customers` shows it
        #[arg(value_name = "ID")]
        customer: CustomerId,
    },
    /// Show budget, cost so far, percentage used and currency of every customer
    ///
    /// Costs are rounded to two places in the table; JSON keeps all digits. Percentages have two places and are never rounded
    /// up to a whole one, so that nobody is shown with 100.00 who has not reached its budget. For legacy offers the service
    /// tells a locale such as en-GB instead of a currency; JSON has it as currency_locale, with currency null. Customers that
    /// cannot be read are named on standard error, left out, and make the exit code 1. Needs a token of an app and a user.
    ///
    /// With --output ndjson or csv and without --sort, lines come as they arrive, in the order of the service.
    Usage(usage::Filter),
    /// Show what all customers on legacy offers have consumed together
    ///
    /// Azure plans are not part of it; Microsoft plans to retire it. Needs a token of an app and a user.
    Summary,
    /// Write a page for a browser: totals by currency, and who is over, near or without a budget
    ///
    /// One file that needs no network, from the usage records of all customers. A record has no billing period, so customers
    /// on legacy offers that are below their budget take one more call each, and so do customers with a cost and no budget.
    /// The number of calls is printed first. Customers whose call fails are named on standard error; the page is written,
    /// and the exit code is 1. Customers without any Azure usage in this period are not part of it. Needs a token of an app
    /// and a user.
    Report(report::Options),
    /// Show all customers, or those of a name, domain or indirect reseller
    Customers(lists::Search),
}

/// A share in percent, which cannot be below zero.
pub(crate) fn percent(text: &str) -> Result<Decimal, String> {
    let percent: Decimal = text.parse().map_err(|error: partner_center_budgets::Error| error.to_string())?;
    match percent < Decimal::default() {
        true => Err("a share below 0 percent means nothing; write 0 or more, such as 80".to_owned()),
        false => Ok(percent),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people; a narrow terminal shortens names and then ids, which the others have whole
    Table,
    /// For programs: all digits kept, null where there is none
    Json,
    /// As json, one object a line
    Ndjson,
    /// For programs: with heads, an empty cell for null, and names unchanged. Do not open it in a spreadsheet, which may take
    /// a name for a formula; `export` writes CSV that is safe to open
    Csv,
}
