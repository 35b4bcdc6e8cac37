//! What the doctor found: a closed list of ids, and one JSON shape for scripts.

use scrim_media::Posture;
use serde::Serialize;

use crate::doctor_safety::Said;
use crate::error::CliError;
use crate::terminal::say;

/// Version of the JSON object. It grows when a field or an id goes or changes its meaning; what is
/// added leaves it as it is.
const VERSION: u32 = 1;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// It works.
    Good,
    /// Worth knowing; nothing is broken.
    Note,
    /// Scrim cannot work as it should.
    Broken,
}

#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    id: &'static str,
    standing: Standing,
    says: String,
}

/// What was found, and the figures that scripts ask for.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    version: u32,
    ok: bool,
    findings: Vec<Finding>,
    /// The server's clock less this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skew_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decisions: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) worker: Option<Posture>,
    /// Why a server is not trusted, as a closed code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) untrusted: Option<&'static str>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self {
            version: VERSION,
            ok: true,
            findings: Vec::new(),
            skew_ms: None,
            decisions: None,
            pending: None,
            worker: None,
            untrusted: None,
        }
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.ok
    }

    pub(crate) fn add(&mut self, id: &'static str, standing: Standing, says: impl Into<String>) {
        self.ok &= standing != Standing::Broken;
        self.findings.push(Finding {
            id,
            standing,
            says: says.into(),
        });
    }

    pub(crate) fn good(&mut self, id: &'static str, says: impl Into<String>) {
        self.add(id, Standing::Good, says);
    }

    pub(crate) fn note(&mut self, id: &'static str, says: impl Into<String>) {
        self.add(id, Standing::Note, says);
    }

    pub(crate) fn broken(&mut self, id: &'static str, says: impl Into<String>) {
        self.add(id, Standing::Broken, says);
    }

    pub(crate) fn said(&mut self, id: &'static str, said: Result<Said, String>) {
        match said {
            Ok(Said { good: true, says }) => self.good(id, says),
            Ok(Said { says, .. }) => self.note(id, says),
            Err(fault) => self.broken(id, fault),
        }
    }

    pub(crate) fn tell(&self, json: bool) -> Result<(), CliError> {
        if json {
            let text = serde_json::to_string_pretty(self).map_err(std::io::Error::other);
            return say(&text.map_err(CliError::io("writing the report"))?);
        }
        for finding in &self.findings {
            let mark = match finding.standing {
                Standing::Good => "ok     ",
                Standing::Note => "note   ",
                Standing::Broken => "broken ",
            };
            say(&format!("{mark} {}", finding.says))?;
        }
        say(if self.ok {
            "Nothing that matters is broken."
        } else {
            "Something that matters is broken. Nothing was changed."
        })
    }

    #[cfg(test)]
    pub(crate) fn standing_of(&self, id: &str) -> Option<Standing> {
        let mut found = self.findings.iter().filter(|finding| finding.id == id);
        found.next().map(|finding| finding.standing)
    }

    #[cfg(test)]
    pub(crate) fn words_of(&self, id: &str) -> String {
        let found = self.findings.iter().filter(|finding| finding.id == id);
        found.map(|finding| finding.says.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_for_scripts_is_frozen() {
        let mut report = Report::new();
        report.good("server", "a");
        report.note("clock", "b");
        report.skew_ms = Some(-3);
        report.decisions = Some(4);
        report.pending = Some(1);
        let before = serde_json::to_string(&report).expect("it is written");
        assert_eq!(
            before,
            r#"{"version":1,"ok":true,"findings":[{"id":"server","standing":"good","says":"a"},{"id":"clock","standing":"note","says":"b"}],"skew_ms":-3,"decisions":4,"pending":1}"#
        );
        report.broken("trust", "c");
        report.untrusted = Some("expired");
        let after = serde_json::to_string(&report).expect("it is written");
        assert!(after.starts_with(r#"{"version":1,"ok":false,"#), "{after}");
        assert!(after.contains(r#"{"id":"trust","standing":"broken","says":"c"}"#));
        assert!(after.ends_with(r#""untrusted":"expired"}"#), "{after}");
    }
}
