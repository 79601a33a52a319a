//! Sign-in by a user. Both ways use the stored refresh token while it is valid, see [`RefreshToken`](super::RefreshToken).

mod authorization_code;
mod device_code;
mod redirect;

pub use authorization_code::AuthorizationCode;
pub use device_code::{DeviceCode, DevicePrompt};
