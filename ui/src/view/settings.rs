//! The settings page: every setting of the table with its value, whose word it is, its range and
//! its basis. What the moderator may change has controls; the rest is to be read.

use egui::{Frame, Image, RichText, ScrollArea, Stroke, TextEdit, TextureOptions, Ui, vec2};
use scrim_model::settings::{EffectiveRow, Key, SetBy, Value};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::window::SettingsView;

use super::setting_row::{basis_words, controls_ui, name_of, range_words, value_words};
use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::limits::SEARCH_CHARS_MAX;
use crate::preview;
use crate::settings_page::{SettingsPage, search_id};
use crate::theme::{CORNER, Room, TYPE, margin, space};

/// Widest column, in points: lines stay short enough to read.
const COLUMN: f32 = 760.0;
/// Width of the preview, in points.
const PREVIEW: f32 = 224.0;

/// Draws the page.
pub(crate) fn settings_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: Option<&SettingsView>,
    page: &mut SettingsPage,
    asks: &mut Vec<Ask>,
) {
    let room = Room::around(ui);
    ui.horizontal(|ui| {
        super::pages::heading_parts(ui, scene, "settings-title", asks);
        if room == Room::Tight && view.is_some() {
            search_ui(ui, scene, page);
        }
    });
    let Some(view) = view else {
        ui.label(scene.weak(scene.strings.text("settings-wait")));
        return;
    };
    if room == Room::Wide {
        search_ui(ui, scene, page);
    }
    let wanted = page.search.trim().to_lowercase();
    let mut rows: Vec<_> = view
        .rows
        .iter()
        .filter(|row| fits(scene, row.key, &wanted))
        .collect();
    // The table is in the order of the documentation, where a group may come twice.
    let mut groups: Vec<String> = Vec::new();
    rows.sort_by_cached_key(|row| {
        let group = group_of(scene, row.key);
        groups.iter().position(|g| *g == group).unwrap_or_else(|| {
            groups.push(group);
            groups.len() - 1
        })
    });
    let count = scene.strings.count("settings-count", rows.len() as u64);
    if room == Room::Wide {
        polite(ui, "settings.count", scene.weak(&count));
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        if room == Room::Tight {
            polite(ui, "settings.count", scene.weak(&count));
        }
        about_ui(ui, scene, view, asks);
        let mut group = String::new();
        for row in rows {
            let name = group_of(scene, row.key);
            if name != group {
                ui.add_space(space::M);
                ui.label(scene.title(name.clone()));
                group = name;
                if row.key.name().starts_with("cover.") {
                    preview_ui(ui, scene, view, page);
                }
                if row.key.name().starts_with("checkin.") {
                    check_ins_ui(ui, scene, asks);
                }
            }
            row_ui(ui, scene, view, row, page, asks);
        }
    });
}

/// The way to the page of check-ins, and to having them forgotten.
fn check_ins_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    ui.horizontal_wrapped(|ui| {
        for act in [Act::CheckIns, Act::CheckInForget] {
            Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
        }
    });
}

/// What the page is about, and the way to the other one.
fn about_ui(ui: &mut Ui, scene: &Scene<'_>, view: &SettingsView, asks: &mut Vec<Ask>) {
    ui.label(scene.weak(scene.strings.text("settings-body")));
    if view.in_doubt {
        let doubt = RichText::new(scene.strings.text("settings-doubt")).size(TYPE[1]);
        polite(ui, "settings.doubt", doubt);
    }
    ui.horizontal_wrapped(|ui| {
        let privacy = Control::of(scene, Act::Privacy);
        privacy.show(ui, scene, Ask::Act(Act::Privacy), asks);
    });
}

fn search_ui(ui: &mut Ui, scene: &Scene<'_>, page: &mut SettingsPage) {
    let name = scene.strings.text("settings-search");
    let width = COLUMN.min(ui.available_width());
    let field = TextEdit::singleline(&mut page.search)
        .id(search_id())
        .desired_width(width)
        .char_limit(SEARCH_CHARS_MAX)
        .align(egui::Align2::LEFT_CENTER)
        .hint_text(format!(
            "{name}: {}",
            scene.strings.text("settings-search-hint")
        ));
    let response = ui.add(field);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_author_id("settings.search.field");
    });
}

fn group_of(scene: &Scene<'_>, key: Key) -> String {
    let group = key.name().split('.').next().unwrap_or_default();
    scene
        .strings
        .text(&format!("settings-group-{}", group.replace('_', "-")))
}

fn fits(scene: &Scene<'_>, key: Key, wanted: &str) -> bool {
    let texts = [
        name_of(scene, key.name()),
        group_of(scene, key),
        key.name().to_owned(),
    ];
    texts
        .iter()
        .any(|text| text.to_lowercase().contains(wanted))
}

fn row_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: &SettingsView,
    row: &EffectiveRow,
    page: &mut SettingsPage,
    asks: &mut Vec<Ask>,
) {
    let frame = Frame::new()
        .fill(scene.palette.panel)
        .stroke(Stroke::new(1.0, scene.palette.rule))
        .corner_radius(CORNER)
        .inner_margin(margin(space::M, space::S));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::XS;
        let name = name_of(scene, row.key.name());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(name.clone()).size(TYPE[1]).strong());
            let value = format!("· {}", value_words(scene, row.key, &row.value));
            let id = format!("setting.{}", row.key.name());
            polite(ui, &id, RichText::new(value).size(TYPE[1]));
            let by = scene.strings.text(set_by_words(row.set_by));
            ui.label(scene.weak(format!("· {by}")));
        });
        let acts = !view.not_acted_on.contains(&row.key);
        if acts {
            controls_ui(ui, scene, row, &name, page, asks);
        }
        ui.label(scene.weak(range_words(scene, row, acts)));
        ui.label(scene.weak(basis_words(scene, row.key)));
    });
}

fn set_by_words(by: SetBy) -> &'static str {
    match by {
        SetBy::Default => "settings-by-default",
        SetBy::You => "settings-by-you",
        SetBy::Lead => "settings-by-lead",
        SetBy::OrganisationServer => "settings-by-server",
        SetBy::OrganisationManaged => "settings-by-managed",
    }
}

/// The cover in force on a generated picture.
fn preview_ui(ui: &mut Ui, scene: &Scene<'_>, view: &SettingsView, page: &mut SettingsPage) {
    let value = |key| {
        view.rows
            .iter()
            .find(|row| row.key == key)
            .map(|row| &row.value)
    };
    let step = match value(Key::CoverBlur) {
        Some(Value::Choice(word)) if word == "weak" => CoverStep::Weak,
        Some(Value::Choice(word)) if word == "strong" => CoverStep::Strong,
        _ => CoverStep::Normal,
    };
    let style = CoverStyle {
        grey: value(Key::CoverGreyscale) != Some(&Value::Flag(false)),
        sketch: value(Key::CoverSketch) == Some(&Value::Flag(true)),
    };
    if page
        .preview
        .as_ref()
        .is_none_or(|(of, _)| *of != (step, style))
    {
        let image = preview::covered(step, style);
        let texture = ui
            .ctx()
            .load_texture("settings.preview", image, TextureOptions::LINEAR);
        page.preview = Some(((step, style), texture));
    }
    let Some((_, texture)) = &page.preview else {
        return;
    };
    let words = scene.strings.text("settings-preview");
    let width = Room::around(ui).pick(PREVIEW, PREVIEW / 2.0);
    let size = vec2(width, width * texture.aspect_ratio().recip());
    let image = Image::new((texture.id(), size))
        .corner_radius(CORNER)
        .alt_text(words.clone());
    let response = ui.add(image);
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_author_id("settings.preview"));
    ui.label(scene.weak(words));
    ui.add_space(space::XS);
}
