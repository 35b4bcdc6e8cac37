//! A desk of the outer ring: a test server, a throw-away profile, the real agent and its window.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use scrim_model::ModeratorId;
use scrim_runtime::{Connection, Profile, SignIn, sibling};
use scrim_samples::{Sample, Settings, checkered};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::Ring;
use crate::chosen::chosen;
use crate::run_folder;
use crate::served::Served;
use crate::shots::save;
use crate::stage::Failed;

/// Folders of the person who runs the tests: nothing is written there.
const PRIVATE_FOLDERS: [&str; 5] = [
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
];

/// What the screen shows where the first item's picture is.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Figures {
    /// How like its cover it is: 1 is the same.
    pub(super) like: f64,
    /// Sharpness above a cover's, as a share of the clear picture's.
    pub(super) energy: f64,
    /// How far the pixels are from grey, of 255: the mean, and the farthest.
    pub(super) colour: f64,
    pub(super) colour_max: u32,
}

/// Frames since a watch began, and how many showed something of the picture but its cover.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Judged {
    pub(super) frames: usize,
    pub(super) bad: usize,
}

/// See the module. It ends with this value.
pub(super) struct Desk<'a> {
    ring: &'a mut Ring,
    pub(super) served: Served,
    pub(super) profile: Profile,
    agent: Option<Child>,
    window: u32,
    pictures: u32,
    folder: TempDir,
}

/// The first item has a picture that is measured: shapes, of which a cover keeps the outline, half
/// over a checkerboard, of which it may keep nothing.
fn samples() -> Vec<Sample> {
    let mut samples = checkered(&Settings::default());
    for (priority, sample) in [2, 3, 3, 3, 3, 3].into_iter().zip(&mut samples) {
        sample.ingest.item.priority = priority;
        sample.ingest.item.appeal = None;
    }
    samples
}

/// The picture of a sample, in the plainest format that there is.
fn write_clear(sample: &Sample, file: &Path) -> Result<(), Failed> {
    let (_, bytes) = sample
        .files
        .first()
        .ok_or_else(|| Failed::new("the sample has no picture"))?;
    let picture = image::load_from_memory(bytes)?.to_rgb8();
    let mut ppm = format!("P6 {} {} 255\n", picture.width(), picture.height()).into_bytes();
    ppm.extend_from_slice(picture.as_raw());
    Ok(std::fs::write(file, ppm)?)
}

impl<'a> Desk<'a> {
    /// Server, profile and agent; every frame of the display is kept from before the window opens.
    /// The first item is there, covered.
    pub(super) fn start(ring: &'a mut Ring) -> Result<Self, Failed> {
        let folder = run_folder::tempdir()?;
        let samples = samples();
        let served = Served::start(folder.path(), &samples, "test")?;
        let profile = Profile::open(Some(&folder.path().join("profile")))?;
        profile.keep_sign_in(&SignIn {
            origin: served.origin.clone(),
            moderator_id: ModeratorId::new("moderator-1")?,
            token: served.token.clone(),
            connection: Connection::default(),
        })?;
        let clear = folder.path().join("clear.ppm");
        write_clear(&samples[0], &clear)?;
        let mut desk = Self {
            ring,
            served,
            profile,
            agent: None,
            window: 0,
            pictures: 0,
            folder,
        };
        desk.hands::<()>("know", json!([clear]))?;
        desk.hands::<()>("watch", json!([]))?;
        desk.open()?;
        desk.covered()?;
        Ok(desk)
    }

    /// Starts the agent and waits for its window.
    pub(super) fn open(&mut self) -> Result<(), Failed> {
        let home = self.folder.path().join("home");
        std::fs::create_dir_all(&home)?;
        let log = File::options().create(true).append(true).open(self.log())?;
        let chosen = chosen();
        let mut command = self.ring.session.command(&sibling("scrim-agent")?);
        command
            .envs(PRIVATE_FOLDERS.map(|name| (name, &home)))
            .env("SCRIM_THEME", chosen.theme.word())
            .env("SCRIM_SCALE", chosen.scale_pct.to_string())
            .env_remove("SCRIM_HAND")
            .arg("--profile")
            .arg(self.profile.folder())
            .stdin(Stdio::null())
            .stderr(log);
        let agent = command.spawn()?;
        let id = agent.id();
        self.agent = Some(agent);
        self.window = self.hands("open", json!([id, 0]))?;
        Ok(())
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("agent.err")
    }

    /// One command of `ring.py`.
    pub(super) fn hands<T: DeserializeOwned>(
        &mut self,
        name: &str,
        arguments: Value,
    ) -> Result<T, Failed> {
        self.ring.session.hands(name, arguments)
    }

    /// Activates a control of the window.
    pub(super) fn press(&mut self, control: &str) -> Result<(), Failed> {
        self.hands("do", json!([control]))
    }

    /// A key of the keyboard goes down and up.
    pub(super) fn key(&mut self, name: &str) -> Result<(), Failed> {
        self.hands("key", json!([name]))
    }

    /// Waits until a node of the window has the words.
    pub(super) fn until(&mut self, node: &str, words: &str) -> Result<(), Failed> {
        self.hands::<String>("until", json!([node, words]))
            .map(drop)
    }

    /// Waits for the cover of the first item's picture on the screen.
    pub(super) fn covered(&mut self) -> Result<Figures, Failed> {
        self.hands("covered", json!([]))
    }

    /// Waits for the clear picture on the screen.
    pub(super) fn clear(&mut self) -> Result<Figures, Failed> {
        self.hands("clear", json!([]))
    }

    /// Waits until the picture is in no way on the screen.
    pub(super) fn hides(&mut self) -> Result<(), Failed> {
        self.hands("hides", json!([]))
    }

    /// The window is killed; the agent's next one.
    pub(super) fn kill_window(&mut self) -> Result<(), Failed> {
        let before = self.window;
        signal(before, Signal::KILL)?;
        self.hands::<()>("ended", json!([before]))?;
        let agent = self.agent.as_ref().map(Child::id);
        self.window = self.hands("open", json!([agent, before]))?;
        Ok(())
    }

    /// A picture of the real window, if pictures are taken.
    pub(super) fn shoot(&mut self, name: &str) -> Result<(), Failed> {
        let Some(folder) = self.ring.screenshots.clone() else {
            return Ok(());
        };
        self.pictures += 1;
        let raw = self.folder.path().join("pixels");
        let (width, height): (u32, u32) = self.hands("picture", json!([raw]))?;
        let picture = image::RgbImage::from_raw(width, height, std::fs::read(&raw)?)
            .ok_or_else(|| Failed::new("the window's picture has another size than was said"))?;
        let picture = image::DynamicImage::ImageRgb8(picture).to_rgba8();
        let name = format!("{}-{}-{name}.png", self.ring.journey, self.pictures);
        save(&folder.join(name), picture)
    }

    /// Ends the agent as a sign-out of the system would; it and its window end well.
    pub(super) fn stop(&mut self) -> Result<(), Failed> {
        let Some(mut agent) = self.agent.take() else {
            return Ok(());
        };
        signal(agent.id(), Signal::TERM)?;
        let ended = self.hands::<()>("ended", json!([agent.id()]));
        if ended.is_err() {
            agent.kill()?;
        }
        let status = agent.wait()?;
        ended?;
        if !status.success() {
            let said = std::fs::read_to_string(self.log())?;
            return Err(Failed::new(format!(
                "the agent ended with {status}: {said}"
            )));
        }
        let window = self.window;
        self.hands("ended", json!([window]))
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        if self.agent.is_some() {
            // The journey failed: how the window stood then is worth a picture, and no failure of its own.
            drop(self.shoot("failed"));
        }
        if let Some(mut agent) = self.agent.take() {
            drop(agent.kill());
            drop(agent.wait());
        }
    }
}

fn signal(process: u32, signal: Signal) -> Result<(), Failed> {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| Failed::new("that is no process"))?;
    Ok(kill_process(pid, signal)?)
}
