//! Frames of pictures that move, through the real pool.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use scrim_decode::decode::{decode, decode_frame};
use scrim_media::{Medium, Pool, PoolSettings, Rejection, RevealProof};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::stills::frames::{self as moving, grey_of};
use scrim_samples::stills::hostile::{chunk, with_chunks};
use scrim_samples::stills::{self, avif};
use scrim_wire::worker::{FRAMES_MAX, JobKind, JobLimits};

const FIT: JobKind = JobKind::Fit {
    max_width: 300,
    max_height: 300,
};
const COLOURS: CoverStyle = CoverStyle {
    grey: false,
    sketch: false,
};

fn pool() -> Pool {
    Pool::new(PoolSettings::new(env!("CARGO_BIN_EXE_scrim-decode").into()))
}

fn shown(bytes: &[u8], frame: u32) -> Result<(u8, u32), Rejection> {
    let (info, pixels) = decode_frame(bytes, FIT, frame, JobLimits::default())?;
    Ok((pixels.bytes[0], info.frames))
}

fn assert_near(got: u8, expected: u8, what: &str) {
    assert!(
        got.abs_diff(expected) <= 2,
        "{what}: {got} is not {expected}"
    );
}

#[test]
fn each_frame_is_there_on_request_and_the_first_by_default() {
    let pool = pool();
    for (name, bytes) in moving::all(60, 40, 5) {
        let medium = Medium::copy(&bytes).unwrap();
        let first = pool.cover(&medium, CoverStep::Normal, COLOURS).expect(name);
        assert_eq!(first.picture().frames(), 5, "{name}");
        assert_near(first.bytes().unwrap()[0], grey_of(0), name);
        for frame in 0..5 {
            let cover = pool
                .cover_frame(&medium, frame, CoverStep::Normal, COLOURS)
                .expect(name);
            assert_near(cover.bytes().unwrap()[0], grey_of(frame), name);
            let fit = pool.fit_frame(&medium, frame, 60, 40).expect(name);
            assert_eq!(fit.picture().frames(), 5, "{name}");
            let clear = fit.reveal(RevealProof::from_durable("reveal-1"));
            assert_near(clear.bytes().unwrap()[0], grey_of(frame), name);
        }
        let behind = pool.fit_frame(&medium, 5, 60, 40).unwrap_err();
        assert_eq!(behind, Rejection::NoSuchFrame, "{name}");
    }
}

#[test]
fn a_still_has_one_frame() {
    for (name, bytes) in stills::all(120, 90) {
        assert_eq!(shown(&bytes, 0).expect(name).1, 1, "{name}");
        assert_eq!(shown(&bytes, 1), Err(Rejection::NoSuchFrame), "{name}");
    }
    assert_eq!(
        shown(&avif::avif(avif::RAMP), u32::MAX),
        Err(Rejection::NoSuchFrame)
    );
}

#[test]
fn a_default_picture_that_stands_apart_is_frame_nought() {
    let bytes = moving::apng_apart(60, 40, 4);
    for frame in 0..4 {
        assert_eq!(shown(&bytes, frame), Ok((grey_of(frame), 4)));
    }
    assert_eq!(shown(&bytes, 4), Err(Rejection::NoSuchFrame));
}

#[test]
fn a_claim_of_a_billion_frames_is_not_believed() {
    let claimed = chunk(b"acTL", &[1_000_000_000_u32.to_be_bytes(), [0; 4]].concat());
    let bytes = with_chunks(&stills::png(40, 30), &claimed);
    assert_eq!(shown(&bytes, 0).unwrap().1, 1);
    assert_eq!(shown(&bytes, 999_999_999), Err(Rejection::NoSuchFrame));
}

#[test]
fn frames_without_end_are_counted_to_the_limit_and_seen_to_the_deadline() {
    // Two million frames of one pixel: the parts of one, again and again.
    let one = moving::gif(1, 1, 1);
    let two = moving::gif(1, 1, 2);
    let frame = &two[one.len() - 1..two.len() - 1];
    let bytes = [&one[..one.len() - 1], &frame.repeat(2_000_000), b"\x3b"].concat();
    let medium = Medium::copy(&bytes).unwrap();
    let began = Instant::now();
    let cover = pool().cover(&medium, CoverStep::Normal, COLOURS).unwrap();
    assert_eq!(cover.picture().frames(), FRAMES_MAX);
    let last = pool().fit_frame(&medium, FRAMES_MAX - 1, 9, 9);
    assert!(
        matches!(last, Ok(_) | Err(Rejection::DeadlineExceeded)),
        "{last:?}"
    );
    let behind = pool().fit_frame(&medium, FRAMES_MAX, 9, 9);
    assert_eq!(behind.unwrap_err(), Rejection::NoSuchFrame);
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_frame_that_is_cut_off_is_refused_and_those_before_it_are_there() {
    for (name, bytes) in moving::all(60, 40, 5) {
        let cut = &bytes[..bytes.len() * 7 / 10];
        // A WebP's own length is checked first.
        let first = shown(cut, 0);
        assert!(first.is_ok() || name == "WebP", "{name}: {first:?}");
        assert!(shown(cut, 4).is_err(), "{name}");
    }
}

#[test]
fn a_job_without_a_number_is_the_first_frames() {
    let bytes = moving::gif(60, 40, 3);
    let (_, first) = decode(&bytes, FIT, JobLimits::default()).unwrap();
    let (_, nought) = decode_frame(&bytes, FIT, 0, JobLimits::default()).unwrap();
    assert_eq!(first, nought);
}
