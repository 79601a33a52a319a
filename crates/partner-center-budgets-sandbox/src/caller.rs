//! The user or app that makes a call, as the activity log names it.

use std::sync::Arc;

/// The app, and the user if there is one, that a token was issued to.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// Id of the app.
    pub(crate) app: Arc<str>,
    /// Sign-in name of the user; `None` for an app without a user.
    pub(crate) user: Option<Arc<str>>,
}
