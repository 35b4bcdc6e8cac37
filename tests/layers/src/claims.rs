//! Honest words: no sentence of the product says that a cover, a limit, a check-in or an activity
//! keeps anyone from harm, is safe, finds out about a disorder, or treats one. The evidence for none
//! of that is there.
//!
//! A sentence is looked at if it names something of the product and claims such an effect; saying
//! that something is *not* known or *not* claimed is what honest words are for, so a claim that is
//! denied before it is made passes.

/// What the product has that could be praised.
const SUBJECTS: &[&str] = &[
    "blur",
    "cover",
    "grey",
    "mask",
    "lens",
    "sketch",
    "limit",
    "cap ",
    "caps ",
    "break",
    "check-in",
    "puzzle",
    "pacer",
    "breathing",
    "exposure",
    "scrim",
    "setting",
    "timer",
    "floor",
    "rotation",
    "it ",
    "this ",
    "they ",
];

/// What must not be said of it.
const CLAIMS: &[&str] = &[
    "prevents harm",
    "prevents trauma",
    "prevents stress",
    "prevents burnout",
    "prevents damage",
    "protects your health",
    "protects your mind",
    "protects you from harm",
    "protects moderators from harm",
    "protects from trauma",
    "keeps you healthy",
    "keeps you safe",
    "keeps moderators safe",
    "safe to look",
    "safe to watch",
    "is safe to",
    "a safe amount",
    "safe limit",
    "safe level",
    "safe dose",
    "harmless amount",
    "lowers anxiety",
    "lowers stress",
    "reduces anxiety",
    "reduces stress",
    "reduces trauma",
    "reduces harm",
    "reduces the harm",
    "less harmful",
    "lessens the impact",
    "no lasting effect",
    "diagnos",
    "detects burnout",
    "measures burnout",
    "measures stress",
    "measures trauma",
    "measures a disorder",
    "measures your health",
    "screens for",
    "symptom",
    "treats",
    "treatment",
    "therapy",
    "therapeutic",
    "heals",
    "cures",
    "clinically",
    "medically",
    "proven to",
    "scientifically",
    "good for your health",
    "wellbeing score",
    "resilience score",
    "stops intrusive",
    "cuts intrusive",
    "fewer intrusive",
    "immune",
];

/// Words of a sentence that denies.
const DENIALS: &[&str] = &[
    "no ",
    "nobody",
    "not ",
    "never",
    "nor ",
    "nothing",
    "neither",
    "without claim",
    "does not",
    "cannot",
    "did **not**",
    "isn’t",
    "n’t ",
    "n't ",
];

/// The sentences of `text` that claim too much, as they stand there.
pub(crate) fn overclaims(text: &str) -> Vec<String> {
    let unwrapped = unwrapped(text);
    let sentences = unwrapped.split_inclusive(['.', '!', '?', '\n']);
    sentences
        .filter(|sentence| claims_too_much(sentence))
        .map(|sentence| sentence.trim().to_owned())
        .collect()
}

fn claims_too_much(sentence: &str) -> bool {
    let words = format!(" {} ", sentence.to_lowercase());
    let has = |words: &str, list: &[&str]| list.iter().any(|word| words.contains(word));
    // A denial comes before what it denies; one behind it may be about something else.
    let claimed = CLAIMS.iter().filter_map(|claim| words.find(claim)).min();
    has(&words, SUBJECTS) && claimed.is_some_and(|at| !has(&words[..at], DENIALS))
}

/// Lines that go on are joined; an empty line, a list, a table row or a new string ends a sentence.
fn unwrapped(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim();
        let starts_anew = line.is_empty()
            || line.starts_with(['-', '*', '|', '#', '>', '.'])
            || line.split_once(" = ").is_some();
        whole.push(if starts_anew { '\n' } else { ' ' });
        whole.push_str(line);
    }
    whole
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::path::{Path, PathBuf};

    use super::overclaims;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
    }

    /// Files that people read: guides, strings, help texts, what a package shows.
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    files(&path, found);
                }
                continue;
            }
            let is_read = ["md", "ftl", "xml", "desktop", "example", "toml"]
                .iter()
                .any(|kind| path.extension().is_some_and(|extension| extension == *kind));
            let is_help = name.starts_with("cli") && name.ends_with(".rs");
            if is_read || is_help {
                found.push(path);
            }
        }
    }

    #[test]
    fn no_text_of_the_product_claims_what_nobody_knows() {
        let mut found = Vec::new();
        files(&root(), &mut found);
        let named = |end: &str| found.iter().any(|path| path.ends_with(end));
        for expected in [
            "README.md",
            "assets/strings/en.ftl",
            "docs/guide/moderator.md",
        ] {
            assert!(named(expected), "{expected} was not looked at");
        }
        assert!(found.len() > 40, "{} files", found.len());
        for path in found {
            let text = std::fs::read_to_string(&path).unwrap();
            let claimed = overclaims(&text);
            assert!(claimed.is_empty(), "{}: {claimed:?}", path.display());
        }
    }

    #[test]
    fn claims_are_found_and_denials_pass() {
        for bad in [
            "Blur prevents harm.",
            "Blur prevents harm, and nothing else does.",
            "The covers keep your day calm, and greyscale reduces\nstress.",
            "240 minutes is a safe limit.",
            "The check-in measures burnout.",
            "The block puzzle treats intrusive memories.",
            "- Breaks are clinically shown to help",
            "break-help = A break keeps you healthy.",
        ] {
            assert_eq!(overclaims(bad).len(), 1, "{bad}");
        }
        for good in [
            "Nobody knows whether blur prevents harm, and we do not claim it.",
            "The limit is a starting point, not a safe amount.",
            "A break is due after 50 minutes.",
            "The check-in is not a diagnosis.",
            "Interactive blur lowered strain in a 2020 study.",
        ] {
            assert!(overclaims(good).is_empty(), "{good}");
        }
    }
}
