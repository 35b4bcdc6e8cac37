//! Journeys of video and sound: covered stills first, single frames, and how loud a sound is.

use egui::{Key, Modifiers};
use image::RgbaImage;
use scrim_model::settings::{Key as SettingKey, Value};
use scrim_model::view::{CoverKind, FileViewed, RevealMode, ViewState};
use scrim_model::{ActionKind, Kind};
use scrim_samples::moving::{H264_AAC_MP4, LONG_MP4, TONE_OPUS_OGG, lasting_sample};
use scrim_samples::{Settings, stills};
use scrim_wire::window::{Command, FilmView, MediumState};

use crate::journeys::{Journey, sharpness};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const FILMS: &[Journey] = &[
    Journey {
        name: "video-contact-sheet-first",
        about: "a video opens as nine covered stills; one still is looked at, frames are stepped, a sound shows its waveform",
        run: contact_sheet_first,
    },
    Journey {
        name: "video-plays-covered",
        about: "a video plays covered and silent when it is asked to, is looked at while it plays, and stops with the focus",
        run: plays_covered,
    },
    Journey {
        name: "sound-only-while-held",
        about: "a video and a sound are heard only while the sound key is held, softly and on record",
        run: sound_only_while_held,
    },
    Journey {
        name: "presence-key",
        about: "what plays is paused and covered when no key is pressed for a while, and any key in time lets it go on",
        run: presence_key,
    },
    Journey {
        name: "frames-and-zoom",
        about: "a picture that moves is gone through frame by frame; zoomed into, a large picture has all of its pixels",
        run: frames_and_zoom,
    },
    Journey {
        name: "watched-to-the-end",
        about: "a video that was played clear from end to end counts as viewed; its place survives a restart",
        run: watched_to_the_end,
    },
];

/// The first item's medium, if it lasts.
pub(crate) fn film(stage: &mut Stage) -> Option<FilmView> {
    stage.model().item?.films.into_iter().next()?
}

fn at(stage: &mut Stage) -> Option<(u32, u32)> {
    let film = film(stage)?;
    Some((film.at_ms?, film.begins_ms))
}

/// A desk whose queue holds a video, then a sound.
pub(crate) fn desk_with_film(look: Look) -> Result<Stage, Failed> {
    let settings = Settings::default();
    let video = ("video/mp4", "mp4");
    let mut video = lasting_sample(&settings, 1, Kind::Video, video, H264_AAC_MP4);
    video.ingest.item.priority = 2;
    let sound = ("audio/ogg", "ogg");
    let mut sound = lasting_sample(&settings, 2, Kind::Audio, sound, TONE_OPUS_OGG);
    sound.ingest.item.priority = 3;
    Stage::set(&[video, sound], look)
}

fn contact_sheet_first() -> Result<(), Failed> {
    let mut stage = desk_with_film(Look::default())?;
    let item = stage
        .model()
        .item
        .ok_or_else(|| Failed::new("no item is open"))?;
    hold!(
        item.kind == Kind::Video,
        "the video comes first, not {:?}",
        item.kind
    );
    hold!(
        matches!(
            item.media[..],
            [MediumState::Covered {
                width: 320,
                height: 180,
                ..
            }]
        ),
        "its sheet is not there: {:?}",
        item.media
    );
    let sheet = film(&mut stage).ok_or_else(|| Failed::new("nothing is known of the video"))?;
    hold!(
        sheet.at_ms.is_none() && sheet.stills == 9 && sheet.has_sound,
        "it does not open as nine stills: {sheet:?}"
    );
    hold!(
        sheet.duration_ms == 4_000,
        "it lasts {} ms",
        sheet.duration_ms
    );
    for number in 1..=9 {
        let still = format!("film.still.{}", number - 1);
        hold!(stage.offers(&still), "still {number} cannot be chosen");
    }
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(!stage.view().has_clear_pixels(), "a sheet was looked at");

    // The fifth still lies in the middle: frame 50 of 100.
    stage.click("film.still.4")?;
    hold!(
        at(&mut stage) == Some((2_000, 2_000)),
        "not at 2 s: {:?}",
        film(&mut stage)
    );
    stage.press(Key::Period);
    stage.press(Key::Period);
    hold!(
        at(&mut stage) == Some((2_080, 2_080)),
        "not two frames on: {:?}",
        film(&mut stage)
    );
    stage.press(Key::Comma);
    hold!(
        at(&mut stage) == Some((2_079, 2_040)),
        "not one frame back: {:?}",
        film(&mut stage)
    );

    let covered = stage.picture()?;
    let area = stage.medium_area()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(stage.view().has_clear_pixels(), "the still is not revealed");
    let clear = stage.picture()?;
    let (before, after) = (sharpness(&covered, area), sharpness(&clear, area));
    hold!(
        before * 4.0 < after,
        "the cover is sharp: {before} of {after} in {area:?}"
    );
    stage.press(Key::CloseBracket);
    hold!(!stage.view().has_clear_pixels(), "moving on did not cover");
    hold!(
        at(&mut stage) == Some((3_999, 3_960)),
        "five seconds on is not the end: {:?}",
        film(&mut stage)
    );
    stage.press(Key::OpenBracket);
    hold!(
        at(&mut stage) == Some((0, 0)),
        "five seconds back is not the beginning"
    );
    stage.press(Key::Backslash);
    hold!(
        film(&mut stage).is_some_and(|film| film.at_ms.is_none()),
        "not back at the sheet"
    );

    stage.press(Key::F);
    let waiting = stage.waiting()?;
    let [decision] = &waiting[..] else {
        return Err(Failed::new("the decision is not on record"));
    };
    hold!(
        decision.actions[0].kind == ActionKind::Allow,
        "another decision is on record"
    );
    let seen = &decision.media[0];
    hold!(
        seen.file_viewed == FileViewed::No && seen.state == ViewState::Partial,
        "one clear still counts as {:?}, {:?}",
        seen.file_viewed,
        seen.state
    );

    let item = stage
        .model()
        .item
        .ok_or_else(|| Failed::new("no sound is open"))?;
    hold!(
        item.media == [MediumState::Sound],
        "not a sound: {:?}",
        item.media
    );
    let sound = film(&mut stage).ok_or_else(|| Failed::new("nothing is known of the sound"))?;
    let loud: Vec<u8> = [64, 192, 320, 448].map(|at| sound.peaks[at]).into();
    hold!(
        loud[0] < loud[3] && loud[3] < loud[1] && loud[1] < loud[2],
        "its waveform is not the tone's: {loud:?}"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(!stage.view().has_clear_pixels(), "a sound was looked at");
    Ok(())
}

/// Pixels of an area that are not alike in two frames.
fn differ(a: &RgbaImage, b: &RgbaImage, (left, top, right, bottom): (u32, u32, u32, u32)) -> usize {
    let at = |x, y| a.get_pixel(x, y).0[0].abs_diff(b.get_pixel(x, y).0[0]);
    let rows = top..bottom.min(a.height());
    rows.map(|y| {
        (left..right.min(a.width()))
            .filter(|x| at(*x, y) > 2)
            .count()
    })
    .sum()
}

fn plays(stage: &mut Stage) -> bool {
    film(stage).is_some_and(|film| film.playing.is_some())
}

/// Loudest sample and how many there are of what was heard since it was silent last.
fn loudest(stage: &Stage) -> (u16, usize) {
    let heard = stage.heard();
    let loudest = heard
        .samples
        .iter()
        .map(|sample| sample.unsigned_abs())
        .max();
    (loudest.unwrap_or(0), heard.samples.len())
}

fn plays_covered() -> Result<(), Failed> {
    let mut stage = desk_with_film(Look::default())?;
    stage.pass(3_000);
    hold!(!plays(&mut stage), "it plays without being asked to");
    stage.press(Key::Semicolon);
    hold!(plays(&mut stage), "it does not play");
    stage.pass(300);
    let first = stage.picture()?;
    stage.pass(700);
    let second = stage.picture()?;
    let area = stage.medium_area()?;
    hold!(differ(&first, &second, area) > 1_000, "nothing moves");
    hold!(loudest(&stage).1 == 0, "it can be heard");
    hold!(!stage.view().has_clear_pixels(), "something clear is there");

    let covered = stage.picture()?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(stage.view().has_clear_pixels(), "it cannot be looked at");
    let clear = stage.picture()?;
    let (before, after) = (sharpness(&covered, area), sharpness(&clear, area));
    hold!(
        before * 2.0 < after,
        "the cover is sharp or the look is not: {before} and {after}"
    );
    stage.focus(false);
    hold!(!stage.view().has_clear_pixels(), "clear without the focus");
    hold!(!plays(&mut stage), "it plays on without the focus");
    stage.focus(true);
    hold!(!plays(&mut stage), "it plays by itself with the focus");
    let at = film(&mut stage).and_then(|film| film.at_ms);
    hold!(
        at.is_some_and(|at| (1_000..4_000).contains(&at)),
        "it does not stand where it was: {at:?}"
    );
    Ok(())
}

fn sound_only_while_held() -> Result<(), Failed> {
    let mut stage = desk_with_film(Look::default())?;
    let item = stage.model().item.ok_or_else(|| Failed::new("no item"))?.id;
    stage.press(Key::Semicolon);
    stage.pass(500);
    hold!(loudest(&stage).1 == 0, "heard without the key");
    stage.down(Key::S);
    stage.pass(800);
    let (loud, count) = loudest(&stage);
    hold!(
        count > 0 && loud > 0,
        "nothing is heard while the key is down"
    );
    // -12 dB of full scale.
    hold!(loud <= 8_231, "it is louder than the cap: {loud}");
    hold!(
        !stage.view().has_clear_pixels(),
        "sound revealed the picture"
    );
    stage.up(Key::S);
    hold!(
        loudest(&stage).1 == 0,
        "it is heard after the key was let go"
    );
    stage.pass(500);
    hold!(loudest(&stage).1 == 0, "it is heard again by itself");
    hold!(plays(&mut stage), "it plays on, silent");
    let kept = stage.intervals_of(&item)?;
    let [interval] = &kept[..] else {
        return Err(Failed::new(format!(
            "{} intervals of one hearing",
            kept.len()
        )));
    };
    hold!(
        interval.mode == RevealMode::Sound && interval.sound && interval.shown,
        "the hearing is not on record: {interval:?}"
    );
    hold!(
        interval.cover != CoverKind::Clear && !interval.played.is_empty(),
        "its cover or its stretch is not on record: {interval:?}"
    );
    // The look and the sound are of one reveal, and the sound goes with it.
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.down(Key::S);
    stage.pass(300);
    hold!(loudest(&stage).1 > 0, "not heard with a look");
    stage.press(Key::F9);
    hold!(
        loudest(&stage).1 == 0 && !plays(&mut stage),
        "cover all leaves sound"
    );
    stage.up(Key::S);

    stage.pass(2_000);
    stage.press(Key::F9);
    stage.press(Key::F);
    let item = stage
        .model()
        .item
        .ok_or_else(|| Failed::new("no sound is open"))?;
    hold!(item.media == [MediumState::Sound], "not the sound");
    stage.press(Key::Semicolon);
    hold!(
        loudest(&stage).1 == 0,
        "a sound plays aloud without the key"
    );
    stage.down(Key::S);
    stage.pass(600);
    let (loud, count) = loudest(&stage);
    hold!(
        count > 0 && loud > 0 && loud <= 8_231,
        "{count} samples, loudest {loud}"
    );
    stage.up(Key::S);
    hold!(loudest(&stage).1 == 0, "a sound is heard after the key");
    Ok(())
}

fn presence_key() -> Result<(), Failed> {
    let settings = Settings::default();
    let long = ("video/mp4", "mp4");
    let long = lasting_sample(&settings, 1, Kind::Video, long, LONG_MP4);
    let mut stage = Stage::set(&[long], Look::default())?;
    stage.command(Command::SetSetting {
        key: SettingKey::RevealPresence,
        value: Some(Value::Number(10)),
    });
    let asks = "film-state-presence";
    stage.press(Key::Semicolon);
    hold!(plays(&mut stage), "it does not play");
    stage.pass(4_000);
    hold!(!stage.says_around(asks, &[]), "it asks for a key too early");
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(stage.view().has_clear_pixels(), "it cannot be looked at");
    stage.pass(6_000);
    hold!(stage.says_around(asks, &[]), "it does not ask for a key");
    stage.press(Key::CloseBracket);
    hold!(
        !stage.says_around(asks, &[]),
        "it asks although a key was pressed"
    );
    stage.pass(9_500);
    hold!(
        plays(&mut stage) && stage.view().has_clear_pixels(),
        "a key in time does not let it go on"
    );
    stage.pass(1_000);
    hold!(!plays(&mut stage), "it plays on with nobody there");
    hold!(
        !stage.view().has_clear_pixels(),
        "it is clear with nobody there"
    );
    hold!(
        stage.says_around("film-state-alone", &[]),
        "it does not say why it stands still"
    );
    let at = film(&mut stage).and_then(|film| film.at_ms);
    hold!(
        at.is_some_and(|at| at > 10_000),
        "it lost its place: {at:?}"
    );
    stage.press(Key::Semicolon);
    hold!(plays(&mut stage), "it cannot be played on");
    Ok(())
}

fn watched_to_the_end() -> Result<(), Failed> {
    let mut stage = desk_with_film(Look::default())?;
    stage.press(Key::CloseBracket);
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.view().has_clear_pixels(),
        "the first still is not clear"
    );
    stage.press(Key::Semicolon);
    hold!(stage.view().has_clear_pixels(), "playing ended the look");
    stage.pass(1_000);
    stage.press(Key::Semicolon);
    let at = film(&mut stage).and_then(|film| film.at_ms);
    hold!(
        at.is_some_and(|at| (1_500..3_500).contains(&at)),
        "not paused in its middle: {at:?}"
    );
    stage.pass(10_000);
    stage.stop_desk();
    stage.start_desk()?;
    let again = film(&mut stage).and_then(|film| film.at_ms);
    hold!(
        again == at,
        "the place did not survive: {again:?}, not {at:?}"
    );

    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::Semicolon);
    stage.pass(6_000);
    hold!(!plays(&mut stage), "it does not end");
    hold!(!stage.view().has_clear_pixels(), "clear after its end");
    stage.press(Key::F);
    let waiting = stage.waiting()?;
    let seen = &waiting[0].media[0];
    hold!(
        seen.file_viewed == FileViewed::Yes && seen.state == ViewState::Full,
        "played clear to its end it counts as {:?}, {:?}",
        seen.file_viewed,
        seen.state
    );
    Ok(())
}

fn frames_and_zoom() -> Result<(), Failed> {
    let settings = Settings::default();
    let moving = stills::frames::gif(320, 240, 3);
    let moving = lasting_sample(&settings, 1, Kind::Image, ("image/gif", "gif"), &moving);
    let large = stills::png(2_880, 1_620);
    let large = lasting_sample(&settings, 2, Kind::Image, ("image/png", "png"), &large);
    let mut stage = Stage::set(&[moving, large], Look::default())?;
    hold!(
        stage.says_with("film-state-frame", &[("n", 1.into()), ("of", 3.into())]),
        "its frames are not counted"
    );
    let first = stage.picture()?;
    stage.press(Key::CloseBracket);
    stage.press(Key::CloseBracket);
    hold!(
        stage.says_with("film-state-frame", &[("n", 3.into()), ("of", 3.into())]),
        "the third frame is not there"
    );
    let third = stage.picture()?;
    hold!(
        differ(&first, &third, stage.medium_area()?) > 1_000,
        "another frame looks the same"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.view().has_clear_pixels(),
        "a frame cannot be looked at"
    );
    stage.press(Key::OpenBracket);
    hold!(
        !stage.view().has_clear_pixels(),
        "another frame did not cover"
    );
    stage.press(Key::F);
    let waiting = stage.waiting()?;
    hold!(
        waiting[0].media[0].file_viewed == FileViewed::No,
        "one frame counts as the whole file"
    );

    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(
        stage.view().clear_size() == Some([1_920, 1_080]),
        "not fitted: {:?}",
        stage.view().clear_size()
    );
    stage.press(Key::PageUp);
    hold!(
        stage.view().clear_size() == Some([2_880, 1_620]),
        "not all of its pixels: {:?}",
        stage.view().clear_size()
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(!stage.view().has_clear_pixels(), "it does not cover");
    Ok(())
}
