//! One module for each command, and the parts that several commands share.

pub(crate) mod all_customers;
pub(crate) mod apply;
pub(crate) mod budget;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod current_budgets;
pub(crate) mod customer_arg;
pub(crate) mod customers;
pub(crate) mod export;
pub(crate) mod guards;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod man;
pub(crate) mod partner_summary;
pub(crate) mod plan;
pub(crate) mod preflight;
pub(crate) mod profiles;
pub(crate) mod question;
pub(crate) mod record;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod summaries;
pub(crate) mod tour;
pub(crate) mod usage;
