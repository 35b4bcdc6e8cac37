//! Fonts: egui's own first, then whatever the system has for other scripts.
//!
//! The library reads no files: `main` hands the bytes over.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// Makes `fallbacks` (name, bytes of a TTF, OTF or TTC; the first face counts) stand behind egui's
/// own fonts, in their order.
pub fn install(ctx: &egui::Context, fallbacks: Vec<(String, Vec<u8>)>) {
    let mut fonts = FontDefinitions::default();
    // Ubuntu has no block, box or bracket signs; Hack does, and masks are made of them.
    if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
        family.push("Hack".to_owned());
    }
    for (name, bytes) in fallbacks {
        for family in fonts.families.values_mut() {
            family.push(name.clone());
        }
        fonts
            .font_data
            .insert(name, Arc::new(FontData::from_owned(bytes)));
    }
    ctx.set_fonts(fonts);
}
