//! Tables drawn with lines in a text: `+---+`, `├──┼──┤`. A line that ends in the middle of the table says that
//! the cell beside it covers several rows or columns, so cells are found by their borders, as people find them.

use super::lines::Lines;
use super::markup::clean;
use crate::document::Cell;
use std::borrow::Cow;
use unicode_width::UnicodeWidthChar;

/// A row of a drawn table: the line in which it begins and its cells.
pub(super) type Drawn = (u32, Vec<Cell<'static>>);

/// Reads the table whose upper border is `first`, and walks over its lines; none, and no step, if its borders do not meet.
pub(super) fn take<'t>(first: &'t str, number: u32, lines: &mut Lines<'t>) -> Option<Vec<Drawn>> {
    let mut border = first.trim().chars();
    if !(border.next().is_some_and(is_corner) && border.next().is_some_and(is_horizontal) && border.all(|c| is_corner(c) || is_horizontal(c))) {
        return None;
    }
    let mut after = lines.clone();
    let mut drawing = vec![first];
    while let Some(line) = after.peek()
        && line.trim_start().starts_with(|c| is_corner(c) || is_vertical(c))
        && !line.trim_start().starts_with(['┌', '╔', '┏'])
    {
        drawing.push(line);
        after.next();
    }
    let rows = METRES.iter().find_map(|metre| Canvas::new(&drawing, metre)?.rows(number))?;
    *lines = after;
    Some(rows)
}

fn is_corner(c: char) -> bool {
    c == '+' || ('─'..='╿').contains(&c) && !is_horizontal(c) && !is_vertical(c)
}

fn is_horizontal(c: char) -> bool {
    matches!(c, '-' | '=' | ':' | '─' | '━' | '═')
}

fn is_vertical(c: char) -> bool {
    matches!(c, '|' | '│' | '┃' | '║')
}

/// How programs count columns: a Han character as two or as one; marks such as quotes may count as one or as two in each.
type Metre = fn(char, bool) -> usize;
const METRES: [Metre; 2] =
    [|c, wide| if wide && !is_corner(c) && !is_horizontal(c) && !is_vertical(c) { c.width_cjk() } else { c.width() }.unwrap_or(0), |_, _| 1];

/// The drawing, a column for each that a character takes; all lines are equally long.
struct Canvas {
    lines: Vec<Vec<char>>,
    /// Lines and columns in which borders may run.
    ys: Vec<usize>,
    xs: Vec<usize>,
}

/// Stands behind a wide character.
const FILLER: char = '\0';

impl Canvas {
    fn new(drawing: &[&str], metre: &Metre) -> Option<Canvas> {
        let spread = |line: &str, wide: bool| {
            let mut columns = Vec::with_capacity(line.len());
            for c in line.trim_end().chars() {
                let width = metre(c, wide);
                columns.extend((0..width).map(|at| if at == 0 { c } else { FILLER }));
            }
            columns
        };
        let width = spread(drawing[0], false).len();
        let fitting = |line: &&str| [false, true].into_iter().map(|wide| spread(line, wide)).find(|columns| columns.len() == width);
        let lines: Vec<Vec<char>> = drawing.iter().map(fitting).collect::<Option<_>>()?;
        let corners = |line: &[char]| -> Vec<usize> {
            let beside = |at: usize| line.get(at + 1).is_some_and(|c| is_horizontal(*c)) || at > 0 && is_horizontal(line[at - 1]);
            (0..line.len()).filter(|&at| is_corner(line[at]) && beside(at)).collect()
        };
        let (mut ys, mut xs) = (Vec::new(), Vec::new());
        for (y, line) in lines.iter().enumerate() {
            let found = corners(line);
            if !found.is_empty() {
                ys.push(y);
                xs.extend(found);
            }
        }
        xs.sort_unstable();
        xs.dedup();
        // Places of cells are counted in 16 bits.
        let countable = xs.len().max(ys.len()) <= usize::from(u16::MAX);
        (countable && ys.len() > 1 && xs.len() > 1 && ys.last() == Some(&(lines.len() - 1))).then_some(Canvas { lines, ys, xs })
    }

    /// Whether a border runs along the right side of the field in row `i` and column `j`.
    fn closed_right(&self, i: usize, j: usize) -> bool {
        let x = self.xs[j + 1];
        (self.ys[i] + 1..self.ys[i + 1]).all(|y| is_vertical(self.lines[y][x]) || is_corner(self.lines[y][x]))
    }

    /// Whether a border runs below it.
    fn closed_below(&self, i: usize, j: usize) -> bool {
        let line = &self.lines[self.ys[i + 1]];
        (self.xs[j] + 1..self.xs[j + 1]).all(|x| is_horizontal(line[x]) || is_corner(line[x]))
    }

    /// The cells, by the row they begin in; none if borders do not close around each.
    fn rows(&self, number: u32) -> Option<Vec<Drawn>> {
        let (height, width) = (self.ys.len() - 1, self.xs.len() - 1);
        let mut taken = vec![false; height * width];
        let mut found = Vec::new();
        for i in 0..height {
            for j in 0..width {
                if taken[i * width + j] {
                    continue;
                }
                let right = (j..width).find(|&k| k + 1 == width || self.closed_right(i, k))?;
                let below = (i..height).find(|&k| k + 1 == height || self.closed_below(k, j))?;
                for row in i..=below {
                    for column in j..=right {
                        let outer_right = column == right && column + 1 < width;
                        let outer_below = row == below && row + 1 < height;
                        let right_as_due = column + 1 == width || self.closed_right(row, column) == outer_right;
                        let below_as_due = row + 1 == height || self.closed_below(row, column) == outer_below;
                        if std::mem::replace(&mut taken[row * width + column], true) || !right_as_due || !below_as_due {
                            return None;
                        }
                    }
                }
                found.push((i, j, below, right));
            }
        }
        Some(self.settled(number, &found))
    }

    /// Rows and columns counted by the cells that begin in them.
    fn settled(&self, number: u32, found: &[(usize, usize, usize, usize)]) -> Vec<Drawn> {
        let begun = |starts: Vec<usize>| {
            let mut starts = starts;
            starts.sort_unstable();
            starts.dedup();
            starts
        };
        let (rows, columns) = (begun(found.iter().map(|f| f.0).collect()), begun(found.iter().map(|f| f.1).collect()));
        let within = |starts: &[usize], from: usize, to: usize| starts.partition_point(|s| *s <= to) - starts.partition_point(|s| *s < from);
        let mut drawn: Vec<Drawn> = rows.iter().map(|i| (number + self.ys[*i] as u32 + 1, Vec::new())).collect();
        for &(top, left, below, right) in found {
            let cell = Cell {
                text: self.text(top, left, below, right),
                column: within(&columns, 0, left) as u16 - 1,
                columns: within(&columns, left, right) as u16,
                rows: within(&rows, top, below) as u16,
            };
            drawn[within(&rows, 0, top) - 1].1.push(cell);
        }
        drawn
    }

    fn text(&self, top: usize, left: usize, below: usize, right: usize) -> Cow<'static, str> {
        let (from, to) = (self.xs[left] + 1, self.xs[right + 1]);
        let line = |y: usize| self.lines[y][from..to].iter().filter(|c| **c != FILLER).collect::<String>();
        let lines: Vec<String> = (self.ys[top] + 1..self.ys[below + 1]).map(line).collect();
        let texts: Vec<&str> = lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
        Cow::Owned(clean(&texts.join("\n")).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each cell as `text@column+columns,rows`.
    fn cells(text: &str) -> Option<Vec<Vec<String>>> {
        let mut lines = Lines::new(text);
        let (number, first) = lines.next()?;
        let rows = take(first, number, &mut lines)?;
        let shown = |c: &Cell<'_>| format!("{}@{}+{},{}", c.text.replace('\n', "/"), c.column, c.columns, c.rows);
        Some(rows.iter().map(|(_, cells)| cells.iter().map(shown).collect()).collect())
    }

    #[test]
    fn borders_tell_which_cells_are_merged() {
        let plus = "\
+------+--------------+
| 甲   | 申请人       |
|      +------+-------+
|      | 个人 | “其他 |
+======+======+=======+
| 一、 | 0    | -     |
| 新收 |      |       |
+------+------+-------+";
        let expected: [&[&str]; 3] = [&["甲@0+1,2", "申请人@1+2,1"], &["个人@1+1,1", "“其他@2+1,1"], &["一、/新收@0+1,1", "0@1+1,1", "-@2+1,1"]];
        assert_eq!(cells(plus).expect("a table"), expected);
        let boxes = "  ┌────┬──┐\n  │    │3 │\n  │结果├──┤\n  │    │  │\n  └────┴──┘\n后文";
        let expected: [&[&str]; 2] = [&["结果@0+1,2", "3@1+1,1"], &["@1+1,1"]];
        assert_eq!(cells(boxes).expect("a table"), expected);
    }

    #[test]
    fn columns_may_be_counted_in_characters() {
        assert_eq!(cells("+----+---+\n| 规章 | 0 |\n+----+---+").expect("a table"), [["规章@0+1,1", "0@1+1,1"]]);
    }

    #[test]
    fn borders_that_do_not_meet_make_no_table() {
        assert_eq!(cells("+---+---+\n| a | bcd |\n+---+---+"), None);
        assert_eq!(cells("+---+---+\n| a | b |"), None);
        assert_eq!(cells("+---+---+---+\n| a | b | c |\n+---+   +---+\n| a     | c |\n+---+---+---+"), None);
    }
}
