//! Real processes: the worker behind its real walls, workers that wait, and workers that lie.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "processes/clips.rs"]
mod clips;
#[path = "processes/hashes.rs"]
mod hashes;
#[path = "processes/hostile.rs"]
mod hostile;
#[path = "processes/quarantine.rs"]
mod quarantine;
#[path = "processes/spares.rs"]
mod spares;
#[path = "processes/support.rs"]
mod support;

use std::time::Duration;

use scrim_media::{Medium, Pool, PoolSettings, Rejection, RevealProof};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::stills as samples;
use scrim_wire::shared::map_read;

use support::{honest_pool, medium, worker};

const IN_COLOUR: CoverStyle = CoverStyle {
    grey: false,
    sketch: false,
};

#[test]
fn the_walls_stand_on_this_machine() {
    let posture = honest_pool().posture().unwrap();
    assert!(posture.holds(), "{posture:?}");
}

#[test]
fn every_format_becomes_a_cover_and_a_fit_behind_the_walls() {
    let pool = honest_pool();
    for (name, bytes) in samples::all(900, 600) {
        let medium = Medium::take(bytes).unwrap();
        for step in [CoverStep::Weak, CoverStep::Normal, CoverStep::Strong] {
            for (grey, sketch) in [(false, false), (true, false), (true, true)] {
                let style = CoverStyle { grey, sketch };
                let cover = pool.cover(&medium, step, style).expect(name);
                assert_eq!(
                    (cover.picture().width(), cover.picture().height()),
                    (512, 341)
                );
                assert_eq!(cover.bytes().unwrap().len(), 512 * 341 * 4);
                assert_eq!(cover.picture().source_size(), (900, 600));
            }
        }
        let fit = pool.fit(&medium, 300, 300).expect(name);
        let clear = fit.reveal(RevealProof::from_durable("reveal-1"));
        assert_eq!(
            (clear.picture().width(), clear.picture().height()),
            (300, 200)
        );
        assert_eq!(clear.reveal_id(), "reveal-1");
        let mapping = map_read(clear.read_only().unwrap(), clear.picture().byte_len()).unwrap();
        assert_eq!(&*mapping, clear.bytes().unwrap());
        assert!(mapping.iter().any(|&byte| byte > 0));
        clear.wipe();
        assert!(
            mapping.iter().all(|&byte| byte == 0),
            "wiped for the window too"
        );
    }
}

#[test]
fn the_same_pixels_come_out_with_and_without_walls() {
    let bytes = samples::jpeg(900, 600, true);
    let kind = scrim_wire::worker::JobKind::Cover {
        sigma_per_mille: 25,
        grey: false,
        sketch: false,
    };
    let (_, expected) = scrim_decode::decode::decode(&bytes, kind, Default::default()).unwrap();
    let medium = Medium::take(bytes).unwrap();
    let cover = honest_pool()
        .cover(&medium, CoverStep::Normal, IN_COLOUR)
        .unwrap();
    assert_eq!(cover.bytes().unwrap(), expected.bytes);
}

#[test]
fn a_12_megapixel_picture_passes_behind_the_walls() {
    // Without optimization, on a machine that does much else, this takes its time.
    let pool = Pool::new(PoolSettings {
        deadline: Duration::from_secs(30),
        ..PoolSettings::new(worker())
    });
    for bytes in [samples::jpeg(4000, 3000, false), samples::png(4000, 3000)] {
        let medium = Medium::take(bytes).unwrap();
        let cover = pool
            .cover(&medium, CoverStep::Normal, CoverStyle::default())
            .unwrap();
        assert_eq!(cover.picture().height(), 384);
        let fit = pool.fit(&medium, 1920, 1080).unwrap();
        assert_eq!(
            (fit.picture().width(), fit.picture().height()),
            (1440, 1080)
        );
    }
}

#[test]
fn bad_media_have_their_reasons_and_disturb_nothing() {
    let pool = honest_pool();
    for (bytes, expected) in samples::bad() {
        let bad = Medium::take(bytes).unwrap();
        let got = pool
            .cover(&bad, CoverStep::Normal, CoverStyle::default())
            .unwrap_err();
        assert_eq!(got, expected);
        assert!(
            pool.cover(&medium(), CoverStep::Normal, CoverStyle::default())
                .is_ok()
        );
    }
}

#[test]
fn a_picture_that_needs_too_much_memory_is_stopped() {
    // 16-bit colour: the header is within 256 megapixels, the pixels are not within the memory of a worker.
    let mut bytes = samples::png_claiming(15_000, 17_000, &[0; 9]);
    bytes[24] = 16;
    let checksum_at = 29;
    let header: Vec<u8> = bytes[12..checksum_at].to_vec();
    bytes[checksum_at..checksum_at + 4].copy_from_slice(&samples::crc32(&header).to_be_bytes());
    let medium = Medium::take(bytes).unwrap();
    let got = honest_pool()
        .cover(&medium, CoverStep::Normal, CoverStyle::default())
        .unwrap_err();
    assert_eq!(got, Rejection::MemoryExceeded);
}

#[test]
fn many_threads_share_one_pool() {
    let pool = honest_pool();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                assert!(
                    pool.cover(&medium(), CoverStep::Strong, CoverStyle::default())
                        .is_ok()
                )
            });
        }
    });
}

#[test]
fn a_worker_that_scrim_did_not_start_does_nothing() {
    let status = std::process::Command::new(worker()).status().unwrap();
    assert_eq!(
        status.code(),
        Some(i32::from(scrim_wire::worker::EXIT_NOT_INHERITED))
    );
}
