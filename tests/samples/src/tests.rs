//! What must hold for every sample.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use scrim_model::item::KnownMatch;
use sha2::{Digest, Sha256};

use super::*;

/// Small pictures: what is looked at here does not depend on size.
fn small() -> Settings {
    Settings {
        side_max: Some(48),
        ..Settings::default()
    }
}

fn all() -> Vec<Sample> {
    generate(&small()).collect()
}

fn folder_bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for place in [folder.to_owned(), folder.join("media")] {
        for entry in fs::read_dir(place).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let name = path
                    .strip_prefix(folder)
                    .expect("below")
                    .display()
                    .to_string();
                files.insert(name, fs::read(path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let write = |seed| {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings {
            seed,
            count: 60,
            ..small()
        };
        assert_eq!(write_folder(&settings, folder.path()).expect("written"), 60);
        folder_bytes(folder.path())
    };
    let first = write(1);
    assert!(first == write(1), "two runs of one seed differ");
    assert!(first != write(2), "the seed changes nothing");
}

/// Pixels, not files: an encoder's update may change the files. Change the figures only with the
/// pictures.
#[test]
fn the_pixels_do_not_change_by_accident() {
    let digests = pictures::Pattern::ALL.iter().map(|&pattern| {
        let picture = pictures::picture(pattern, 64, 48, 1);
        items::hex(&Sha256::digest(picture.as_raw())[..4])
    });
    assert_eq!(
        digests.collect::<Vec<_>>().join(" "),
        "c77a5f35 d7ac1c98 0eac94d0 ed7a13c5 361debca a09740c9"
    );
}

#[test]
fn the_folder_is_read_back_as_it_was_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        count: 30,
        ..small()
    };
    write_folder(&settings, folder.path()).expect("written");
    let text = fs::read_to_string(folder.path().join("items.jsonl")).expect("items");
    for (line, sample) in text.lines().zip(generate(&settings)) {
        let line: Line = serde_json::from_str(line).expect("a line");
        assert_eq!(line.ingest, sample.ingest);
        for ((name, bytes), read) in sample.files.iter().zip(&line.files) {
            assert_eq!(name, read);
            assert!(&fs::read(folder.path().join(read)).expect("a file") == bytes);
        }
        assert_eq!(line.files.len(), sample.files.len());
    }
    assert_eq!(text.lines().count(), 30);
}

#[test]
fn every_item_is_accepted_unchanged_and_its_media_match_their_hashes() {
    let (queues, tree) = (queues(), policies());
    for sample in all() {
        let item = sample.ingest.item;
        // Equal after the check: labels fit, spans lie on characters, media are numbered.
        assert_eq!(item.clone().checked().as_ref(), Ok(&item));
        assert_eq!(item.media.len(), sample.files.len());
        for (medium, (name, bytes)) in item.media.iter().zip(&sample.files) {
            assert_eq!(medium.bytes, bytes.len() as u64, "{name}");
            assert_eq!(
                medium.sha256,
                Some(items::hex(&Sha256::digest(bytes))),
                "{name}"
            );
        }
        assert!(queues.iter().any(|q| q.id == sample.ingest.queue_id));
        assert!(
            item.default_policy
                .as_ref()
                .is_none_or(|id| tree.get(id).is_some())
        );
        let class = item.classes.first().expect("a class");
        assert!(tree.policies.iter().any(|p| p.id.as_str() == class));
        assert!(item.created_at < item.reported_at && item.reported_at < Some(NOW_DEFAULT));
        assert!(item.texts.iter().all(|t| t.at < item.reported_at));
        for text in &item.texts {
            let last = text.flagged.last().map_or(0, |span| span.1 as usize);
            assert!(last <= text.body.len());
        }
    }
}

#[test]
fn there_is_some_of_everything() {
    let samples = all();
    let items: Vec<_> = samples.iter().map(|s| &s.ingest.item).collect();
    let kinds: BTreeSet<_> = items.iter().map(|i| i.kind.as_str()).collect();
    let expected = [
        "account",
        "conversation",
        "hologram",
        "image",
        "link",
        "post",
        "text",
    ];
    assert!(kinds.into_iter().eq(expected));
    let severities: BTreeSet<_> = items.iter().map(|i| i.severity_hint).collect();
    assert!(severities.into_iter().eq(0..=4));
    let priorities: BTreeSet<_> = items.iter().map(|i| i.priority).collect();
    assert!(priorities.into_iter().eq(1..=4));
    let known = |wanted: KnownMatch| {
        let is = |k: &scrim_model::item::Known| k.match_kind == wanted;
        items
            .iter()
            .flat_map(|i| &i.media)
            .filter(|m| m.known.as_ref().is_some_and(is))
            .count()
    };
    assert_eq!((known(KnownMatch::Exact), known(KnownMatch::Near)), (3, 5));
    let languages: BTreeSet<_> = items
        .iter()
        .flat_map(|i| &i.texts)
        .map(|t| t.lang.as_str())
        .collect();
    for language in words::LANGUAGES {
        assert!(languages.contains(language.tag), "{}", language.tag);
    }
    let mimes: BTreeSet<_> = items
        .iter()
        .flat_map(|i| &i.media)
        .map(|m| &m.mime)
        .collect();
    assert_eq!(mimes.len(), 4);
    for item in &items {
        match item.kind.as_str() {
            "conversation" => {
                assert!((6..=30).contains(&item.texts.len()));
                assert!(item.texts.iter().any(|t| !t.flagged.is_empty()));
            }
            "post" => assert!((2..=12).contains(&item.media.len())),
            "link" => assert_eq!(item.link.as_ref().and_then(|l| l.capture), Some(0)),
            _ => {}
        }
    }
    let hidden = |t: &scrim_model::item::Text| scrim_model::text::made_visible(&t.body) != t.body;
    assert!(items.iter().flat_map(|i| &i.texts).any(hidden));
    let mut hashes = BTreeMap::<_, usize>::new();
    for medium in items
        .iter()
        .filter(|i| i.kind == Kind::Image)
        .flat_map(|i| &i.media)
    {
        *hashes.entry(&medium.sha256).or_default() += 1;
    }
    assert!(
        hashes.values().filter(|&&count| count > 1).count() >= 5,
        "exact copies"
    );
}

/// Broken files of every sort are there, and without them every file can be read.
#[test]
fn broken_files_are_there_only_if_asked_for() {
    let broken = |settings: &Settings| {
        generate(settings)
            .flat_map(|s| s.files)
            .filter(|(name, bytes)| {
                let format = image::ImageFormat::from_path(name).expect("a known ending");
                // Without the limit a promise of 60,000 × 60,000 pixels would be tried.
                let mut reader =
                    image::ImageReader::with_format(std::io::Cursor::new(bytes), format);
                let mut limits = image::Limits::default();
                limits.max_image_width = Some(5_000);
                reader.limits(limits);
                let is_cut = format == image::ImageFormat::Jpeg && !bytes.ends_with(&[0xff, 0xd9]);
                is_cut || reader.decode().is_err()
            })
            .count()
    };
    // One among the first twelve and one of each sort later.
    assert_eq!(broken(&small()), 1 + encode::Breakage::ALL.len());
    assert_eq!(
        broken(&Settings {
            with_broken: false,
            ..small()
        }),
        0
    );
}

#[test]
fn a_queue_server_hands_the_first_twelve_out_in_order() {
    let mut samples = all();
    samples.sort_by_key(|s| {
        let item = &s.ingest.item;
        let exact = item.is_known_exact();
        (
            item.priority != 1,
            !exact,
            item.priority,
            item.due_at,
            item.reported_at,
        )
    });
    let first: Vec<_> = samples
        .iter()
        .take(12)
        .map(|s| s.ingest.item.kind.as_str())
        .collect();
    let expected =
        "image conversation post link account text image image post link conversation hologram";
    assert_eq!(first.join(" "), expected);
}

#[test]
fn only_what_was_asked_for_is_made() {
    let settings = Settings {
        count: 12,
        kinds: vec![Kind::Image],
        with_broken: false,
        ..small()
    };
    let samples: Vec<_> = generate(&settings).collect();
    assert_eq!(samples.len(), 12);
    assert!(samples.iter().all(|s| s.ingest.item.kind == Kind::Image));
    let sides = samples
        .iter()
        .flat_map(|s| &s.ingest.item.media)
        .flat_map(|m| [m.width, m.height]);
    assert!(sides.flatten().all(|side| side <= 48));
    let none = Settings {
        kinds: vec![Kind::Video],
        ..small()
    };
    assert_eq!(generate(&none).count(), 0);
}

#[test]
fn a_test_can_bring_its_own_picture() {
    let board = PictureFile::new(encode::Format::Png, &pictures::checkerboard_of(64, 64, 4));
    let sample = sample_of(&small(), 7, Kind::Image, vec![board.clone()]);
    assert_eq!(
        sample.files,
        vec![("media/0007-0.png".to_owned(), board.bytes)]
    );
    assert_eq!(
        sample.ingest.item.media.first().and_then(|m| m.width),
        Some(64)
    );
    assert!(sample.ingest.item.checked().is_ok());
}

#[test]
fn the_policy_tree_is_sound_and_shows_every_rule() {
    let tree = policies();
    assert_eq!((tree.version, tree.fault()), (12, None));
    assert!(
        tree.policies
            .iter()
            .all(|p| p.digit.is_some_and(|d| (1..=9).contains(&d)))
    );
    assert_eq!(tree.policies.iter().filter(|p| p.needs_reason).count(), 1);
    assert_eq!(
        tree.policies
            .iter()
            .filter(|p| p.needs_second_review)
            .count(),
        1
    );
    let names: Vec<_> = queues().into_iter().map(|q| q.name).collect();
    for name in ["Urgent", "Images · EU", "Conversations"] {
        assert!(names.iter().any(|n| n == name), "{name}");
    }
}

/// Words that no sample ever needs: they describe, name or link.
const UNWANTED: &[&str] = &[
    "blood", "kill", "naked", "nude", "weapon", "knife", "gun ", "dead", "injur", "attack", "hurt",
    "suicid", "drug", "sex", "porn", "boy", "girl", "woman", "photo", "http", "www.", ".com", "@",
];

#[test]
fn every_text_is_harmless() {
    for sample in all() {
        let item = sample.ingest.item;
        let bodies = item.texts.iter().chain(&item.context).flat_map(|t| {
            std::iter::once(&t.body)
                .chain(t.translations.iter().map(|translation| &translation.body))
        });
        let reports = item.reports.iter().map(|r| &r.text);
        let appeal = item.appeal.iter().map(|a| &a.text);
        let link = item
            .link
            .iter()
            .flat_map(|l| std::iter::once(&l.domain).chain(&l.redirects));
        for text in bodies
            .chain(reports)
            .chain(appeal)
            .chain(link)
            .chain([&item.label])
        {
            let text = text.to_lowercase();
            let found = UNWANTED.iter().find(|word| text.contains(**word));
            assert_eq!(found, None, "{text}");
        }
    }
}
