//! What the settings page keeps between frames, and which of its widgets are text fields.

use std::collections::BTreeMap;

use egui::TextureHandle;
use scrim_model::settings::Key;
use scrim_model::view::{CoverLook, CoverStep};

/// What is typed on the page, and the preview of the cover.
#[derive(Default)]
pub(crate) struct SettingsPage {
    pub(crate) search: String,
    /// A harm class that is being added, by setting.
    pub(crate) classes: BTreeMap<Key, String>,
    pub(crate) preview: Option<((CoverStep, CoverLook), TextureHandle)>,
}

/// Identity of the search field.
pub(crate) fn search_id() -> egui::Id {
    egui::Id::unique("settings.search.field")
}

/// Identity of the field that adds a harm class to `key`.
pub(crate) fn class_id(key: Key) -> egui::Id {
    egui::Id::unique(format!("settings.class.{}", key.name()))
}

/// Whether `id` is one of the page's text fields.
pub(crate) fn is_field(id: egui::Id) -> bool {
    let with_classes = [Key::ClassOptOut, Key::CoverStylePerClass];
    id == search_id() || with_classes.iter().any(|key| class_id(*key) == id)
}
