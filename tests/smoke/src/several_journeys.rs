//! Journeys of items with several media.

use egui::Key;
use scrim_model::view::Part;
use scrim_model::{Kind, PolicyId};
use scrim_samples::encode::{Format, encode_jpeg};
use scrim_samples::pictures::{Pattern, picture};
use scrim_samples::{PictureFile, Sample, Settings, sample_of};
use scrim_wire::window::MediumState;

use crate::chosen::words;
use crate::journeys::Journey;
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const SEVERAL: &[Journey] = &[Journey {
    name: "post-of-twelve",
    about: "twelve covered pictures in a strip are stepped through, judged one by one, and decided together",
    run: post_of_twelve,
}];

/// A post of twelve pictures.
fn post() -> Sample {
    let pictures = (0..12_u64).map(|n| {
        let drawn = picture(
            Pattern::ALL[n as usize % Pattern::ALL.len()],
            480,
            360,
            100 + n,
        );
        PictureFile {
            bytes: encode_jpeg(&drawn, 85),
            ..PictureFile::new(Format::Jpeg, &drawn)
        }
    });
    let mut sample = sample_of(&Settings::default(), 1, Kind::Post, pictures.collect());
    sample.ingest.item.appeal = None;
    sample.ingest.item.default_policy = None;
    sample
}

/// The post, with two of its pictures judged; the second of them is shown.
pub(crate) fn judged(look: Look) -> Result<Stage, Failed> {
    let mut stage = Stage::set(&[post()], look)?;
    stage.pass(2_000);
    let media = stage.model().item.map_or_else(Vec::new, |item| item.media);
    let covered = |state: &&MediumState| matches!(state, MediumState::Covered { .. });
    hold!(
        media.len() == 12 && media.iter().filter(covered).count() == 12,
        "the media are {media:?}"
    );
    for _ in 0..2 {
        stage.press(Key::Period);
    }
    stage.press(Key::Num2);
    stage.press(Key::Num1);
    press_times(&mut stage, Key::Period, 4);
    stage.press(Key::Num3);
    Ok(stage)
}

fn press_times(stage: &mut Stage, key: Key, times: usize) {
    for _ in 0..times {
        stage.press(key);
    }
}

fn post_of_twelve() -> Result<(), Failed> {
    let mut stage = judged(Look::default())?;
    let (item, draft) = (stage.model().item, stage.model().draft);
    hold!(
        item.is_some_and(|item| item.selected == Part::Medium(6)) && draft.of_medium == Some(6),
        "the draft is {draft:?}"
    );
    hold!(
        stage.says_with("policy-of-medium", &[("n", 7.into()), ("of", 12.into())])
            && stage.says_around("policy-medium-has", &[("n", 3.into())]),
        "the page does not say what is judged"
    );
    let of_strip = |n: u64| {
        let name = words().with("part-medium", &[("n", n.into()), ("of", 12.into())]);
        format!("{name}, {}", words().text("strip-covered"))
    };
    // A narrow window has room for a few of them at a time.
    press_times(&mut stage, Key::Comma, 4);
    let third = stage.label_of("part.2").unwrap_or_default();
    press_times(&mut stage, Key::Period, 9);
    let last = stage.label_of("part.11");
    press_times(&mut stage, Key::Comma, 5);
    hold!(
        third.starts_with(&format!("{}, ", of_strip(3))) && last == Some(of_strip(12)),
        "the strip says {third:?} and {last:?}"
    );
    hold!(
        !stage.view().has_clear_pixels(),
        "something of the strip is clear"
    );
    let judged: Vec<(u32, PolicyId)> = draft.media.clone();
    // An agent that is killed brings them back.
    stage.pass(700);
    stage.start_desk()?;
    stage.pass(2_000);
    hold!(
        stage.model().draft.media == judged,
        "after the kill it is {:?}",
        stage.model().draft
    );
    stage.press(Key::X);
    stage.pass(8_000);
    let sent = stage.served.decisions()?;
    hold!(sent.len() == 1, "the server has {} decisions", sent.len());
    let decision = &sent[0];
    let policies: Vec<&PolicyId> = judged.iter().map(|(_, id)| id).collect();
    hold!(
        decision.policy_ids.iter().collect::<Vec<_>>() == policies,
        "the item's policies are {:?}",
        decision.policy_ids
    );
    for medium in &decision.media {
        let of_it = judged.iter().find(|(n, _)| *n == medium.n);
        let own: Vec<PolicyId> = of_it.iter().map(|(_, id)| id.clone()).collect();
        hold!(
            medium.policy_ids == own && medium.severity.is_some() == of_it.is_some(),
            "of medium {} the record says {medium:?}",
            medium.n
        );
    }
    let gravest = decision.media.iter().filter_map(|m| m.severity).max();
    hold!(
        Some(decision.severity) == gravest,
        "the item's severity is {}",
        decision.severity
    );
    Ok(())
}
