use std::fmt;

/// A value that `Debug` does not print, because it has no `Debug` or its `Debug` may print secrets.
#[derive(Clone)]
pub(super) struct Hidden<T>(pub(super) T);

impl<T> fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}
