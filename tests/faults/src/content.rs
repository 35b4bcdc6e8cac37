//! A file's bytes in shared pieces: a copy costs next to nothing, a write copies one piece.

use std::sync::Arc;

use crate::limits::CHUNK_BYTES;

type Chunk = Arc<[u8; CHUNK_BYTES]>;

/// Bytes behind `len` in the last piece are always zero.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content {
    chunks: Vec<Chunk>,
    len: usize,
}

impl Content {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Content {
        let mut content = Content::default();
        content.write_at(0, bytes);
        content
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.len];
        self.read_at(0, &mut bytes);
        bytes
    }

    /// Reads into `out` and says how many bytes there were; the rest of `out` becomes zero.
    pub(crate) fn read_at(&self, offset: usize, out: &mut [u8]) -> usize {
        let there = self.len.saturating_sub(offset).min(out.len());
        let mut done = 0;
        while done < there {
            let (chunk, at) = split(offset + done);
            let part = (CHUNK_BYTES - at).min(there - done);
            out[done..done + part].copy_from_slice(&self.chunks[chunk][at..at + part]);
            done += part;
        }
        out[there..].fill(0);
        there
    }

    /// Writes, and grows the file if it must.
    pub(crate) fn write_at(&mut self, offset: usize, bytes: &[u8]) {
        if offset + bytes.len() > self.len {
            self.resize(offset + bytes.len());
        }
        let mut done = 0;
        while done < bytes.len() {
            let (chunk, at) = split(offset + done);
            let part = (CHUNK_BYTES - at).min(bytes.len() - done);
            Arc::make_mut(&mut self.chunks[chunk])[at..at + part]
                .copy_from_slice(&bytes[done..done + part]);
            done += part;
        }
    }

    /// Cuts, or grows with zeros.
    pub(crate) fn resize(&mut self, len: usize) {
        let (chunk, at) = split(len);
        if len < self.len && at > 0 {
            Arc::make_mut(&mut self.chunks[chunk])[at..].fill(0);
        }
        let zeros: Chunk = Arc::new([0; CHUNK_BYTES]);
        self.chunks.resize(len.div_ceil(CHUNK_BYTES), zeros);
        self.len = len;
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Content) -> bool {
        self.len == other.len
            && self
                .chunks
                .iter()
                .zip(&other.chunks)
                .all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
    }
}

fn split(offset: usize) -> (usize, usize) {
    (offset / CHUNK_BYTES, offset % CHUNK_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seeded;

    #[test]
    fn it_is_a_row_of_bytes() {
        let mut rng = Seeded::new(1);
        let (mut content, mut plain) = (Content::default(), Vec::<u8>::new());
        for _ in 0..2000 {
            let at = rng.index(3 * CHUNK_BYTES);
            if rng.one_in(4) {
                content.resize(at);
                plain.resize(at, 0);
            } else {
                let mut bytes = vec![0; rng.index(CHUNK_BYTES + 100)];
                rng.fill(&mut bytes);
                if !bytes.is_empty() && at + bytes.len() > plain.len() {
                    plain.resize(at + bytes.len(), 0);
                }
                if !bytes.is_empty() {
                    content.write_at(at, &bytes);
                    plain[at..at + bytes.len()].copy_from_slice(&bytes);
                }
            }
            assert!(content.to_bytes() == plain);
            let mut part = vec![7; 600];
            let there = content.read_at(at, &mut part);
            assert_eq!(there, plain.len().saturating_sub(at).min(600));
            assert_eq!(part[..there], plain[at.min(plain.len())..][..there]);
            assert!(part[there..].iter().all(|byte| *byte == 0));
        }
    }
}
