//! The side column: policy tree with digits, reports, note, context, author, signals.

use egui::{ScrollArea, TextEdit, Ui};
use scrim_model::limits::NOTE_CHARS_MAX;
use scrim_model::view::WordPlace;
use scrim_model::{PolicyId, PolicyNode};
use scrim_wire::window::{Command, ItemView, QuestionState, WindowModel};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::marking::Marking;
use crate::search::Search;
use crate::theme::space;

/// Identity of the note's text field.
pub(crate) fn note_id() -> egui::Id {
    egui::Id::unique("note.field")
}

pub(crate) fn side_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    search: &mut Search,
    note: &mut String,
    wants_note: bool,
    asks: &mut Vec<Ask>,
) {
    let Some(model) = scene.model else { return };
    let Some(item) = &model.item else { return };
    let scroll = ScrollArea::vertical().id_salt(&item.id);
    scroll.auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        policy_ui(ui, scene, model, search, asks);
        group(ui);
        if !model.draft.marks.is_empty() {
            super::marks::list_ui(ui, scene, model, item, asks);
            group(ui);
        }
        note_ui(ui, scene, item, (note, wants_note), asks);
        group(ui);
        questions_ui(ui, scene, item);
        appeal_ui(ui, scene, item, asks);
        reports_ui(ui, scene, item, asks);
        if !item.context.is_empty() {
            group(ui);
            ui.label(scene.title(scene.strings.text("context-title")));
            super::thread::thread_ui(ui, scene, WordPlace::Context, &item.context, asks);
        }
        about_ui(ui, scene, item, asks);
    });
}

pub(crate) fn group(ui: &mut Ui) {
    ui.add_space(space::XS);
    ui.separator();
}

fn policy_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    model: &WindowModel,
    search: &mut Search,
    asks: &mut Vec<Ask>,
) {
    let (tree, draft) = (&model.policies, &model.draft);
    let version = scene.strings.count("policy-version", tree.version);
    let title = scene.strings.text("policy-title");
    ui.label(scene.title(format!("{title} · {version}")));
    if let (Some(n), Some(item)) = (draft.of_medium, &model.item) {
        let values = [
            ("n", (u64::from(n) + 1).into()),
            ("of", (item.media.len() as u64).into()),
        ];
        ui.label(scene.weak(scene.strings.with("policy-of-medium", &values)));
    } else if !draft.media.is_empty() {
        ui.label(scene.weak(scene.strings.text("policy-of-item")));
    }
    if search.open {
        return super::search::search_ui(ui, scene, model, search, asks);
    }
    if tree.policies.is_empty() {
        ui.label(scene.weak(scene.strings.text("policy-none")));
    }
    for policy in tree.children(None) {
        row_ui(ui, scene, policy, model, asks);
        let is_open = draft.parent.as_ref() == Some(&policy.id);
        if is_open {
            for child in tree.children(Some(&policy.id)) {
                ui.horizontal(|ui| {
                    ui.add_space(space::M);
                    row_ui(ui, scene, child, model, asks);
                });
            }
        }
    }
    ui.horizontal_wrapped(|ui| {
        let unsure = Control::of(scene, Act::Digit(0)).selected(draft.unsure);
        unsure.show(ui, scene, Ask::Act(Act::Digit(0)), asks);
        let find = Control::of(scene, Act::PolicySearch);
        find.show(ui, scene, Ask::Act(Act::PolicySearch), asks);
        if draft.parent.is_some() || draft.chosen.is_some() {
            let back = Control::of(scene, Act::PolicyBack);
            back.show(ui, scene, Ask::Act(Act::PolicyBack), asks);
        }
    });
    if let Some(chosen) = draft.chosen.as_ref().and_then(|id| tree.get(id)) {
        chosen_ui(ui, scene, chosen);
    }
    elsewhere_ui(ui, scene, model);
}

/// What was chosen for the other parts: it goes with the decision as well.
fn elsewhere_ui(ui: &mut Ui, scene: &Scene<'_>, model: &WindowModel) {
    let draft = &model.draft;
    let name = |id: &PolicyId| {
        let policy = model.policies.get(id);
        policy.map_or_else(String::new, |policy| outside(&policy.name))
    };
    if let Some(id) = draft.of_item.as_ref().filter(|_| draft.of_medium.is_some()) {
        let values = [("name", name(id).into())];
        ui.label(scene.weak(scene.strings.with("policy-item-has", &values)));
    }
    let others = draft
        .media
        .iter()
        .filter(|(n, _)| draft.of_medium != Some(*n));
    for (n, id) in others {
        let values = [("n", (u64::from(*n) + 1).into()), ("name", name(id).into())];
        ui.label(scene.weak(scene.strings.with("policy-medium-has", &values)));
    }
}

fn row_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    policy: &PolicyNode,
    model: &WindowModel,
    asks: &mut Vec<Ask>,
) {
    let draft = &model.draft;
    let digit_counts = draft.parent == policy.parent;
    let is_chosen = draft.chosen.as_ref() == Some(&policy.id);
    let has_children = model
        .policies
        .policies
        .iter()
        .any(|p| p.parent.as_ref() == Some(&policy.id));
    let more = if has_children { " ›" } else { "" };
    let name = format!("{}{more}", outside(&policy.name));
    let mut control = Control::plain(author_id(policy, digit_counts), name)
        .selected(is_chosen)
        .wide(ui.available_width());
    if let Some(digit) = policy.digit {
        control = control.keyed(digit.to_string(), digit_counts);
    }
    let ask = Ask::Command(Command::Policy(policy.id.clone()));
    control.show(ui, scene, ask, asks);
}

/// The digit's row while the digit counts here, else the policy's own.
fn author_id(policy: &PolicyNode, digit_counts: bool) -> String {
    let own = |id: &PolicyId| format!("policy.id.{id}");
    match policy.digit {
        Some(digit) if digit_counts => format!("policy.{digit}"),
        _ => own(&policy.id),
    }
}

fn chosen_ui(ui: &mut Ui, scene: &Scene<'_>, chosen: &PolicyNode) {
    let name = outside(&chosen.name);
    let mut line = scene
        .strings
        .with("policy-chosen", &[("name", name.into())]);
    let severity = scene
        .strings
        .count("policy-severity", chosen.severity.into());
    line = format!("{line} · {severity}");
    for (is_so, key) in [
        (chosen.needs_reason, "policy-reason"),
        (chosen.needs_second_review, "policy-second"),
    ] {
        if is_so {
            line = format!("{line} · {}", scene.strings.text(key));
        }
    }
    crate::control::polite(ui, "policy.chosen", scene.weak(line));
}

fn note_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    item: &ItemView,
    (note, wants_note): (&mut String, bool),
    asks: &mut Vec<Ask>,
) {
    ui.horizontal_wrapped(|ui| {
        let open = Control::of(scene, Act::Note);
        open.show(ui, scene, Ask::Act(Act::Note), asks);
        let can_mark = Marking::begin(item, scene.reading).is_some();
        let mark = Control::of(scene, Act::Mark)
            .selected(scene.marking.is_some())
            .enabled(can_mark);
        mark.show(ui, scene, Ask::Act(Act::Mark), asks);
        let consult = Control::of(scene, Act::Consult);
        consult.show(ui, scene, Ask::Act(Act::Consult), asks);
        if !item.texts.is_empty() {
            let language = Control::of(scene, Act::OtherLanguage);
            language.show(ui, scene, Ask::Act(Act::OtherLanguage), asks);
        }
    });
    let name = scene.strings.text("note-title");
    let response = ui.add(
        TextEdit::multiline(note)
            .id(note_id())
            .desired_rows(2)
            .desired_width(f32::INFINITY)
            .char_limit(NOTE_CHARS_MAX)
            .hint_text(scene.strings.text("note-hint")),
    );
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_author_id("note.field");
    });
    if wants_note {
        response.request_focus();
        response.scroll_to_me(None);
    }
    if response.changed() {
        asks.push(Ask::Command(Command::Note(note.clone())));
    }
}

/// What was asked about the item, and what came back.
fn questions_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView) {
    if item.questions.is_empty() {
        return;
    }
    ui.label(scene.title(scene.strings.text("questions-title")));
    for question in &item.questions {
        ui.label(outside(&question.question));
        let role = super::ask::role_name(scene, &question.to);
        let words = match question.state {
            QuestionState::Sending => "question-sending",
            QuestionState::Open => "question-open",
            QuestionState::Answered => "question-answered",
            QuestionState::Closed => "question-closed",
            QuestionState::Refused => "question-refused",
        };
        let line = scene.strings.with(words, &[("role", role.into())]);
        ui.label(scene.weak(line));
        if let Some(answer) = &question.answer {
            ui.label(outside(answer));
        }
    }
    group(ui);
}

pub(crate) fn appeal_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    if let Some(appeal) = &item.appeal {
        ui.label(scene.title(scene.strings.text("appeal-title")));
        super::words::body_ui(ui, scene, appeal, false, asks);
        group(ui);
    }
}

pub(crate) fn reports_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    let count = item.reports.len() as u64;
    ui.label(scene.title(scene.strings.count("reports-title", count)));
    if item.reports.is_empty() {
        ui.label(scene.weak(scene.strings.text("nothing-here")));
    }
    for report in &item.reports {
        ui.label(scene.weak(outside(&report.class)));
        if !report.words.body.is_empty() {
            super::words::body_ui(ui, scene, &report.words, false, asks);
        }
    }
}

fn about_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    group(ui);
    if let Some(author) = &item.author {
        ui.label(scene.title(scene.strings.text("author-title")));
        let age = match author.account_age_d {
            Some(days) => scene.strings.count("author-age", days.into()),
            None => scene.strings.text("author-age-unknown"),
        };
        let prior = scene
            .strings
            .count("author-prior", author.prior_actions.into());
        ui.label(format!("{age} · {prior}"));
    }
    let aimed = Control::of(scene, Act::AimedAtMe);
    aimed.show(ui, scene, Ask::Act(Act::AimedAtMe), asks);
    if !item.signals.is_empty() {
        group(ui);
        ui.label(scene.title(scene.strings.text("signals-title")));
        for signal in &item.signals {
            ui.label(outside(signal));
        }
    }
}
