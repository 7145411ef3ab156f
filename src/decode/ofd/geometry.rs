//! Where things stand on a page: boxes, transformations, and paths as far as they are ruled lines.

use super::xml::numbers;

/// An affine transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix {
    /// The six numbers in the order of the format.
    pub of: [f32; 6],
}

impl Matrix {
    /// Changes nothing.
    pub const IDENTITY: Matrix = Matrix { of: [1.0, 0.0, 0.0, 1.0, 0.0, 0.0] };

    /// Of a list of six numbers; any other list changes nothing.
    pub fn of_list(list: &[f32]) -> Matrix {
        <[f32; 6]>::try_from(list).map_or(Matrix::IDENTITY, |of| Matrix { of })
    }

    /// A shift.
    pub fn shift(x: f32, y: f32) -> Matrix {
        Matrix { of: [1.0, 0.0, 0.0, 1.0, x, y] }
    }

    /// Both lengths by a factor.
    pub fn scale(factor: f32) -> Matrix {
        Matrix { of: [factor, 0.0, 0.0, factor, 0.0, 0.0] }
    }

    /// First this, then another.
    pub fn then(self, next: Matrix) -> Matrix {
        let [a, b, c, d, e, f] = self.of;
        let (x, y) = next.turn(a, b);
        let (z, w) = next.turn(c, d);
        let (u, v) = next.apply(e, f);
        Matrix { of: [x, y, z, w, u, v] }
    }

    /// Where a point comes to lie.
    pub fn apply(self, x: f32, y: f32) -> (f32, f32) {
        let (u, v) = self.turn(x, y);
        (u + self.of[4], v + self.of[5])
    }

    /// Where a direction comes to point.
    pub fn turn(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, ..] = self.of;
        (a * x + c * y, b * x + d * y)
    }
}

/// A stretch of a path, from one `M` to the next.
#[derive(Debug, Default)]
pub struct Stretch {
    /// Its points, in the order of drawing.
    pub points: Vec<(f32, f32)>,
    /// Whether it bends, so that it is no line of a table.
    pub bends: bool,
}

/// The stretches of a path, at most `most` points together; none if there are more.
pub fn stretches(data: &str, matrix: Matrix, most: usize) -> Option<Vec<Stretch>> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut points = 0;
    for (command, numbers) in commands(data) {
        let bends = matches!(command, 'Q' | 'B' | 'A');
        let size = match command {
            'Q' => 4,
            'B' => 6,
            'A' => 7,
            _ => 2,
        };
        match command {
            'S' | 'M' => all.push(Stretch::default()),
            'C' => {
                if let Some(first) = all.last().and_then(|s| s.points.first().copied()) {
                    all.last_mut()?.points.push(first);
                    all.push(Stretch { points: vec![first], bends: false });
                }
                continue;
            }
            _ if all.is_empty() => all.push(Stretch::default()),
            _ => {}
        }
        let stretch = all.last_mut()?;
        stretch.bends |= bends;
        for point in numbers.chunks_exact(size) {
            stretch.points.push(matrix.apply(point[size - 2], point[size - 1]));
            points += 1;
        }
        if points > most {
            return None;
        }
    }
    Some(all)
}

/// The commands of a path with their numbers: `M 0 0 L 10 0`, blanks or none between.
fn commands(data: &str) -> impl Iterator<Item = (char, Vec<f32>)> {
    let starts = data.char_indices().filter(|(_, c)| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E'));
    let ends = starts.clone().skip(1).map(|(at, _)| at).chain([data.len()]);
    starts.zip(ends).map(|((at, command), end)| (command.to_ascii_uppercase(), numbers(&data[at + 1..end])))
}

/// A straight line, level or upright, in points.
pub type Line = [f32; 4];

/// What counts as level or upright: the ends differ by no more than this, in points.
const STRAIGHT: f32 = 0.75;
/// A fill at most this thick is a line, in points; a thicker one is shading.
const THIN: f32 = 2.5;
/// A line at least this long, in points; shorter ones are dots and corners.
const LONG: f32 = 1.0;

/// The lines of a path that is stroked: every straight piece of it.
pub fn stroked(stretch: &Stretch) -> impl Iterator<Item = Line> {
    let pieces = if stretch.bends { &[][..] } else { &stretch.points[..] };
    pieces.windows(2).filter_map(|pair| {
        let ((x, y), (u, v)) = (pair[0], pair[1]);
        let (wide, high) = ((u - x).abs(), (v - y).abs());
        match (wide >= high, wide.min(high) <= STRAIGHT && wide.max(high) >= LONG) {
            (_, false) => None,
            (true, true) => Some([x.min(u), (y + v) / 2.0, x.max(u), (y + v) / 2.0]),
            (false, true) => Some([(x + u) / 2.0, y.min(v), (x + u) / 2.0, y.max(v)]),
        }
    })
}

/// The line that a filled shape is, if it is a thin one.
pub fn filled(stretch: &Stretch) -> Option<Line> {
    if stretch.bends || stretch.points.len() < 2 {
        return None;
    }
    let mut bounds = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
    for (x, y) in &stretch.points {
        bounds = [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)];
    }
    thin(bounds)
}

/// The line in the middle of a thin box.
pub fn thin([left, top, right, bottom]: Line) -> Option<Line> {
    let (wide, high) = (right - left, bottom - top);
    if wide.min(high) > THIN || wide.max(high) < LONG.max(wide.min(high) * 2.0) {
        return None;
    }
    let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
    Some(if wide >= high { [left, y, right, y] } else { [x, top, x, bottom] })
}
