//! What follows from the form's own arithmetic where a cell is blank: if a total is zero, its parts
//! are; if a relation lacks one operand, the others give it. Sound as far as the office's other
//! figures are right, so always marked as inferred, and never done where two relations disagree.

use super::Equation;

/// What is known of a cell when inferring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// A number the report states.
    Stated(f64),
    /// Blank or lost: may be inferred.
    Open,
    /// Marked as not applicable, or unreadable: not touched.
    Closed,
    /// Follows from the relations.
    Inferred(f64),
}

impl Known {
    /// The number, stated or inferred.
    pub fn value(self) -> Option<f64> {
        match self {
            Known::Stated(value) | Known::Inferred(value) => Some(value),
            Known::Open | Known::Closed => None,
        }
    }
}

/// Fills open cells until nothing more follows. `cells` are those of one table.
pub fn infer(equations: &[Equation], cells: &mut [Known]) {
    while cells.contains(&Known::Open) {
        let mut found: Vec<Option<Proposal>> = vec![None; cells.len()];
        for equation in equations {
            propose(equation, cells, &mut found);
        }
        let mut progress = false;
        for (cell, proposal) in found.into_iter().enumerate() {
            if let Some(Proposal::One(value)) = proposal {
                cells[cell] = Known::Inferred(value);
                progress = true;
            }
        }
        if !progress {
            return;
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Proposal {
    One(f64),
    Contradiction,
}

fn propose(equation: &Equation, cells: &[Known], found: &mut [Option<Proposal>]) {
    let mut add = |cell: usize, value: f64| {
        let whole = value >= 0.0 && value.fract() == 0.0;
        found[cell] = Some(match found[cell] {
            _ if !whole => Proposal::Contradiction,
            Some(known) if known != Proposal::One(value) => Proposal::Contradiction,
            _ => Proposal::One(value),
        });
    };
    let sum = |side: &[usize]| side.iter().try_fold(0.0, |sum, &c| Some(sum + cells[c].value()?));
    let open = |side: &[usize]| side.iter().copied().filter(|&c| cells[c] == Known::Open).collect::<Vec<_>>();
    for (one, other) in [(&equation.parts, &equation.totals), (&equation.totals, &equation.parts)] {
        if sum(other) == Some(0.0) && one.iter().all(|&c| cells[c].value().is_none_or(|v| v == 0.0)) {
            open(one).into_iter().for_each(|cell| add(cell, 0.0));
        }
        let missing = one.iter().filter(|&&c| cells[c].value().is_none()).count();
        if let (Some(other), [cell], 1) = (sum(other), open(one).as_slice(), missing) {
            let rest: f64 = one.iter().filter_map(|&c| cells[c].value()).sum();
            add(*cell, other - rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Known::*;
    use super::*;

    fn equation(parts: &[usize], totals: &[usize]) -> Equation {
        Equation { rule: String::new(), parts: parts.to_vec(), totals: totals.to_vec(), in_row: true }
    }

    #[test]
    fn zero_totals_and_single_unknowns_are_filled_and_nothing_else() {
        let mut cells = [Open, Open, Stated(0.0)];
        infer(&[equation(&[0, 1], &[2])], &mut cells);
        assert_eq!(cells, [Inferred(0.0), Inferred(0.0), Stated(0.0)]);

        let mut cells = [Stated(2.0), Open, Stated(5.0)];
        infer(&[equation(&[0, 1], &[2])], &mut cells);
        assert_eq!(cells[1], Inferred(3.0));

        let mut cells = [Stated(2.0), Open, Open, Stated(5.0)];
        infer(&[equation(&[0, 1, 2], &[3])], &mut cells);
        assert_eq!(cells[1..3], [Open, Open]);

        // Negative, not applicable, contradicted: left alone.
        let mut cells = [Stated(7.0), Open, Stated(5.0)];
        infer(&[equation(&[0, 1], &[2])], &mut cells);
        assert_eq!(cells[1], Open);
        let mut cells = [Closed, Open, Stated(4.0)];
        infer(&[equation(&[0, 1], &[2])], &mut cells);
        assert_eq!(cells[1], Open);
        let mut cells = [Stated(3.0), Open, Stated(0.0)];
        infer(&[equation(&[0, 1], &[2])], &mut cells);
        assert_eq!(cells[1], Open);
        let mut cells = [Stated(1.0), Open, Stated(3.0), Stated(4.0)];
        infer(&[equation(&[0, 1], &[2]), equation(&[0, 1], &[3])], &mut cells);
        assert_eq!(cells[1], Open);
    }
}
