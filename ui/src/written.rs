//! Words that a moderator is writing and that the agent does not keep yet.

/// Words that are being written, and the id of what they are about.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) about: Option<String>,
    pub(crate) words: String,
}

impl Written {
    /// Words about something else go.
    pub(crate) fn is_about(&mut self, about: &str) {
        if self.about.as_deref() != Some(about) {
            self.about = Some(about.to_owned());
            self.words.clear();
        }
    }
}
