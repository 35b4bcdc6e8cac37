//! Video and audio through the real pool and real workers behind their walls.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "processes/clips.rs"]
mod clips;
#[path = "processes/hostile.rs"]
mod hostile;
#[path = "processes/long.rs"]
mod long;
#[path = "processes/mutated.rs"]
mod mutated;
#[path = "processes/sounds.rs"]
mod sounds;
#[path = "processes/support.rs"]
mod support;

use scrim_media::{
    Container, Covered, Picture, PictureCodec, Rejection, RevealProof, SoundCodec, Still,
    Unrevealed,
};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::moving::{
    H264_AAC_MP4, SILENT_MP4, TONE_WAV, TONES, TURNED_MP4, VIDEOS, grey_of,
};
use scrim_wire::moving::{SheetGrid, WAVEFORM_PEAKS, sheet_times};

use support::{clear, is_frame, medium, pool, sheet};

#[test]
fn the_walls_stand_on_this_machine() {
    let posture = pool().moving_posture().unwrap();
    assert!(posture.holds(), "{posture:?}");
}

#[test]
fn every_video_says_what_it_is() {
    let pool = pool();
    let expected = [
        (Container::Mp4, PictureCodec::H264, SoundCodec::Aac),
        (Container::WebM, PictureCodec::Vp8, SoundCodec::Vorbis),
        (Container::WebM, PictureCodec::Vp9, SoundCodec::Opus),
        (Container::WebM, PictureCodec::Av1, SoundCodec::Opus),
    ];
    for ((name, bytes), (container, codec, sound_codec)) in VIDEOS.into_iter().zip(expected) {
        let facts = sheet(&pool, bytes).expect(name).facts;
        let (picture, sound) = (facts.picture.unwrap(), facts.sound.unwrap());
        assert_eq!(facts.container, container, "{name}");
        assert_eq!((picture.codec, sound.codec), (codec, sound_codec), "{name}");
        assert_eq!((picture.width, picture.height), (320, 180), "{name}");
        assert_eq!(picture.frames_per_1000_s, 25_000, "{name}");
        assert_eq!((sound.channels, sound.rate_hz), (2, 48_000), "{name}");
        assert!(
            (4_000..=4_100).contains(&facts.duration_ms),
            "{name}: {}",
            facts.duration_ms
        );
    }
}

#[test]
fn a_contact_sheet_shows_nine_times_in_order_and_all_of_it_is_covered() {
    let pool = pool();
    for (name, bytes) in VIDEOS {
        let ((begins, _), _) = clear(&pool, bytes, 0, (8, 8)).unwrap();
        let sheet = sheet(&pool, bytes).expect(name);
        assert_eq!(sheet.cell, (256, 144), "{name}");
        let picture = sheet.picture.picture();
        assert_eq!((picture.width(), picture.height()), (768, 432), "{name}");
        let pixels = sheet.picture.bytes().unwrap();
        let grid = SheetGrid::of(9);
        for (still, at_ms) in (0..).zip(sheet_times(sheet.facts.duration_ms, 9)) {
            // The middle of the square that tells the frame's number, a sixth of the height from the corner.
            let columns = grid.columns as usize;
            let x = still % columns * 256 + 24;
            let y = still / columns * 144 + 24;
            let [red, green, blue, _] = pixel(pixels, 768, x, y);
            assert!(red == green && green == blue, "{name}: grey");
            let expected = f64::from(grey_of(at_ms.saturating_sub(begins) / 40));
            // The cover's own blur takes some of the surroundings in.
            let off = (f64::from(red) - expected).abs();
            assert!(
                off <= 24.0,
                "{name}: still {still} is {red}, not about {expected}"
            );
        }
    }
}

#[test]
fn a_still_of_a_sheet_is_as_blurred_as_a_cover() {
    // The edge of the disc is sharp in the clear frame and gone on the sheet.
    let pool = pool();
    let sheet = sheet(&pool, H264_AAC_MP4).unwrap();
    let steepest_covered = steepest(sheet.picture.bytes().unwrap(), 768, 0..256, 60..140);
    let (at_ms, _) = (sheet_times(4_000, 9)[0], ());
    let (still, bytes) = clear(&pool, H264_AAC_MP4, at_ms, (320, 180)).unwrap();
    assert_eq!(still, (200, Some(240)));
    let steepest_clear = steepest(&bytes, 320, 0..320, 75..175);
    assert!(steepest_clear > 60, "{steepest_clear}");
    assert!(steepest_covered < 12, "{steepest_covered}");
}

#[test]
fn every_frame_can_be_stepped_to_and_back() {
    let pool = pool();
    for (name, bytes) in VIDEOS {
        // Where the sound begins earlier, the first frame does not begin at 0, but is shown from there on.
        let ((first, _), pixels) = clear(&pool, bytes, 0, (320, 180)).expect(name);
        assert!(first < 20 && is_frame(&pixels, 0), "{name}: {first}");
        let begin_of = |number| first + number * 40;
        // Around a place where decoding can begin (frame 40), and the end.
        for number in [1_u32, 38, 39, 40, 41, 98] {
            let at_ms = begin_of(number);
            let (times, pixels) = clear(&pool, bytes, at_ms, (320, 180)).expect(name);
            assert_eq!(times, (at_ms, Some(at_ms + 40)), "{name}");
            assert!(is_frame(&pixels, number), "{name}: {number}");
        }
        let (times, pixels) = clear(&pool, bytes, begin_of(99), (320, 180)).expect(name);
        assert_eq!(times, (begin_of(99), None), "{name}: the last");
        assert!(is_frame(&pixels, 99), "{name}: the last");
        // The millisecond before a frame is the frame before.
        let (times, pixels) = clear(&pool, bytes, begin_of(40) - 1, (320, 180)).expect(name);
        assert_eq!(times, (begin_of(39), Some(begin_of(40))), "{name}");
        assert!(is_frame(&pixels, 39), "{name}");
        // Behind the end lies the last frame.
        let ((at_ms, _), _) = clear(&pool, bytes, 3_600_000, (320, 180)).expect(name);
        assert_eq!(at_ms, begin_of(99), "{name}");
    }
}

#[test]
fn a_covered_still_is_grey_and_as_large_as_any_cover() {
    let pool = pool();
    let still: Still<Covered<Picture>> = pool
        .cover_at(
            &medium(H264_AAC_MP4),
            1_000,
            CoverStep::Normal,
            CoverStyle::default(),
        )
        .unwrap();
    let picture = still.picture.picture();
    assert_eq!((picture.width(), picture.height()), (512, 288));
    assert_eq!(picture.source_size(), (320, 180));
    assert_eq!((still.at_ms, still.next_ms), (1_000, Some(1_040)));
    let pixels = still.picture.bytes().unwrap();
    let is_grey = |pixel: &[u8]| pixel[0] == pixel[1] && pixel[1] == pixel[2];
    assert!(pixels.chunks_exact(4).all(is_grey));
}

#[test]
fn clear_stills_come_out_for_a_reveal_only_and_are_wiped() {
    let pool = pool();
    let still: Still<Unrevealed> = pool.fit_at(&medium(H264_AAC_MP4), 0, (160, 90)).unwrap();
    let clear = still.picture.reveal(RevealProof::from_durable("reveal-1"));
    assert_eq!(
        (clear.picture().width(), clear.picture().height()),
        (160, 90)
    );
    assert!(clear.bytes().unwrap().iter().any(|&byte| byte != 255));
    clear.wipe();
}

#[test]
fn a_softened_still_lies_between_cover_and_clear() {
    let pool = pool();
    let soft = pool
        .soft_at(&medium(H264_AAC_MP4), 200, (320, 180), 50)
        .unwrap();
    let soft = soft.picture.reveal(RevealProof::from_durable("reveal-1"));
    let wide = soft.picture().width() as usize;
    let high = soft.picture().height() as usize;
    let steepest = steepest(soft.bytes().unwrap(), wide, 0..wide, high / 2..high);
    assert!((8..60).contains(&steepest), "{steepest}");
    for sigma in [0, 9, 100] {
        let got = pool.soft_at(&medium(H264_AAC_MP4), 0, (320, 180), sigma);
        assert_eq!(got.unwrap_err(), Rejection::BadAnswer);
    }
}

#[test]
fn turned_videos_are_upright() {
    let pool = pool();
    let (_, pixels) = clear(&pool, TURNED_MP4, 0, (320, 320)).unwrap();
    assert_eq!(pixels.len(), 180 * 320 * 4);
    // Turned against the clock, the square at the top left comes to the bottom left.
    let value = pixel(&pixels, 180, 20, 300)[0];
    assert!(value.abs_diff(grey_of(0)) <= 6, "{value}");
    assert_eq!(sheet(&pool, TURNED_MP4).unwrap().cell, (144, 256));
}

#[test]
fn tones_have_the_shape_that_they_were_made_with() {
    let pool = pool();
    for (name, bytes) in TONES.into_iter().chain(VIDEOS) {
        let waveform = pool.waveform(&medium(bytes)).expect(name);
        assert_eq!(waveform.peaks.len(), WAVEFORM_PEAKS, "{name}");
        let duration = waveform.facts.duration_ms as usize;
        for (second, loud) in [0.1, 0.4, 0.7, 0.2].into_iter().enumerate() {
            let place = (second * 1_000 + 500) * WAVEFORM_PEAKS / duration;
            let got = f64::from(waveform.peaks[place]) / 255.0;
            assert!(
                (got - loud).abs() <= 0.08,
                "{name}: second {second} is {got}, not {loud}"
            );
        }
    }
}

#[test]
fn sound_alone_has_no_stills_and_pictures_alone_no_waveform() {
    let pool = pool();
    assert_eq!(sheet(&pool, TONE_WAV).unwrap_err(), Rejection::Unsupported);
    assert_eq!(
        pool.waveform(&medium(SILENT_MP4)).unwrap_err(),
        Rejection::Unsupported
    );
    assert!(sheet(&pool, SILENT_MP4).unwrap().facts.sound.is_none());
    assert!(
        pool.waveform(&medium(TONE_WAV))
            .unwrap()
            .facts
            .picture
            .is_none()
    );
}

#[test]
fn many_threads_share_one_pool_with_pictures() {
    let pool = pool();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert!(sheet(&pool, SILENT_MP4).is_ok()));
        }
    });
}

fn pixel(pixels: &[u8], width: usize, x: usize, y: usize) -> [u8; 4] {
    let at = (y * width + x) * 4;
    pixels[at..at + 4].try_into().unwrap()
}

/// The greatest step between two neighbours of a row.
fn steepest(
    pixels: &[u8],
    width: usize,
    columns: std::ops::Range<usize>,
    rows: std::ops::Range<usize>,
) -> u8 {
    let steps = rows.flat_map(|y| {
        let columns = columns.clone();
        columns
            .clone()
            .zip(columns.skip(1))
            .map(move |(x, next)| (y, x, next))
    });
    steps
        .map(|(y, x, next)| {
            pixel(pixels, width, x, y)[0].abs_diff(pixel(pixels, width, next, y)[0])
        })
        .max()
        .unwrap()
}
