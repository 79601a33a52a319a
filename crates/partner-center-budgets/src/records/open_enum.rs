//! Enums for values that the service may extend.

use std::fmt;

macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        ///
        /// An unknown value is kept as [`Other`](Self::Other). Parsing ignores case.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Serialize, serde::Deserialize),
            serde(from = "String", into = "String")
        )]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(with = "String"))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A value that this version does not know.
            Other(String),
        }

        impl $name {
            /// The value as the service spells it.
            ///
            /// ```
            #[doc = concat!("use partner_center_budgets::", stringify!($name), ";")]
            ///
            #[doc = concat!("let unknown = ", stringify!($name), "::from(\"paused\".to_owned());")]
            /// assert_eq!(unknown.as_str(), "paused");
            /// ```
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                $(if value.eq_ignore_ascii_case($value) {
                    return Self::$variant;
                })*
                Self::Other(value)
            }
        }

        /// The value as the service spells it.
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::Other(value) => value,
                    known => known.as_str().to_owned(),
                }
            }
        }

        /// The value as the service spells it.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

open_enum! {
    /// Status of a subscription.
    SubscriptionStatus {
        /// The service knows no status.
        None = "none",
        /// Active.
        Active = "active",
        /// Suspended, by the partner or because of a missing payment.
        Suspended = "suspended",
        /// Deleted.
        Deleted = "deleted",
        /// Expired.
        Expired = "expired",
        /// Not yet provisioned.
        Pending = "pending",
        /// Disabled.
        Disabled = "disabled",
    }
}

open_enum! {
    /// Whether a change in the activity log took effect.
    AuditStatus {
        /// It did.
        Succeeded = "succeeded",
        /// It failed.
        Failed = "failed",
        /// It was not finished when the record was written.
        InProgress = "progress",
    }
}

open_enum! {
    /// Relationship of the partner to a customer.
    Relationship {
        /// The partner resells to the customer.
        Reseller = "reseller",
        /// The partner advises the customer.
        Advisor = "advisor",
    }
}
