//! What is done at the real window, and what the screen and the server must show.

use std::collections::BTreeSet;

use scrim_model::Decision;
use scrim_wire::protocol::ClaimsRequest;
use serde_json::json;

use super::desk::{Desk, Figures, Judged};
use super::{OuterJourney, Ring};
use crate::stage::{Failed, hold};

/// All of them, in the order in which they are run.
pub(crate) const OUTER: &[OuterJourney] = &[
    OuterJourney {
        name: "outer-first-item-covered",
        about: "every frame from the first on shows the item grey and blurred, measured against its clear picture",
        run: first_item_covered,
    },
    OuterJourney {
        name: "outer-hold-and-cover",
        about: "a held key opens the lens on the screen, letting go covers; the whole picture opens and covers by key",
        run: hold_and_cover,
    },
    OuterJourney {
        name: "outer-decided-once",
        about: "a decision is at the server once, also after the agent was started again",
        run: decided_once,
    },
    OuterJourney {
        name: "outer-three-keys",
        about: "two digits and an action, pressed on the keyboard, are the decision that the server gets",
        run: three_keys,
    },
    OuterJourney {
        name: "outer-offline-then-sync",
        about: "without a server a decision is kept, and it arrives once the server is back",
        run: offline_then_sync,
    },
    OuterJourney {
        name: "outer-window-killed",
        about: "the next window shows the same item, covered, with its note and policy",
        run: window_killed,
    },
    OuterJourney {
        name: "outer-break",
        about: "on a break nothing of the picture is on the screen; after it the item is back, covered",
        run: on_a_break,
    },
    OuterJourney {
        name: "outer-cover-all",
        about: "F9 takes an open picture off the screen; going on brings it back covered",
        run: cover_all,
    },
    OuterJourney {
        name: "outer-sign-out",
        about: "signing out leaves no picture on the screen and no token, and gives the items back",
        run: sign_out,
    },
];

/// Least sharpness of the clear picture on the screen: without it, the measure of covers is blind.
const CLEAR_MIN: f64 = 0.5;
/// Farthest from grey that a pixel of a grey cover may be, of 255.
const GREY_MAX: u32 = 2;
/// Least colour, of 255, of the same picture in colour.
const COLOUR_MIN: f64 = 5.0;
/// Longest time from letting a key go to the cover on the screen: a frame or two, on a machine that
/// draws without a graphics card and does other things besides.
const COVERS_MS_MAX: u64 = 1_000;

fn first_item_covered(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    let judged: Judged = desk.hands("judged", json!([]))?;
    hold!(
        judged.bad == 0,
        "{} of {} frames showed something of the picture but its cover",
        judged.bad,
        judged.frames
    );
    let cover = desk.covered()?;
    hold!(
        cover.colour_max <= GREY_MAX,
        "a pixel of the cover is {} of 255 from grey",
        cover.colour_max
    );
    desk.shoot("covered")?;
    // The same measures of the clear picture: that they would have told.
    desk.press("reveal.full")?;
    let clear = desk.clear()?;
    hold!(
        clear.energy >= CLEAR_MIN && clear.like < cover.like,
        "the clear picture can hardly be told from its cover: {clear:?}, {cover:?}"
    );
    desk.press("reveal.colour")?;
    let coloured: Figures = desk.hands("coloured", json!([COLOUR_MIN]))?;
    println!(
        "      {} frames, all covered; of the clear picture's sharpness the cover has {:.2} % and the clear view {:.0} %; \
         from grey: cover {}, in colour {:.0} of 255",
        judged.frames,
        cover.energy * 100.0,
        clear.energy * 100.0,
        cover.colour_max,
        coloured.colour,
    );
    desk.press("reveal.full")?;
    desk.covered()?;
    desk.stop()
}

fn hold_and_cover(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    desk.hands::<()>("key_down", json!(["r"]))?;
    let lens: f64 = desk.hands("lens", json!([]))?;
    hold!(lens >= CLEAR_MIN, "the lens has {lens:.2} of the sharpness");
    desk.shoot("lens")?;
    desk.hands::<()>("key_up", json!(["r"]))?;
    covers_soon(&mut desk, "letting the look key go")?;
    desk.key("shift+r")?;
    desk.clear()?;
    desk.key("shift+r")?;
    covers_soon(&mut desk, "a second press")?;
    // The hold has a control for hands that cannot hold.
    desk.press("reveal.hold")?;
    desk.hands::<f64>("lens", json!([]))?;
    desk.press("reveal.hold")?;
    covers_soon(&mut desk, "the control of the lens")?;
    desk.stop()?;
    let made = desk.served.decisions()?;
    hold!(made.is_empty(), "looking decided: {made:?}");
    Ok(())
}

fn covers_soon(desk: &mut Desk<'_>, what: &str) -> Result<(), Failed> {
    let ms: u64 = desk.hands("covers_again", json!([]))?;
    hold!(ms <= COVERS_MS_MAX, "covered {ms} ms after {what}");
    println!("      covered {ms} ms after {what}");
    Ok(())
}

/// Waits for another item, or for none, and then until the server has everything.
fn goes_on(desk: &mut Desk<'_>, before: &[String]) -> Result<(), Failed> {
    desk.hands::<Vec<String>>("next_item", json!([before]))?;
    desk.until("status.sync", "all synced")
}

/// What the server has, each decision once, and the platform is told of the same.
fn arrived(desk: &Desk<'_>) -> Result<Vec<Decision>, Failed> {
    let made = desk.served.decisions()?;
    let ids: BTreeSet<_> = made.iter().map(|made| &made.decision_id).collect();
    let told = desk.served.outcomes()?;
    hold!(
        ids.len() == made.len() && told.len() == made.len(),
        "the server has {} decisions with {} ids, and the platform is told of {}",
        made.len(),
        ids.len(),
        told.len()
    );
    Ok(made)
}

fn decided_once(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    let item: Vec<String> = desk.hands("item", json!([]))?;
    desk.press("decide.allow")?;
    goes_on(&mut desk, &item)?;
    desk.shoot("all-synced")?;
    let first = arrived(&desk)?;
    hold!(first.len() == 1, "{} decisions arrived", first.len());
    desk.stop()?;
    desk.open()?;
    desk.hands::<Vec<String>>("item", json!([]))?;
    desk.until("status.sync", "all synced")?;
    desk.stop()?;
    let again = arrived(&desk)?;
    hold!(
        first == again,
        "after another start the server has {again:?}"
    );
    Ok(())
}

fn three_keys(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    let item: Vec<String> = desk.hands("item", json!([]))?;
    desk.key("2")?;
    desk.until("policy.chosen", "Violence")?;
    desk.key("1")?;
    desk.until("policy.chosen", "Graphic")?;
    desk.key("x")?;
    goes_on(&mut desk, &item)?;
    desk.stop()?;
    let made = arrived(&desk)?;
    hold!(
        made.len() == 1
            && made[0].headline() == "remove"
            && made[0]
                .policy_ids
                .iter()
                .any(|id| id.as_str() == "violence.graphic"),
        "the server has {made:?}"
    );
    Ok(())
}

fn offline_then_sync(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    let item: Vec<String> = desk.hands("item", json!([]))?;
    desk.served.kill()?;
    desk.press("decide.allow")?;
    desk.hands::<Vec<String>>("next_item", json!([item]))?;
    desk.until("status.link", "offline")?;
    desk.until("status.sync", "1 ")?;
    desk.shoot("offline")?;
    desk.served.back()?;
    desk.key("y")?;
    desk.until("status.sync", "all synced")?;
    desk.stop()?;
    let made = arrived(&desk)?;
    hold!(made.len() == 1, "{} decisions arrived", made.len());
    Ok(())
}

fn window_killed(ring: &mut Ring) -> Result<(), Failed> {
    const NOTE: &str = "seen before";
    let mut desk = Desk::start(ring)?;
    let item: Vec<String> = desk.hands("item", json!([]))?;
    desk.press("policy.2")?;
    desk.until("policy.chosen", "Violence")?;
    desk.press("note.write")?;
    desk.hands::<()>("write", json!(["note.field", NOTE]))?;
    desk.hands::<()>("holds", json!(["note.field", NOTE]))?;
    desk.kill_window()?;
    desk.covered()?;
    let after: Vec<String> = desk.hands("item", json!([]))?;
    hold!(
        after == item,
        "another item is open: {after:?}, not {item:?}"
    );
    desk.until("policy.chosen", "Violence")?;
    desk.hands::<()>("holds", json!(["note.field", NOTE]))?;
    desk.shoot("new-window")?;
    desk.press("decide.remove")?;
    goes_on(&mut desk, &item)?;
    desk.stop()?;
    let made = arrived(&desk)?;
    hold!(
        made.len() == 1 && made[0].reason == NOTE,
        "the server has {made:?}"
    );
    Ok(())
}

fn on_a_break(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    desk.press("reveal.full")?;
    desk.clear()?;
    desk.press("break.take")?;
    desk.hides()?;
    desk.until("screen.title", "On a break")?;
    desk.shoot("break")?;
    desk.press("break.end")?;
    desk.covered()?;
    desk.stop()
}

fn cover_all(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    desk.press("reveal.full")?;
    desk.clear()?;
    desk.key("F9")?;
    desk.hides()?;
    desk.until("screen.title", "Everything is covered")?;
    desk.shoot("covered-all")?;
    desk.hands::<()>("go_on", json!([]))?;
    desk.covered()?;
    desk.stop()
}

fn sign_out(ring: &mut Ring) -> Result<(), Failed> {
    let mut desk = Desk::start(ring)?;
    desk.press("reveal.full")?;
    desk.clear()?;
    desk.key("ctrl+e")?;
    desk.hides()?;
    desk.until("screen.title", "Your shift has ended")?;
    desk.press("desk.sign_out")?;
    desk.until("screen.title", "Signed out")?;
    desk.hides()?;
    desk.shoot("signed-out")?;
    desk.stop()?;
    let kept = desk.profile.sign_in()?;
    hold!(kept.is_none(), "the sign-in is still on the disk");
    let other = desk.served.person("moderator-2", "moderator")?;
    let request = ClaimsRequest {
        count: 8,
        ..ClaimsRequest::default()
    };
    let claims = scrim_queue::QueueServer::claim(&other, "other-1", &request)?.claims;
    hold!(claims.len() == 6, "{} of 6 items went back", claims.len());
    Ok(())
}
