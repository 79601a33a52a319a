//! The macro that defines a record and its conversion.

/// Defines a record by its fields: documentation, name, type, and the value as an expression of the response `$sent`.
///
/// The values are computed from top to bottom. An expression can use the fields above it, and `$part`.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $name:ident from ($sent:ident: $wire:ty $(, $part:ident = $part_value:expr)?) {
            $($(#[$field_doc:meta])* $field:ident: $type:ty = $value:expr,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        // Defaults, because JSON of an older version lacks newer fields.
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl From<$wire> for $name {
            fn from($sent: $wire) -> Self {
                $(let $part = $part_value;)?
                $(let $field: $type = $value;)*
                Self { $($field),* }
            }
        }
    };
}

pub(super) use record;
