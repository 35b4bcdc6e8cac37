//! throw-away
#![allow(missing_docs, dead_code, clippy::all)]
#[path = "../src/demo_models.rs"]
mod demo_models;
use demo_models::*;
use scrim_wire::link::*;
use scrim_wire::shared::SharedPicture;
use scrim_wire::window::*;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::*;
use std::time::Duration;
use scrim_model::view::*;
fn main() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let fd: OwnedFd = theirs.into();
    let mut child = std::process::Command::new("sh").args(["-c", "exec target/debug/scrim-window 3<&0 </dev/null"]).stdin(Stdio::from(fd)).spawn().unwrap();
    let (mut r, mut w) = split(ours);
    w.send(&ToWindow::Hello { build: scrim_wire::build_id::BUILD_ID.into() }, &[]).unwrap();
    std::thread::spawn(move || { while let Ok((m, _)) = r.recv::<FromWindow>() { eprintln!("<- {m:?}"); } eprintln!("closed"); });
    let pic = |w: u32, h: u32, c| { SharedPicture::from_bytes(&pixels(w, h, c)).unwrap() };
    let out = std::env::args().nth(1).unwrap();
    let only: Vec<String> = std::env::args().skip(2).collect();
    std::thread::sleep(Duration::from_millis(1500));
    let cover = pic(512, 384, false);
    for n in 0..3 { w.send(&covered(n, 512, 384), &[cover.read_only().unwrap().as_fd()]).unwrap(); }
    let mut scenes: Vec<(&str, WindowModel)> = vec![
        ("image", with_held(image(3), 3)),
        ("latch", revealed(image(3), "r1", RevealMode::Latch, true)),
        ("full", revealed(image(3), "r2", RevealMode::Full, true)),
        ("talk", conversation()),
        ("confirm", { let mut m = confirming(image(1), true); m.draft.parent = Some(scrim_model::PolicyId::new("violence").unwrap()); m.draft.chosen = Some(scrim_model::PolicyId::new("threat").unwrap()); m }),
        ("break", { let mut m = model(Screen::OnBreak); m.wellbeing.phase = scrim_model::breaks::BreakPhase::Resting { left_ms: 300_000 }; m }),
        ("offline", { let mut m = model(Screen::OfflineEmpty); m.link = LinkState::Offline { retry_in_s: 12 }; m }),
        ("due", { let mut m = image(1); m.wellbeing.phase = scrim_model::breaks::BreakPhase::Due; m.item.as_mut().unwrap().media[0] = MediumState::Rejected { reason: "It took too long to open.".into() };
            m.notices = vec![Notice { id: 1, key: NoticeKey::PolicyNeeded, arg: "".into() }, Notice { id: 2, key: NoticeKey::DecisionNotRecorded, arg: "".into() }]; m }),
        ("blank", model(Screen::CoveredAll)),
    ];
    scenes.retain(|(n, _)| only.is_empty() || only.iter().any(|o| o == n));
    for (name, m) in scenes {
        let reveal = m.item.as_ref().and_then(|i| i.reveal.clone());
        w.send(&ToWindow::Model(Box::new(m)), &[]).unwrap();
        if let Some(rv) = reveal {
            let p = pic(1000, 750, true);
            w.send(&clear(rv.id.as_str(), 0, 1000, 750), &[p.read_only().unwrap().as_fd()]).unwrap();
        }
        for _ in 0..8 { std::thread::sleep(Duration::from_millis(100)); w.send(&ToWindow::Ping, &[]).unwrap(); }
        std::process::Command::new("import").args(["-window", "root", &format!("{out}/{name}.png")]).status().unwrap();
    }
    w.send(&ToWindow::Close, &[]).unwrap();
    eprintln!("exit {:?}", child.wait());
}
