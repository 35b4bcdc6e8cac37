//! What the settings page keeps between frames, and which of its widgets are text fields.

use std::collections::BTreeMap;

use egui::TextureHandle;
use scrim_model::settings::{Key, Shape, TABLE};
use scrim_model::view::{CoverStep, CoverStyle};

/// What is typed on the page, and the preview of the cover.
#[derive(Default)]
pub(crate) struct SettingsPage {
    pub(crate) search: String,
    /// What is being added to a list, by setting.
    pub(crate) entries: BTreeMap<Key, String>,
    pub(crate) preview: Option<((CoverStep, CoverStyle), TextureHandle)>,
}

/// Identity of the search field.
pub(crate) fn search_id() -> egui::Id {
    egui::Id::unique("settings.search.field")
}

/// Identity of the field that adds to the list of `key`.
pub(crate) fn entry_id(key: Key) -> egui::Id {
    egui::Id::unique(format!("settings.entry.{}", key.name()))
}

/// Whether `id` is one of the page's text fields.
pub(crate) fn is_field(id: egui::Id) -> bool {
    let mut lists = TABLE
        .iter()
        .filter(|row| matches!(row.shape, Shape::Classes | Shape::Words));
    id == search_id() || lists.any(|row| entry_id(row.key) == id)
}
