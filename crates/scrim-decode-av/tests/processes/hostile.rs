//! Media that lie, end early or never, or are none: shown as far as they go, or a typed reason, in time.

use std::time::{Duration, Instant};

use scrim_media::{Pool, PoolSettings, Rejection, SoundLook};
use scrim_samples::moving::{H264_AAC_MP4, SILENT_MP4, TONE_WAV, TONES, VIDEOS};

use crate::support::{clear, medium, sheet, worker};

/// As on a desk.
pub(crate) fn desk_pool() -> Pool {
    Pool::new(PoolSettings {
        moving_worker: worker(),
        ..PoolSettings::new("/nowhere/scrim-decode".into())
    })
}

/// Reasons that a bad medium may have. Crashes, lies and deadlines are not among them.
pub(crate) const REASONS: [Rejection; 6] = [
    Rejection::Malformed,
    Rejection::Truncated,
    Rejection::Unsupported,
    Rejection::TooLarge,
    Rejection::Empty,
    Rejection::NoSuchFrame,
];
/// Louder than nothing, and through all that sound goes through.
pub(crate) const LOOK: SoundLook = SoundLook {
    cap_db: 12,
    narrow: true,
};

/// Shown or a reason, within the deadline; true if shown.
#[track_caller]
fn is_shown(pool: &Pool, bytes: &[u8], what: &str) -> bool {
    let started = Instant::now();
    let outcomes = [
        sheet(pool, bytes).map(drop),
        clear(pool, bytes, 1_000, (320, 180)).map(drop),
        pool.waveform(&medium(bytes)).map(drop),
        pool.clear_clip(&medium(bytes), 1, (320, 180), None)
            .map(drop),
        pool.sound_clip(&medium(bytes), 1, LOOK).map(drop),
    ];
    assert!(
        started.elapsed() < Duration::from_secs(25),
        "{what} took {:?}",
        started.elapsed()
    );
    for outcome in outcomes {
        if let Err(why) = outcome {
            assert!(REASONS.contains(&why), "{what}: {why:?}");
        }
    }
    outcomes[..2].iter().all(|outcome| outcome.is_ok()) || outcomes[2].is_ok()
}

#[test]
fn what_ends_early_is_shown_as_far_as_it_goes_or_has_a_reason() {
    let pool = desk_pool();
    for (name, bytes) in VIDEOS.into_iter().chain(TONES) {
        for per_cent in [1, 50, 95] {
            let cut = &bytes[..bytes.len() * per_cent / 100];
            is_shown(&pool, cut, &format!("{per_cent} % of {name}"));
        }
    }
    // An MP4 whose index stands at its end has nothing without it, and says that it is cut off.
    let half = &H264_AAC_MP4[..H264_AAC_MP4.len() / 2];
    assert_eq!(sheet(&pool, half).unwrap_err(), Rejection::Truncated);
    // With the index at the front, the first part is there.
    let most = &SILENT_MP4[..SILENT_MP4.len() * 3 / 4];
    assert!(sheet(&pool, most).is_ok());
}

#[test]
fn other_files_are_not_opened() {
    let pool = desk_pool();
    for bytes in [
        &b"harmless text"[..],
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/a.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x24\0\0\0AVI LIST",
        b"FLV\x01\x05\0\0\0\x09\0\0\0\0",
    ] {
        assert_eq!(sheet(&pool, bytes).unwrap_err(), Rejection::Unsupported);
    }
}

#[test]
fn claimed_lengths_and_numbers_of_frames_are_not_believed() {
    let pool = desk_pool();
    // "How long it lasts" in the header of the whole, of the track and of its medium: some 49 days.
    let mut bytes = SILENT_MP4.to_vec();
    for (name, offset) in [(b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)] {
        let at = find(&bytes, name);
        bytes[at + offset..at + offset + 4].copy_from_slice(&u32::MAX.to_be_bytes());
    }
    if let Ok(sheet) = sheet(&pool, &bytes) {
        assert!(
            sheet.facts.duration_ms <= 3_000,
            "{}",
            sheet.facts.duration_ms
        );
    }
    is_shown(&pool, &bytes, "a length of 49 days");
    // A thousand million frames, each as long as the last number of the table says.
    let mut bytes = SILENT_MP4.to_vec();
    let at = find(&bytes, b"stts") + 12;
    bytes[at..at + 4].copy_from_slice(&1_000_000_000_u32.to_be_bytes());
    is_shown(&pool, &bytes, "a thousand million frames");
    let mut bytes = SILENT_MP4.to_vec();
    let at = find(&bytes, b"stsz") + 12;
    bytes[at..at + 4].copy_from_slice(&1_000_000_000_u32.to_be_bytes());
    is_shown(&pool, &bytes, "a thousand million sizes");
    // A WAV that says it has four gigabytes.
    let mut bytes = TONE_WAV.to_vec();
    let at = find(&bytes, b"data") + 4;
    bytes[at..at + 4].copy_from_slice(&(u32::MAX - 8).to_be_bytes());
    is_shown(&pool, &bytes, "a WAV of 4 GB");
}

#[test]
fn a_frame_too_large_is_refused_by_its_header() {
    let mut bytes = SILENT_MP4.to_vec();
    // The first "avc1" is one of the file's brands.
    let sample = find(&bytes, b"stsd");
    let at = sample + find(&bytes[sample..], b"avc1") + 28;
    bytes[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    let at = find(&bytes, b"tkhd") + 80;
    bytes[at..at + 8].copy_from_slice(&[0xff; 8]);
    is_shown(&desk_pool(), &bytes, "65,535 pixels a side");
}

/// FFmpeg writes a date out as text, for which the C library wants the machine's time zone from a file.
#[test]
fn a_date_in_a_file_reads_no_time_zone() {
    let mut bytes = SILENT_MP4.to_vec();
    let at = find(&bytes, b"mvhd") + 8;
    bytes[at..at + 4].copy_from_slice(&0xe000_0000_u32.to_be_bytes());
    let shown = sheet(&desk_pool(), &bytes);
    assert!(shown.is_ok(), "{:?}", shown.unwrap_err());
}

#[test]
fn changed_bytes_anywhere_never_bring_a_worker_down() {
    let pool = desk_pool();
    let mut random = 1_u64;
    let mut next = |below: usize| {
        // Knuth's generator: the same changes in every run.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % below
    };
    for (name, bytes) in VIDEOS.into_iter().chain(TONES) {
        for round in 0..4 {
            let mut changed = bytes.to_vec();
            for _ in 0..1 << (round * 3) {
                let at = next(changed.len());
                changed[at] = u8::try_from(next(256)).unwrap();
            }
            is_shown(&pool, &changed, &format!("{name}, round {round}"));
        }
    }
}

fn find(bytes: &[u8], name: &[u8; 4]) -> usize {
    bytes.windows(4).position(|four| four == name).unwrap()
}
