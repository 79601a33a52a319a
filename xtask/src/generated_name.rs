//! Names in the generated code.

/// The name that progenitor gives to the method of an operation: `getOrder` becomes `get_order`.
pub(crate) fn method_name(id: &str) -> String {
    let mut name = String::new();
    for letter in id.chars() {
        if letter.is_uppercase() && name.ends_with(|last: char| last.is_lowercase()) {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// The name of a property or operation in the generated code: `totalCost` becomes `total_cost`.
pub(crate) fn snake_case(name: &str) -> String {
    method_name(name).replace(|letter: char| !letter.is_alphanumeric(), "_")
}
