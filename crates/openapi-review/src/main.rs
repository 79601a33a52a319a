//! The program `openapi-review`.

use std::process::ExitCode;

fn main() -> ExitCode {
    openapi_review::cli::exit_code(openapi_review::cli::run())
}
