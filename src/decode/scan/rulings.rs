//! The ruled lines of a picture: found as long straight runs of ink, and taken out of it, so that what is left in
//! a cell is what somebody has printed there.

use super::raster::Ink;
use crate::decode::page::Ruling;
use crate::groups::Groups;

/// Shorter runs are strokes of letters, in points.
const SHORT: f32 = 14.0;
/// Lines that hang together and reach less far are strokes of large letters.
const REACH: f32 = 72.0;
/// Lines end this close to one another where they meet.
const NEAR: f32 = 2.5;
/// A line may be broken for so long.
const BREAK: f32 = 0.5;
/// Ink this close to a line is its frayed edge.
const FRAY: f32 = 0.5;

/// A run of ink in one row, or in one column.
#[derive(Debug, Clone, Copy)]
struct Run {
    at: usize,
    from: usize,
    to: usize,
}

/// A line: runs beside one another.
#[derive(Debug, Clone, Copy)]
struct Stroke {
    level: bool,
    /// First and last row of a level line, column of an upright one.
    first: usize,
    last: usize,
    from: usize,
    to: usize,
}

/// Finds the ruled lines and takes them out of the ink. Lines are in points.
pub(super) fn take(ink: &mut Ink, per_point: f32) -> Vec<Ruling> {
    let mut all: Vec<(Stroke, Vec<Run>)> = Vec::new();
    for level in [true, false] {
        all.extend(strokes(runs(ink, level, per_point), level, per_point));
    }
    let ruled = ruled(&all.iter().map(|(stroke, _)| *stroke).collect::<Vec<_>>(), per_point);
    let fray = (FRAY * per_point).ceil() as usize;
    let mut rulings = Vec::new();
    for ((stroke, runs), _) in all.iter().zip(ruled).filter(|(_, ruled)| *ruled) {
        for run in runs {
            erase(ink, stroke.level, run, fray);
        }
        let points = |dots: f32| dots / per_point;
        let middle = points((stroke.first + stroke.last + 1) as f32 / 2.0);
        let (from, to) = (points(stroke.from as f32), points(stroke.to as f32));
        rulings.push(match stroke.level {
            true => Ruling { left: from, top: middle, right: to, bottom: middle },
            false => Ruling { left: middle, top: from, right: middle, bottom: to },
        });
    }
    rulings
}

/// The long runs of ink in all rows, or in all columns.
fn runs(ink: &Ink, level: bool, per_point: f32) -> Vec<Run> {
    let (count, length) = if level { (ink.height, ink.width) } else { (ink.width, ink.height) };
    let (short, gap) = ((SHORT * per_point) as usize, (BREAK * per_point).round() as usize);
    // Of each column the run that may go on, since the picture lies row by row.
    let mut open: Vec<Option<(usize, usize)>> = vec![None; count];
    let mut runs = Vec::new();
    let mut close = |at: usize, run: Option<(usize, usize)>| {
        if let Some((from, to)) = run.filter(|(from, to)| to - from >= short) {
            runs.push(Run { at, from, to });
        }
    };
    let mut dot = |at: usize, place: usize| match &mut open[at] {
        Some((_, to)) if place <= *to + gap => *to = place + 1,
        run => close(at, run.replace((place, place + 1))),
    };
    for y in 0..ink.height {
        for (x, _) in ink.row(y).iter().enumerate().filter(|(_, dot)| **dot) {
            if level { dot(y, x) } else { dot(x, y) }
        }
    }
    for (at, run) in open.into_iter().enumerate() {
        close(at, run.filter(|(_, to)| *to <= length));
    }
    runs.sort_by_key(|run| (run.at, run.from));
    runs
}

/// Runs beside one another to lines; what is too thick for one is a picture.
fn strokes(runs: Vec<Run>, level: bool, per_point: f32) -> Vec<(Stroke, Vec<Run>)> {
    const THICK: f32 = 4.0;
    let mut done: Vec<(Stroke, Vec<Run>)> = Vec::new();
    let mut open: Vec<(Stroke, Vec<Run>)> = Vec::new();
    for run in runs {
        let (ended, still): (Vec<_>, Vec<_>) = open.into_iter().partition(|(stroke, _)| stroke.last + 1 < run.at);
        done.extend(ended);
        open = still;
        let beside = open.iter_mut().find(|(_, own)| own.iter().rev().take_while(|o| o.at + 1 >= run.at).any(|o| o.from < run.to && run.from < o.to));
        match beside {
            Some((stroke, own)) => {
                stroke.last = run.at;
                stroke.from = stroke.from.min(run.from);
                stroke.to = stroke.to.max(run.to);
                own.push(run);
            }
            None => open.push((Stroke { level, first: run.at, last: run.at, from: run.from, to: run.to }, vec![run])),
        }
    }
    done.extend(open);
    let thick = (THICK * per_point) as usize;
    done.retain(|(stroke, _)| stroke.last - stroke.first <= thick);
    done
}

/// Which lines are ruled: those of a group that reaches far.
fn ruled(strokes: &[Stroke], per_point: f32) -> Vec<bool> {
    let near = (NEAR * per_point) as usize;
    let reach = (REACH * per_point) as usize;
    let meets = |a: &Stroke, b: &Stroke| {
        let along = |line: &Stroke, other: &Stroke| other.first <= line.to + near && line.from <= other.last + near;
        a.level != b.level && along(a, b) && along(b, a)
    };
    let mut groups = Groups::new(strokes.len());
    let (levels, uprights): (Vec<usize>, Vec<usize>) = (0..strokes.len()).partition(|s| strokes[*s].level);
    for level in levels {
        for upright in &uprights {
            if meets(&strokes[level], &strokes[*upright]) {
                groups.join(level, *upright);
            }
        }
    }
    let mut ruled = vec![false; strokes.len()];
    for group in groups.members() {
        let far = group.iter().any(|s| strokes[*s].to - strokes[*s].from >= reach);
        group.into_iter().for_each(|s| ruled[s] = far);
    }
    ruled
}

/// Takes a run out of the ink, with its frayed edges.
fn erase(ink: &mut Ink, level: bool, run: &Run, fray: usize) {
    let (count, width) = (if level { ink.height } else { ink.width }, ink.width);
    for at in run.at.saturating_sub(fray)..(run.at + fray + 1).min(count) {
        match level {
            true => ink.dots[at * width + run.from..at * width + run.to].fill(false),
            false => (run.from..run.to).for_each(|y| ink.dots[y * width + at] = false),
        }
    }
}
