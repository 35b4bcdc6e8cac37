//! The tent filter and the grid, in one walk down the picture.
//!
//! The reference filters the whole picture four times: rows, columns, rows, columns. Here a row goes through all four
//! as soon as it can:
//!
//! | filter | side by side | of which are kept |
//! | --- | --- | --- |
//! | rows, first | [`LANES`] rows | all |
//! | columns, first | all columns | the rows under the window |
//! | rows, second | [`LANES`] rows | the 64 columns of the grid |
//! | columns, second | the 64 columns of the grid | the 64 rows of the grid |
//!
//! A sum that runs along a row is a chain of additions that each wait for the one before; so several rows run at once.
//! A column's chain is long as well, but its neighbours run beside it.

use crate::layout::Layout;
use crate::luma::Luma;
use crate::{GRID, Grid};

/// Rows that are filtered side by side.
const LANES: usize = 8;

/// The same column of [`LANES`] rows.
type Lanes = [f32; LANES];

/// Box filters of one size: a value is the mean of those under a window around it, which is cut off at both ends.
#[derive(Debug, Clone, Copy)]
struct Window {
    /// Values under the whole window: a 128th of the side, rounded up.
    full: usize,
    /// Values that are read before the first mean is written, and that one's own.
    half: usize,
}

impl Window {
    fn of_side(side: usize) -> Self {
        let full = side.div_ceil(2 * GRID);
        Self {
            full,
            half: (full + 2) / 2,
        }
    }
}

/// The value in the middle of each cell, for a side of `side` pixels.
fn middles(side: usize) -> [usize; GRID] {
    std::array::from_fn(|cell| (2 * cell + 1) * side / (2 * GRID))
}

/// The grid of a picture of at least 5 × 5 pixels.
pub(crate) fn to_grid(width: usize, height: usize, layout: Layout, bytes: &[u8]) -> Grid {
    let luma = Luma::new();
    let row_bytes = width * layout.bytes();
    let mut grid = [[0.0; GRID]; GRID];
    if (width, height) == (GRID, GRID) {
        for (line, row) in grid.iter_mut().zip(bytes.chunks_exact(row_bytes)) {
            let mut cells = line.iter_mut();
            luma.row(row, layout, |value| {
                if let Some(cell) = cells.next() {
                    *cell = value;
                }
            });
        }
        return grid;
    }
    let mut walk = Walk::new(width, height);
    for rows in bytes.chunks(row_bytes * LANES) {
        for (lane, row) in rows.chunks_exact(row_bytes).enumerate() {
            let mut column = walk.lanes.iter_mut();
            luma.row(row, layout, |value| {
                if let Some(column) = column.next() {
                    column[lane] = value;
                }
            });
        }
        walk.take_lanes(rows.len() / row_bytes, &mut grid);
    }
    walk.end(&mut grid);
    grid
}

/// What lies between the filters.
struct Walk {
    along_rows: Window,
    picked: [usize; GRID],
    kept: [usize; GRID],
    /// Rows before the first filter, then before the second along rows.
    lanes: Vec<Lanes>,
    /// Means of the first filter, rows one after the other.
    means: Vec<f32>,
    first: Columns,
    /// Rows after the first filter along columns, waiting until there are [`LANES`] of them.
    waiting: Vec<f32>,
    second: Columns,
    /// Rows that the last filter has left.
    done: usize,
}

impl Walk {
    fn new(width: usize, height: usize) -> Self {
        let along_columns = Window::of_side(height);
        Self {
            along_rows: Window::of_side(width),
            picked: middles(width),
            kept: middles(height),
            lanes: vec![[0.0; LANES]; width],
            means: vec![0.0; width * LANES],
            first: Columns::new(width, along_columns),
            waiting: Vec::with_capacity(width * LANES),
            second: Columns::new(GRID, along_columns),
            done: 0,
        }
    }

    /// The first filter, for `count` rows of lumas in `lanes`; then on.
    fn take_lanes(&mut self, count: usize, grid: &mut Grid) {
        let width = self.lanes.len();
        let mut rows = self.means.chunks_exact_mut(width);
        let mut rows: [&mut [f32]; LANES] =
            std::array::from_fn(|_| rows.next().unwrap_or_default());
        along_rows(&self.lanes, self.along_rows, |column, sums, size| {
            for (row, sum) in rows.iter_mut().zip(sums) {
                row[column] = sum / size;
            }
        });
        let means = std::mem::take(&mut self.means);
        for row in means.chunks_exact(width).take(count) {
            if self.first.take(row, &mut self.waiting) {
                self.pass_on(LANES, grid);
            }
        }
        self.means = means;
    }

    /// The second filter along rows and all after it, once `least` rows wait.
    fn pass_on(&mut self, least: usize, grid: &mut Grid) {
        let width = self.lanes.len();
        let count = self.waiting.len() / width;
        if count < least {
            return;
        }
        for (lane, row) in self.waiting.chunks_exact(width).enumerate() {
            for (column, value) in self.lanes.iter_mut().zip(row) {
                column[lane] = *value;
            }
        }
        self.waiting.clear();
        let mut picked = [[0.0; GRID]; LANES];
        let mut next = 0;
        along_rows(&self.lanes, self.along_rows, |column, sums, size| {
            while self.picked.get(next) == Some(&column) {
                for (row, sum) in picked.iter_mut().zip(sums) {
                    row[next] = sum / size;
                }
                next += 1;
            }
        });
        let mut left = Vec::with_capacity(GRID);
        for row in picked.iter().take(count) {
            if self.second.take(row, &mut left) {
                self.keep(&mut left, grid);
            }
        }
    }

    /// The last rows: windows that shrink at the end of the picture.
    fn end(&mut self, grid: &mut Grid) {
        while self.first.end(&mut self.waiting) {
            self.pass_on(LANES, grid);
        }
        self.pass_on(1, grid);
        let mut left = Vec::with_capacity(GRID);
        while self.second.end(&mut left) {
            self.keep(&mut left, grid);
        }
    }

    /// A finished row goes into every cell whose middle it is.
    fn keep(&mut self, row: &mut Vec<f32>, grid: &mut Grid) {
        for (line, kept) in grid.iter_mut().zip(&self.kept) {
            if *kept == self.done {
                line.copy_from_slice(row);
            }
        }
        row.clear();
        self.done += 1;
    }
}

/// Runs a window along rows. `put` gets a column, the sums under the window there, and how many values they are of.
fn along_rows(row: &[Lanes], window: Window, mut put: impl FnMut(usize, &Lanes, f32)) {
    let Window { full, half } = window;
    let mut sums = [0.0; LANES];
    let mut at = 0;
    for (count, values) in (1..).zip(&row[..full]) {
        add(&mut sums, values);
        if count >= half {
            put(at, &sums, count as f32);
            at += 1;
        }
    }
    for (new, old) in row[full..].iter().zip(row) {
        add(&mut sums, new);
        subtract(&mut sums, old);
        put(at, &sums, full as f32);
        at += 1;
    }
    for (gone, old) in (1..half).zip(&row[row.len() - full..]) {
        subtract(&mut sums, old);
        put(at, &sums, (full - gone) as f32);
        at += 1;
    }
}

fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

fn subtract(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum -= value;
    }
}

/// Windows that run down the columns, a row at a time.
struct Columns {
    window: Window,
    sums: Vec<f32>,
    /// The last rows, as many as are under a window; the oldest is at `taken % window.full`.
    under: Vec<f32>,
    taken: usize,
    /// Rows that have left a window which shrinks at the end.
    gone: usize,
}

impl Columns {
    fn new(width: usize, window: Window) -> Self {
        Self {
            window,
            sums: vec![0.0; width],
            under: vec![0.0; width * window.full],
            taken: 0,
            gone: 0,
        }
    }

    /// Takes the next row; whether a row of means was added to `out`.
    fn take(&mut self, row: &[f32], out: &mut Vec<f32>) -> bool {
        let Window { full, half } = self.window;
        let width = self.sums.len();
        let at = self.taken % full * width;
        let under = &mut self.under[at..at + width];
        let is_full = self.taken >= full;
        self.taken += 1;
        if is_full {
            let size = full as f32;
            let columns = self.sums.iter_mut().zip(under).zip(row);
            out.extend(columns.map(|((sum, old), new)| {
                *sum += new;
                *sum -= *old;
                *old = *new;
                *sum / size
            }));
            return true;
        }
        under.copy_from_slice(row);
        add(&mut self.sums, row);
        if self.taken < half {
            return false;
        }
        let size = self.taken as f32;
        out.extend(self.sums.iter().map(|sum| sum / size));
        true
    }

    /// After the last row: whether one more row of means was added to `out`.
    fn end(&mut self, out: &mut Vec<f32>) -> bool {
        let Window { full, half } = self.window;
        self.gone += 1;
        if self.gone >= half {
            return false;
        }
        let width = self.sums.len();
        let at = (self.taken - full + self.gone - 1) % full * width;
        subtract(&mut self.sums, &self.under[at..at + width]);
        let size = (full - self.gone) as f32;
        out.extend(self.sums.iter().map(|sum| sum / size));
        true
    }
}
