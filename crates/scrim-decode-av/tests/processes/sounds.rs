//! Clips: the sound of one second each.

use scrim_media::{Heard, Pool, Rejection, RevealProof, SoundLook};
use scrim_samples::moving::{BANDS, SILENT_MP4, TONE_WAV, TONES, VIDEOS};
use scrim_wire::shared::map_read;

use crate::support::{medium, pool};

const OPEN: SoundLook = SoundLook {
    cap_db: 0,
    narrow: false,
};
const NARROW: SoundLook = SoundLook {
    cap_db: 12,
    narrow: true,
};
/// The loudest sample that 12 dB below full scale leaves.
const NARROW_MOST: u16 = 8_231;
/// Away from what comes before and after.
const MIDDLE: std::ops::Range<usize> = 6_000..18_000;

fn heard(pool: &Pool, bytes: &[u8], clip: u32, look: SoundLook) -> Result<Heard, Rejection> {
    let sound = pool.sound_clip(&medium(bytes), clip, look)?;
    Ok(sound.reveal(RevealProof::from_durable("reveal-1")))
}

#[track_caller]
fn samples(pool: &Pool, bytes: &[u8], clip: u32, look: SoundLook) -> Vec<i16> {
    let heard = heard(pool, bytes, clip, look).unwrap();
    let pairs = heard.bytes().unwrap().chunks_exact(2);
    assert_eq!(pairs.len(), heard.samples() as usize);
    pairs
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect()
}

/// How loud a stretch is, in decibels of the loudest tone that there can be.
fn loud_db(samples: &[i16]) -> f64 {
    let sum: f64 = samples
        .iter()
        .map(|&sample| f64::from(sample).powi(2))
        .sum();
    let mean = (2.0 * sum / samples.len() as f64).sqrt() / f64::from(i16::MAX);
    20.0 * mean.max(1e-9).log10()
}

/// The bands as a WAV.
fn bands_wav(rate: u32) -> Vec<u8> {
    let mut wav = TONE_WAV[..TONE_WAV.len() - 48_000].to_vec();
    let rate_at = wav.windows(4).position(|four| four == b"fmt ").unwrap() + 12;
    wav[rate_at..rate_at + 4].copy_from_slice(&rate.to_le_bytes());
    wav[rate_at + 4..rate_at + 8].copy_from_slice(&(rate * 2).to_le_bytes());
    let len_at = wav.len() - 4;
    wav[len_at..].copy_from_slice(&(rate * 16).to_le_bytes());
    wav[4..8].copy_from_slice(&(rate * 16 + u32::try_from(len_at).unwrap() - 4).to_le_bytes());
    for (hz, seconds) in [(1_000.0, 4), (100.0, 2), (8_000.0, 2)] {
        wav.extend((0..rate * seconds).flat_map(|number| {
            let time = f64::from(number) / f64::from(rate);
            let value = (std::f64::consts::TAU * hz * time).sin() * 0.9 * 32_767.0;
            (value as i16).to_le_bytes()
        }));
    }
    wav
}

/// Every codec, and three rates of samples as they are.
fn all_bands() -> Vec<(String, Vec<u8>)> {
    let files = BANDS
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
    let wavs = [22_050, 24_000, 96_000].map(|rate| (format!("{rate} Hz"), bands_wav(rate)));
    files.chain(wavs).collect()
}

#[test]
fn what_lies_outside_of_the_narrow_band_is_gone_and_nothing_is_louder_than_the_cap() {
    let pool = pool();
    for (name, bytes) in all_bands() {
        let [voice, low, high] = [1, 5, 6].map(|clip| {
            let open = samples(&pool, &bytes, clip, OPEN);
            let narrow = samples(&pool, &bytes, clip, NARROW);
            let most = narrow.iter().map(|sample| sample.unsigned_abs()).max();
            assert!(
                most.unwrap() <= NARROW_MOST,
                "{name}: clip {clip}: {most:?}"
            );
            let (open, narrow) = (loud_db(&open[MIDDLE]), loud_db(&narrow[MIDDLE]));
            assert!(
                (-4.0..0.1).contains(&open),
                "{name}: clip {clip}: {open} dB"
            );
            narrow - open
        });
        assert!((voice + 12.0).abs() < 1.0, "{name}: {voice} dB");
        assert!(low < voice - 20.0, "{name}: 100 Hz: {low} dB");
        assert!(high < voice - 20.0, "{name}: 8 kHz: {high} dB");
    }
}

#[test]
fn clips_of_a_steady_tone_join_without_a_click() {
    let pool = pool();
    for (name, bytes) in all_bands() {
        for look in [OPEN, NARROW] {
            let clips = [0, 1, 2, 3].map(|clip| samples(&pool, &bytes, clip, look));
            for clip in &clips {
                assert_eq!(clip.len(), 24_000, "{name}");
            }
            let joined: Vec<i32> = clips.concat().into_iter().map(i32::from).collect();
            let steps: Vec<i32> = joined.windows(2).map(|two| two[1] - two[0]).collect();
            let bends: Vec<i32> = steps.windows(2).map(|two| two[1] - two[0]).collect();
            for (what, all) in [("step", steps), ("bend", bends)] {
                let largest = |within: std::ops::Range<usize>| {
                    all[within].iter().map(|step| step.abs()).max().unwrap()
                };
                // Away from the joints, and from where the tone begins.
                let within = largest(26_000..46_000).max(largest(50_000..70_000));
                for joint in [24_000, 48_000, 72_000] {
                    let at_joint = largest(joint - 60..joint + 60);
                    assert!(
                        at_joint <= within + within / 50,
                        "{name}: {look:?}: a {what} of {at_joint} at {joint}, {within} within"
                    );
                }
            }
        }
    }
}

#[test]
fn sound_is_of_its_time() {
    let pool = pool();
    for (name, bytes) in TONES.into_iter().chain(VIDEOS) {
        for (clip, loud) in (0..).zip([0.1_f64, 0.4, 0.7, 0.2]) {
            let samples = samples(&pool, bytes, clip, OPEN);
            // A little away from both ends, where the next loudness begins.
            let off = loud_db(&samples[1_200..22_800]) - 20.0 * loud.log10();
            assert!(off.abs() < 1.5, "{name}: clip {clip} is off by {off} dB");
        }
    }
}

#[test]
fn the_last_clip_is_as_long_as_what_is_left() {
    let pool = pool();
    for (name, bytes) in TONES.into_iter().chain(VIDEOS) {
        let facts = pool.waveform(&medium(bytes)).unwrap().facts;
        let left = facts.duration_ms % 1_000;
        let last = (facts.duration_ms - 1) / 1_000;
        let heard = heard(&pool, bytes, last, OPEN).expect(name);
        let expected = if left == 0 { 24_000 } else { left * 24 };
        assert_eq!(heard.samples(), expected, "{name}");
        let got = self::heard(&pool, bytes, last + 1, OPEN);
        assert_eq!(got.unwrap_err(), Rejection::NoSuchFrame, "{name}");
    }
    let got = heard(&pool, TONE_WAV, u32::MAX, OPEN);
    assert_eq!(got.unwrap_err(), Rejection::NoSuchFrame);
}

#[test]
fn pictures_alone_have_no_sound() {
    let got = heard(&pool(), SILENT_MP4, 0, OPEN);
    assert_eq!(got.unwrap_err(), Rejection::Unsupported);
}

#[test]
fn sound_is_wiped_with_its_reveal() {
    let pool = pool();
    let heard = heard(&pool, TONE_WAV, 0, NARROW).unwrap();
    assert_eq!(heard.reveal_id(), "reveal-1");
    let mapped = map_read(heard.read_only().unwrap(), heard.byte_len()).unwrap();
    assert!(mapped.iter().any(|&byte| byte != 0));
    drop(heard);
    assert!(mapped.iter().all(|&byte| byte == 0));
    // What nobody heard is wiped as well: it has no other way out.
    drop(pool.sound_clip(&medium(TONE_WAV), 0, NARROW).unwrap());
}
