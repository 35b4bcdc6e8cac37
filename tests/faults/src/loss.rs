//! What a loss of power leaves: one of the many disks that the model allows.

use std::collections::BTreeMap;

use crate::content::Content;
use crate::image::Image;
use crate::limits::TORN_ONE_IN;
use crate::medium::{Inode, Medium, Pending};
use crate::seeded::Seeded;

/// How much of what was not durable survives. The edges are drawn more often than chance would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Luck {
    Nothing,
    Everything,
    Anything,
}

impl Luck {
    fn draw(rng: &mut Seeded) -> Luck {
        match rng.below(6) {
            0 => Luck::Nothing,
            1 => Luck::Everything,
            _ => Luck::Anything,
        }
    }

    /// How many of `len` ordered changes are kept.
    fn kept(self, len: usize, rng: &mut Seeded) -> usize {
        match self {
            Luck::Nothing => 0,
            Luck::Everything => len,
            Luck::Anything => rng.index(len + 1),
        }
    }
}

impl Medium {
    /// The files after a loss of power at this moment.
    pub(crate) fn after_power_loss(&self, sector_bytes: usize, rng: &mut Seeded) -> Image {
        let kept = Luck::draw(rng).kept(self.dir_changes.len(), rng);
        let mut names = self.durable_names.clone();
        for change in &self.dir_changes[..kept] {
            change.apply(&mut names);
        }
        self.image(&names, |inode| {
            let luck = Luck::draw(rng);
            survivor(inode, sector_bytes, luck, rng)
        })
    }
}

/// Changes of a file's size, in their order: the change's index and the size after it.
struct Sizes {
    events: Vec<(usize, usize)>,
    /// How many of the events were kept.
    kept: usize,
}

impl Sizes {
    fn draw(inode: &Inode, luck: Luck, rng: &mut Seeded) -> Sizes {
        let mut len = inode.durable.len();
        let mut events = Vec::new();
        for (at, change) in inode.pending.iter().enumerate() {
            let after = match change {
                Pending::Write { offset, bytes, .. } => len.max(offset + bytes.len()),
                Pending::Resize(to) => *to,
            };
            if after != len {
                events.push((at, after));
                len = after;
            }
        }
        let kept = luck.kept(events.len(), rng);
        Sizes { events, kept }
    }

    fn final_len(&self, durable: usize) -> usize {
        self.events[..self.kept]
            .last()
            .map_or(durable, |event| event.1)
    }

    /// Whether the change with index `at` altered the size and was not kept.
    fn lost(&self, at: usize) -> bool {
        self.events[self.kept..].iter().any(|event| event.0 == at)
    }
}

fn survivor(inode: &Inode, sector_bytes: usize, luck: Luck, rng: &mut Seeded) -> Content {
    let mut out = inode.durable.clone();
    if inode.pending.is_empty() {
        return out;
    }
    let sizes = Sizes::draw(inode, luck, rng);
    let mut sectors = Sectors::draw(inode, sector_bytes, luck, rng);
    // A cut that was lost hides what was written behind it later: that went to other blocks.
    let mut visible_end = usize::MAX;
    for (at, change) in inode.pending.iter().enumerate() {
        match change {
            Pending::Resize(len) if sizes.lost(at) => visible_end = visible_end.min(*len),
            Pending::Resize(len) => out.resize(*len),
            Pending::Write {
                offset,
                bytes,
                forgotten,
            } => {
                for (sector, from, part) in pieces(sector_bytes, *offset, bytes) {
                    let fate = sectors.next(sector);
                    if *forgotten || from >= visible_end {
                        continue;
                    }
                    let part = &part[..part.len().min(visible_end - from)];
                    match fate {
                        Fate::Kept => out.write_at(from, part),
                        Fate::Torn => out.write_at(from, &torn(&out, from, part, rng)),
                        Fate::Lost => {}
                    }
                }
            }
        }
    }
    out.resize(sizes.final_len(inode.durable.len()));
    out
}

/// A write that was cut short inside a sector: its first bytes, or noise where it would have been.
fn torn(before: &Content, from: usize, part: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut bytes = vec![0; part.len()];
    if rng.one_in(3) {
        rng.fill(&mut bytes);
    } else {
        before.read_at(from, &mut bytes);
        let kept = rng.index(part.len());
        bytes[..kept].copy_from_slice(&part[..kept]);
    }
    bytes
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Torn,
    Lost,
}

/// How many of the writes to each sector reached it.
struct Sectors {
    /// Sector: writes still to be kept, and whether the one after them is torn.
    left: BTreeMap<usize, (usize, bool)>,
}

impl Sectors {
    fn draw(inode: &Inode, sector_bytes: usize, luck: Luck, rng: &mut Seeded) -> Sectors {
        let mut writes: BTreeMap<usize, usize> = BTreeMap::new();
        for change in &inode.pending {
            if let Pending::Write { offset, bytes, .. } = change {
                for (sector, ..) in pieces(sector_bytes, *offset, bytes) {
                    *writes.entry(sector).or_default() += 1;
                }
            }
        }
        let left = writes
            .into_iter()
            .map(|(sector, count)| {
                let torn = luck == Luck::Anything && rng.one_in(TORN_ONE_IN);
                (sector, (luck.kept(count, rng), torn))
            })
            .collect();
        Sectors { left }
    }

    /// The fate of the next write to `sector`.
    fn next(&mut self, sector: usize) -> Fate {
        match self.left.get_mut(&sector) {
            Some((kept, _)) if *kept > 0 => {
                *kept -= 1;
                Fate::Kept
            }
            Some((_, torn)) if *torn => {
                *torn = false;
                Fate::Torn
            }
            _ => Fate::Lost,
        }
    }
}

/// A write cut at sector boundaries: sector, offset, bytes.
fn pieces(
    sector_bytes: usize,
    offset: usize,
    bytes: &[u8],
) -> impl Iterator<Item = (usize, usize, &[u8])> {
    let mut done = 0;
    std::iter::from_fn(move || {
        if done == bytes.len() {
            return None;
        }
        let from = offset + done;
        let len = (sector_bytes - from % sector_bytes).min(bytes.len() - done);
        let part = &bytes[done..done + len];
        done += len;
        Some((from / sector_bytes, from, part))
    })
}

#[cfg(test)]
#[path = "loss_tests.rs"]
mod tests;
