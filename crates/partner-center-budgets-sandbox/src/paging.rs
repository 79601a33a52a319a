//! The pages of lists, in all forms that the service was seen to send.

mod pager;

use std::str::FromStr;

pub(crate) use pager::Pager;

use crate::rule_syntax::{RuleError, number, settings, value};

/// The form of the pages of lists, parsed from text:
///
/// ```
/// use partner_center_budgets_sandbox::Paging;
///
/// # fn main() -> Result<(), partner_center_budgets_sandbox::RuleError> {
/// let paging: Paging = "token=link,link=absolute,end=fault,records=10".parse()?;
/// # Ok(())
/// # }
/// ```
///
/// The grammar is `SETTING[,SETTING …]`.
///
/// | setting | meaning |
/// |---|---|
/// | `token=both` (default), `token=body`, `token=link` | the token of the next page is in `continuationToken`, in the headers of `links.next`, or in both |
/// | `link=v1` (default) | the next link is `/v1/customers?…` |
/// | `link=absolute`, `link=root`, `link=bare` | it is `http://…/v1/customers?…`, `/customers?…`, `customers?…` |
/// | `link=question-mark` | it has a second question mark where an ampersand belongs: `/v1/customers?size=500?seekOperation=Next` |
/// | `end=absent` (default), `end=fault` | the last page has no token; it has one, and the request for the page after it returns status 400 and code 2000 |
/// | `empty-page` | the second page has no items and is not the last |
/// | `loop` | the second page links to itself |
/// | `foreign=ORIGIN` | next links point to another server, such as `http://localhost:9` |
/// | `records=N` | usage records are sent in pages of N instead of all at once |
///
/// Links without `/v1` are relative to `/v1`, as those of the service; other paths return 404. In a request, a second
/// question mark counts as an ampersand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paging {
    token: Token,
    link: LinkForm,
    end: End,
    empty_page: bool,
    endless: bool,
    foreign: Option<String>,
    records: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Token {
    #[default]
    Both,
    Body,
    Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum LinkForm {
    #[default]
    V1,
    Absolute,
    Root,
    Bare,
    QuestionMark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum End {
    #[default]
    Absent,
    Fault,
}

impl Paging {
    /// The page size of usage records; `None` if they are sent all at once.
    pub(crate) fn records(&self) -> Option<usize> {
        self.records
    }
}

impl FromStr for Paging {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut paging = Self::default();
        for (name, argument) in settings(text) {
            match (name, argument) {
                ("token", Some("both")) => paging.token = Token::Both,
                ("token", Some("body")) => paging.token = Token::Body,
                ("token", Some("link")) => paging.token = Token::Link,
                ("link", Some("v1")) => paging.link = LinkForm::V1,
                ("link", Some("absolute")) => paging.link = LinkForm::Absolute,
                ("link", Some("root")) => paging.link = LinkForm::Root,
                ("link", Some("bare")) => paging.link = LinkForm::Bare,
                ("link", Some("question-mark")) => paging.link = LinkForm::QuestionMark,
                ("end", Some("absent")) => paging.end = End::Absent,
                ("end", Some("fault")) => paging.end = End::Fault,
                ("empty-page", None) => paging.empty_page = true,
                ("loop", None) => paging.endless = true,
                ("foreign", argument) => {
                    paging.foreign = Some(value(name, argument)?.trim_end_matches('/').to_owned());
                }
                ("records", argument) => match number(name, value(name, argument)?)? {
                    0 => return Err(RuleError::new("records must be at least 1")),
                    size => paging.records = Some(size),
                },
                _ => {
                    let written = argument.map_or_else(|| name.to_owned(), |argument| format!("{name}={argument}"));
                    return Err(RuleError::new(format!(
                        "'{written}' is not a paging setting; use token=both|body|link, \
                         link=v1|absolute|root|bare|question-mark, end=absent|fault, empty-page, loop, \
                         foreign=ORIGIN or records=N"
                    )));
                }
            }
        }
        Ok(paging)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_settings_and_rejects_others() {
        let paging: Paging =
            "token=link,link=bare,end=fault,empty-page,foreign=http://a.example/,records=2".parse().unwrap();
        assert_eq!((paging.token, paging.link, paging.end), (Token::Link, LinkForm::Bare, End::Fault));
        assert_eq!((paging.empty_page, paging.endless, paging.records), (true, false, Some(2)));
        assert_eq!(paging.foreign.as_deref(), Some("http://a.example"));
        for text in ["", "token", "token=header", "link=v2", "loop=yes", "foreign", "records=0", "records=x"] {
            assert!(text.parse::<Paging>().is_err(), "{text}");
        }
    }
}
