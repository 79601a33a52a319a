//! The names that a module defines, those that it re-exports, and the paths in it.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A module's names, read from the tokens of its file without tests.
#[derive(Default)]
pub(super) struct Module {
    defined: BTreeSet<String>,
    /// The paths of `pub use`. The last name of a glob is `*`.
    reexports: Vec<Use>,
    /// The other paths with more than one name, in `use` and elsewhere.
    pub(super) paths: Vec<Vec<String>>,
}

struct Use {
    path: Vec<String>,
    name: String,
}

impl Module {
    /// # Errors
    ///
    /// Fails if the text has no valid tokens.
    pub(super) fn read(&mut self, text: &str) -> anyhow::Result<()> {
        let tokens: TokenStream = text.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
        self.read_tokens(tokens);
        Ok(())
    }

    pub(super) fn defines(&self, name: &str) -> bool {
        self.defined.contains(name)
    }

    /// The path from which `pub use` takes `name`.
    pub(super) fn reexport(&self, name: &str) -> Option<&[String]> {
        self.reexports.iter().find(|reexport| reexport.name == name).map(|reexport| reexport.path.as_slice())
    }

    /// The modules of which `pub use` re-exports everything.
    pub(super) fn globs(&self) -> impl Iterator<Item = &[String]> {
        self.reexports.iter().filter(|reexport| reexport.name == "*").map(|glob| &glob.path[..glob.path.len() - 1])
    }

    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut left = &tokens[..];
        let mut is_public = false;
        while let [token, rest @ ..] = left {
            left = rest;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    if rest.first().is_some_and(is_test) {
                        left = after_item(rest);
                    } else if let [TokenTree::Group(_), rest @ ..] = rest {
                        left = rest;
                    }
                    continue;
                }
                TokenTree::Ident(word) if word == "pub" => {
                    is_public = true;
                    if let [TokenTree::Group(group), rest @ ..] = rest
                        && group.delimiter() == Delimiter::Parenthesis
                    {
                        left = rest;
                    }
                    continue;
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end = rest.iter().position(|token| is_punct(token, ';')).unwrap_or(rest.len());
                    let mut uses = Vec::new();
                    read_use(&rest[..end], &[], &mut uses);
                    match is_public {
                        true => self.reexports.extend(uses),
                        false => self.paths.extend(uses.into_iter().map(|used| used.path)),
                    }
                    left = &rest[end..];
                }
                TokenTree::Ident(word) => {
                    if let ("fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union", Some(name)) =
                        (word.to_string().as_str(), rest.first())
                    {
                        self.defined.insert(name.to_string());
                    }
                    let mut path = vec![word.to_string()];
                    while let [first, second, TokenTree::Ident(name), rest @ ..] = left
                        && is_punct(first, ':')
                        && is_punct(second, ':')
                    {
                        path.push(name.to_string());
                        left = rest;
                    }
                    if path.len() > 1 {
                        self.paths.push(path);
                    }
                }
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                _ => {}
            }
            is_public = false;
        }
    }
}

/// Reads the tree of a `use`, whose paths begin with `prefix`.
fn read_use(tokens: &[TokenTree], prefix: &[String], uses: &mut Vec<Use>) {
    for tree in tokens.split(|token| is_punct(token, ',')) {
        let mut path = prefix.to_vec();
        let mut name = None;
        let mut left = tree;
        while let [token, rest @ ..] = left {
            left = rest;
            match token {
                TokenTree::Ident(word) if word == "as" => {
                    name = rest.first().map(ToString::to_string);
                    break;
                }
                // `self` in braces is the path before them.
                TokenTree::Ident(word) if word == "self" && !prefix.is_empty() => {}
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Punct(punct) if punct.as_char() == '*' => path.push("*".to_owned()),
                TokenTree::Group(group) => {
                    read_use(&group.stream().into_iter().collect::<Vec<_>>(), &path, uses);
                    path.clear();
                }
                _ => {}
            }
        }
        if let Some(name) = name.or_else(|| path.last().cloned()) {
            uses.push(Use { path, name });
        }
    }
}

/// Whether a token after `#` is an attribute of tests: `[cfg(test)]`, `[test]`, `[tokio::test]`.
fn is_test(attribute: &TokenTree) -> bool {
    let TokenTree::Group(group) = attribute else { return false };
    let text: String = group.stream().to_string().split_whitespace().collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,") || text == "test" || text.starts_with("tokio::test")
}

/// The tokens after the item that begins with these tokens.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_punct(token, ';'),
    };
    tokens.iter().position(is_end).map_or(&[], |end| &tokens[end + 1..])
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}
