//! What was chosen for every journey of a run.

use std::sync::OnceLock;

use clap::ValueEnum;
use scrim_window::strings::Strings;
use scrim_window::theme::ThemeName;

use crate::pseudo;

static CHOSEN: OnceLock<Chosen> = OnceLock::new();

/// How the window looks where a journey does not say so itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen {
    pub(crate) theme: Theme,
    pub(crate) locale: Locale,
    /// Points in percent of a pixel.
    pub(crate) scale_pct: u16,
}

/// The window's colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Theme {
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// Black and white.
    Contrast,
}

impl Theme {
    pub(crate) fn name(self) -> ThemeName {
        match self {
            Self::Dark => ThemeName::Dark,
            Self::Light => ThemeName::Light,
            Self::Contrast => ThemeName::Contrast,
        }
    }

    /// As the real window is told, in its environment.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Contrast => "contrast",
        }
    }
}

/// Words of the window. Nothing else is translated yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Locale {
    /// English.
    En,
    /// Nobody's language, longer and accented: what a translation would need.
    EnXa,
}

impl Locale {
    /// The catalogue.
    pub(crate) fn strings(self) -> Strings {
        match self {
            Self::En => Strings::english(),
            Self::EnXa => Strings::english().respelled(pseudo::respelled),
        }
    }
}

/// Chooses, once, before the first journey.
pub(crate) fn choose(chosen: Chosen) {
    CHOSEN.get_or_init(|| chosen);
}

/// What was chosen.
pub(crate) fn chosen() -> Chosen {
    let usual = Chosen {
        theme: Theme::Dark,
        locale: Locale::En,
        scale_pct: 100,
    };
    CHOSEN.get().copied().unwrap_or(usual)
}

/// The words that the windows of this run are given.
pub(crate) fn words() -> &'static Strings {
    static WORDS: OnceLock<Strings> = OnceLock::new();
    WORDS.get_or_init(|| chosen().locale.strings())
}
