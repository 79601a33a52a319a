//! The cases: one edit of a document each, and what it does to the code generated from it.
//!
//! They stand in a cases.txt for each document: the name; what to find after `-` and what to put there after `+`, over as many
//! lines as it takes and for as many places; and after `=` the effect, with what changes in the generated code.

/// What an edit does to code that was written for the base document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It compiles and prints the same.
    Same,
    /// It compiles and prints something else: other bytes are sent, another value is read, or one is refused.
    Behaves,
    /// It does not compile, or the generated code itself does not.
    Compile,
    /// There is no code to compile it with: progenitor cannot generate it.
    Generate,
}

impl Effect {
    /// As cases.txt names it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Same => "none",
            Self::Behaves => "behaves differently",
            Self::Compile => "does not compile",
            Self::Generate => "cannot be generated",
        }
    }

    pub(crate) fn breaks(self) -> bool {
        self != Self::Same
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Same, Self::Behaves, Self::Compile, Self::Generate].into_iter().find(|effect| effect.name() == name)
    }
}

/// One edit with its effect.
pub(crate) struct Case {
    pub(crate) name: String,
    /// Each text to find, which stands in the document once, and what to put there.
    edits: Vec<(String, String)>,
    pub(crate) effect: Effect,
    /// What changes in the generated code, or why nothing does where one might think so.
    pub(crate) code: String,
}

impl Case {
    /// The document after the edit. An edit that finds nothing, or more than one place, would prove nothing.
    pub(crate) fn revision(&self, base: &str) -> String {
        self.edits.iter().fold(base.to_owned(), |text, (find, replace)| {
            assert_eq!(text.matches(find).count(), 1, "{}: `{find}` has to stand in the document once", self.name);
            text.replace(find, replace)
        })
    }

    fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let name = lines.next().unwrap_or_default().to_owned();
        let mut edits: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for line in lines {
            let (sign, rest) = line.split_at(1);
            let rest = rest.strip_prefix(' ').unwrap_or(rest);
            match sign {
                "-" => match edits.last_mut() {
                    Some((find, replace)) if replace.is_empty() => find.push(rest),
                    _ => edits.push((vec![rest], Vec::new())),
                },
                "+" => edits.last_mut().unwrap_or_else(|| panic!("{name}: `+` before `-`")).1.push(rest),
                "=" => {
                    let (effect, code) = rest.split_once(": ").unwrap_or((rest, ""));
                    let effect = Effect::from_name(effect).unwrap_or_else(|| panic!("{name}: no effect `{effect}`"));
                    let edits =
                        edits.into_iter().map(|(find, replace)| (find.join("\n"), replace.join("\n"))).collect();
                    return Self { name, edits, effect, code: code.to_owned() };
                }
                _ => panic!("{name}: a line begins with `-`, `+` or `=`: {line}"),
            }
        }
        panic!("{name}: no effect");
    }
}

/// A document with its consumer and the cases that edit it. One document for all would take three times as long.
pub(crate) struct Area {
    pub(crate) name: &'static str,
    pub(crate) base: &'static str,
    pub(crate) consumer: &'static str,
    cases: &'static str,
}

impl Area {
    pub(crate) fn cases(&self) -> impl Iterator<Item = Case> {
        let blocks = self.cases.split("\n\n").map(str::trim_end);
        blocks.filter(|block| !block.starts_with('#')).map(Case::read)
    }
}

macro_rules! area {
    ($name:literal) => {
        Area {
            name: $name,
            base: include_str!(concat!($name, "/base.yaml")),
            consumer: include_str!(concat!($name, "/consumer.rs")),
            cases: include_str!(concat!($name, "/cases.txt")),
        }
    };
}

pub(crate) const AREAS: [Area; 4] = [area!("properties"), area!("values"), area!("schemas"), area!("calls")];
