//! All hashes of a list of one million that are near to one. The peer is a Python package, so the two take turns by
//! lines: each line on standard input asks for the next query.

use std::fmt::Write as _;
use std::io::BufRead;
use std::path::PathBuf;
use std::time::Instant;

use clap::Parser;
use scrim_bench::{Outcome, say};
use scrim_media::{HashList, import_to};
use scrim_model::Pdq;
use serde::Serialize;

/// Hashes of the list.
const HASHES: usize = 1_000_000;
/// Queries; every second one has something near to it.
const QUERIES: usize = 64;

#[derive(Parser)]
struct Options {
    /// Where hashes and queries are left for the peer: 32 bytes each.
    #[arg(long)]
    folder: PathBuf,
}

#[derive(Serialize)]
struct Figure {
    /// Milliseconds.
    took: f64,
    /// Distances, ascending.
    found: Vec<u32>,
}

struct Numbers(u64);

impl Numbers {
    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn hash(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            eight.copy_from_slice(&self.next().to_be_bytes());
        }
        bytes
    }

    /// Up to 31 bits are turned.
    fn turned(&mut self, mut hash: [u8; 32]) -> [u8; 32] {
        for _ in 0..self.next() % 32 {
            let bit = self.next() as usize % 256;
            hash[bit / 8] ^= 1 << (bit % 8);
        }
        hash
    }
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let mut numbers = Numbers(42);
    let hashes: Vec<[u8; 32]> = (0..HASHES).map(|_| numbers.hash()).collect();
    let queries: Vec<[u8; 32]> = (0..QUERIES)
        .map(|n| match n % 2 {
            0 => numbers.hash(),
            _ => numbers.turned(hashes[n * 9_973 % HASHES]),
        })
        .collect();
    std::fs::write(options.folder.join("hashes"), hashes.as_flattened())?;
    std::fs::write(options.folder.join("queries"), queries.as_flattened())?;
    let mut text = String::with_capacity(HASHES * 69);
    for hash in &hashes {
        writeln!(text, "pdq {}", Pdq::from_bytes(*hash))?;
    }
    let place = options.folder.join("list.hashes");
    import_to(text.as_bytes(), "bench", &place)?;
    let list = HashList::open(&place)?;
    say(&(HASHES, QUERIES))?;
    for (line, query) in std::io::stdin().lock().lines().zip(queries.iter().cycle()) {
        line?;
        let query = Pdq::from_bytes(*query);
        let began = Instant::now();
        let near = list.near(&query)?;
        let took = began.elapsed().as_secs_f64() * 1_000.0;
        let mut found: Vec<u32> = near.into_iter().map(|(_, distance)| distance).collect();
        found.sort_unstable();
        say(&Figure { took, found })?;
    }
    Ok(())
}
