//! The one catalogue of words, in Fluent syntax: `assets/strings/en.ftl`.
//!
//! A window is given its words ([`WindowState::speaking`](crate::WindowState::speaking)); the
//! program that is shipped speaks English. A key that the catalogue lacks is shown as the key itself, so that nothing on the screen is
//! silently empty; a test walks every key that the code names.

use std::borrow::Cow;

use fluent::concurrent::FluentBundle;
use fluent::{FluentArgs, FluentResource};

pub use fluent::FluentValue;

const ENGLISH: &str = include_str!("../../assets/strings/en.ftl");

/// The words of one language.
pub struct Strings {
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Strings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Strings")
    }
}

impl Default for Strings {
    /// No words: every key is shown as itself.
    fn default() -> Self {
        Self {
            bundle: FluentBundle::new_concurrent(Vec::new()),
        }
    }
}

impl Strings {
    /// English.
    #[must_use]
    pub fn english() -> Self {
        let language = "en".parse().expect("“en” is a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // The isolation marks are invisible characters that most fonts have no glyph for.
        bundle.set_use_isolating(false);
        let resource =
            FluentResource::try_new(ENGLISH.to_owned()).unwrap_or_else(|(readable, _)| readable);
        bundle.add_resource_overriding(resource);
        Self { bundle }
    }

    /// The same words, each piece between values through `respell`: a language that nobody speaks,
    /// to see that the window is ready for others.
    #[must_use]
    pub fn respelled(mut self, respell: fn(&str) -> Cow<'_, str>) -> Self {
        self.bundle.set_transform(Some(respell));
        self
    }

    /// Whether the catalogue has `key` (`name` or `name.attribute`).
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.find(key, &[]).is_some()
    }

    /// The words of `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The words of `key` around a number named `n`.
    #[must_use]
    pub fn count(&self, key: &str, n: u64) -> String {
        self.with(key, &[("n", n.into())])
    }

    /// The words of `key` around named values.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        self.find(key, values).unwrap_or_else(|| key.to_owned())
    }

    fn find(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let (name, attribute) = match key.split_once('.') {
            Some((name, attribute)) => (name, Some(attribute)),
            None => (key, None),
        };
        let message = self.bundle.get_message(name)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        // A value that is missing shows as its name in braces; there is nothing else to do about it.
        let mut errors = Vec::new();
        let words = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        Some(words.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_no_junk() {
        assert!(FluentResource::try_new(ENGLISH.to_owned()).is_ok());
    }

    #[test]
    fn plurals_and_values() {
        let strings = Strings::english();
        assert_eq!(strings.count("reports-count", 1), "1 report");
        assert_eq!(strings.count("reports-count", 3), "3 reports");
        assert_eq!(strings.text("no-such-key"), "no-such-key");
    }

    #[test]
    fn a_language_that_nobody_speaks_is_longer_accented_and_leaves_values_as_they_are() {
        let strings = Strings::english().respelled(crate::pseudo::respelled);
        assert_eq!(strings.count("reports-count", 1), "1 řéépóóřť");
        assert_eq!(strings.count("reports-count", 3), "3 řéépóóřťš");
        let name = [("name", FluentValue::from("Violence"))];
        assert_eq!(strings.with("policy-chosen", &name), "Çĥóóšééñ: Violence");
        assert_eq!(strings.text("decide-remove.help"), "Ťááķéé ííť ďóóŵñ.");
        let english = Strings::english();
        let letters = |strings: &Strings| {
            let keys = [
                "privacy-body",
                "team-body",
                "screen-locked-body",
                "ask-body",
            ];
            let words: String = keys.into_iter().map(|key| strings.text(key)).collect();
            words
                .chars()
                .filter(|letter| letter.is_alphabetic())
                .count() as f64
        };
        let longer = letters(&strings) / letters(&english);
        assert!((1.3..1.5).contains(&longer), "{longer}");
    }
}
