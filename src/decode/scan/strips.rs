//! The marks of a page line by line, each cell of a table by itself: so no line runs on over a border, and a cell
//! that has a mark is never taken for blank.

use super::marks::Mark;
use super::raster::Raster;
use super::{Shape, Strip};
use crate::decode::page::Table;

/// Taller than this, in points, stand pictures and seals.
const TALLEST: f32 = 60.0;

/// Where a line of marks stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    /// A table, and the cell in it.
    Cell(usize, usize),
    Outside,
}

/// All lines of a page.
pub(super) fn strips(raster: &Raster, marks: &[Mark], tables: &[Table], per_point: f32) -> Vec<Strip> {
    let letter = letter(marks, per_point);
    let finders: Vec<_> = tables.iter().map(Table::finder).collect();
    let mut homes: Vec<(Home, &Mark)> = Vec::with_capacity(marks.len());
    for mark in marks {
        let (x, y) = (mark.centre() as f32 / per_point, mark.middle() as f32 / per_point);
        // The innermost is the last.
        let cell = tables.iter().rposition(|table| table.holds(x, y)).map(|table| Home::Cell(table, finders[table](x, y)));
        let tall = mark.height() as f32 > TALLEST * per_point;
        match cell {
            Some(cell) => homes.push((cell, mark)),
            None if !tall => homes.push((Home::Outside, mark)),
            None => {}
        }
    }
    homes.sort_by_key(|(home, _)| *home);
    let mut strips = Vec::new();
    for group in homes.chunk_by(|a, b| a.0 == b.0) {
        let marks: Vec<&Mark> = group.iter().map(|(_, mark)| *mark).collect();
        // A grain of dust in a cell may be what is left of a digit; anywhere else it is dust.
        let outside = group[0].0 == Home::Outside;
        let is_dust = |line: &[&Mark]| line.iter().all(|m| m.height() * 3 < letter && m.width() * 3 < letter);
        for line in lines(&marks, letter).into_iter().filter(|line| !(outside && is_dust(line))) {
            for part in apart(line, letter) {
                strips.push(strip(raster, &part, letter, !outside));
            }
        }
    }
    strips
}

/// How tall letters are, in dots. Many Han characters fall into several marks, so that most marks are smaller.
fn letter(marks: &[Mark], per_point: f32) -> usize {
    let usual = (3.0 * per_point) as usize..(40.0 * per_point) as usize;
    let mut heights: Vec<usize> = marks.iter().map(Mark::height).filter(|height| usual.contains(height)).collect();
    heights.sort_unstable();
    heights.get(heights.len() * 7 / 10).copied().unwrap_or((10.0 * per_point) as usize)
}

/// Marks to lines, from top to bottom.
fn lines<'m>(marks: &[&'m Mark], letter: usize) -> Vec<Vec<&'m Mark>> {
    let top = marks.iter().map(|m| m.top).min().unwrap_or(0);
    let bottom = marks.iter().map(|m| m.bottom).max().unwrap_or(0);
    let mut profile = vec![0usize; bottom - top];
    // What reaches over several lines is a bracket, a seal or a smear.
    for mark in marks.iter().filter(|m| m.height() <= letter * 3) {
        mark.rows().for_each(|(y, dots)| profile[y - top] += dots);
    }
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut y = 0;
    while let Some(from) = profile[y..].iter().position(|n| *n > 0).map(|found| y + found) {
        let to = profile[from..].iter().position(|n| *n == 0).map_or(profile.len(), |found| from + found);
        cut(&profile, from, to, letter, &mut spans);
        y = to;
    }
    whole(&mut spans, letter);
    if spans.is_empty() {
        return vec![marks.to_vec()];
    }
    let mut lines: Vec<Vec<&Mark>> = vec![Vec::new(); spans.len()];
    for mark in marks {
        let middle = mark.middle() - top;
        let distance = |(from, to): &(usize, usize)| from.saturating_sub(middle).max((middle + 1).saturating_sub(*to));
        let nearest = (0..spans.len()).min_by_key(|span| distance(&spans[*span])).unwrap_or(0);
        lines[nearest].push(mark);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Lines that nearly touch have next to no ink between them.
fn cut(profile: &[usize], from: usize, to: usize, letter: usize, spans: &mut Vec<(usize, usize)>) {
    let (first, last) = (from + letter * 6 / 10, to.saturating_sub(letter * 6 / 10));
    let most = profile[from..to].iter().max().copied().unwrap_or(0);
    let thinnest = (first..last).min_by_key(|y| profile[*y]).filter(|_| to - from > letter * 9 / 5);
    match thinnest {
        Some(y) if profile[y] * 20 <= most => {
            cut(profile, from, y, letter, spans);
            cut(profile, y + 1, to, letter, spans);
        }
        _ => spans.push((from, to)),
    }
}

/// Puts the strokes of 二 and 三 together, where a line has nothing else.
fn whole(spans: &mut Vec<(usize, usize)>, letter: usize) {
    let mut index = 1;
    while index < spans.len() {
        let ((above, middle), (next, end)) = (spans[index - 1], spans[index]);
        let part = middle - above < letter / 2 || end - next < letter / 2;
        if part && end - above <= letter * 13 / 10 {
            spans[index - 1].1 = end;
            spans.remove(index);
        } else {
            index += 1;
        }
    }
}

/// A line whose parts stand far apart is several: columns of a table without rulings.
fn apart(mut line: Vec<&Mark>, letter: usize) -> Vec<Vec<&Mark>> {
    line.sort_by_key(|mark| mark.left);
    let mut parts: Vec<Vec<&Mark>> = Vec::new();
    let mut right = 0;
    for mark in line {
        match parts.last_mut() {
            Some(part) if mark.left <= right + letter * 5 / 2 => part.push(mark),
            _ => parts.push(vec![mark]),
        }
        right = right.max(mark.right);
    }
    parts
}

fn strip(raster: &Raster, marks: &[&Mark], letter: usize, in_cell: bool) -> Strip {
    /// White around the line, without which it is not read well.
    const FRAME: usize = 10;
    let left = marks.iter().map(|m| m.left).min().unwrap_or(0);
    let right = marks.iter().map(|m| m.right).max().unwrap_or(0);
    let top = marks.iter().map(|m| m.top).min().unwrap_or(0);
    let bottom = marks.iter().map(|m| m.bottom).max().unwrap_or(0);
    let mut line = Raster::blank(right - left, bottom - top);
    marks.iter().for_each(|mark| mark.paint(raster, &mut line, left, top));
    let mut picture = Raster::blank(line.width + 2 * FRAME, line.height + 2 * FRAME);
    for (y, row) in line.dots.chunks_exact(line.width).enumerate() {
        let at = (y + FRAME) * picture.width + FRAME;
        picture.dots[at..at + line.width].copy_from_slice(row);
    }
    Strip { picture, in_cell, left, top, right, bottom, letter, shape: shape(marks, right - left, bottom - top) }
}

/// The shape of a line whose marks go from left to right.
fn shape(marks: &[&Mark], length: usize, height: usize) -> Shape {
    // Points, commas and dashes are lower than digits; a broken digit is several marks over one another.
    let mut end = 0;
    let mut count = 0;
    for mark in marks.iter().filter(|m| m.height() * 2 > height) {
        count += usize::from(count == 0 || mark.left >= end);
        end = end.max(mark.right);
    }
    Shape { marks: count, length: length as f32 / height as f32 }
}

#[cfg(test)]
mod tests {
    use super::super::{Photo, Seen, Strip};
    use crate::decode::page::{Page, Text};
    use crate::decode::{Limits, Raster};
    use std::cell::RefCell;

    /// A page of 200 × 150 points, four dots a point.
    struct Paper(Raster);

    impl Paper {
        fn blank() -> Paper {
            Paper(Raster::blank(800, 600))
        }

        /// Blackens a box, in points.
        fn ink(mut self, x: f32, y: f32, width: f32, height: f32) -> Paper {
            let dots = |v: f32| (v * 4.0) as usize;
            for row in dots(y)..dots(y + height) {
                self.0.dots[row * 800 + dots(x)..row * 800 + dots(x + width)].fill(0);
            }
            self
        }

        /// A table of two rows and three columns.
        fn table(mut self) -> Paper {
            for y in [20.0, 50.0, 80.0] {
                self = self.ink(20.0, y, 150.5, 0.5);
            }
            for x in [20.0, 70.0, 120.0, 170.0] {
                self = self.ink(x, 20.0, 0.5, 60.5);
            }
            self
        }

        /// A letter of ten points.
        fn letter(self, x: f32, y: f32) -> Paper {
            self.ink(x, y, 3.0, 8.0).ink(x + 4.0, y, 3.0, 8.0)
        }
    }

    /// What was cut out, as (in a cell, width and height in points), and the page with a text for each strip.
    fn read(paper: Paper) -> (Vec<(bool, usize, usize)>, Page) {
        let found = RefCell::new(Vec::new());
        let recognise = |strips: &[&Strip]| {
            *found.borrow_mut() = strips.iter().map(|s| (s.in_cell, (s.right - s.left) / 4, (s.bottom - s.top) / 4)).collect();
            let seen = |number: usize| vec![Seen { text: format!("字{number}"), confidence: 99.0 }; 2];
            Some((0..strips.len()).map(seen).collect())
        };
        let limits = Limits::parse(include_str!("../../../config/limits.toml")).expect("the project's limits");
        let page = Photo { raster: paper.0, per_point: 4.0 }.read(&recognise, &limits).expect("within the limits").expect("read");
        (found.into_inner(), page)
    }

    #[test]
    fn each_cell_is_cut_out_by_itself() {
        // The last letter of the second cell nearly touches the border, and the third cell is blank.
        let paper = Paper::blank().table().letter(30.0, 30.0).letter(100.0, 30.0).letter(111.8, 30.0).letter(30.0, 60.0).letter(80.0, 60.0);
        let (strips, page) = read(paper.letter(20.0, 100.0).letter(30.0, 100.0));
        assert_eq!(strips, [(true, 7, 8), (true, 18, 8), (true, 7, 8), (true, 7, 8), (false, 17, 8)]);
        assert_eq!(page.rulings.len(), 7);
        let fifth = page.glyphs.iter().find(|g| g.text == Text::One('4')).expect("the text of the last strip");
        assert!((fifth.y - 108.0).abs() < 2.0 && (20.0..40.0).contains(&fifth.x), "{fifth:?}");
    }

    #[test]
    fn thin_marks_are_marks_and_dust_is_none() {
        // 二, a dash, a decimal point after a digit, and a grain of dust in a cell of its own.
        let paper = Paper::blank().table().ink(30.0, 28.0, 6.0, 1.0).ink(29.0, 35.0, 8.0, 1.0).ink(80.0, 34.0, 5.0, 0.8);
        let paper = paper.letter(130.0, 30.0).ink(138.0, 37.0, 1.0, 1.0).letter(140.0, 30.0);
        let (strips, _) = read(paper.ink(40.0, 65.0, 1.0, 1.0).ink(90.0, 65.0, 0.3, 0.3));
        assert_eq!(strips, [(true, 8, 8), (true, 5, 0), (true, 17, 8)]);
    }

    #[test]
    fn strokes_of_letters_are_no_rulings() {
        // A large 十 and a long dash that meet nothing, beside a frayed and broken line of a table.
        let paper = Paper::blank().ink(30.0, 110.0, 20.0, 2.0).ink(39.0, 100.0, 2.0, 20.0).ink(70.0, 110.0, 24.0, 1.0);
        let (strips, page) = read(paper);
        assert!(page.rulings.is_empty(), "{:?}", page.rulings);
        assert_eq!(strips.len(), 1);
        let mut paper = Paper::blank().table().letter(30.0, 30.0);
        for x in (160..680).step_by(97) {
            paper.0.dots[(200..202).map(|y| y * 800 + x).next().unwrap_or(0)] = 255;
            paper.0.dots[199 * 800 + x + 9] = 0;
        }
        assert_eq!(read(paper).0.len(), 1);
    }

    #[test]
    fn lines_that_nearly_touch_are_two() {
        let mut paper = Paper::blank();
        for x in 0..8 {
            paper = paper.letter(20.0 + 10.0 * x as f32, 30.0).letter(20.0 + 10.0 * x as f32, 39.0);
        }
        // Something that hangs down from the first line into the second.
        let (strips, _) = read(paper.ink(60.0, 37.0, 1.0, 2.5));
        assert_eq!(strips.len(), 2, "{strips:?}");
    }

    #[test]
    fn what_stands_far_apart_is_read_apart() {
        let (strips, _) = read(Paper::blank().letter(20.0, 30.0).letter(30.0, 30.0).letter(90.0, 30.0));
        assert_eq!(strips, [(false, 17, 8), (false, 7, 8)]);
    }
}
