//! Fonts: egui's own first, then whatever the system has for other scripts.
//!
//! The library reads no files: `main` hands the bytes over.

use std::borrow::Cow;
use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

/// Name and bytes of a TTF, OTF or TTC; the first face counts.
pub type Font = (String, Cow<'static, [u8]>);

/// Makes `fallbacks` stand behind egui's own fonts, in their order.
pub fn install(ctx: &egui::Context, fallbacks: Vec<Font>) {
    let mut fonts = FontDefinitions::default();
    // Ubuntu has no block, box or bracket signs; Hack does, and masks are made of them.
    if let Some(family) = fonts.families.get_mut(&FontFamily::Proportional) {
        family.push("Hack".to_owned());
    }
    for (name, bytes) in fallbacks {
        for family in fonts.families.values_mut() {
            family.push(name.clone());
        }
        let font = match bytes {
            Cow::Owned(bytes) => FontData::from_owned(bytes),
            Cow::Borrowed(bytes) => FontData::from_static(bytes),
        };
        fonts.font_data.insert(name, Arc::new(font));
    }
    ctx.set_fonts(fonts);
}
