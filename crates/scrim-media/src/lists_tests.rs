#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;
use scrim_model::hashes::{HashRule, NEAR_DISTANCE_MAX, PictureHash};
use std::fmt::Write as _;
use std::path::PathBuf;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("scrim-lists-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn list(&self, text: &str) -> Result<(HashList, Imported), ListError> {
        let place = self.0.join("one.hashes");
        let imported = import_to(text.as_bytes(), "a list", &place)?;
        Ok((HashList::open(&place)?, imported))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn pdq(&mut self) -> Pdq {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&self.next().to_be_bytes());
        }
        Pdq::from_bytes(bytes)
    }

    /// `pdq` with `bits` of its bits turned.
    fn turned(&mut self, pdq: &Pdq, bits: u32) -> Pdq {
        let mut bytes = *pdq.bytes();
        let mut left = bits;
        while left > 0 {
            let bit = self.next() as usize % 256;
            let before = bytes[bit / 8];
            if before & (1 << (bit % 8)) == pdq.bytes()[bit / 8] & (1 << (bit % 8)) {
                bytes[bit / 8] ^= 1 << (bit % 8);
                left -= 1;
            }
        }
        Pdq::from_bytes(bytes)
    }
}

fn hashes(sha256: &str, md5: &str, picture: Option<(Pdq, u8)>) -> FileHashes {
    FileHashes {
        sha256: sha256.into(),
        md5: md5.into(),
        sha1: "0".repeat(40),
        picture: picture.map(|(pdq, quality)| PictureHash {
            rule: HashRule::FullSizeAsStored,
            pdq,
            quality,
        }),
    }
}

#[test]
fn whatever_is_near_is_found_and_nothing_else() {
    let folder = Folder::new("near");
    let mut numbers = Numbers(7);
    let mut all: Vec<Pdq> = (0..3_000).map(|_| numbers.pdq()).collect();
    let asked: Vec<Pdq> = all.iter().take(20).copied().collect();
    // Around each asked one, at every distance up to a little too far; in one place and spread out.
    for pdq in &asked {
        for bits in 0..40 {
            let spread = numbers.turned(pdq, bits);
            all.push(spread);
        }
    }
    let mut text = String::new();
    for pdq in &all {
        writeln!(text, "pdq {pdq}").unwrap();
    }
    let (list, imported) = folder.list(&text).unwrap();
    all.sort_unstable();
    all.dedup();
    assert_eq!(imported.counts[3], all.len() as u64);
    for pdq in asked {
        let mut expected: Vec<(u32, u32)> = (0..)
            .zip(&all)
            .map(|(number, other)| (number, pdq.distance(other)))
            .filter(|(_, distance)| *distance <= NEAR_DISTANCE_MAX)
            .collect();
        expected.sort_unstable();
        assert!(expected.len() >= 32);
        assert_eq!(list.near(&pdq).unwrap(), expected);
    }
    assert!(list.near(&numbers.pdq()).unwrap().is_empty());
}

#[test]
fn only_equal_sha256_is_exact() {
    let folder = Folder::new("exact");
    let (a, b, md5) = ("a1".repeat(32), "B2".repeat(32), "c3".repeat(16));
    let pdq = Numbers(1).pdq();
    let text =
        format!("# of others\n\nsha256 {a}\nSHA-256  {b}\nmd5 {md5}\npdq {pdq}\nsha256 {a}\n");
    let (list, imported) = folder.list(&text).unwrap();
    assert_eq!(
        imported,
        Imported {
            counts: [2, 0, 1, 1],
            repeated: 1
        }
    );
    assert_eq!((list.name(), list.counts()), ("a list", [2, 0, 1, 1]));
    let none = "d4".repeat(16);
    let found =
        |sha256: &str, md5: &str, picture| list.find(&hashes(sha256, md5, picture)).unwrap();
    assert_eq!(found(&a, &none, None), Some(Listed::Exact));
    assert_eq!(found(&b.to_lowercase(), &none, None), Some(Listed::Exact));
    assert_eq!(
        found(&"0".repeat(64), &md5, None),
        Some(Listed::Near(0)),
        "MD5 proves nothing"
    );
    assert_eq!(
        found(&"0".repeat(64), &none, Some((pdq, 50))),
        Some(Listed::Near(0))
    );
    assert_eq!(found(&"0".repeat(64), &none, Some((pdq, 49))), None);
    assert_eq!(found("nonsense", &none, None), None);
    assert!(list.has_sha256(&a).unwrap() && !list.has_sha256(&a[1..]).unwrap());
}

#[test]
fn csv_is_read_by_its_titles() {
    let folder = Folder::new("csv");
    let (a, b) = ("a1".repeat(32), "b2".repeat(16));
    let titled = format!("\u{feff}source,Hash,\"Type\"\r\nx,\"{a}\",SHA256\r\ny,{b},md5\r\n");
    assert_eq!(folder.list(&titled).unwrap().1.counts, [1, 0, 1, 0]);
    let plain = format!("sha256,{a}\nmd5,{b},more\n");
    assert_eq!(folder.list(&plain).unwrap().1.counts, [1, 0, 1, 0]);
}

#[test]
fn a_bad_line_is_named_without_its_hash_and_nothing_is_imported() {
    let folder = Folder::new("bad");
    let good = format!("sha256 {}\n", "a1".repeat(32));
    folder.list(&good).unwrap();
    for (line, said) in [
        ("sha256 12fe", "Line 2 is not a hash"),
        ("sha256 zz", "Line 2 is not a hash"),
        ("photodna 12fe", "Line 2 names no kind"),
        ("12fe", "Line 2 has no kind"),
        ("md5 12fe 12fe", "Line 2 has no kind"),
    ] {
        let fault = folder
            .list(&format!("{good}{line}\n"))
            .unwrap_err()
            .to_string();
        assert!(
            fault.starts_with(said) && !fault.contains("12fe"),
            "{fault}"
        );
        // What was there before stays.
        assert_eq!(
            HashList::open(&folder.0.join("one.hashes"))
                .unwrap()
                .counts(),
            [1, 0, 0, 0]
        );
    }
    assert!(matches!(folder.list("# nothing\n"), Err(ListError::Empty)));
    let endless = "a".repeat(5_000);
    assert!(matches!(
        folder.list(&endless),
        Err(ListError::BadForm { line: 1 })
    ));
    assert_eq!(
        std::fs::read_dir(&folder.0).unwrap().count(),
        1,
        "nothing is left over"
    );
}

#[test]
fn a_list_that_was_changed_does_not_open() {
    let folder = Folder::new("changed");
    let pdq = Numbers(3).pdq();
    folder
        .list(&format!("sha256 {}\npdq {pdq}\n", "a1".repeat(32)))
        .unwrap();
    let place = folder.0.join("one.hashes");
    let whole = std::fs::read(&place).unwrap();
    for at in [0, 7, 8, 20, 47, 50, 60, 100, 4_000, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        std::fs::write(&place, changed).unwrap();
        assert!(
            matches!(HashList::open(&place), Err(ListError::Damaged)),
            "byte {at}"
        );
    }
    for len in [0, 8, 47, 49, whole.len() - 1] {
        std::fs::write(&place, &whole[..len]).unwrap();
        assert!(
            matches!(HashList::open(&place), Err(ListError::Damaged)),
            "{len} bytes"
        );
    }
    std::fs::write(&place, &whole).unwrap();
    HashList::open(&place).unwrap();
}
