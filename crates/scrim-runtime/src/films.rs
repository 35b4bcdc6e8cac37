//! What workers make of a medium for the window: a cover of a picture or of one of its frames, a contact sheet or a still of a film, or how loud a
//! sound is.

use scrim_desk::{CoverOf, FilmKnown};
use scrim_media::{Covered, Medium, MovingFacts, Picture, Pool, Rejection};
use scrim_model::view::CoverKey;

/// What was made.
pub(crate) enum Made {
    /// Something to see.
    Cover {
        /// The preview.
        picture: Covered<Picture>,
        /// What is known of a film.
        film: Option<FilmKnown>,
    },
    /// Something to hear.
    Sound(FilmKnown),
}

/// The preview of a medium under the cover of `key`. A film without pictures is a sound.
pub(crate) fn made(
    pool: &Pool,
    medium: &Medium,
    key: &CoverKey,
    of: CoverOf,
) -> Result<Made, Rejection> {
    match (of, key.at_ms) {
        (CoverOf::Picture, _) => {
            let frame = key.at_ms.unwrap_or(0);
            let picture = pool.cover_frame(medium, frame, key.step, key.style)?;
            let frames = picture.picture().frames();
            Ok(Made::Cover {
                film: (frames > 1).then(|| FilmKnown {
                    frames,
                    ..FilmKnown::default()
                }),
                picture,
            })
        }
        (CoverOf::Film { .. }, Some(at_ms)) => {
            let still = pool.cover_at(medium, at_ms, key.step, key.style)?;
            let film = FilmKnown {
                begins_ms: still.at_ms,
                next_ms: still.next_ms,
                ..known(&still.facts)
            };
            Ok(Made::Cover {
                picture: still.picture,
                film: Some(film),
            })
        }
        (CoverOf::Film { stills }, None) => match pool.sheet(medium, stills, key.step, key.style) {
            Ok(sheet) => Ok(Made::Cover {
                film: Some(known(&sheet.facts)),
                picture: sheet.picture,
            }),
            Err(Rejection::Unsupported) => sound(pool, medium),
            Err(why) => Err(why),
        },
        (CoverOf::Sound, _) => sound(pool, medium),
    }
}

fn sound(pool: &Pool, medium: &Medium) -> Result<Made, Rejection> {
    let waveform = pool.waveform(medium)?;
    Ok(Made::Sound(FilmKnown {
        peaks: waveform.peaks,
        ..known(&waveform.facts)
    }))
}

fn known(facts: &MovingFacts) -> FilmKnown {
    FilmKnown {
        duration_ms: facts.duration_ms,
        has_sound: facts.sound.is_some(),
        ..FilmKnown::default()
    }
}
