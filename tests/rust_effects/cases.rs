//! The cases: each is one edit of a document and its effect on the generated code.
//!
//! Each document has a file cases.txt. A case begins with its name. Lines with `-` have the text to replace, and lines with
//! `+` the replacement; both can be repeated. The line with `=` has the effect, and explains the change of the code.

/// The effect of an edit on code that was written for the base document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It compiles and prints the same.
    Same,
    /// It compiles and prints something else: other bytes are sent, another value is read, or a value is rejected.
    Behaves,
    /// It does not compile, or the generated code itself does not.
    Compile,
    /// progenitor cannot generate code.
    Generate,
}

impl Effect {
    /// Its name in cases.txt.
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
    /// Pairs of a text, which must occur once in the document, and its replacement.
    edits: Vec<(String, String)>,
    pub(crate) effect: Effect,
    /// The change of the generated code, or the reason why there is none.
    pub(crate) code: String,
}

impl Case {
    /// The document after the edit. The text to replace must occur exactly once.
    pub(crate) fn revision(&self, base: &str) -> String {
        self.edits.iter().fold(base.to_owned(), |text, (find, replace)| {
            assert_eq!(text.matches(find).count(), 1, "{}: `{find}` must occur once in the document", self.name);
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

/// A document with its consumer and its cases. With one document for all cases, the test would take three times as long.
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
