//! The one way for a text into the page.

use std::fmt;

use crate::steering::steers;

/// A text from outside, written so that it can be nothing but a text: in an element and in a quoted attribute.
///
/// Characters that steer instead of being read (control characters, and those that turn the direction of what stands
/// around them) are shown by their number: a name must not look like another.
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                character if steers(character) => write!(f, "[U+{:04X}]", u32::from(character))?,
                character => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn what_would_be_markup_is_text() {
        let escaped = Text("</script><b a=\"x\" b='y'>&amp;").to_string();
        assert_eq!(escaped, "&lt;/script&gt;&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
    }

    #[test]
    fn what_would_steer_is_shown_by_its_number() {
        assert_eq!(
            Text("a\u{202e}b\u{0}c\u{2066}\td\u{85}\u{feff}").to_string(),
            "a[U+202E]b[U+0000]c[U+2066] d[U+0085][U+FEFF]"
        );
    }

    #[test]
    fn names_of_all_scripts_stay() {
        for name in ["Łódź Ćwikła", "שלום", "東京", "a\u{301}", "👩\u{200d}🚀"] {
            assert_eq!(Text(name).to_string(), name);
        }
    }
}
