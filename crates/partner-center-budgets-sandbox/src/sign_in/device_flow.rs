use std::str::FromStr;
use std::time::Duration;

use crate::rule_syntax::{RuleError, duration, number, settings, value};

/// The responses of a sign-in with a device code, parsed from text such as `pending=2,slow-down=1,interval=1s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceFlow {
    /// Number of responses `authorization_pending`; 1 by default.
    pub pending: u32,
    /// Number of responses `slow_down` after those and before the token; 0 by default.
    pub slow_down: u32,
    /// The interval between two requests that the client should keep to; one second by default. It is not enforced.
    pub interval: Duration,
}

impl Default for DeviceFlow {
    fn default() -> Self {
        Self { pending: 1, slow_down: 0, interval: Duration::from_secs(1) }
    }
}

impl FromStr for DeviceFlow {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut flow = Self::default();
        for (name, argument) in settings(text) {
            match name {
                "pending" => flow.pending = number(name, value(name, argument)?)?,
                "slow-down" => flow.slow_down = number(name, value(name, argument)?)?,
                "interval" => flow.interval = duration(value(name, argument)?)?,
                _ => {
                    return Err(RuleError::new(format!(
                        "the device flow has no setting '{name}'; there are pending, slow-down and interval"
                    )));
                }
            }
        }
        Ok(flow)
    }
}
