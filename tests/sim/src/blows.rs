//! What happens to the world while it storms, and the calm after it.

use scrim_runtime::{Inward, locked};
use scrim_wire::window::Command;

use crate::items;
use crate::limits::{DRAIN_MS, GIVE_BACK_MS, SLEEP_MS};
use crate::shared::open;
use crate::world::{Due, Unfit, World, user_id, wall};

/// A machine that is doomed runs on for less than so many effects, or changes of its disk.
const DOOMED_MAX: u64 = 40;

impl World {
    /// One of the things that happen.
    pub(crate) fn blow(&mut self) -> Result<(), Unfit> {
        let desk = usize::try_from(self.rng.below(self.desks.len() as u64))?;
        if self.desks[desk].wakes_ms.is_some() {
            return Ok(());
        }
        match self.rng.below(100) {
            0..=17 => self.cut_line(desk),
            18..=27 => self.doom(desk),
            28..=37 => self.desk_dies(desk),
            38..=42 => self.server_dies(),
            43..=50 => self.window_dies(desk),
            51..=57 => self.suspend(desk),
            58..=62 => self.set_wall(desk),
            63..=74 => return self.withdraw(),
            75..=88 => return self.more_items(),
            89..=91 => return self.new_policies(),
            92..=94 => self.disk_fails(desk),
            _ => {
                let life = self.desks[desk].lives;
                let message = locked();
                self.after(
                    0,
                    Due::Message {
                        desk,
                        life,
                        message,
                    },
                );
            }
        }
        Ok(())
    }

    fn cut_line(&mut self, desk: usize) {
        self.note(&format!("desk {desk}: the line is cut"));
        self.desks[desk].line_is_up = false;
        let longest = if self.rng.chance(250) {
            400_000
        } else {
            40_000
        };
        self.later((1_000, longest), Due::LineUp { desk });
    }

    /// The machine dies in some step to come: between two effects, or while its disk is written.
    fn doom(&mut self, desk: usize) {
        let (writes, after) = (self.rng.chance(600), self.rng.below(DOOMED_MAX));
        if let Some(run) = &self.desks[desk].run {
            let mut doom = open(&run.doom);
            if writes {
                doom.dies_writing(after);
            } else {
                doom.dies_after = usize::try_from(after).ok();
            }
        }
    }

    /// One write fails; the machine lives on, and says what it could not keep.
    fn disk_fails(&mut self, desk: usize) {
        let after = self.rng.below(DOOMED_MAX);
        if let Some(run) = &self.desks[desk].run {
            open(&run.doom).fails_writing(after);
        }
    }

    fn window_dies(&mut self, desk: usize) {
        let (life, window) = (self.desks[desk].lives, self.desks[desk].window());
        let Some(run) = &self.desks[desk].run else {
            return;
        };
        self.note(&format!("desk {desk}: the window dies"));
        open(&run.shown).is_gone = true;
        let crashed = true;
        let message = Inward::WindowGone { window, crashed };
        self.later(
            (1, 300),
            Due::Message {
                desk,
                life,
                message,
            },
        );
        self.later((400, 5_000), Due::Window { desk, life });
    }

    /// A machine sleeps; the others go on. Nothing of it happens meanwhile.
    fn suspend(&mut self, desk: usize) {
        let ms = self.rng.between(SLEEP_MS.0, SLEEP_MS.1);
        self.note(&format!("desk {desk}: sleeps for {ms} ms"));
        let life = self.desks[desk].lives;
        self.message(desk, life, locked());
        if self.desks[desk].lives == life && self.desks[desk].run.is_some() {
            self.desks[desk].wakes_ms = Some(self.time.ms() + ms);
            self.after(ms, Due::Wake { desk, ms });
        }
    }

    fn set_wall(&mut self, desk: usize) {
        let off_ms = wall(&mut self.rng);
        self.note(&format!("desk {desk}: somebody sets the clock"));
        self.desks[desk].clock.set_wall(off_ms);
    }

    /// The platform takes an item back.
    fn withdraw(&mut self) -> Result<(), Unfit> {
        let item = self.rng.pick(&self.items).clone();
        let key = format!("withdraw-{}", self.rng.next());
        let server = open(&self.around.server);
        if server.is_up() {
            server.withdraw(&item, key)?;
            drop(server);
            self.note(&format!("{}: withdrawn", item.as_str()));
        }
        Ok(())
    }

    fn more_items(&mut self) -> Result<(), Unfit> {
        let server = self.around.server.clone();
        let server = open(&server);
        if !server.is_up() {
            return Ok(());
        }
        for _ in 0..self.rng.between(1, 8) {
            let item = items::item(self.items.len() as u64, &mut self.rng)?;
            self.items.push(server.put_item(item)?);
        }
        self.note("more items");
        Ok(())
    }

    fn new_policies(&mut self) -> Result<(), Unfit> {
        let server = open(&self.around.server);
        if server.is_up() {
            self.policies += 1;
            server.put_policies(&items::policies(self.policies)?)?;
            drop(server);
            self.note("new policies");
        }
        Ok(())
    }

    /// Faults are over: whatever was decided reaches its end within a bounded time, everything held
    /// goes back when the shifts end, and the records of all agree.
    pub(crate) fn calm(&mut self) -> Result<(), Unfit> {
        self.is_stormy = false;
        self.note("calm");
        open(&self.around.server).begin()?;
        for desk in 0..self.desks.len() {
            self.desks[desk].line_is_up = true;
            if let Some(run) = &self.desks[desk].run {
                open(&run.doom).is_spared();
            }
            // What a write that failed asks for: Scrim is started again.
            if open(&self.around.audit).has_failed(desk) {
                let around = self.around.clone();
                self.desks[desk].die(&around, false);
            }
            self.start_desk(desk)?;
        }
        // Nobody sleeps longer than this.
        self.pass(SLEEP_MS.1)?;
        self.pass(DRAIN_MS)?;
        for desk in 0..self.desks.len() {
            let pending = open(&self.around.audit).pending(desk);
            let promise = "whatever was decided reaches its end once faults are over";
            open(&self.around.audit).demand(desk, pending == 0, promise);
            self.command(desk, Command::EndShift);
        }
        self.pass(GIVE_BACK_MS)?;
        if self.broken().is_none() {
            self.assert_all_given_back()?;
            self.look_at_all_records()?;
        }
        Ok(())
    }

    fn command(&mut self, desk: usize, command: Command) {
        let life = self.desks[desk].lives;
        self.message(desk, life, scrim_runtime::command(command));
    }

    /// No item is held by a desk that knows of its claim.
    fn assert_all_given_back(&mut self) -> Result<(), Unfit> {
        let server = open(&self.around.server);
        let mut audit = open(&self.around.audit);
        for item in &self.items {
            let state = server.state_of(item, &user_id(0)?)?;
            for desk in 0..self.desks.len() {
                let kept = state == "claimed" && audit.holds_claim_of(desk, item);
                audit.demand(
                    desk,
                    !kept,
                    "everything held is given back at the end of the shift",
                );
            }
        }
        Ok(())
    }

    fn look_at_all_records(&mut self) -> Result<(), Unfit> {
        let around = self.around.clone();
        for desk in &mut self.desks {
            desk.die(&around, false);
        }
        let server = open(&self.around.server);
        let users = self.desks.iter().map(|desk| desk.user).max().unwrap_or(0);
        let mut held = Vec::new();
        for user in 0..=users {
            held.push(server.decisions(&user_id(user)?)?.decisions);
        }
        let mut readers = Vec::new();
        for desk in &self.desks {
            readers.push(desk.records()?);
        }
        let outcomes = server.outcomes()?;
        open(&self.around.audit).at_the_end(&held, &outcomes, &readers);
        Ok(())
    }
}
