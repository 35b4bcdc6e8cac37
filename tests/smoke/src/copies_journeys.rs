//! Journeys of copies: one of them is looked at, and what a list knows exactly is not loaded at all.

use egui::Key;
use image::RgbaImage;
use scrim_media::import_to;
use scrim_model::item::{Known, KnownMatch};
use scrim_model::view::{FileViewed, ViewState};
use scrim_model::{ActionKind, Decision, Kind};
use scrim_samples::encode::{Format, encode_jpeg};
use scrim_samples::pictures::{brighter, rings, shapes};
use scrim_samples::{PictureFile, Sample, Settings, sample_of};
use scrim_wire::window::{MediumState, Screen};

use crate::journeys::{Journey, item};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const COPIES: &[Journey] = &[
    Journey {
        name: "near-copies-decided-once",
        about: "of five copies one is looked at; a key each decides the exact and the near ones, and undo takes all back",
        run: near_copies_decided_once,
    },
    Journey {
        name: "copies-one-by-one",
        about: "copies can be shown one by one; each says what it is a copy of, and a wrong match is a key",
        run: one_by_one,
    },
    Journey {
        name: "known-hash-one-key-no-bytes",
        about: "what a list knows exactly comes first and is removed with one key, without a byte of its picture",
        run: known_hash,
    },
    Journey {
        name: "own-list",
        about: "what a list of this desk's own has exactly comes first without being loaded; what looks alike is a hint",
        run: own_list,
    },
    Journey {
        name: "small-covers-first",
        about: "what waits is covered from its smaller version; a picture itself comes when its item opens, and once",
        run: small_covers_first,
    },
];

fn image_of(number: u64, bytes: Vec<u8>, picture: &RgbaImage) -> Sample {
    let file = PictureFile {
        bytes,
        ..PictureFile::new(Format::Jpeg, picture)
    };
    let mut sample = sample_of(&Settings::default(), number, Kind::Image, vec![file]);
    sample.ingest.item.appeal = None;
    sample
}

/// A picture, the same file twice more, two that look alike, and another picture.
fn family() -> Vec<Sample> {
    let picture = rings(640, 480, 3);
    let file = encode_jpeg(&picture, 90);
    vec![
        image_of(1, file.clone(), &picture),
        image_of(2, encode_jpeg(&picture, 40), &picture),
        image_of(3, file.clone(), &picture),
        image_of(4, encode_jpeg(&brighter(picture.clone(), 18), 80), &picture),
        image_of(5, file, &picture),
        image_of(6, encode_jpeg(&shapes(640, 480, 7), 90), &picture),
    ]
}

/// The first of the family is decided, once the others are known.
fn decided(look: Look) -> Result<Stage, Failed> {
    let mut stage = Stage::set(&family(), look)?;
    stage.pass(1_000);
    stage.press(Key::Num2);
    stage.press(Key::X);
    stage.pass(500);
    Ok(stage)
}

/// The screen that offers copies.
pub(crate) fn offered(look: Look) -> Result<Stage, Failed> {
    let mut stage = decided(look)?;
    hold!(
        stage.model().screen == Screen::Copies,
        "the screen is {:?}",
        stage.model().screen
    );
    Ok(stage)
}

fn near_copies_decided_once() -> Result<(), Failed> {
    let mut stage = offered(Look::default())?;
    let first = stage.model().history[0].item_id.clone();
    let copies = stage
        .model()
        .copies
        .unwrap_or_else(|| unreachable!("shown"));
    hold!(
        copies.exact == 2 && copies.near.len() == 2,
        "the copies are {copies:?}"
    );
    hold!(
        stage.model().item.is_none() && stage.says_with("copies-exact-count", &[("n", 2.into())]),
        "the page does not say that there are copies, or shows one"
    );
    stage.press(Key::E);
    stage.pass(600);
    stage.press(Key::N);
    stage.pass(200);
    hold!(
        stage.model().held.len() == 5,
        "{} decisions are held",
        stage.model().held.len()
    );
    stage.press(Key::Z);
    stage.pass(200);
    hold!(
        stage.model().held.is_empty() && item(&mut stage) == Some(first.to_string()),
        "not all of them were taken back"
    );
    stage.press(Key::X);
    stage.pass(600);
    stage.press(Key::E);
    stage.press(Key::N);
    stage.pass(12_000);
    let sent = stage.served.decisions()?;
    hold!(sent.len() == 5, "the server has {} decisions", sent.len());
    let (sources, repeated): (Vec<&Decision>, Vec<&Decision>) =
        sent.iter().partition(|d| d.propagated_from.is_none());
    hold!(
        sources.len() == 1 && sources[0].item_id == first,
        "judged were {sources:?}"
    );
    for copy in repeated {
        let viewed = &copy.media[0];
        hold!(
            copy.propagated_from.as_ref() == Some(&sources[0].decision_id)
                && copy.actions == sources[0].actions
                && copy.policy_ids == sources[0].policy_ids
                && (viewed.state, viewed.file_viewed) == (ViewState::None, FileViewed::No)
                && viewed.hashes.is_some(),
            "a copy's record is {copy:?}"
        );
    }
    let outcomes = stage.served.outcomes()?;
    hold!(
        outcomes.len() == 5,
        "the platform is told of {} decisions",
        outcomes.len()
    );
    Ok(())
}

fn one_by_one() -> Result<(), Failed> {
    let mut stage = offered(Look::default())?;
    stage.press(Key::V);
    stage.pass(500);
    let open = stage.model().item;
    let copy = open.as_ref().and_then(|item| item.copy_of.as_ref());
    hold!(copy.is_some(), "the open item is {open:?}");
    hold!(
        stage.says_around("copies-of", &[]) && !stage.view().has_clear_pixels(),
        "the item does not say what it is a copy of, or is not covered"
    );
    stage.press_with(Key::W, egui::Modifiers::SHIFT);
    stage.pass(200);
    let open = stage.model().item;
    hold!(
        open.as_ref().is_some_and(|item| item.copy_of.is_none()),
        "the wrong match still stands"
    );
    stage.press(Key::F);
    stage.pass(600);
    stage.press_with(Key::E, egui::Modifiers::SHIFT);
    stage.pass(12_000);
    let sent = stage.served.decisions()?;
    let repeated = sent.iter().filter(|d| d.propagated_from.is_some());
    hold!(
        sent.len() == 3 && repeated.count() == 1,
        "the server has {sent:?}"
    );
    Ok(())
}

fn own_list() -> Result<(), Failed> {
    let samples = family();
    let mut stage = Stage::set(&samples, Look::default())?;
    stage.pass(1_000);
    let (listed, alike) = (&samples[1].ingest.item, &samples[3].ingest.item);
    let sha256 = listed.media[0].sha256.clone().unwrap_or_default();
    // The hash that a worker finds of the other picture, as a hotline would list it.
    stage.press(Key::F);
    stage.pass(1_000);
    let found = stage.waiting()?;
    let found = found.first().and_then(|d| d.media[0].hashes.clone());
    let picture = found.and_then(|hashes| hashes.picture);
    let picture = picture.ok_or_else(|| Failed::new("the first picture has no hash"))?;
    let folder = stage.folder().join("hash-lists");
    std::fs::create_dir_all(&folder)?;
    let text = format!("sha256 {sha256}\npdq {}\n", picture.pdq);
    import_to(text.as_bytes(), "own list", &folder.join("1.hashes"))?;
    stage.start_desk()?;
    stage.pass(3_000);
    let open = stage.model().item;
    hold!(
        open.as_ref().is_some_and(|item| item.id == listed.id
            && item.known_exact
            && item.media == [MediumState::NotLoaded]),
        "the open item is {open:?}"
    );
    hold!(
        stage.shows_some("exact · own list"),
        "the page does not name the list"
    );
    stage.press(Key::X);
    for _ in 0..6 {
        stage.pass(6_000);
        match stage.model().item {
            Some(item) if item.id == alike.id => {
                let known = item.known.unwrap_or_default();
                hold!(known == "near · own list", "it is said to be {known:?}");
                hold!(!item.known_exact, "a hint must not be a verdict");
                return Ok(());
            }
            Some(_) => stage.press(Key::F),
            None => stage.press(Key::V),
        }
    }
    Err(Failed::new("the picture that looks alike never came"))
}

fn known_hash() -> Result<(), Failed> {
    let mut samples: Vec<Sample> = family().drain(4..).collect();
    for sample in &mut samples {
        let medium = &mut sample.ingest.item.media[0];
        medium.known = Some(Known {
            list: "sample list".to_owned(),
            match_kind: KnownMatch::Exact,
            distance: None,
        });
        sample.ingest.item.severity_hint = 4;
        sample.ingest.item.default_policy = None;
    }
    let mut stage = Stage::set(&samples, Look::default())?;
    stage.pass(2_000);
    let open = stage.model().item;
    hold!(
        open.as_ref()
            .is_some_and(|item| item.known_exact && item.media == [MediumState::NotLoaded]),
        "the open item is {open:?}"
    );
    hold!(
        stage.says("known-exact-hint"),
        "the page does not say that it need not be loaded"
    );
    stage.press(Key::X);
    stage.pass(8_000);
    let sent = stage.served.decisions()?;
    hold!(
        sent.len() == 1
            && sent[0].headline() == ActionKind::Remove.as_str()
            && sent[0].media[0].state == ViewState::None,
        "the server has {sent:?}"
    );
    let served = stage.served.media_served()?;
    hold!(served == 0, "the server handed out {served} media");
    // Loading is a choice, and stays one that is recorded.
    stage.press(Key::V);
    stage.pass(1_500);
    let open = stage.model().item;
    hold!(
        open.as_ref()
            .is_some_and(|item| matches!(item.media[..], [MediumState::Covered { .. }])),
        "after loading the item is {open:?}"
    );
    stage.press(Key::X);
    stage.pass(8_000);
    let sent = stage.served.decisions()?;
    let loaded = sent.iter().filter(|d| d.media[0].loaded_by_choice);
    hold!(loaded.count() == 1, "the server has {sent:?}");
    Ok(())
}

fn small_covers_first() -> Result<(), Failed> {
    let picture = |number: u64| rings(1600, 1200, number);
    let samples: Vec<Sample> = (1..=3)
        .map(|number| {
            let drawn = picture(number);
            let file = PictureFile::new(Format::Png, &drawn).with_cover(&drawn);
            let mut sample = sample_of(&Settings::default(), number, Kind::Image, vec![file]);
            sample.ingest.item.appeal = None;
            sample
        })
        .collect();
    let mut stage = Stage::set(&samples, Look::default())?;
    stage.pass(2_000);
    let open = stage.model().item;
    let whole = MediumState::Covered {
        width: 1600,
        height: 1200,
        whole: true,
    };
    hold!(
        open.as_ref().is_some_and(|item| item.media == [whole]),
        "the open item is {open:?}"
    );
    let (small, served) = (stage.served.covers_served()?, stage.served.media_served()?);
    hold!(
        (small, served) == (3, 1),
        "the server handed out {small} smaller versions and {served} media"
    );
    for _ in 0..3 {
        stage.press(Key::F);
        stage.pass(8_000);
    }
    let served = (stage.served.covers_served()?, stage.served.media_served()?);
    hold!(
        served == (3, 3),
        "the server handed out {served:?} in the end"
    );
    let sent = stage.served.decisions()?;
    hold!(sent.len() == 3, "the server has {sent:?}");
    for decision in &sent {
        let medium = &decision.media[0];
        let found = medium.hashes.as_ref().map(|hashes| &hashes.sha256);
        hold!(
            found.is_some() && found == medium.sha256.as_ref(),
            "the record does not name the whole: {medium:?}"
        );
    }
    Ok(())
}
