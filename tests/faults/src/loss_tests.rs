use super::*;
use std::collections::BTreeSet;

const SECTOR: usize = 4;

fn file(durable: &[u8]) -> (Medium, u64) {
    let mut medium = Medium::default();
    medium.put("a", Content::from_bytes(durable));
    let id = medium.names["a"];
    (medium, id)
}

/// Every outcome that many seeds give.
fn outcomes(medium: &Medium) -> BTreeSet<Vec<u8>> {
    (0..3000)
        .filter_map(|seed| {
            medium
                .after_power_loss(SECTOR, &mut Seeded::new(seed))
                .bytes("a")
        })
        .collect()
}

/// Without torn sectors: those of the listed bytes.
fn whole(medium: &Medium, letters: &[u8]) -> BTreeSet<String> {
    outcomes(medium)
        .into_iter()
        .filter(|bytes| bytes.iter().all(|byte| letters.contains(byte)))
        .filter(|bytes| {
            bytes
                .chunks(SECTOR)
                .all(|s| s.iter().all(|byte| *byte == s[0]))
        })
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', "0"))
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn each_sector_holds_any_of_its_versions() {
    let (mut medium, id) = file(b"aaaaAAAA");
    medium.write(id, 0, b"bbbb");
    medium.write(id, 4, b"BBBB");
    medium.write(id, 0, b"cccc");
    let all = [
        "aaaaAAAA", "aaaaBBBB", "bbbbAAAA", "bbbbBBBB", "ccccAAAA", "ccccBBBB",
    ];
    assert_eq!(whole(&medium, b"aAbBcC"), set(&all));
}

#[test]
fn what_was_synced_stays() {
    let (mut medium, id) = file(b"aaaa");
    medium.write(id, 0, b"bbbb");
    medium.sync(id);
    medium.write(id, 4, b"cccc");
    for bytes in outcomes(&medium) {
        assert_eq!(bytes[..4], *b"bbbb");
    }
}

#[test]
fn a_torn_sector_has_first_bytes_or_noise_and_harms_no_neighbour() {
    let (mut medium, id) = file(b"aaaaaaaa");
    medium.write(id, 1, b"bb");
    let outcomes = outcomes(&medium);
    assert!(outcomes.contains(&b"abaaaaaa"[..]), "first bytes only");
    assert!(outcomes.len() > 4, "noise is seen: {outcomes:?}");
    for bytes in outcomes {
        assert_eq!((bytes[0], &bytes[3..]), (b'a', &b"aaaaa"[..]));
    }
}

#[test]
fn sizes_are_kept_in_their_order_and_gaps_are_zeros() {
    let (mut medium, id) = file(b"aaaa");
    medium.write(id, 4, b"bbbb");
    medium.write(id, 8, b"cccc");
    let all = [
        "aaaa",
        "aaaabbbb",
        "aaaabbbbcccc",
        "aaaa0000",
        "aaaa0000cccc",
        "aaaabbbb0000",
        "aaaa00000000",
    ];
    assert_eq!(whole(&medium, b"abc\0"), set(&all));
}

#[test]
fn a_cut_that_is_lost_leaves_the_old_bytes() {
    let (mut medium, id) = file(b"aaaabbbb");
    medium.resize(id, 4);
    assert_eq!(whole(&medium, b"ab\0"), set(&["aaaabbbb", "aaaa"]));
    medium.write(id, 4, b"cccc");
    let all = ["aaaabbbb", "aaaa", "aaaa0000", "aaaacccc"];
    assert_eq!(whole(&medium, b"abc\0"), set(&all));
}

#[test]
fn the_directory_is_kept_up_to_some_point() {
    let (mut medium, a) = file(b"aaaa");
    let b = medium.create("b");
    medium.write(b, 0, b"b");
    medium.sync(b);
    medium.change_directory(crate::medium::DirChange::Unbound("a".to_owned()));
    let seen: BTreeSet<String> = (0..500)
        .map(|seed| {
            let image = medium.after_power_loss(SECTOR, &mut Seeded::new(seed));
            image.names().collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(seen, set(&["a", "a b", "b"]));
    medium.sync_directory();
    medium.collect(&BTreeSet::new());
    assert!(
        !medium.files.contains_key(&a),
        "nothing leads to it any more"
    );
    let image = medium.after_power_loss(SECTOR, &mut Seeded::new(1));
    assert_eq!(image.bytes("b").as_deref(), Some(&b"b"[..]));
    assert_eq!(image.names().count(), 1);
}

#[test]
fn what_a_failed_sync_forgot_never_becomes_durable() {
    let (mut medium, id) = file(b"aaaa");
    medium.write(id, 0, b"bb");
    medium.forget(id);
    medium.write(id, 2, b"cc");
    medium.sync(id);
    assert_eq!(medium.live().bytes("a").as_deref(), Some(&b"bbcc"[..]));
    assert_eq!(medium.durable().bytes("a").as_deref(), Some(&b"aacc"[..]));
}

#[test]
fn the_same_seed_gives_the_same_disk() {
    let (mut medium, id) = file(&[7; 3000]);
    let mut rng = Seeded::new(9);
    for _ in 0..50 {
        medium.write(id, rng.index(3000), &[rng.bits() as u8; 200]);
    }
    let once = |seed| medium.after_power_loss(512, &mut Seeded::new(seed));
    assert_eq!(once(5), once(5));
    assert_ne!(once(5), once(6));
}
