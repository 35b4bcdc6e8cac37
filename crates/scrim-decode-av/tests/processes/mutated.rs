//! Damaged files of every format that lasts, each in a real worker: shown or refused with a reason in time; no worker
//! crashes, lies or runs out of time. `scrim-decode` has the like for pictures.

use std::time::{Duration, Instant};

use scrim_media::{Medium, Pool, Rejection};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::moving::{
    AV1_OPUS_WEBM, H264_AAC_MP4, SILENT_MP4, TONE_MP3, TONE_OPUS_OGG, TONE_VORBIS_OGG, TONE_WAV,
    VP8_VORBIS_WEBM, VP9_OPUS_WEBM,
};
use scrim_samples::mutate::mutated;

use crate::hostile::{LOOK, REASONS, desk_pool};

/// Files of each share; nine shares.
const FILES: u64 = 120;
/// What a moderator waits for at most.
const IN_TIME: Duration = Duration::from_secs(5);

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Sheet,
    Still,
    Waveform,
    Frames,
    Sound,
}

const PICTURES: &[Asked] = &[Asked::Sheet, Asked::Still, Asked::Frames];
const SOUND: &[Asked] = &[Asked::Waveform, Asked::Sound];
const BOTH: &[Asked] = &[
    Asked::Sheet,
    Asked::Still,
    Asked::Waveform,
    Asked::Frames,
    Asked::Sound,
];

fn tried(pool: &Pool, medium: &Medium, asked: Asked) -> Result<(), Rejection> {
    match asked {
        Asked::Sheet => pool
            .sheet(medium, 9, CoverStep::Normal, CoverStyle::default())
            .map(drop),
        Asked::Still => pool.fit_at(medium, 700, (160, 90)).map(drop),
        Asked::Waveform => pool.waveform(medium).map(drop),
        Asked::Frames => pool.clear_clip(medium, 1, (160, 90), None).map(drop),
        Asked::Sound => pool.sound_clip(medium, 1, LOOK).map(drop),
    }
}

fn share(name: &str, number: u64, file: &[u8], asked: &[Asked]) {
    let pool = desk_pool();
    for asked in asked {
        let whole = tried(&pool, &Medium::copy(file).unwrap(), *asked);
        assert_eq!(whole, Ok(()), "{name}: {asked:?}");
    }
    let (mut shown, mut refused) = (0, 0);
    for (turn, asked) in (0..FILES).zip(asked.iter().cycle()) {
        let damaged = mutated(file, TONE_WAV, number * 10_000 + turn);
        let medium = Medium::take(damaged).unwrap();
        let mut began = Instant::now();
        let mut outcome = tried(&pool, &medium, *asked);
        if began.elapsed() >= IN_TIME {
            // The machine may have done something else meanwhile: a file that takes long takes long twice.
            began = Instant::now();
            outcome = tried(&pool, &medium, *asked);
        }
        assert!(began.elapsed() < IN_TIME, "{name} {turn} took too long");
        match outcome {
            Ok(()) => shown += 1,
            Err(why) => {
                assert!(REASONS.contains(&why), "{name} {turn}: {why:?}");
                refused += 1;
            }
        }
    }
    assert!(
        shown > 0 && refused > 0,
        "{name}: {shown} shown, {refused} refused"
    );
}

#[test]
fn damaged_h264_and_aac_in_mp4() {
    share("h264-aac.mp4", 21, H264_AAC_MP4, BOTH);
}

#[test]
fn damaged_h264_without_sound() {
    share("silent.mp4", 22, SILENT_MP4, PICTURES);
}

#[test]
fn damaged_vp8_and_vorbis_in_webm() {
    share("vp8-vorbis.webm", 23, VP8_VORBIS_WEBM, BOTH);
}

#[test]
fn damaged_vp9_and_opus_in_webm() {
    share("vp9-opus.webm", 24, VP9_OPUS_WEBM, BOTH);
}

#[test]
fn damaged_av1_and_opus_in_webm() {
    share("av1-opus.webm", 25, AV1_OPUS_WEBM, BOTH);
}

#[test]
fn damaged_mp3() {
    share("tone.mp3", 26, TONE_MP3, SOUND);
}

#[test]
fn damaged_wav() {
    share("tone.wav", 27, TONE_WAV, SOUND);
}

#[test]
fn damaged_vorbis_in_ogg() {
    share("tone-vorbis.ogg", 28, TONE_VORBIS_OGG, SOUND);
}

#[test]
fn damaged_opus_in_ogg() {
    share("tone-opus.ogg", 29, TONE_OPUS_OGG, SOUND);
}
