//! Tries inputs, and keeps those that did something new.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use scrim_faults::Seeded;

use crate::coverage::Coverage;
use crate::limits::{HANG_AFTER, MEMORY_BYTES_MAX, POOL_BYTES_MAX, POOL_MAX};
use crate::memory;
use crate::mutate::mutated;
use crate::targets::{Target, named};

static TRYING: AtomicBool = AtomicBool::new(false);
static PANICKED: Mutex<Option<String>> = Mutex::new(None);

/// An input that a reader must not fall over, and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What happened, and where.
    pub what: String,
    /// The input.
    pub input: Vec<u8>,
}

/// One target with what it has learnt.
pub struct Engine {
    target: Box<dyn Target>,
    rng: Seeded,
    pool: Vec<Vec<u8>>,
    pool_bytes: usize,
    classes: BTreeSet<u64>,
    coverage: Coverage,
    runs: u64,
}

impl Engine {
    /// The target `name` with a seed; `None` if there is no such target.
    #[must_use]
    pub fn new(name: &str, seed: u64) -> Option<Engine> {
        listen_for_panics();
        Some(Engine {
            target: named(name)?,
            rng: Seeded::new(seed),
            pool: Vec::new(),
            pool_bytes: 0,
            classes: BTreeSet::new(),
            coverage: Coverage::new(),
            runs: 0,
        })
    }

    /// Inputs tried so far.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Inputs that did something new, in the order in which they were found.
    #[must_use]
    pub fn pool(&self) -> &[Vec<u8>] {
        &self.pool
    }

    /// Outcome classes seen; edges taken; edges that are counted.
    #[must_use]
    pub fn reached(&self) -> (usize, usize, usize) {
        (
            self.classes.len(),
            self.coverage.hit(),
            self.coverage.counters(),
        )
    }

    /// The target's own first inputs.
    #[must_use]
    pub fn first_inputs(&self) -> Vec<Vec<u8>> {
        self.target.first_inputs()
    }

    /// Tries one input, and keeps it if it did something new, which is the answer.
    ///
    /// # Errors
    /// [`Finding`]; the target is made anew.
    pub fn try_one(&mut self, input: &[u8]) -> Result<bool, Finding> {
        self.runs += 1;
        let before = memory::begin();
        let started = thread_time();
        TRYING.store(true, Ordering::SeqCst);
        let ended = catch_unwind(AssertUnwindSafe(|| self.target.run(input)));
        TRYING.store(false, Ordering::SeqCst);
        let (took, memory) = (thread_time() - started, memory::peak_above(before));
        let panicked = PANICKED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let what = match (panicked, ended) {
            (Some(said), _) => said,
            (None, Err(_)) => "it panicked".to_owned(),
            (None, Ok(_)) if took > HANG_AFTER => format!("it took {} ms", took.as_millis()),
            (None, Ok(_)) if memory > MEMORY_BYTES_MAX => format!("it took {memory} bytes"),
            (None, Ok(class)) => return Ok(self.learn(input, class)),
        };
        if let Some(fresh) = named(self.target.name()) {
            self.target = fresh;
        }
        Err(Finding {
            what,
            input: input.to_vec(),
        })
    }

    /// Tries an input that was given, and keeps it whatever it did: samples of every size are to be changed.
    ///
    /// # Errors
    /// As [`Engine::try_one`].
    pub fn try_given(&mut self, input: &[u8]) -> Result<bool, Finding> {
        let is_new = self.try_one(input)?;
        if !is_new {
            self.keep(input);
        }
        Ok(is_new)
    }

    fn learn(&mut self, input: &[u8], class: u64) -> bool {
        let is_new = self.coverage.take() | self.classes.insert(class);
        if is_new {
            self.keep(input);
        }
        is_new
    }

    fn keep(&mut self, input: &[u8]) {
        let has_room =
            self.pool.len() < POOL_MAX && self.pool_bytes + input.len() <= POOL_BYTES_MAX;
        if has_room {
            self.pool_bytes += input.len();
            self.pool.push(input.to_vec());
        }
    }

    /// Whether `input` has an outcome of a class that none before it had.
    pub(crate) fn new_class(&mut self, input: &[u8]) -> bool {
        let before = self.classes.len();
        self.try_one(input).is_ok() && self.classes.len() > before
    }

    /// The next input: one of the pool, changed. Newer ones come more often.
    pub fn next_input(&mut self) -> Vec<u8> {
        let rng = &mut self.rng;
        let mut at = rng.index(self.pool.len());
        if rng.one_in(2) {
            at = at.max(rng.index(self.pool.len()));
        }
        let other = rng.index(self.pool.len());
        let (one, other) = (self.pool.get(at), self.pool.get(other));
        let nothing = Vec::new();
        mutated(
            self.target.shape(),
            one.unwrap_or(&nothing),
            other.unwrap_or(&nothing),
            rng,
        )
    }
}

/// Processor time of this thread: a machine that does much else makes nothing of an input slower.
fn thread_time() -> Duration {
    time_of(ClockId::ThreadCPUTime)
}

/// What a clock of processor time shows.
pub(crate) fn time_of(clock: ClockId) -> Duration {
    let now = clock_gettime(clock);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32)
}

/// Panics while an input is tried are findings, on whatever thread; others are printed as ever.
fn listen_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if TRYING.load(Ordering::SeqCst) {
                let mut said = PANICKED.lock().unwrap_or_else(PoisonError::into_inner);
                said.get_or_insert(panic.to_string());
            } else {
                usual(panic);
            }
        }));
    });
}
