//! Screenshots for the guides, made from the real views.

use std::path::Path;
use std::sync::OnceLock;

use egui::{Key, Modifiers};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use scrim_model::settings::{Key as Setting, Value};
use scrim_model::{Kind, Role};
use scrim_queue::QueueServer;
use scrim_samples::encode::Format;
use scrim_samples::pictures::{gradient, rings, shapes};
use scrim_samples::{PictureFile, Sample, Settings, sample_of};
use scrim_window::theme::ThemeName;
use scrim_wire::protocol::{ClaimsRequest, ConsultRequest, ConsultTo};
use scrim_wire::window::{Command, WindowModel};

use crate::stage::{Failed, Look, Stage, SystemFont};
use crate::{states, system_fonts, team_states};

/// Makes the folder for screenshots, of either ring, and tries whether they can be written there, before anything is
/// run. Otherwise why not, in words.
pub(crate) fn may_be_taken(folder: &Path) -> Result<(), String> {
    let made = std::fs::create_dir_all(folder);
    let tried = made.and_then(|()| tempfile::tempfile_in(folder).map(drop));
    tried.map_err(|fault| {
        let folder = folder.display();
        format!("Screenshots cannot be written to {folder}: {fault}.")
    })
}

/// Writes the screenshots into `folder`, which is there; returns how many.
pub(crate) fn take(folder: &Path) -> Result<usize, Failed> {
    let mut count = 0;
    for (theme, theme_name) in [(ThemeName::Dark, "dark"), (ThemeName::Light, "light")] {
        // The same 1280 × 800 pixels: at 200 % half as much room.
        for (scale, scale_name) in [(1.0_f32, ""), (2.0, "-200")] {
            let look = Look {
                theme,
                size: (1280.0 / scale + 2.0 * MARGIN, 800.0 / scale + 2.0 * MARGIN),
                scale,
                fonts: fonts(),
            };
            let suffix = format!("{theme_name}{scale_name}");
            count += walk(folder, look, &suffix)?;
        }
    }
    Ok(count)
}

/// Those of the system, as the real window takes them: read once, the same for every picture of a run.
fn fonts() -> &'static [SystemFont] {
    static FONTS: OnceLock<Vec<SystemFont>> = OnceLock::new();
    FONTS.get_or_init(system_fonts::read)
}

/// As small as PNG can be: these files are kept with the documents.
pub(crate) fn save(file: &Path, picture: image::RgbaImage) -> Result<(), Failed> {
    let out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let encoder = PngEncoder::new_with_quality(out, CompressionType::Best, FilterType::Adaptive);
    Ok(image::DynamicImage::ImageRgba8(picture)
        .to_rgb8()
        .write_with_encoder(encoder)?)
}

fn samples() -> Vec<Sample> {
    let settings = Settings::default();
    let picture = |image| PictureFile::new(Format::Png, &image);
    let mut samples = vec![
        sample_of(
            &settings,
            1,
            Kind::Image,
            vec![picture(shapes(960, 640, 7))],
        ),
        crate::key_journeys::talk(2),
        sample_of(
            &settings,
            3,
            Kind::Post,
            vec![
                picture(rings(640, 640, 3)),
                picture(gradient(640, 480, 4)),
                picture(shapes(480, 640, 5)),
            ],
        ),
        sample_of(
            &settings,
            4,
            Kind::Account,
            vec![picture(rings(320, 320, 9))],
        ),
    ];
    samples.push(sample_of(
        &settings,
        5,
        Kind::Image,
        vec![picture(gradient(640, 480, 6))],
    ));
    // Of the gravest severity, so that its whole picture takes a reason.
    samples[2].ingest.item.severity_hint = 4;
    // The account comes last, whatever its age.
    for (priority, sample) in [2, 2, 3, 4, 4].into_iter().zip(&mut samples) {
        sample.ingest.item.priority = priority;
    }
    samples
}

fn walk(folder: &Path, look: Look, suffix: &str) -> Result<usize, Failed> {
    let mut stage = Stage::set(&samples(), look)?;
    let mut count = 0;
    let mut shoot = |stage: &mut Stage, name: &str| -> Result<(), Failed> {
        count += 1;
        let picture = within_margin(stage.picture()?, look.scale);
        save(&folder.join(format!("{name}-{suffix}.png")), picture)
    };
    shoot(&mut crate::several_journeys::judged(look)?, "strip")?;
    let mut film = crate::film_journeys::desk_with_film(look)?;
    shoot(&mut film, "film-sheet")?;
    film.press(Key::CloseBracket);
    shoot(&mut film, "film-still")?;
    film.press(Key::Semicolon);
    film.pass(400);
    shoot(&mut film, "film-plays")?;
    film.press_with(Key::R, Modifiers::SHIFT);
    film.down(Key::S);
    film.pass(300);
    shoot(&mut film, "film-looked-at")?;
    film.up(Key::S);
    film.press(Key::Semicolon);
    film.pass(400);
    film.press(Key::F);
    film.press(Key::Semicolon);
    film.pass(800);
    shoot(&mut film, "sound-plays")?;
    stage.work(1);
    let mut seen = Vec::new();
    for _ in 0..4 {
        let Some(item) = stage.model().item else {
            break;
        };
        let kind = item.kind.as_str().to_owned();
        if item.kind == Kind::Image {
            shoot(&mut stage, "covered")?;
            stage.press_with(Key::R, Modifiers::SHIFT);
            shoot(&mut stage, "revealed")?;
            stage.press_with(Key::R, Modifiers::SHIFT);
            stage.pass(400);
            stage.press(Key::Q);
            shoot(&mut stage, "soft")?;
            stage.press(Key::Q);
            stage.pass(400);
            for key in [Key::M, Key::Enter, Key::M, Key::ArrowLeft, Key::ArrowUp] {
                stage.press(key);
            }
            shoot(&mut stage, "marking")?;
            stage.press(Key::Escape);
            stage.press_with(Key::K, Modifiers::SHIFT);
            shoot(&mut stage, "aimed")?;
            stage.press(Key::Escape);
            sketch(&mut stage, true);
            shoot(&mut stage, "sketch")?;
            sketch(&mut stage, false);
        } else {
            shoot(&mut stage, &kind)?;
        }
        if item.kind == Kind::Conversation {
            words(&mut stage, &mut shoot)?;
        }
        seen.push(kind);
        if seen.len() == 2 {
            stage.press(Key::Num2);
            stage.press(Key::P);
            stage.pass(500);
            shoot(&mut stage, "confirm")?;
            stage.press(Key::Escape);
        }
        if seen.len() == 3 {
            stage.press_with(Key::R, Modifiers::SHIFT);
            shoot(&mut stage, "reason")?;
            stage.press(Key::Escape);
            break;
        }
        stage.pass(400);
        stage.press(Key::F);
    }
    stage.press(Key::U);
    stage.type_in("Does this rule cover drawings as well?");
    shoot(&mut stage, "ask")?;
    stage.press(Key::Escape);
    stage.press(Key::Escape);
    stage.press(Key::Questionmark);
    shoot(&mut stage, "help")?;
    stage.press_with(Key::Comma, Modifiers::CTRL);
    shoot(&mut stage, "settings")?;
    stage.click("settings.search.field")?;
    stage.type_in("break");
    shoot(&mut stage, "settings-found")?;
    stage.press(Key::Escape);
    stage.press_with(Key::P, Modifiers::CTRL);
    shoot(&mut stage, "privacy")?;
    stage.press(Key::Escape);
    stage.press_with(Key::I, Modifiers::CTRL);
    stage.click("checkin.show")?;
    shoot(&mut stage, "check-in")?;
    stage.press(Key::Escape);
    stage.press(Key::H);
    shoot(&mut stage, "history")?;
    stage.pass(6_000);
    stage.press(Key::Z);
    shoot(&mut stage, "correct")?;
    stage.press(Key::Escape);
    stage.press(Key::Escape);
    let asked = colleague(&mut stage, &mut shoot)?;
    stage.served.kill()?;
    stage.press(Key::F);
    stage.pass(6_000);
    shoot(&mut stage, "offline")?;
    let serving = stage.model();
    left_and_late(look, &mut |stage, name| shoot(stage, name))?;
    let training = within_margin(states::training(&asked, look)?, look.scale);
    save(&folder.join(format!("training-{suffix}.png")), training)?;
    stage.press(Key::B);
    shoot(&mut stage, "break")?;
    let team = team_states::take(folder, &serving, look, suffix, |file, picture| {
        save(file, within_margin(picture, look.scale))
    })?;
    // Each state once in the dark and once in the light, once with much room and once with little.
    let states = match (look.theme, look.scale > 1.0) {
        (ThemeName::Dark, false) | (ThemeName::Light, true) => {
            states::take(folder, &serving, look, suffix, |file, picture| {
                save(file, within_margin(picture, look.scale))
            })?
        }
        _ => 0,
    };
    Ok(count + 1 + team + states)
}

/// What did not go as decided, the lock with a passphrase, and nobody signed in.
fn left_and_late(look: Look, shoot: Shoot<'_>) -> Result<(), Failed> {
    let mut late = crate::conflict_journeys::three(look)?;
    shoot(&mut late, "conflicts")?;
    let mut left = crate::lock_journeys::sealed(look)?;
    shoot(&mut left, "locked-passphrase")?;
    left.type_in("not this one");
    left.press(Key::Enter);
    left.pass(500);
    shoot(&mut left, "locked-again")?;
    shoot(&mut crate::lock_journeys::signed_out(look)?, "signed-out")
}

/// A colleague gets the open item and asks about it. The model with the item that comes next.
fn colleague(stage: &mut Stage, shoot: Shoot<'_>) -> Result<WindowModel, Failed> {
    stage.press(Key::U);
    stage.click("ask.hand_over")?;
    stage.pass(1_000);
    stage.press(Key::A);
    let own = stage.model();
    let other = stage.served.person("moderator-2", "moderator")?;
    let request = ClaimsRequest {
        count: 1,
        ..ClaimsRequest::default()
    };
    for claim in other.claim("other-1", &request)?.claims {
        let question = ConsultRequest {
            claim_id: claim.claim_id,
            to: ConsultTo::Role(Role::Moderator),
            question: "Is this a pattern only, or does it stand for something?".to_owned(),
        };
        other.ask("ask-1", &claim.item.id, &question)?;
    }
    stage.pass(31_000);
    stage.press_with(Key::U, Modifiers::CTRL);
    shoot(stage, "asked")?;
    stage.click("asked.0")?;
    stage.pass(1_000);
    shoot(stage, "colleague")?;
    stage.press(Key::Escape);
    stage.pass(1_000);
    Ok(own)
}

type Shoot<'a> = &'a mut dyn FnMut(&mut Stage, &str) -> Result<(), Failed>;

/// One word read, a translation, a search.
fn words(stage: &mut Stage, shoot: Shoot<'_>) -> Result<(), Failed> {
    stage.press(Key::J);
    stage.down(Key::R);
    stage.pass(400);
    shoot(stage, "words-read")?;
    stage.up(Key::R);
    stage.pass(400);
    stage.press(Key::T);
    shoot(stage, "translated")?;
    stage.press(Key::Slash);
    stage.type_in("threat");
    shoot(stage, "search")?;
    stage.press(Key::Escape);
    Ok(())
}

/// The harness draws this margin around a window's content, in points; the real window has none.
const MARGIN: f32 = 8.0;

fn within_margin(picture: image::RgbaImage, scale: f32) -> image::RgbaImage {
    let margin = (MARGIN * scale) as u32;
    let (width, height) = picture.dimensions();
    image::imageops::crop_imm(
        &picture,
        margin,
        margin,
        width - 2 * margin,
        height - 2 * margin,
    )
    .to_image()
}

fn sketch(stage: &mut Stage, on: bool) {
    stage.command(Command::SetSetting {
        key: Setting::CoverSketch,
        value: Some(Value::Flag(on)),
    });
    stage.pass(1_000);
}
