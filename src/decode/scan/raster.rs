//! The picture of a page in shades of gray: set upright, and told apart into ink and paper.

/// A picture in shades of gray, row by row: 0 is black, 255 white.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// Dots across.
    pub width: usize,
    /// Dots down.
    pub height: usize,
    /// One byte a dot.
    pub dots: Vec<u8>,
}

/// The shade of a colour: red, green and blue, by how bright they look.
pub fn shade(red: u8, green: u8, blue: u8) -> u8 {
    ((u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000) as u8
}

/// A shade over white paper, where it covers only in part.
pub fn over_paper(shade: u8, cover: u8) -> u8 {
    let (shade, cover) = (u32::from(shade), u32::from(cover));
    ((shade * cover + 255 * (255 - cover)) / 255) as u8
}

impl Raster {
    /// White paper.
    pub fn blank(width: usize, height: usize) -> Raster {
        Raster { width, height, dots: vec![u8::MAX; width * height] }
    }

    /// As a file that any program reads (PGM).
    pub fn pgm(&self) -> Vec<u8> {
        let mut bytes = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        bytes.extend_from_slice(&self.dots);
        bytes
    }

    /// Turned by so many quarters clockwise.
    pub(super) fn quarters(&self, quarters: u8) -> Raster {
        let (width, height) = (self.width, self.height);
        let (across, down) = if quarters % 2 == 1 { (height, width) } else { (width, height) };
        let dots = (0..across * down).map(|at| {
            let (x, y) = (at % across, at / across);
            let (x, y) = match quarters {
                1 => (y, height - 1 - x),
                2 => (width - 1 - x, height - 1 - y),
                3 => (width - 1 - y, x),
                _ => (x, y),
            };
            self.dots[y * width + x]
        });
        Raster { width: across, height: down, dots: dots.collect() }
    }

    /// The shade at a place between dots, white outside.
    fn at(&self, x: f32, y: f32) -> f32 {
        if x < 0.0 || y < 0.0 {
            return 255.0;
        }
        let (left, top) = (x as usize, y as usize);
        if left + 1 >= self.width || top + 1 >= self.height {
            return 255.0;
        }
        let (right_part, lower_part) = (x - left as f32, y - top as f32);
        let row = |at: usize| f32::from(self.dots[at]) * (1.0 - right_part) + f32::from(self.dots[at + 1]) * right_part;
        let at = top * self.width + left;
        row(at) * (1.0 - lower_part) + row(at + self.width) * lower_part
    }

    /// Turned by a small angle, whose tangent is given, so that what fell to the right by it is level.
    fn turned(&self, slope: f32) -> Raster {
        let (cos, sin) = (1.0 / slope.hypot(1.0), slope / slope.hypot(1.0));
        let (middle_x, middle_y) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let mut turned = Raster::blank(self.width, self.height);
        for (y, row) in turned.dots.chunks_exact_mut(self.width).enumerate() {
            let dy = y as f32 - middle_y;
            for (x, dot) in row.iter_mut().enumerate() {
                let dx = x as f32 - middle_x;
                *dot = self.at(middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos).round() as u8;
            }
        }
        turned
    }

    /// Set upright, with its ink. A page lies a little askew on most scanners.
    pub(super) fn levelled(self, per_point: f32) -> (Raster, Ink) {
        let ink = Ink::of(&self, per_point);
        let slope = ink.slope();
        // Less does not move a line by a dot between two columns.
        if slope.abs() < 0.0007 {
            return (self, ink);
        }
        let level = self.turned(slope);
        let ink = Ink::of(&level, per_point);
        (level, ink)
    }
}

/// Which dots of a picture are ink.
#[derive(Debug, Clone)]
pub(super) struct Ink {
    pub width: usize,
    pub height: usize,
    pub dots: Vec<bool>,
}

impl Ink {
    /// Darker than its surroundings: paper is gray, and grayer at one end than at the other (after Sauvola).
    fn of(raster: &Raster, per_point: f32) -> Ink {
        /// Side of the squares that are measured, in points; the surroundings are five by five of them.
        const SQUARE: f32 = 9.0;
        const DARKER: f32 = 0.3;
        let (width, height) = (raster.width, raster.height);
        let side = ((SQUARE * per_point) as usize).max(4);
        let (across, down) = (width.div_ceil(side), height.div_ceil(side));
        let mut sums = vec![(0u64, 0u64, 0u64); across * down];
        for (y, row) in raster.dots.chunks_exact(width).enumerate() {
            for (x, part) in row.chunks(side).enumerate() {
                let (count, sum, squares) = &mut sums[y / side * across + x];
                *count += part.len() as u64;
                *sum += part.iter().map(|v| u64::from(*v)).sum::<u64>();
                *squares += part.iter().map(|v| u64::from(*v).pow(2)).sum::<u64>();
            }
        }
        let limit = |x: usize, y: usize| {
            let (mut count, mut sum, mut squares) = (0, 0, 0);
            for near in y.saturating_sub(2)..(y + 3).min(down) {
                for part in &sums[near * across + x.saturating_sub(2)..near * across + (x + 3).min(across)] {
                    (count, sum, squares) = (count + part.0, sum + part.1, squares + part.2);
                }
            }
            let mean = sum as f32 / count as f32;
            let spread = (squares as f32 / count as f32 - mean * mean).max(0.0).sqrt();
            (mean * (1.0 - DARKER * (1.0 - spread / 128.0))) as u8
        };
        let limits: Vec<u8> = (0..across * down).map(|square| limit(square % across, square / across)).collect();
        let mut dots = Vec::with_capacity(width * height);
        for (y, row) in raster.dots.chunks_exact(width).enumerate() {
            let limits = &limits[y / side * across..(y / side + 1) * across];
            dots.extend(row.chunks(side).zip(limits).flat_map(|(part, limit)| part.iter().map(move |v| v < limit)));
        }
        Ink { width, height, dots }
    }

    pub fn row(&self, y: usize) -> &[bool] {
        &self.dots[y * self.width..(y + 1) * self.width]
    }

    /// How far lines of text and rulings fall over their length: where dots are projected along them, the rows are
    /// fullest and emptiest.
    fn slope(&self) -> f32 {
        /// No page is laid askew by more.
        const MOST: f32 = 0.055;
        const EVERY: usize = 3;
        let mut points: Vec<(f32, f32)> = Vec::new();
        for y in (0..self.height).step_by(EVERY) {
            let row = self.row(y);
            points.extend((0..self.width).step_by(EVERY).filter(|x| row[*x]).map(|x| (x as f32, y as f32)));
        }
        let room = (self.width as f32 * MOST) as usize + 2;
        let mut rows = vec![0u32; (self.height + 2 * room) / 2 + 1];
        let mut sharpness = |slope: f32| {
            rows.fill(0);
            for (x, y) in &points {
                rows[(y - x * slope + room as f32) as usize / 2] += 1;
            }
            rows.iter().map(|n| u64::from(*n).pow(2)).sum::<u64>()
        };
        let mut best = (sharpness(0.0), 0.0f32);
        for (step, around) in [(0.005, 10), (0.0005, 10)] {
            let middle = best.1;
            for n in 1..=around {
                for slope in [middle - n as f32 * step, middle + n as f32 * step] {
                    // Of two that are alike, the smaller.
                    let found = sharpness(slope.clamp(-MOST, MOST));
                    if found > best.0 {
                        best = (found, slope.clamp(-MOST, MOST));
                    }
                }
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines across white paper that fall by `slope`.
    fn lines(slope: f32) -> Raster {
        let mut raster = Raster::blank(600, 400);
        for line in (60..340).step_by(40) {
            for x in 40..560 {
                let y = line as f32 + x as f32 * slope;
                for dot in 0..3 {
                    raster.dots[(y as usize + dot) * 600 + x] = 20;
                }
            }
        }
        raster
    }

    #[test]
    fn a_page_that_lies_askew_is_levelled() {
        for slope in [0.0, 0.02, -0.03] {
            let (raster, ink) = lines(slope).levelled(2.0);
            assert!(ink.slope().abs() <= 0.002, "{slope} left {}", ink.slope());
            assert_eq!((raster.width, raster.height), (600, 400));
            let full = (0..400).filter(|y| ink.row(*y)[60..540].iter().all(|dot| *dot)).count();
            assert!(full >= 7, "{full} rows are a line from end to end");
        }
    }

    #[test]
    fn gray_paper_is_paper() {
        let mut raster = lines(0.0);
        for (at, dot) in raster.dots.iter_mut().enumerate() {
            // Darker at one end than ink is at the other.
            *dot = (u32::from(*dot) * (40 + (at % 600) as u32 / 3) / 255) as u8;
        }
        let ink = Ink::of(&raster, 2.0);
        assert_eq!(ink.dots, Ink::of(&lines(0.0), 2.0).dots);
    }

    #[test]
    fn four_quarters_are_a_whole() {
        let raster = Raster { width: 3, height: 2, dots: vec![1, 2, 3, 4, 5, 6] };
        assert_eq!(raster.quarters(1), Raster { width: 2, height: 3, dots: vec![4, 1, 5, 2, 6, 3] });
        assert_eq!(raster.quarters(1).quarters(3), raster);
        assert_eq!(raster.quarters(2).quarters(2), raster);
    }
}
