//! Journeys of the lock, with real keys: nothing of an item is under it, and the way back is calm.

use egui::Key;
use scrim_model::{Kind, ModeratorId};
use scrim_runtime::{
    Connection, Hooks, KeyPlace, Keys, Profile, SignIn, assemble, keep_sign_in, sibling,
};
use scrim_wire::window::{LockKey, Screen, Secret, WindowModel};

use crate::journeys::{Journey, checkered, desk, images, item};
use crate::key_journeys::talk;
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const LOCK: &[Journey] = &[
    Journey {
        name: "lock-after-idle",
        about: "a desk that was left locks by itself, shows nothing, and a press brings everything back covered",
        run: after_idle,
    },
    Journey {
        name: "lock-of-the-desktop",
        about: "the desktop's lock ends a look in the same moment and leaves no word of the item",
        run: of_the_desktop,
    },
    Journey {
        name: "lock-with-passphrase",
        about: "a wrong passphrase is said calmly and keeps everything shut, the right one opens",
        run: with_passphrase,
    },
    Journey {
        name: "start-signed-out",
        about: "a desk at which nobody is signed in says so and how to sign in, and nothing fails",
        run: starts_signed_out,
    },
    Journey {
        name: "sign-out",
        about: "after a shift, signing out takes the token off the machine, shows nothing and keeps the records",
        run: signs_out,
    },
];

/// The passphrase of [`sealed`].
const PASSPHRASE: &str = "four calm green words";

/// A moderator sits down at a desk whose key is behind [`PASSPHRASE`].
pub(crate) fn sealed(look: Look) -> Result<Stage, Failed> {
    on_profile(look, |profile, stage| {
        let sign_in = SignIn {
            origin: stage.served.origin.clone(),
            moderator_id: ModeratorId::new("moderator-1")?,
            token: stage.served.token.clone(),
            connection: Connection::default(),
        };
        let passphrase = Secret::new(PASSPHRASE.to_owned());
        let keys = Keys::of(profile, &sign_in);
        keys.move_to(KeyPlace::Passphrase, None, Some(&passphrase))?;
        Ok(keep_sign_in(profile, &sign_in, Some(&passphrase))?)
    })
}

/// A desk at which nobody is signed in.
pub(crate) fn signed_out(look: Look) -> Result<Stage, Failed> {
    on_profile(look, |_, _| Ok(()))
}

/// A desk whose sign-in is kept in a file of its profile.
fn signed_in(look: Look) -> Result<Stage, Failed> {
    on_profile(look, |profile, stage| {
        Ok(profile.keep_sign_in(&SignIn {
            origin: stage.served.origin.clone(),
            moderator_id: ModeratorId::new("moderator-1")?,
            token: stage.served.token.clone(),
            connection: Connection::default(),
        })?)
    })
}

/// A desk that starts as the agent starts it, on a profile that was `prepared`.
fn on_profile(
    look: Look,
    prepared: impl FnOnce(&Profile, &Stage) -> Result<(), Failed>,
) -> Result<Stage, Failed> {
    let mut stage = Stage::empty(&images(4), look, "test")?;
    let profile = Profile::open(Some(&stage.folder().join("profile")))?;
    prepared(&profile, &stage)?;
    let (mut parts, _) = assemble(&profile, sibling("scrim-decode")?, Hooks::default())?;
    parts.clock = Box::new(stage.clock.clone());
    stage.start_with(parts)?;
    Ok(stage)
}

fn lock_key(stage: &mut Stage) -> Option<LockKey> {
    match stage.model().screen {
        Screen::Locked { key } => Some(key),
        _ => None,
    }
}

/// Nothing of an item is in the window's memory or in what it says.
fn holds_nothing(stage: &Stage, model: &WindowModel) -> Result<(), Failed> {
    hold!(model.item.is_none(), "the model has the item");
    hold!(
        !stage.view().has_clear_pixels() && !stage.view().is_revealed(),
        "clear pixels are left"
    );
    hold!(
        stage.says("screen-locked"),
        "the lock does not say what it is"
    );
    hold!(
        stage.says("screen-locked-body"),
        "the lock does not say that nothing is shown"
    );
    for key in [
        "decide-allow",
        "decide-remove",
        "policy-title",
        "strip-covered",
    ] {
        hold!(!stage.says_some(key), "under the lock is {key:?}");
    }
    for data in ["Violence", "░"] {
        hold!(!stage.shows_some(data), "under the lock is {data:?}");
    }
    Ok(())
}

fn after_idle() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let open = item(&mut stage);
    stage.press(Key::Num2);
    stage.press_with(Key::R, egui::Modifiers::SHIFT);
    stage.press(Key::Escape);
    stage.pass(9 * 60_000);
    hold!(lock_key(&mut stage).is_none(), "it locks too early");
    stage.pass(2 * 60_000);
    hold!(
        lock_key(&mut stage) == Some(LockKey::Press),
        "it does not lock: {:?}",
        stage.model().screen
    );
    let model = stage.model();
    holds_nothing(&stage, &model)?;
    for key in [Key::F, Key::X, Key::R, Key::H, Key::Questionmark] {
        stage.press(key);
    }
    let model = stage.model();
    holds_nothing(&stage, &model)?;
    hold!(
        model.history.is_empty(),
        "something was decided under the lock"
    );
    stage.press(Key::Enter);
    stage.pass(2_000);
    comes_back(&mut stage, open.as_deref())
}

/// The item of before, covered, with what was chosen for it.
fn comes_back(stage: &mut Stage, open: Option<&str>) -> Result<(), Failed> {
    hold!(
        item(stage).as_deref() == open,
        "the item does not come back"
    );
    hold!(!stage.view().has_clear_pixels(), "it comes back uncovered");
    hold!(
        stage.model().draft.chosen.is_some(),
        "what was chosen is lost"
    );
    Ok(())
}

fn of_the_desktop() -> Result<(), Failed> {
    let samples = [talk(1), checkered(2, Kind::Image)];
    let mut stage = Stage::set(&samples, Look::default())?;
    if stage
        .model()
        .item
        .is_some_and(|item| item.kind == Kind::Image)
    {
        stage.press(Key::F);
    }
    stage.press(Key::J);
    stage.down(Key::R);
    stage.pass(400);
    hold!(stage.shows_some("kite"), "the words are not shown");
    stage.lock();
    let model = stage.model();
    holds_nothing(&stage, &model)?;
    hold!(!stage.shows_some("kite"), "the words stay under the lock");
    stage.pass(1_000);
    stage.up(Key::R);
    hold!(
        lock_key(&mut stage) == Some(LockKey::Press),
        "letting go lifts the lock"
    );
    stage.press(Key::Enter);
    stage.pass(1_000);
    hold!(
        stage.shows("Good morning! Did the beans get water?") && !stage.shows_some("kite"),
        "the words do not come back masked"
    );
    Ok(())
}

/// Types a passphrase at the lock and sends it.
fn try_passphrase(stage: &mut Stage, words: &str) {
    stage.type_in(words);
    stage.press(Key::Enter);
    stage.pass(500);
}

fn with_passphrase() -> Result<(), Failed> {
    let mut stage = sealed(Look::default())?;
    hold!(
        lock_key(&mut stage) == Some(LockKey::Passphrase),
        "a sealed desk starts with {:?}",
        stage.model().screen
    );
    try_passphrase(&mut stage, PASSPHRASE);
    stage.pass(2_000);
    let open = item(&mut stage);
    hold!(open.is_some(), "the right passphrase does not open");
    stage.press(Key::Num2);
    stage.lock();
    stage.press(Key::Enter);
    hold!(
        lock_key(&mut stage) == Some(LockKey::Passphrase),
        "a press lifts the lock"
    );
    for wrong in ["not this one", "nor this"] {
        try_passphrase(&mut stage, wrong);
        hold!(
            lock_key(&mut stage) == Some(LockKey::PassphraseAgain),
            "after a wrong one the lock is {:?}",
            lock_key(&mut stage)
        );
        hold!(
            stage.says("lock-again") && !stage.shows_some(wrong) && !stage.holds_text(wrong),
            "a wrong one is not said calmly, or stays to be read"
        );
        let model = stage.model();
        holds_nothing(&stage, &model)?;
    }
    try_passphrase(&mut stage, PASSPHRASE);
    stage.pass(2_000);
    comes_back(&mut stage, open.as_deref())
}

fn starts_signed_out() -> Result<(), Failed> {
    let mut stage = signed_out(Look::default())?;
    stage.pass(2 * 60_000);
    hold!(
        stage.model().screen == Screen::SignedOut,
        "the screen is {:?}",
        stage.model().screen
    );
    hold!(
        stage.says("screen-signed-out") && stage.shows_some("scrim sign-in"),
        "it does not say how to sign in"
    );
    Ok(())
}

fn signs_out() -> Result<(), Failed> {
    let mut stage = signed_in(Look::default())?;
    stage.pass(1_000);
    stage.press(Key::F);
    stage.pass(6_000);
    stage.press_with(Key::E, egui::Modifiers::CTRL);
    stage.click("desk.sign_out")?;
    stage.pass(2_000);
    let model = stage.model();
    hold!(
        model.item.is_none() && model.history.is_empty() && stage.says("screen-signed-out"),
        "the screen is {:?}",
        model.screen
    );
    let profile = Profile::open(Some(&stage.folder().join("profile")))?;
    hold!(profile.sign_in()?.is_none(), "the token is still there");
    hold!(
        stage.served.decisions()?.len() == 1,
        "what was decided has not arrived"
    );
    Ok(())
}
