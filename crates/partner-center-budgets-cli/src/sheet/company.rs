//! Comparing the names of companies.

use std::collections::{HashMap, HashSet};

use icu_normalizer::ComposingNormalizerBorrowed;
use partner_center_budgets::CustomerId;

/// Legal forms of companies, without points. Sheets often omit or abbreviate them.
const LEGAL_FORMS: &str = "ab ag aps as asa bv bvba co company corp corporation cv doo dd eg eood ev eurl gbr gesmbh gmbh \
    haftungsbeschränkt inc incorporated kft kg kgaa kk limited llc llp lp ltd ltda mbh nv nyrt ohg ood oy oyj \
    plc private pte pty pvt sa sarl sas sasu se sl slu sp spa srl srls sro ug vof zoo zrt";

/// The customers' names at the service.
#[derive(Debug, Default)]
pub(crate) struct KnownNames {
    names: HashMap<CustomerId, String>,
    /// All names, normalized, with their legal forms.
    normalized: HashSet<String>,
}

impl KnownNames {
    pub(crate) fn add(&mut self, customer: CustomerId, name: String) {
        self.normalized.insert(normalized(&name));
        self.names.insert(customer, name);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(crate) fn get(&self, customer: CustomerId) -> Option<&str> {
        self.names.get(&customer).map(String::as_str)
    }

    /// The customer's name, if it is known and `stated` is another name.
    ///
    /// A different legal form is accepted unless another customer has exactly that name: sister companies differ in nothing
    /// else.
    pub(super) fn mismatch(&self, customer: CustomerId, stated: &str) -> Option<&str> {
        let known = self.get(customer)?;
        let (own, other) = (normalized(known), normalized(stated));
        let is_same = own == other
            || own.is_empty()
            || other.is_empty()
            || core(known) == core(stated) && !self.normalized.contains(&other);
        (!is_same).then_some(known)
    }
}

/// The words of a name, without differences of case, width, composition and punctuation. Points and apostrophes are part of
/// words.
fn words(name: &str) -> Vec<String> {
    // Converting to capitals first makes ß equal to SS.
    let name = ComposingNormalizerBorrowed::new_nfkc().normalize(name).to_uppercase().to_lowercase();
    let name = ComposingNormalizerBorrowed::new_nfkc().normalize(&name).replace(['.', '\'', '’', '\u{ad}'], "");
    let separates = |character: char| {
        !character.is_alphanumeric()
            && matches!(character, '\0'..='\u{7f}' | '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{feff}')
    };
    name.split(separates).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The name with its legal form.
fn normalized(name: &str) -> String {
    words(name).concat()
}

/// The name without its legal form, unless that is the whole name.
fn core(name: &str) -> String {
    let words = words(name);
    let core: String =
        words.iter().filter(|word| !LEGAL_FORMS.split(' ').any(|form| form == *word)).map(String::as_str).collect();
    if core.is_empty() { words.concat() } else { core }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(number: u32) -> CustomerId {
        format!("00000000-0000-0000-0000-{number:012}").parse().unwrap()
    }

    fn differs(known: &str, stated: &str) -> bool {
        let mut names = KnownNames::default();
        names.add(customer(1), known.to_owned());
        names.add(customer(2), "Tail Spin Toys AG".to_owned());
        names.mismatch(customer(1), stated).is_some()
    }

    #[test]
    fn ignores_differences_of_spelling_and_legal_form() {
        for (known, stated) in [
            ("Blue Harbor Logistics", " BLUE  harbor logistics "),
            ("Blue Harbor Logistics", "Blue-Harbor Logistics, Inc."),
            ("Blue Harbor GmbH & Co. KG", "Blue Harbor"),
            ("Blue Harbor S.A.R.L.", "blue harbor sarl"),
            ("Blue Harbor Sp. z o.o.", "Blue Harbor sp. z o.o."),
            ("Blue Harbor Ltd", "Blue Harbor Limited"),
            ("M\u{fc}ller", "Mu\u{308}ller"),
            ("Weißhaupt", "WEISSHAUPT"),
            ("O’Neill", "O'Neill"),
            ("Blue Harbor", "Ｂｌｕｅ　Ｈａｒｂｏｒ"),
            ("AG", "ag"),
            ("Blue Harbor", " - "),
            ("", "Blue Harbor"),
        ] {
            assert!(!differs(known, stated), "{known} {stated}");
        }
    }

    #[test]
    fn finds_other_names() {
        for (known, stated) in [
            ("Blue Harbor Logistics", "Gentle Market Bakery"),
            ("Blue Harbor 1", "Blue Harbor 2"),
            ("M\u{fc}ller", "Muller"),
            ("AG", "SE"),
            // Another customer has exactly this name.
            ("Tail Spin Toys GmbH", "Tail Spin Toys AG"),
        ] {
            assert!(differs(known, stated), "{known} {stated}");
        }
        assert!(!differs("Tail Spin Toys GmbH", "Tail Spin Toys"));
    }
}
