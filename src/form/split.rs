//! Splitting runs of digits into cells by the form's arithmetic. A table that lost its cell borders
//! prints `110 0 0 0 0 011` for 11·0·0·0·0·0·11; which digits belong together follows from the row's
//! own sum, the columns and the balance, or it does not follow. Knows nothing of labels and texts.

use super::Equation;

/// A digit or mark of a run, and whether a cell certainly begins with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    /// The digit, none for a mark: it fills a cell and adds nothing.
    pub digit: Option<u8>,
    /// Whether a border before it has survived.
    pub begins: bool,
}

/// A way to split a run: the value of each cell, none for a mark.
pub(super) type Split = Vec<Option<u32>>;

/// The cells that a run fills.
#[derive(Debug, Clone)]
pub(super) struct Strip {
    /// Index of its first cell in the table.
    pub first: usize,
    /// Number of its cells.
    pub count: usize,
    /// What it may read; more than one where characters behind the digits may be the next row's number.
    pub runs: Vec<Vec<Sign>>,
}

/// What is known of a cell of a strip: none if the arithmetic leaves a doubt.
pub(super) type Solved = Vec<Option<Option<u32>>>;

/// Steps of one search over all rows, and of one way through a run. Real tables take a few hundred.
const STEPS: usize = 200_000;
const RUN_STEPS: usize = 10_000;
/// Most digits of one number, and most signs of a run worth trying.
const DIGITS: usize = 9;
const LONGEST: usize = 64;
/// Relations that may be broken in print, at most.
const BROKEN: usize = 6;

/// Splits the runs of a table so that its relations hold. A cell is told if every way to split all
/// runs agrees on it; where the print itself breaks relations, if every other way breaks at least
/// two more. Assumes that each cell is filled; where `filled` says or some run shows that not all are,
/// only a run that can be split in one way whatever is blank is split.
pub(super) fn solve(equations: &[Equation], strips: &[Strip], filled: bool) -> Vec<Solved> {
    if !filled || strips.iter().any(has_blanks) {
        let only = |s: &Strip| only_split(&s.runs, s.count).map_or(vec![None; s.count], |split| split.into_iter().map(Some).collect());
        return strips.iter().map(only).collect();
    }
    let rows: Vec<Row> = strips.iter().map(|strip| Row::new(equations, strip)).collect();
    let crossing = Crossing::new(equations, &rows);
    let found = crossing.search(&rows);
    let mut solved: Vec<Solved> = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        let own = row.first..row.first + row.count;
        let crossed = equations.iter().any(|e| !e.in_row && e.parts.iter().chain(&e.totals).any(|c| own.contains(c)));
        let mut cells: Solved = match &found {
            Some(found) if !crossed || crossing.covers(r) => found.agreed[r].clone(),
            // The columns tell nothing, as too much is broken, possible or lost: only a row with as many
            // digits as cells counts.
            _ if !row.breaks => match all_splits(&row.runs, row.count, &[]).as_deref() {
                Some([only]) => only.iter().map(|v| Some(*v)).collect(),
                _ => vec![None; row.count],
            },
            _ => vec![None; row.count],
        };
        if row.options.is_empty() {
            cells = vec![None; row.count];
        }
        if let Some(found) = &found {
            row.doubt(equations, &crossing, r, found, &mut cells);
        }
        solved.push(cells);
    }
    solved
}

/// Whether a run has fewer digits than its cells, or its borders or zeros do not let it fill them.
fn has_blanks(strip: &Strip) -> bool {
    let short = strip.runs.iter().all(|run| run.len() <= LONGEST.min(strip.count * DIGITS));
    short && all_splits(&strip.runs, strip.count, &[]).is_some_and(|found| found.is_empty())
}

/// The only way to split a run, whatever cells may be blank; none if there are several.
pub(super) fn only_split(runs: &[Vec<Sign>], count: usize) -> Option<Split> {
    let found: Vec<Split> = (1..=count).map(|n| all_splits(runs, n, &[])).collect::<Option<Vec<_>>>()?.concat();
    let [only] = found.as_slice() else { return None };
    (only.len() == count).then(|| only.clone())
}

/// A strip with the ways to split it.
struct Row {
    first: usize,
    count: usize,
    runs: Vec<Vec<Sign>>,
    /// The splits that satisfy the relations inside the row; if none does, all.
    options: Vec<Split>,
    /// The other splits, in which the row's own relation is broken in print.
    others: Vec<Split>,
    /// Whether no split satisfies them: the print is wrong, or cells are blank.
    breaks: bool,
}

impl Row {
    fn new(equations: &[Equation], strip: &Strip) -> Row {
        let inside = inside(equations, strip.first, strip.count);
        let all = all_splits(&strip.runs, strip.count, &[]).unwrap_or_default();
        let mut options = all_splits(&strip.runs, strip.count, &inside).unwrap_or_default();
        let breaks = options.is_empty();
        let mut others = Vec::new();
        if breaks {
            options = all;
        } else {
            others = all.into_iter().filter(|split| !options.contains(split)).collect();
        }
        Row { first: strip.first, count: strip.count, runs: strip.runs.clone(), options, others, breaks }
    }

    /// Takes back what is told of a row whose own relation is broken in print, unless one of its cells
    /// explains all that is broken, and no blank cell does.
    fn doubt(&self, equations: &[Equation], crossing: &Crossing, r: usize, found: &Found, cells: &mut Solved) {
        if self.options.is_empty() || !self.breaks {
            return;
        }
        let inside = inside(equations, self.first, self.count);
        let blank = || !inside.is_empty() && (2..self.count).any(|n| fewer(&self.runs, n));
        if !crossing.covers(r) || crossing.broken_cells(found, r) > 1 || blank() {
            cells.fill(None);
        }
    }
}

/// Whether a run can be read as fewer cells whose last is the sum of the others: then blank cells
/// may stand between them.
fn fewer(runs: &[Vec<Sign>], count: usize) -> bool {
    let sum = Inside { parts: (0..count - 1).collect(), totals: vec![count - 1] };
    all_splits(runs, count, std::slice::from_ref(&sum)).is_none_or(|found| !found.is_empty())
}

/// A relation inside a row, by the positions of its cells in the row.
struct Inside {
    parts: Vec<usize>,
    totals: Vec<usize>,
}

fn inside(equations: &[Equation], first: usize, count: usize) -> Vec<Inside> {
    let here = |c: &usize| (first..first + count).contains(c);
    let own = equations.iter().filter(|e| e.parts.iter().chain(&e.totals).all(here));
    let place = |side: &[usize]| side.iter().map(|c| c - first).collect();
    own.map(|e| Inside { parts: place(&e.parts), totals: place(&e.totals) }).collect()
}

/// All ways to split any of the runs that satisfy the relations; none if there are too many to try.
fn all_splits(runs: &[Vec<Sign>], count: usize, inside: &[Inside]) -> Option<Vec<Split>> {
    let mut splitter = Splitter { count, inside, current: Vec::new(), found: Vec::new(), steps: 0 };
    for run in runs {
        if run.len() > LONGEST || run.len() < count {
            continue;
        }
        splitter.go(run);
        if splitter.steps > RUN_STEPS {
            return None;
        }
    }
    Some(splitter.found)
}

struct Splitter<'e> {
    count: usize,
    inside: &'e [Inside],
    current: Split,
    found: Vec<Split>,
    steps: usize,
}

impl Splitter<'_> {
    fn go(&mut self, run: &[Sign]) {
        let left = self.count - self.current.len();
        if left == 0 {
            if run.is_empty() && !self.found.contains(&self.current) {
                self.found.push(self.current.clone());
            }
            return;
        }
        let mut value = None;
        for length in 1..=run.len().min(DIGITS) {
            self.steps += 1;
            if self.steps > RUN_STEPS || run.len() - length < left - 1 || length > 1 && run[length - 1].begins {
                return;
            }
            match (run[length - 1].digit, value) {
                (None, None) if length == 1 => {}
                // No number begins with a zero but zero itself, and a mark is a cell of its own.
                (None, _) | (Some(_), Some(0)) => return,
                (Some(_), None) if length > 1 => return,
                (Some(digit), known) => value = Some(known.unwrap_or(0) * 10 + u32::from(digit)),
            }
            self.current.push(value);
            if self.holds() {
                self.go(&run[length..]);
            }
            self.current.pop();
        }
    }

    /// Whether the relations hold whose last cell was just filled.
    fn holds(&self) -> bool {
        let last = self.current.len() - 1;
        let sum = |side: &[usize]| side.iter().map(|&c| u64::from(self.current[c].unwrap_or(0))).sum::<u64>();
        let ends_here = |i: &&Inside| i.parts.iter().chain(&i.totals).max() == Some(&last);
        self.inside.iter().filter(ends_here).all(|i| sum(&i.parts) == sum(&i.totals))
    }
}

/// The relations over several strips of which every cell is known to be in one.
struct Crossing {
    /// For each relation the rows, their cells in the row, and whether they are parts.
    relations: Vec<Vec<(usize, usize, bool)>>,
}

/// What a search found.
struct Found {
    /// How many relations are broken at least.
    broken: usize,
    /// One way to split all rows that breaks so few.
    first: Vec<Split>,
    /// The cells on which all ways agree.
    agreed: Vec<Solved>,
}

impl Crossing {
    fn new(equations: &[Equation], rows: &[Row]) -> Crossing {
        let place = |cell: usize| rows.iter().position(|r| !r.options.is_empty() && (r.first..r.first + r.count).contains(&cell));
        let mut relations = Vec::new();
        for equation in equations.iter().filter(|e| !e.in_row) {
            let sides = equation.parts.iter().map(|c| (*c, true)).chain(equation.totals.iter().map(|c| (*c, false)));
            let found: Option<Vec<_>> = sides.map(|(cell, part)| place(cell).map(|r| (r, cell - rows[r].first, part))).collect();
            relations.extend(found);
        }
        Crossing { relations }
    }

    /// All ways to choose a split for each row that break as few relations as possible; if some must be broken, all
    /// that break one more, be it that of a row. None if there are too many to try.
    fn search(&self, rows: &[Row]) -> Option<Found> {
        for allowed in 0..=BROKEN {
            let mut search = Search::new(self, rows, allowed, false)?;
            search.go(0);
            if search.steps > STEPS {
                return None;
            }
            let Some(found) = search.found.take() else { continue };
            if found.broken == 0 {
                return Some(found);
            }
            // Readings that break one relation more are not excluded either.
            let mut wider = Search::new(self, rows, allowed + 1, true)?;
            wider.go(0);
            return if wider.steps > STEPS { None } else { wider.found.map(|w| Found { first: found.first, broken: found.broken, ..w }) };
        }
        None
    }

    fn difference(&self, relation: usize, splits: &[Split]) -> i64 {
        self.relations[relation].iter().map(|&(row, cell, part)| signed(&splits[row], cell, part)).sum()
    }

    /// Whether any relation tells something of a row.
    fn covers(&self, row: usize) -> bool {
        self.relations.iter().flatten().any(|(r, ..)| *r == row)
    }

    /// How many cells of a row stand in a broken relation.
    fn broken_cells(&self, found: &Found, row: usize) -> usize {
        let broken = (0..self.relations.len()).filter(|&e| self.difference(e, &found.first) != 0);
        let mut cells: Vec<usize> = broken.flat_map(|e| self.relations[e].iter().filter(|(r, ..)| *r == row).map(|(_, cell, _)| *cell)).collect();
        cells.sort_unstable();
        cells.dedup();
        cells.len()
    }
}

/// A depth-first search over the rows that can be split in several ways.
struct Search<'c> {
    crossing: &'c Crossing,
    /// For each row its splits, and whether they break its own relation.
    choices: Vec<Vec<(&'c Split, bool)>>,
    /// The rows to choose for, and after each of them how far each relation can still move.
    open: Vec<usize>,
    reach: Vec<Vec<(i64, i64)>>,
    differences: Vec<i64>,
    chosen: Vec<usize>,
    /// How many of the chosen splits break their row's own relation.
    broken_rows: usize,
    allowed: usize,
    found: Option<Found>,
    steps: usize,
}

impl<'c> Search<'c> {
    /// `wide`: a row's own relation may be broken too.
    fn new(crossing: &'c Crossing, rows: &'c [Row], allowed: usize, wide: bool) -> Option<Search<'c>> {
        const MOST: usize = 5_000;
        let others = |r: &'c Row| r.others.iter().filter(move |_| wide).map(|split| (split, true));
        let choices: Vec<Vec<(&Split, bool)>> = rows.iter().map(|r| r.options.iter().map(|split| (split, false)).chain(others(r)).collect()).collect();
        if choices.iter().map(Vec::len).sum::<usize>() > MOST {
            return None;
        }
        let mut open: Vec<usize> = (0..rows.len()).filter(|&r| choices[r].len() > 1).collect();
        open.sort_by_key(|&r| choices[r].len());
        let mut search = Search {
            crossing,
            choices,
            open,
            reach: Vec::new(),
            differences: vec![0; crossing.relations.len()],
            chosen: vec![0; rows.len()],
            broken_rows: 0,
            allowed,
            found: None,
            steps: 0,
        };
        for (e, relation) in crossing.relations.iter().enumerate() {
            for &(row, cell, part) in relation.iter().filter(|(row, ..)| search.choices[*row].len() == 1) {
                search.differences[e] += signed(search.choices[row][0].0, cell, part);
            }
        }
        let mut reach = vec![(0i64, 0i64); crossing.relations.len()];
        search.reach.push(reach.clone());
        for &row in search.open.iter().rev() {
            for (e, relation) in crossing.relations.iter().enumerate() {
                for &(_, cell, part) in relation.iter().filter(|(r, ..)| *r == row) {
                    let values = || search.choices[row].iter().map(|(split, _)| signed(split, cell, part));
                    reach[e].0 += values().min().unwrap_or(0);
                    reach[e].1 += values().max().unwrap_or(0);
                }
            }
            search.reach.push(reach.clone());
        }
        search.reach.reverse();
        Some(search)
    }

    fn go(&mut self, depth: usize) {
        self.steps += 1;
        if self.steps > STEPS {
            return;
        }
        let lost = |(e, difference): (usize, &i64)| {
            let (low, high) = self.reach[depth][e];
            difference + low > 0 || difference + high < 0
        };
        let broken = self.differences.iter().enumerate().filter(|d| lost((d.0, d.1))).count() + self.broken_rows;
        if broken > self.allowed {
            return;
        }
        let Some(&row) = self.open.get(depth) else {
            self.keep(broken);
            return;
        };
        for option in 0..self.choices[row].len() {
            let breaks = usize::from(self.choices[row][option].1);
            self.add(row, option, 1);
            self.broken_rows += breaks;
            self.chosen[row] = option;
            self.go(depth + 1);
            self.broken_rows -= breaks;
            self.add(row, option, -1);
        }
    }

    fn add(&mut self, row: usize, option: usize, sign: i64) {
        for (e, relation) in self.crossing.relations.iter().enumerate() {
            for &(_, cell, part) in relation.iter().filter(|(r, ..)| *r == row) {
                self.differences[e] += sign * signed(self.choices[row][option].0, cell, part);
            }
        }
    }

    fn keep(&mut self, broken: usize) {
        let splits: Vec<Split> =
            self.choices.iter().zip(&self.chosen).map(|(choices, &o)| choices.get(o).map(|(split, _)| (*split).clone()).unwrap_or_default()).collect();
        match &mut self.found {
            None => {
                let agreed = splits.iter().map(|s| s.iter().map(|v| Some(*v)).collect()).collect();
                self.found = Some(Found { broken, first: splits, agreed });
            }
            Some(found) => {
                for (agreed, split) in found.agreed.iter_mut().zip(&splits) {
                    for (cell, value) in agreed.iter_mut().zip(split) {
                        if cell.is_some_and(|c| c != *value) {
                            *cell = None;
                        }
                    }
                }
            }
        }
    }
}

fn signed(split: &Split, cell: usize, part: bool) -> i64 {
    let value = split.get(cell).copied().flatten().map_or(0, i64::from);
    if part { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> Vec<Sign> {
        let mut begins = true;
        let mut run = Vec::new();
        for c in text.chars() {
            match c {
                ' ' => begins = true,
                '-' => {
                    run.push(Sign { digit: None, begins: true });
                    begins = true;
                }
                c => {
                    run.push(Sign { digit: c.to_digit(10).map(|d| d as u8), begins });
                    begins = false;
                }
            }
        }
        run
    }

    /// Rows of three cells, the last the sum of the others; the last row the sum of the rows before.
    fn table(rows: &[&str]) -> Vec<String> {
        let last = rows.len() - 1;
        let equation = |parts: Vec<usize>, total: usize, in_row| Equation { rule: String::new(), parts, totals: vec![total], in_row };
        let mut equations: Vec<Equation> = (0..rows.len()).map(|r| equation(vec![3 * r, 3 * r + 1], 3 * r + 2, true)).collect();
        equations.extend((0..3).map(|c| equation((0..last).map(|r| 3 * r + c).collect(), 3 * last + c, false)));
        let strips: Vec<Strip> = rows.iter().enumerate().map(|(r, text)| Strip { first: 3 * r, count: 3, runs: vec![run(text)] }).collect();
        let show =
            |solved: &Solved| solved.iter().map(|c| c.map_or("?".to_string(), |v| v.map_or("-".to_string(), |v| v.to_string()))).collect::<Vec<_>>().join(" ");
        solve(&equations, &strips, true).iter().map(show).collect()
    }

    #[test]
    fn a_run_is_split_where_the_sums_leave_one_way() {
        assert_eq!(table(&["12012", "000", "12012"]), ["12 0 12", "0 0 0", "12 0 12"]);
        // 1·10·11 and 11·0·11 fit alike until a column tells.
        assert_eq!(table(&["11011", "11011"]), ["? ? 11", "? ? 11"]);
        assert_eq!(table(&["11011", "404", "15015"]), ["11 0 11", "4 0 4", "15 0 15"]);
        assert_eq!(table(&["1 1011", "404", "51015"]), ["1 10 11", "4 0 4", "5 10 15"]);
        assert_eq!(table(&["3-3", "-22", "325"]), ["3 - 3", "- 2 2", "3 2 5"]);
    }

    #[test]
    fn what_is_printed_wrong_is_read_as_printed_or_not_at_all() {
        // The last row says 4 where the column makes 5.
        assert_eq!(table(&["202", "303", "404"]), ["2 0 2", "3 0 3", "4 0 4"]);
        // Fewer digits than cells: something is blank, and 10·_·1 would look like 1·0·1.
        assert_eq!(table(&["22", "303", "505", "000"]), ["? ? ?", "? ? ?", "? ? ?", "0 0 0"]);
        // 10·_·10 with a blank would look so.
        assert_eq!(table(&["1010", "303", "505"])[0], "? ? ?");
    }

    #[test]
    fn floods_of_digits_end_soon() {
        let flood = "12".repeat(40);
        assert_eq!(table(&[&flood, &flood[..60], "505"]), ["? ? ?", "? ? ?", "5 0 5"]);
    }
}
