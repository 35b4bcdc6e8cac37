#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;
use scrim_model::Pdq;

fn job(kind: JobKind) -> Job {
    Job {
        build: "b1".into(),
        kind,
        media_len: 300,
        output_len: 4,
        deadline_ms: 5000,
        limits: JobLimits {
            source_pixels_max: 1,
            source_side_max: 2,
        },
        frame: 3,
        waived: Waived { landlock: true },
    }
}

#[test]
fn the_bytes_of_a_job_are_frozen() {
    let cover = job(JobKind::Cover {
        sigma_per_mille: 25,
        grey: true,
        sketch: false,
    });
    let bytes = postcard::to_stdvec(&cover).unwrap();
    let frozen = [
        2, b'b', b'1', 0, 25, 1, 0, 0xac, 2, 4, 0x88, 0x27, 1, 2, 3, 1,
    ];
    assert_eq!(bytes, frozen);
    assert_eq!(postcard::from_bytes::<Job>(&frozen).unwrap(), cover);
    let fit = job(JobKind::Fit {
        max_width: 3,
        max_height: 4,
    });
    let frozen = [2, b'b', b'1', 1, 3, 4, 0xac, 2, 4, 0x88, 0x27, 1, 2, 3, 1];
    assert_eq!(postcard::to_stdvec(&fit).unwrap(), frozen);
    let frozen = [2, b'b', b'1', 2, 0xac, 2, 4, 0x88, 0x27, 1, 2, 3, 1];
    assert_eq!(postcard::to_stdvec(&job(JobKind::Probe)).unwrap(), frozen);
    let soft = job(JobKind::Soft {
        max_width: 3,
        max_height: 4,
        sigma_per_myriad: 25,
    });
    let frozen = [
        2, b'b', b'1', 3, 3, 4, 25, 0xac, 2, 4, 0x88, 0x27, 1, 2, 3, 1,
    ];
    assert_eq!(postcard::to_stdvec(&soft).unwrap(), frozen);
    let hashes = job(JobKind::Hashes { of_pixels: true });
    let frozen = [2, b'b', b'1', 4, 1, 0xac, 2, 4, 0x88, 0x27, 1, 2, 3, 1];
    assert_eq!(postcard::to_stdvec(&hashes).unwrap(), frozen);
}

#[test]
fn the_bytes_of_an_answer_are_frozen() {
    let mut answer = Answer {
        build: "b1".into(),
        posture: Posture {
            landlock_abi: 7,
            seccomp: true,
            rlimits: true,
            not_dumpable: false,
        },
        result: Ok(Made::Picture(DecodedInfo {
            width: 1,
            height: 2,
            source_width: 3,
            source_height: 4,
            format: Format::WebP,
            frames: 5,
        })),
    };
    let frozen = [2, b'b', b'1', 7, 1, 1, 0, 0, 0, 1, 2, 3, 4, 2, 5];
    assert_eq!(postcard::to_stdvec(&answer).unwrap(), frozen);
    answer.result = Err(Rejection::NoSandbox);
    let frozen = [2, b'b', b'1', 7, 1, 1, 0, 1, 6];
    assert_eq!(postcard::to_stdvec(&answer).unwrap(), frozen);
    assert_eq!(postcard::from_bytes::<Answer>(&frozen).unwrap(), answer);
    answer.result = Err(Rejection::Quarantined);
    let frozen = [2, b'b', b'1', 7, 1, 1, 0, 1, 13];
    assert_eq!(postcard::to_stdvec(&answer).unwrap(), frozen);
}

#[test]
fn the_bytes_of_hashes_are_frozen() {
    let mut hashes = MediumHashes {
        sha256: [1; 32],
        md5: [2; 16],
        sha1: [3; 20],
        picture: Err(Rejection::Unsupported),
    };
    let bytes = [vec![1; 32], vec![2; 16], vec![3; 20]].concat();
    let frozen = [&[1][..], &bytes, &[1, 1]].concat();
    assert_eq!(postcard::to_stdvec(&Made::Hashes(hashes)).unwrap(), frozen);
    hashes.picture = Ok(PictureHash {
        rule: HashRule::FullSizeAsStored,
        pdq: Pdq::from_bytes([0xa5; 32]),
        quality: 99,
    });
    let text = "a5".repeat(32);
    let frozen = [&[1][..], &bytes, &[0, 0, 64], text.as_bytes(), &[99]].concat();
    let made = Made::Hashes(hashes);
    assert_eq!(postcard::to_stdvec(&made).unwrap(), frozen);
    assert_eq!(postcard::from_bytes::<Made>(&frozen).unwrap(), made);
    assert_eq!(hashes.texts()[1], "02".repeat(16));
}

#[test]
fn a_posture_holds_only_with_every_wall() {
    let all = Posture {
        landlock_abi: 1,
        seccomp: true,
        rlimits: true,
        not_dumpable: true,
    };
    assert!(all.holds());
    assert!(
        !Posture {
            landlock_abi: 0,
            ..all
        }
        .holds()
    );
    assert!(
        !Posture {
            seccomp: false,
            ..all
        }
        .holds()
    );
    assert!(
        !Posture {
            rlimits: false,
            ..all
        }
        .holds()
    );
    assert!(
        !Posture {
            not_dumpable: false,
            ..all
        }
        .holds()
    );
    assert!(!Posture::default().holds());
}

#[test]
fn only_landlock_can_be_waived() {
    let waived = Waived { landlock: true };
    let without_landlock = Posture {
        landlock_abi: 0,
        seccomp: true,
        rlimits: true,
        not_dumpable: true,
    };
    assert!(!without_landlock.holds());
    assert!(!without_landlock.holds_but_for(Waived::default()));
    assert!(without_landlock.holds_but_for(waived));
    for weaker in [
        Posture {
            seccomp: false,
            ..without_landlock
        },
        Posture {
            rlimits: false,
            ..without_landlock
        },
        Posture {
            not_dumpable: false,
            ..without_landlock
        },
        Posture::default(),
    ] {
        assert!(!weaker.holds_but_for(waived), "{weaker:?}");
    }
}
