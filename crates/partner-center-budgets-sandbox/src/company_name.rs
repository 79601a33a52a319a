//! Invented company names.

const FIRST: [&str; 32] = [
    "Blue", "Green", "Amber", "Silver", "Golden", "Crimson", "Ivory", "Copper", "Bright", "Quiet", "Northern",
    "Southern", "Eastern", "Western", "Upper", "Lower", "Old", "New", "High", "Deep", "Wide", "Clear", "Swift",
    "Gentle", "Sunny", "Windy", "Misty", "Snowy", "Hidden", "Open", "Grand", "Little",
];

const SECOND: [&str; 32] = [
    "Harbor", "Valley", "Meadow", "River", "Lake", "Forest", "Hill", "Bridge", "Garden", "Island", "Mountain",
    "Orchard", "Field", "Canyon", "Creek", "Coast", "Summit", "Prairie", "Lagoon", "Spring", "Tower", "Gate", "Mill",
    "Station", "Market", "Beacon", "Cedar", "Maple", "Willow", "Birch", "Falcon", "Heron",
];

const THIRD: [&str; 16] = [
    "Logistics",
    "Foods",
    "Textiles",
    "Printing",
    "Furniture",
    "Ceramics",
    "Travel",
    "Publishing",
    "Instruments",
    "Bakery",
    "Cycles",
    "Optics",
    "Toys",
    "Nurseries",
    "Shipping",
    "Studios",
];

/// The unique company name of customer `number`, counted from 1.
///
/// It does not depend on the seed, so that documentation can show it.
pub(crate) fn company(number: u32) -> String {
    let names = FIRST.len() * SECOND.len() * THIRD.len();
    let index = number as usize - 1;
    // An odd factor permutes 0..16384, so neighbours get different words and no name repeats.
    let shuffled = index.wrapping_mul(10_007) % names;
    let first = FIRST[shuffled % FIRST.len()];
    let second = SECOND[shuffled / FIRST.len() % SECOND.len()];
    let third = THIRD[shuffled / FIRST.len() / SECOND.len()];
    match index / names {
        0 => format!("{first} {second} {third}"),
        round => format!("{first} {second} {third} {}", round + 1),
    }
}

/// The domain of a company.
pub(crate) fn domain(company: &str) -> String {
    format!("{}.example.com", company.replace(' ', "").to_lowercase())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_domains_are_unique_beyond_all_combinations() {
        let names: HashSet<String> = (1..=40_000).map(company).collect();
        assert_eq!(names.len(), 40_000);
        let domains: HashSet<String> = names.iter().map(|name| domain(name)).collect();
        assert_eq!(domains.len(), 40_000);
    }

    #[test]
    fn first_customer_has_the_name_that_documentation_shows() {
        assert_eq!(company(1), "Blue Harbor Logistics");
        assert_eq!(domain(&company(1)), "blueharborlogistics.example.com");
    }
}
