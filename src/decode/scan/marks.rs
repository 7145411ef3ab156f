//! What is printed, mark by mark: dots of ink that hang together. A speck of dust is no mark; a decimal point is.

use super::raster::{Ink, Raster};
use crate::groups::Groups;
use std::collections::HashMap;

/// Smaller than this in both directions, in points, nothing is printed.
const DUST: f32 = 0.55;
/// Points and commas may be so small, but stand beside something larger,
const SMALL: f32 = 1.5;
/// this close to it on its line,
const BESIDE: f32 = 4.0;
/// and no more above or below it.
const ABOVE: f32 = 1.5;

/// Dots that hang together.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
    /// Its rows of dots: at which height, from where to where.
    runs: Vec<(usize, usize, usize)>,
}

impl Mark {
    pub fn width(&self) -> usize {
        self.right - self.left
    }

    pub fn height(&self) -> usize {
        self.bottom - self.top
    }

    /// The middle of its height.
    pub fn middle(&self) -> usize {
        (self.top + self.bottom) / 2
    }

    pub fn centre(&self) -> usize {
        (self.left + self.right) / 2
    }

    /// Rows of dots, and how many dots they have.
    pub fn rows(&self) -> impl Iterator<Item = (usize, usize)> {
        self.runs.iter().map(|(y, from, to)| (*y, to - from))
    }

    /// Copies what it looks like from the picture, with the gray around it.
    pub fn paint(&self, from: &Raster, to: &mut Raster, left: usize, top: usize) {
        for (y, start, end) in &self.runs {
            let (start, end) = (start.saturating_sub(1).max(left), (end + 1).min(from.width));
            for y in y.saturating_sub(1).max(top)..(y + 2).min(from.height) {
                let (at, place) = ((y - top) * to.width, y * from.width);
                for x in start..end.min(left + to.width) {
                    if let Some(dot) = to.dots.get_mut(at + x - left) {
                        *dot = from.dots[place + x];
                    }
                }
            }
        }
    }
}

/// The marks on a page.
pub(super) fn marks(ink: &Ink, per_point: f32) -> Vec<Mark> {
    let mut all = joined(ink);
    let dots = |points: f32| (points * per_point).ceil() as usize;
    all.retain(|mark| mark.width() > dots(DUST) || mark.height() > dots(DUST));
    let is_small = |mark: &Mark| mark.width() <= dots(SMALL) && mark.height() <= dots(SMALL);
    let (near, above) = (dots(BESIDE), dots(ABOVE));
    let tile = near * 4;
    // What is large, by the squares that it is near to.
    let mut tiles: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
    for (index, mark) in all.iter().enumerate().filter(|(_, mark)| !is_small(mark)) {
        for x in mark.left.saturating_sub(near) / tile..=(mark.right + near) / tile {
            for y in mark.top.saturating_sub(near) / tile..=(mark.bottom + near) / tile {
                tiles.entry((x, y)).or_default().push(index);
            }
        }
    }
    let beside = |mark: &Mark| {
        let others = tiles.get(&(mark.centre() / tile, mark.middle() / tile)).into_iter().flatten();
        others.map(|other| &all[*other]).any(|other| {
            let across = mark.left <= other.right + near && other.left <= mark.right + near;
            across && mark.top <= other.bottom + above && other.top <= mark.bottom + above
        })
    };
    let kept: Vec<bool> = all.iter().map(|mark| !is_small(mark) || beside(mark)).collect();
    let mut kept = kept.into_iter();
    all.retain(|_| kept.next() == Some(true));
    all
}

/// Dots that hang together, corners among them.
fn joined(ink: &Ink) -> Vec<Mark> {
    let mut groups = Groups::default();
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    let mut above = 0..0;
    for y in 0..ink.height {
        let begin = runs.len();
        let row = ink.row(y);
        let mut x = 0;
        let mut candidate = above.start;
        while let Some(from) = row[x..].iter().position(|dot| *dot).map(|found| x + found) {
            let to = row[from..].iter().position(|dot| !*dot).map_or(row.len(), |found| from + found);
            let own = groups.add();
            runs.push((y, from, to));
            while candidate < above.end && runs[candidate].2 < from {
                candidate += 1;
            }
            let mut touching = candidate;
            while touching < above.end && runs[touching].1 <= to {
                groups.join(own, touching);
                touching += 1;
            }
            x = to;
        }
        above = begin..runs.len();
    }
    let mark = |group: Vec<usize>| {
        let runs: Vec<(usize, usize, usize)> = group.into_iter().map(|run| runs[run]).collect();
        let (top, bottom) = (runs[0].0, runs[runs.len() - 1].0 + 1);
        let (left, right) = runs.iter().fold((usize::MAX, 0), |(left, right), run| (left.min(run.1), right.max(run.2)));
        Mark { left, top, right, bottom, runs }
    };
    groups.members().into_iter().map(mark).collect()
}
