//! Clips: the frames of one second each.

use scrim_media::{Clip, Covered, Picture, Pool, Rejection, RevealProof};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::moving::{
    FAST_MP4, H264_AAC_MP4, SILENT_MP4, STANDING_MKV, TONE_WAV, TURNED_MP4, VIDEOS,
};
use scrim_wire::shared::map_read;

use crate::steepest;
use crate::support::{clear, is_frame, medium, pool};

const BOX: (u32, u32) = (320, 180);

fn covered(
    pool: &Pool,
    bytes: &[u8],
    clip: u32,
    style: CoverStyle,
) -> Result<Clip<Covered<Picture>>, Rejection> {
    pool.covered_clip(&medium(bytes), clip, CoverStep::Normal, style)
}

/// When the clear frames of a clip begin, and their pixels.
fn frames(
    pool: &Pool,
    bytes: &[u8],
    clip: u32,
    soft: Option<u16>,
) -> Result<Vec<(u32, Vec<u8>)>, Rejection> {
    let clip = pool.clear_clip(&medium(bytes), clip, BOX, soft)?;
    let len = (clip.width * clip.height * 4) as usize;
    let clear = clip.frames.reveal(RevealProof::from_durable("reveal-1"));
    assert_eq!(clear.picture().byte_len(), clip.times.len() * len);
    let frames = clear.bytes().unwrap().chunks_exact(len);
    let times = clip.times.iter().map(|&time| time.into());
    Ok(times.zip(frames.map(<[u8]>::to_vec)).collect())
}

#[test]
fn frames_of_a_clip_are_the_stills_of_their_times() {
    let pool = pool();
    for (name, bytes) in VIDEOS {
        let clip = frames(&pool, bytes, 1, None).expect(name);
        assert!(clip.len() >= 25, "{name}: {}", clip.len());
        for (time, pixels) in clip.iter().step_by(8) {
            let ((begins, _), still) = clear(&pool, bytes, 1_000 + time, BOX).expect(name);
            assert!(begins == 1_000 + time || *time == 0, "{name}: {begins}");
            assert!(*pixels == still, "{name}: the frame at {time}");
        }
    }
}

#[test]
fn softened_frames_are_the_softened_stills() {
    let pool = pool();
    let clip = frames(&pool, H264_AAC_MP4, 0, Some(50));
    // Softened pictures are no larger than their blur needs, so the size is asked of the still.
    let still = pool.soft_at(&medium(H264_AAC_MP4), 400, BOX, 50).unwrap();
    let still = still.picture.reveal(RevealProof::from_durable("reveal-1"));
    let clip = clip.unwrap();
    let (_, pixels) = clip.iter().find(|(time, _)| *time == 400).unwrap();
    assert!(*pixels == still.bytes().unwrap());
}

#[test]
fn clips_leave_nothing_out_and_repeat_only_what_stands() {
    let pool = pool();
    for (name, bytes) in VIDEOS {
        let mut next = 0;
        for clip in 0..4 {
            for (place, (time, pixels)) in (0..).zip(frames(&pool, bytes, clip, None).expect(name))
            {
                let stands = place == 0 && next > 0 && is_frame(&pixels, next - 1);
                assert!(
                    stands || is_frame(&pixels, next),
                    "{name}: clip {clip} at {time} is not frame {next}"
                );
                next += u32::from(!stands);
            }
        }
        assert_eq!(next, 100, "{name}");
    }
}

/// On the way to a time, frames that no other one needs are left out: not this one, however short the file says it is.
#[test]
fn a_frame_that_stands_for_long_is_shown() {
    let pool = pool();
    for at_ms in [760, 1_500, 3_039] {
        let (times, pixels) = clear(&pool, STANDING_MKV, at_ms, BOX).unwrap();
        assert_eq!(times, (760, Some(3_040)), "{at_ms}");
        assert!(is_frame(&pixels, 19), "{at_ms}");
    }
    let clip = frames(&pool, STANDING_MKV, 2, None).unwrap();
    assert!(clip.len() == 1 && is_frame(&clip[0].1, 19));
    let clip = frames(&pool, STANDING_MKV, 3, None).unwrap();
    for (number, (time, pixels)) in (0..10).zip(&clip) {
        assert_eq!(*time, number * 40);
        assert!(is_frame(pixels, 19 + number), "{time}");
    }
}

#[test]
fn frames_closer_than_a_thirtieth_of_a_second_are_left_out() {
    let pool = pool();
    for clip in 0..2 {
        let clip = covered(&pool, FAST_MP4, clip, CoverStyle::default()).unwrap();
        let expected: Vec<u16> = (0..30_u16).map(|frame| (frame * 100).div_ceil(3)).collect();
        assert_eq!(clip.times, expected);
    }
}

#[test]
fn past_the_end_there_is_no_clip() {
    let pool = pool();
    for clip in [2, 3, 4_000_000, 4_294_968, u32::MAX] {
        let got = covered(&pool, SILENT_MP4, clip, CoverStyle::default());
        assert_eq!(got.unwrap_err(), Rejection::NoSuchFrame, "{clip}");
        let got = frames(&pool, SILENT_MP4, clip, None);
        assert_eq!(got.unwrap_err(), Rejection::NoSuchFrame, "{clip}");
    }
    assert!(covered(&pool, SILENT_MP4, 1, CoverStyle::default()).is_ok());
    let got = covered(&pool, TONE_WAV, 0, CoverStyle::default());
    assert_eq!(got.unwrap_err(), Rejection::Unsupported);
}

#[test]
fn covered_frames_are_small_and_grey_and_keep_no_detail() {
    let pool = pool();
    for (name, bytes) in VIDEOS {
        let sharp = frames(&pool, bytes, 0, None).expect(name);
        let clip = covered(&pool, bytes, 0, CoverStyle::default()).expect(name);
        assert_eq!((clip.width, clip.height), (160, 90), "{name}");
        assert_eq!(clip.times.len(), sharp.len(), "{name}");
        assert_eq!(clip.frames.picture().source_size(), (320, 180));
        let all = clip.frames.bytes().unwrap();
        assert_eq!(all.len(), clip.times.len() * 160 * 90 * 4);
        for ((_, sharp), covered) in sharp.iter().zip(all.chunks_exact(160 * 90 * 4)) {
            let is_grey =
                |pixel: &[u8]| pixel[0] == pixel[1] && pixel[1] == pixel[2] && pixel[3] == 255;
            assert!(covered.chunks_exact(4).all(is_grey), "{name}");
            // The edge of the disc, away from the square.
            assert!(steepest(sharp, 320, 0..320, 75..175) > 40, "{name}");
            let left = steepest(covered, 160, 0..160, 38..87);
            assert!(left < 20, "{name}: {left}");
        }
    }
}

#[test]
fn a_style_is_kept_in_every_frame_and_turned_videos_are_upright() {
    let pool = pool();
    let style = |grey, sketch| CoverStyle { grey, sketch };
    let coloured = covered(&pool, TURNED_MP4, 0, style(false, false)).unwrap();
    assert_eq!((coloured.width, coloured.height), (90, 160));
    let frames = coloured.frames.bytes().unwrap().chunks_exact(90 * 160 * 4);
    assert!(frames.len() == 10);
    for frame in frames {
        assert!(frame.chunks_exact(4).any(|pixel| pixel[0] != pixel[2]));
    }
    let drawn = covered(&pool, TURNED_MP4, 0, style(true, true)).unwrap();
    for frame in drawn.frames.bytes().unwrap().chunks_exact(90 * 160 * 4) {
        let mut tones: Vec<u8> = frame.iter().step_by(4).copied().collect();
        tones.sort_unstable();
        tones.dedup();
        assert!(tones.len() <= 6, "{tones:?}");
    }
}

#[test]
fn clear_frames_are_wiped_with_their_reveal() {
    let clip = pool()
        .clear_clip(&medium(SILENT_MP4), 0, (64, 36), None)
        .unwrap();
    let clear = clip.frames.reveal(RevealProof::from_durable("reveal-1"));
    let len = clear.picture().byte_len();
    assert_eq!(len, 25 * 64 * 36 * 4);
    let mapped = map_read(clear.read_only().unwrap(), len).unwrap();
    assert!(mapped.iter().any(|&byte| byte != 0));
    drop(clear);
    assert!(mapped.iter().all(|&byte| byte == 0));
}
