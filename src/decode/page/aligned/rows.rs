//! Which lines of a table without upright lines make a row. Level lines part the rows where there are enough of
//! them; else the lines are shared out so that every label stands level with its numbers: in their middle, at
//! their top or at their bottom, in one way for the whole table.

use super::{LABELS_BETWEEN, OVERLAPS, PITCH, Page, Run, Strip, begins_anew, least, most, of_groups};

/// Lines in one row, at most.
const LINES: usize = 12;
/// What it costs, in ems, to take a line for a row of its own that is blank: less than to move a label half a line.
const BLANK: f32 = 0.5;
/// What it costs, in ems, to leave numbers without a label.
const NAMELESS: f32 = 1.0;
/// What it costs, in ems, to take numbers below others for the rest of them.
const BROKEN: f32 = 0.5;

/// The lines of each row, from top to bottom. `labels` is where the labels of rows begin, and where they end.
pub(super) fn rows(strips: &[Strip<'_>], page: &Page, labels: (f32, f32)) -> Vec<Vec<usize>> {
    between_rulings(strips, page).unwrap_or_else(|| by_labels(strips, labels))
}

/// Rows by level lines under the last column, if there are enough of them.
fn between_rulings(strips: &[Strip<'_>], page: &Page) -> Option<Vec<Vec<usize>>> {
    let (top, bottom) = (strips.first()?.y, strips.last()?.y);
    let right = strips.iter().flat_map(|s| s.values()).map(Run::right).fold(0.0, f32::max);
    let level = page.rulings.iter().filter(|r| r.right - r.left > r.bottom - r.top && r.left < right && r.right >= right);
    let mut rules: Vec<f32> = level.map(|r| r.top).filter(|y| *y > top && *y < bottom).collect();
    rules.sort_by(f32::total_cmp);
    rules.dedup_by(|b, a| *b - *a < 3.0);
    let numbers = strips.iter().filter(|s| !s.values().is_empty()).count();
    if rules.is_empty() || rules.len() + 1 < numbers {
        return None;
    }
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); rules.len() + 1];
    for (index, strip) in strips.iter().enumerate() {
        rows[rules.partition_point(|y| *y < strip.y - 0.35 * strip.size)].push(index);
    }
    rows.retain(|r| !r.is_empty());
    Some(rows)
}

/// A line that says something of a row: a part of its label, numbers, or both. Their base lines may differ a little.
struct Mark {
    strip: usize,
    label: Option<Part>,
    values: Option<f32>,
}

/// A line of a label: its base line, and whether it begins the label.
#[derive(Clone, Copy)]
struct Part {
    y: f32,
    begins: bool,
}

impl Mark {
    fn new(strip: usize, line: &Strip<'_>, (begin, end): (f32, f32)) -> Mark {
        let y = |run: &Run<'_>| run.glyphs.first().map_or(line.y, |g| g.y);
        let label = line.labels().get(of_groups(line, begin).len()).filter(|run| run.left() < end);
        Mark { strip, label: label.map(|run| Part { y: y(run), begins: begins_anew(&run.text) }), values: line.values().first().map(y) }
    }

    fn heights(&self) -> impl Iterator<Item = f32> {
        self.label.map(|part| part.y).into_iter().chain(self.values)
    }

    /// Whether it overlaps the line above it.
    fn overlaps(&self, above: &Mark, em: f32) -> bool {
        least(self.heights()) - most(above.heights()) < OVERLAPS * em
    }
}

/// What is measured in a table, in points.
struct Measures {
    /// The size of its letters.
    em: f32,
    /// How far apart two lines of one label are, at most.
    within: f32,
    /// How near two rows of numbers are, at least.
    between: f32,
}

impl Measures {
    fn new(marks: &[Mark], em: f32) -> Measures {
        let labelled: Vec<(Part, bool)> = marks.iter().filter_map(|m| Some((m.label?, m.values.is_none()))).collect();
        let goes_on = |pair: &&[(Part, bool)]| !pair[1].0.begins && pair.iter().any(|(_, alone)| *alone);
        let pitch = least(labelled.windows(2).filter(goes_on).map(|w| w[1].0.y - w[0].0.y));
        let numbers: Vec<f32> = marks.iter().filter_map(|m| m.values).collect();
        let apart = numbers.windows(2).map(|w| w[1] - w[0]).filter(|gap| *gap >= OVERLAPS * em);
        Measures { em, within: if pitch < 3.0 * em { 1.2 * pitch } else { PITCH * em }, between: least(apart) }
    }
}

/// How the cells of a row are set beside each other.
#[derive(Clone, Copy)]
enum Setting {
    Middle,
    Top,
    Bottom,
}

/// Rows by their labels: that sharing out of the lines whose labels are the least out of level with their numbers.
fn by_labels(strips: &[Strip<'_>], labels: (f32, f32)) -> Vec<Vec<usize>> {
    let marks: Vec<Mark> = strips.iter().enumerate().map(|(index, s)| Mark::new(index, s, labels)).collect();
    let row = strips.iter().position(Strip::is_row).unwrap_or(0);
    // Numbers broken in their cells may begin above the label.
    let first = (0..row).rev().take_while(|i| marks[*i].values.is_some()).last().unwrap_or(row);
    // And the label above the numbers, where the header ends.
    let lone = |i: &usize| strips[*i].runs.len() == 1 && marks[*i].label.is_some();
    let lead = (first.saturating_sub(LABELS_BETWEEN)..first).rev().take_while(lone).last().unwrap_or(first);
    let marks: Vec<Mark> = marks.into_iter().skip(lead).filter(|m| m.label.is_some() || m.values.is_some()).collect();
    let head = first - lead;
    let measures = Measures::new(&marks[head..], strips[row].size);
    let settings = [Setting::Middle, Setting::Top, Setting::Bottom];
    let shared = settings.map(|setting| share(&marks, head, &measures, setting));
    let Some((_, begins)) = shared.into_iter().reduce(|best, other| if other.0 < best.0 { other } else { best }) else { return Vec::new() };
    let begins: Vec<usize> = begins.into_iter().map(|mark| marks[mark].strip).collect();
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let of_table = begins.first().copied().unwrap_or(first);
    for index in 0..strips.len() {
        match rows.last_mut() {
            Some(row) if index > of_table && !begins.contains(&index) => row.push(index),
            _ => rows.push(vec![index]),
        }
    }
    rows
}

/// The least cost of sharing out all lines, and where the rows begin. Lines before `head` may be left to the header.
fn share(marks: &[Mark], head: usize, measures: &Measures, setting: Setting) -> (f32, Vec<usize>) {
    // For each count of lines shared out: what that costs, and where its last row begins.
    let mut best: Vec<(f32, usize)> = vec![(0.0, 0); head + 1];
    for end in head + 1..=marks.len() {
        let costs = (end.saturating_sub(LINES)..end).filter_map(|begin| {
            let parted = begin <= head || !marks[begin].overlaps(&marks[begin - 1], measures.em);
            let cost = best[begin].0 + cost(&marks[begin..end], measures, setting)?;
            parted.then_some((cost, begin))
        });
        // A line that fits nowhere is a row by itself.
        let alone = (best[end - 1].0 + 2.0 * NAMELESS, end - 1);
        best.push(costs.fold(alone, |least, other| if other.0 < least.0 { other } else { least }));
    }
    let mut begins = Vec::new();
    let mut end = marks.len();
    while end > head {
        end = best[end].1;
        begins.push(end);
    }
    begins.reverse();
    (best[marks.len()].0, begins)
}

/// How far some lines are from being a row, in ems; none if they cannot be one.
fn cost(row: &[Mark], measures: &Measures, setting: Setting) -> Option<f32> {
    let label: Vec<Part> = row.iter().filter_map(|m| m.label).collect();
    if label.iter().skip(1).any(|part| part.begins) || label.windows(2).any(|pair| pair[1].y - pair[0].y > measures.within) {
        return None;
    }
    let numbers: Vec<(f32, &Mark)> = row.iter().filter_map(|m| Some((m.values?, m))).collect();
    let mut cost = 0.0;
    for (gap, below) in numbers.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1)) {
        if gap >= OVERLAPS * measures.em {
            if below.label.is_some() || gap > measures.within {
                return None;
            }
            cost += BROKEN;
        }
    }
    let (Some(first), Some(last)) = (label.first(), label.last()) else { return Some(cost + NAMELESS) };
    let (Some((top, _)), Some((bottom, _))) = (numbers.first(), numbers.last()) else {
        // Lines as far apart as rows are rows, each of them blank.
        return label.windows(2).all(|pair| pair[1].y - pair[0].y < 0.92 * measures.between).then_some(BLANK);
    };
    let off = match setting {
        Setting::Middle => (first.y + last.y - top - bottom) / 2.0,
        Setting::Top => first.y - top,
        Setting::Bottom => last.y - bottom,
    };
    Some(cost + off.abs() / measures.em)
}
