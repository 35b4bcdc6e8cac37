//! The kept inputs and a fixed share of new ones, for every reader.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use scrim_fuzz::{Counted, Engine, Finding, NAMES, kept_crashes, kept_inputs};

#[global_allocator]
static ALLOCATOR: Counted = Counted;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What once failed, what is kept, and `share` new inputs of a seed that stays.
fn share(target: &str, share: u32) {
    let mut engine = Engine::new(target, 7).unwrap();
    let told = |Finding { what, input }: Finding| -> bool {
        panic!("{target}: {what}\n{:?}", String::from_utf8_lossy(&input))
    };
    let mut inputs = kept_crashes(root(), target).unwrap();
    inputs.extend(engine.first_inputs());
    inputs.extend(kept_inputs(root(), target).unwrap());
    assert!(!inputs.is_empty());
    let new = inputs
        .iter()
        .filter(|input| engine.try_given(input).unwrap_or_else(told))
        .count();
    assert!(new > 1, "inputs that are kept do different things");
    let longest = |inputs: &[Vec<u8>]| inputs.iter().map(Vec::len).max();
    let (given, kept) = (longest(&engine.first_inputs()), longest(engine.pool()));
    assert!(kept >= given, "the largest samples are changed as well");
    for _ in 0..share {
        let input = engine.next_input();
        engine.try_one(&input).unwrap_or_else(told);
    }
    let (outcomes, ..) = engine.reached();
    assert!(
        outcomes > 4,
        "the reader says more than yes and no: {outcomes}"
    );
}

#[test]
fn answers_of_a_queue_server() {
    share("queue-wire", 6000);
}

#[test]
fn requests_to_the_reference_server() {
    share("server-requests", 3000);
}

#[test]
fn the_windows_link() {
    share("window-link", 20_000);
}

#[test]
fn a_workers_link() {
    share("worker-link", 20_000);
}

#[test]
fn the_settings_of_a_store() {
    share("settings-file", 4000);
}

#[test]
fn the_managed_file() {
    share("managed-file", 4000);
}

#[test]
fn the_hashes_of_a_medium() {
    share("medium-hashes", 1500);
}

#[test]
fn the_hash_of_pixels() {
    share("pixels-hash", 400);
}

#[test]
fn the_decoder_of_jpeg() {
    share("picture-jpeg", 400);
}

#[test]
fn the_decoder_of_png() {
    share("picture-png", 400);
}

#[test]
fn the_decoder_of_webp() {
    share("picture-webp", 400);
}

#[test]
fn the_decoder_of_gif() {
    share("picture-gif", 400);
}

#[test]
fn the_decoder_of_bmp() {
    share("picture-bmp", 400);
}

#[test]
fn the_decoder_of_tiff() {
    share("picture-tiff", 400);
}

#[test]
fn the_decoder_of_avif() {
    share("picture-avif", 200);
}

#[test]
fn the_decoder_of_mp4() {
    share("moving-mp4", 60);
}

#[test]
fn the_decoder_of_webm() {
    share("moving-webm", 60);
}

#[test]
fn the_decoder_of_sound() {
    share("moving-sound", 100);
}

#[test]
fn every_target_has_a_share_and_a_small_corpus() {
    let this = include_str!("kept.rs");
    let mut bytes = 0;
    for name in NAMES {
        assert!(this.contains(&format!("share(\"{name}\", ")), "{name}");
        bytes += kept_inputs(root(), name)
            .unwrap()
            .iter()
            .map(Vec::len)
            .sum::<usize>();
    }
    assert!(bytes < 200_000, "{bytes}");
}

#[test]
fn the_same_seed_tries_the_same_inputs() {
    let inputs = |seed| {
        let mut engine = Engine::new("settings-file", seed).unwrap();
        for input in kept_inputs(root(), "settings-file").unwrap() {
            engine.try_one(&input).unwrap();
        }
        (0..500)
            .map(|_| {
                let input = engine.next_input();
                engine.try_one(&input).unwrap();
                input
            })
            .collect::<Vec<_>>()
    };
    assert!(inputs(3) == inputs(3));
    assert!(inputs(3) != inputs(4));
}
