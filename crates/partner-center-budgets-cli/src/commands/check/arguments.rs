//! The arguments of `check`.

use clap::ValueEnum;
use partner_center_budgets::Decimal;
use partner_center_budgets_fleet::{Assessment, BudgetStatus, Thresholds};

use crate::commands::customer_arg::CustomerSelector;
use crate::commands::history::HistoryArgs;
use crate::values::percent;

/// Show the customers whose budget needs attention, and exit with 5 if there are any
///
/// For unattended use. Shows customers over their budget and near it; --trending adds those that will be over it before
/// their billing period ends, and --no-budget those without one. Customers without Azure usage are not checked. Needs a
/// token of an app and a user.
///
/// --output json has the thresholds, the counts and the customers; ndjson and csv have the customers as `usage` does;
/// markdown is for job summaries and mails; prometheus has the figures of all customers for a textfile collector.
///
/// Exit codes: 0 nothing needs attention; 1 failed, or some summaries could not be read; 2 wrong usage, or no customer or
/// several have the name; 3 sign-in; 5 some customers need attention, see --fail-on.
///
/// Example: pc-budgets check --trending --output markdown
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// A customer is over its budget from this percentage on
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = percent, allow_hyphen_values = true)]
    pub(super) over: Decimal,
    /// A customer is near its budget from this percentage on
    #[arg(long, value_name = "PERCENT", default_value = "80", value_parser = percent, allow_hyphen_values = true)]
    pub(super) near: Decimal,
    /// Also show customers that will be over their budget before their billing period ends
    ///
    /// Reads the usage summaries of customers on legacy offers, whose billing period is not in the usage records: a call for
    /// each. The number of calls is printed first.
    #[arg(long)]
    pub(super) trending: bool,
    /// Also show customers without a budget
    #[arg(long)]
    pub(super) no_budget: bool,
    /// Only this customer, named by id, name or domain; can be given several times
    ///
    /// Takes two calls for each customer and a lookup for a name, instead of the list of all usage records.
    #[arg(long = "customer", value_name = "CUSTOMER")]
    pub(super) customers: Vec<CustomerSelector>,
    #[command(flatten)]
    pub(super) history: HistoryArgs,
    /// Which of the shown customers make the exit code 5
    #[arg(
        long,
        value_name = "STATUS",
        value_enum,
        default_value_t = FailOn::Any,
        requires_if("trending", "trending")
    )]
    pub(super) fail_on: FailOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// All of them
    Any,
    /// Customers over their budget
    Over,
    /// Customers over their budget or near it
    Near,
    /// Customers over their budget, near it or trending over; needs --trending
    Trending,
    /// None: the exit code is 0
    None,
}

impl CheckArgs {
    pub(super) fn thresholds(&self) -> Thresholds {
        Thresholds::default().over(self.over).near(self.near)
    }

    /// Whether a customer needs attention.
    pub(super) fn shows(&self, assessment: &Assessment) -> bool {
        match assessment.status {
            BudgetStatus::Over | BudgetStatus::Near => true,
            BudgetStatus::NoBudget => self.no_budget,
            _ => self.trending && assessment.is_trending_over(),
        }
    }
}

impl FailOn {
    /// Whether a customer that needs attention makes the exit code 5.
    pub(super) fn includes(self, assessment: &Assessment) -> bool {
        let status = assessment.status;
        match self {
            Self::Any => true,
            Self::Over => status == BudgetStatus::Over,
            Self::Near => matches!(status, BudgetStatus::Over | BudgetStatus::Near),
            Self::Trending => status <= BudgetStatus::TrendingOver,
            Self::None => false,
        }
    }
}
