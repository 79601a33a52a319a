//! Sets of words that the service may add to.

use std::fmt;

macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        ///
        /// An open set: a word that is not known here is kept as it came. Upper and lower case are the same.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The word of the service.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                $(if word.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })*
                Self::Other(word)
            }
        }

        /// The word of the service.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

open_enum! {
    /// How a subscription stands.
    SubscriptionStatus {
        /// No status is known to the service.
        None = "none",
        /// In use.
        Active = "active",
        /// Switched off for the time being, by the partner or for a missing payment.
        Suspended = "suspended",
        /// Deleted.
        Deleted = "deleted",
        /// Past its end.
        Expired = "expired",
        /// Not set up yet.
        Pending = "pending",
        /// Disabled.
        Disabled = "disabled",
    }
}

open_enum! {
    /// How a customer stands to the partner.
    Relationship {
        /// The partner resells to the customer.
        Reseller = "reseller",
        /// The partner advises the customer.
        Advisor = "advisor",
    }
}
