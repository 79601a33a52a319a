//! The tests' version of the macro `document_tables!`, which the end of the generated code calls with all operations and
//! schemas. Tests use its functions, and so none of them lists operations.

/// An argument: the document's example of a parameter, or no optional parameters.
macro_rules! argument {
    (query) => {
        Default::default()
    };
    ($example:literal) => {
        $example.parse().unwrap()
    };
}

/// Calls the method of an operation, which has the name of the operation and takes its arguments in the document's order.
macro_rules! call {
    (list $client:ident.$operation:ident($($argument:tt),*)) => {
        Some(all($client.$operation($(argument!($argument)),*)).await.map(shown))
    };
    (read $client:ident.$operation:ident($($argument:tt),*)) => {
        Some($client.$operation($(argument!($argument)),*).await.map(shown))
    };
    (write $client:ident.$operation:ident $arguments:tt) => {
        None
    };
}

macro_rules! document_tables {
    (
        schemas { $($schema:ident,)* }
        operations { $($operation:ident $arguments:tt: $kind:ident $response:ident,)* }
        objects { $($object:tt)* }
        lists { $($list:ident: $sent_by:ident of $item:ident,)* }
    ) => {
        /// Each operation with the schema of its success.
        pub(crate) const OPERATIONS: &[(&str, &str)] = &[$((stringify!($operation), stringify!($response)),)*];

        /// The operations that send lists.
        pub(crate) const LISTS: &[&str] = &[$(stringify!($sent_by),)*];

        /// The JSON Schema that schemars derives from the type of each schema.
        pub(crate) fn derived_schemas() -> Vec<(&'static str, schemars::Schema)> {
            let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
            vec![$((stringify!($schema), settings.clone().into_generator().into_root_schema_for::<types::$schema>()),)*]
        }

        /// Decodes the response of an operation. Returns its `Debug` text, and the JSON that it serializes to.
        pub(crate) fn decode(operation: &str, text: &str) -> Result<(String, String), serde_json::Error> {
            match operation {
                $(stringify!($operation) => {
                    let decoded: types::$response = serde_json::from_str(text)?;
                    Ok((format!("{decoded:#?}"), serde_json::to_string(&decoded)?))
                })*
                other => panic!("{other} is not an operation of the document"),
            }
        }

        /// The result of the client's method for an operation that reads; `None` for one that writes.
        pub(crate) async fn read(
            client: &partner_center_budgets::Client,
            operation: &str,
        ) -> Option<Result<crate::operations::Shown, partner_center_budgets::Error>> {
            #[allow(unused_imports, reason = "used by operations whose method has another name")]
            use crate::operations::OtherNames;
            use crate::operations::{all, shown};
            use crate::document_tables::{argument, call};
            match operation {
                $(stringify!($operation) => call!($kind client.$operation $arguments),)*
                other => panic!("{other} is not an operation of the document"),
            }
        }
    };
}

pub(crate) use {argument, call, document_tables};
