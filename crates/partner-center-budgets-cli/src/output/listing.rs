//! Lists of items in messages.

use std::fmt;

use super::sanitize::sanitized;

/// The most items that a message shows: as many fit on a screen.
pub(crate) const MAX_SHOWN: usize = 20;

/// A list in a message: the first items, one per line, and how many more there are.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    items: Vec<String>,
    total: usize,
}

impl Listing {
    /// The list of `total` items, of which `items` has at least the first [`MAX_SHOWN`].
    pub(crate) fn of_first(items: Vec<String>, total: usize) -> Self {
        Self { items, total }
    }
}

impl FromIterator<String> for Listing {
    fn from_iter<I: IntoIterator<Item = String>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl From<Vec<String>> for Listing {
    fn from(items: Vec<String>) -> Self {
        Self { total: items.len(), items }
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.items.len().min(MAX_SHOWN);
        for item in &self.items[..shown] {
            writeln!(f, "{}", sanitized(item))?;
        }
        match self.total.saturating_sub(shown) {
            0 => Ok(()),
            more => writeln!(f, "and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_twenty_items_and_counts_the_rest() {
        let listed = |count: usize| (1..=count).map(|number| number.to_string()).collect::<Listing>().to_string();
        assert_eq!(listed(0), "");
        assert_eq!(listed(20).lines().last(), Some("20"));
        assert_eq!(listed(23).lines().skip(19).collect::<Vec<_>>(), ["20", "and 3 more"]);
        let first = (1..=20).map(|number| number.to_string()).collect();
        assert_eq!(Listing::of_first(first, 21).to_string(), listed(21));
    }
}
