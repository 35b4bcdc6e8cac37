//! A run of one target in a process of its own, watched by another.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use rustix::time::ClockId;

use crate::corpus::{keep_crash, keep_pool, kept_crashes, kept_inputs};
use crate::engine::{Engine, Finding, time_of};
use crate::limits::{HANG_AFTER, STANDSTILL_AFTER};

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The target's name.
    pub target: String,
    /// For how long.
    pub time: Duration,
    /// The first seed.
    pub seed: u64,
    /// Whether the corpus is replaced by what was learnt.
    pub keep: bool,
    /// The folder that holds `corpus` and `crashes`.
    pub root: PathBuf,
    /// Where the input that is being tried is written, for whoever watches.
    pub current: PathBuf,
}

/// Runs the plan in this process; what to say about it, and how many findings there were.
///
/// # Errors
/// What the disk said, or that there is no such target.
pub fn run(plan: &Plan) -> io::Result<(String, usize)> {
    let unknown = || io::Error::other("there is no such target");
    let mut engine = Engine::new(&plan.target, plan.seed).ok_or_else(unknown)?;
    let current = File::create(&plan.current)?;
    let watch = Watch::begin();
    let started = Instant::now();
    let mut seen = BTreeSet::new();
    let mut inputs = kept_crashes(&plan.root, &plan.target)?;
    inputs.extend(engine.first_inputs());
    inputs.extend(kept_inputs(&plan.root, &plan.target)?);
    let mut inputs = inputs.into_iter();
    while started.elapsed() < plan.time {
        let given = inputs.next();
        let is_given = given.is_some();
        let input = given.unwrap_or_else(|| engine.next_input());
        write_current(&current, &input)?;
        watch.next_input();
        let tried = match is_given {
            true => engine.try_given(&input),
            false => engine.try_one(&input),
        };
        if let Err(Finding { what, input }) = tried
            && seen.insert(place(&what))
        {
            let path = keep_crash(&plan.root, &plan.target, &input)?;
            fs::write(path.with_extension("txt"), &what)?;
        }
    }
    let per_second = engine.runs() as f64 / started.elapsed().as_secs_f64();
    let (classes, hit, counted) = engine.reached();
    let mut said = format!(
        "{}: {} inputs, {per_second:.0} a second, {classes} outcomes, {hit} of {counted} edges, {} findings",
        plan.target,
        engine.runs(),
        seen.len(),
    );
    if plan.keep {
        let kept = keep_pool(&plan.root, &plan.target, engine.pool())?;
        said.push_str(&format!(", {kept} inputs kept"));
    }
    Ok((said, seen.len()))
}

/// Starts `program` for the plan, and again with another seed if it dies: then the input that it
/// died of is kept. What it said, and how many findings there were.
///
/// # Errors
/// What the disk or the system said.
pub fn supervise(program: &Path, plan: &Plan) -> io::Result<(String, usize)> {
    let end = Instant::now() + plan.time;
    let (mut said, mut deaths) = (String::new(), 0);
    for seed in plan.seed.. {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let mut child = Command::new(program);
        child
            .arg(&plan.target)
            .args(["--seconds", &left.as_secs().max(1).to_string()])
            .args(["--seed", &seed.to_string()])
            .arg("--root")
            .arg(&plan.root)
            .arg("--unwatched")
            .arg(&plan.current)
            // Errors that take a backtrace with them would take most of the time.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        if plan.keep {
            child.arg("--keep");
        }
        let output = child.output()?;
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        // 1 says that there were findings, which the child has kept itself.
        if matches!(output.status.code(), Some(0 | 1)) {
            deaths += usize::from(output.status.code() == Some(1));
            break;
        }
        deaths += 1;
        let input = read_current(&plan.current)?;
        let path = keep_crash(&plan.root, &plan.target, &input)?;
        fs::write(path.with_extension("txt"), output.status.to_string())?;
    }
    Ok((said, deaths))
}

fn write_current(file: &File, input: &[u8]) -> io::Result<()> {
    let mut bytes = (input.len() as u64).to_le_bytes().to_vec();
    bytes.extend_from_slice(input);
    file.write_all_at(&bytes, 0)
}

fn read_current(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    let Some((len, rest)) = bytes.split_first_chunk::<8>() else {
        return Ok(Vec::new());
    };
    let len = u64::from_le_bytes(*len) as usize;
    Ok(rest[..len.min(rest.len())].to_vec())
}

/// A panic's place without what it says of values: one finding for each.
fn place(what: &str) -> String {
    what.lines().next().unwrap_or_default().to_owned()
}

/// Ends the process if one input takes far too long; whoever watches keeps that input.
struct Watch {
    tried: Arc<AtomicU64>,
    _stop: mpsc::Sender<()>,
}

impl Watch {
    fn begin() -> Watch {
        let tried = Arc::new(AtomicU64::new(0));
        let (stop, stopped) = mpsc::channel::<()>();
        let seen = Arc::clone(&tried);
        std::thread::spawn(move || {
            let used = || time_of(ClockId::ProcessCPUTime);
            let (mut last, mut since, mut used_then) = (u64::MAX, Instant::now(), used());
            while let Err(mpsc::RecvTimeoutError::Timeout) = stopped.recv_timeout(HANG_AFTER) {
                let now = seen.load(Ordering::Relaxed);
                if now != last {
                    (last, since, used_then) = (now, Instant::now(), used());
                } else if used() - used_then > HANG_AFTER * 2 || since.elapsed() > STANDSTILL_AFTER
                {
                    std::process::abort();
                }
            }
        });
        Watch { tried, _stop: stop }
    }

    fn next_input(&self) {
        self.tried.fetch_add(1, Ordering::Relaxed);
    }
}
