//! What a hostile worker says of clips is not believed.

use std::os::unix::fs::symlink;
use std::path::Path;

use scrim_media::{Pool, PoolSettings, Rejection, SoundLook};
use scrim_model::view::{CoverStep, CoverStyle};

use crate::support::{DEADLINE, lying_worker, script};

const OF_FRAMES: [&str; 11] = [
    "claims-31-frames",
    "claims-255-frames",
    "claims-no-frames",
    "claims-falling-times",
    "claims-a-time-twice",
    "claims-a-late-start",
    "claims-a-time-behind-the-clip",
    "claims-a-wide-clip",
    "claims-a-clip-without-height",
    "claims-a-huge-clip",
    "claims-an-end-before-the-last-frame",
];
const OF_SOUND: [&str; 3] = [
    "claims-a-sample-too-many",
    "claims-a-sample-too-few",
    "claims-countless-samples",
];
const OF_BOTH: [&str; 4] = [
    "claims-another-output",
    "claims-a-medium-without-either",
    "claims-a-medium-without-it",
    "claims-an-earlier-end",
];

/// A pool whose workers for video and audio are taken over by media that script them.
fn lying_pool(folder: &Path) -> Pool {
    let link = folder.join("clips.walled");
    symlink(lying_worker(), &link).unwrap();
    Pool::new(PoolSettings {
        moving_worker: link,
        deadline: DEADLINE,
        ..PoolSettings::new("/nowhere/scrim-decode".into())
    })
}

fn clear(pool: &Pool, trick: &str) -> Result<Vec<u16>, Rejection> {
    let clip = pool.clear_clip(&script(trick), 1, (8, 8), None)?;
    assert_eq!(
        clip.frames.picture().byte_len(),
        clip.times.len() * 2 * 2 * 4
    );
    Ok(clip.times)
}

fn covered(pool: &Pool, trick: &str) -> Result<Vec<u16>, Rejection> {
    let (step, style) = (CoverStep::Normal, CoverStyle::default());
    let clip = pool.covered_clip(&script(trick), 1, step, style)?;
    Ok(clip.times)
}

fn sound(pool: &Pool, trick: &str) -> Result<u32, Rejection> {
    let look = SoundLook {
        cap_db: 12,
        narrow: true,
    };
    let sound = pool.sound_clip(&script(trick), 1, look)?;
    Ok(sound.samples())
}

#[test]
fn false_answers_about_clips_are_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path());
    // It is the trick that is refused.
    assert_eq!(clear(&pool, "is-honest"), Ok(vec![0, 40]));
    assert_eq!(covered(&pool, "is-honest"), Ok(vec![0, 40]));
    assert_eq!(sound(&pool, "is-honest"), Ok(24_000));
    for trick in OF_FRAMES.into_iter().chain(OF_BOTH) {
        let got = clear(&pool, trick);
        assert_eq!(got, Err(Rejection::BadAnswer), "{trick}");
    }
    for trick in OF_SOUND.into_iter().chain(OF_BOTH) {
        let got = sound(&pool, trick);
        assert_eq!(got, Err(Rejection::BadAnswer), "{trick}");
    }
    assert_eq!(
        covered(&pool, "claims-a-huge-clip"),
        Err(Rejection::BadAnswer)
    );
    assert_eq!(
        covered(&pool, "claims-31-frames"),
        Err(Rejection::BadAnswer)
    );
    // A still's answer is none for a clip.
    assert_eq!(
        clear(&pool, "answers-with-a-picture"),
        Err(Rejection::BadAnswer)
    );
}
