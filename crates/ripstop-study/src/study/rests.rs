//! What results rest on: every ranged row set to its low and its high, and every headline figure at both.

use crate::study::figures::Figures;
use ripstop_case::{Case, ClaimKind, ParamId};

/// A result rests on a row when setting that row to its low or high flips a claim or moves a headline figure by more than 5 %.
const MOVES: f64 = 0.05;

/// Two numbers nearer to each other than this part of them, or of what they are reckoned from, differ by rounding.
const ROUNDING: f64 = 1e-9;

/// What a run says that is compared with the base run.
#[derive(Clone, Debug)]
pub struct Said {
    /// Headline figures.
    pub figures: Vec<f64>,
    /// Per claim: whether it holds.
    pub holds: Vec<Option<bool>>,
}

/// A row set to its low, and to its high.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The parameter.
    pub parameter: ParamId,
    /// What the run with its low says, and that with its high.
    pub ends: [Said; 2],
}

/// A row that results rest on.
#[derive(Clone, Debug)]
pub struct RestsOn {
    /// The parameter.
    pub parameter: ParamId,
    /// Claims that flip at low or high (index in the case's claims).
    pub flips: Vec<usize>,
    /// Largest relative move of a headline figure, and which.
    pub move_max: f64,
    /// Index of that figure.
    pub headline: usize,
    /// Where that figure is zero in the base run: what it becomes.
    pub from_nothing_to: Option<f64>,
    /// Every headline figure with the row at its low, and at its high.
    pub figures: [Vec<f64>; 2],
}

/// How a row moves one figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The parameter.
    pub parameter: ParamId,
    /// The figure with the row at its low.
    pub low: f64,
    /// The figure with the row at its high.
    pub high: f64,
    /// The larger of both moves from the base run, relative to it; `None` where the figure is zero there.
    pub by_share: Option<f64>,
}

/// Whether two values of a figure differ by more than rounding.
fn differ(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() > ROUNDING * a.abs().max(b.abs()).max(scale)
}

/// Move relative to the base; from nothing to something counts as the whole. `None`: from nothing.
fn relative_move(before: f64, after: f64, scale: f64) -> (f64, bool) {
    if !differ(before, after, scale) {
        (0.0, false)
    } else if before.abs() <= ROUNDING * scale || before == 0.0 {
        (1.0, true)
    } else {
        ((after - before).abs() / before.abs(), false)
    }
}

/// Rows the results rest on, most important first.
pub fn rests_on(case: &Case, figures: &Figures, scales: &[f64], base: &Said, swept: &[Swept]) -> Vec<RestsOn> {
    let mut rests: Vec<RestsOn> =
        swept.iter().map(|row| compare(figures, scales, base, row)).filter(|r| !r.flips.is_empty() || r.move_max > MOVES).collect();
    rests.sort_by(|a, b| weight(case, b).total_cmp(&weight(case, a)));
    rests
}

/// How much rests on a row: a flipped outcome counts as much as a figure that doubles; no single figure counts for more than five.
fn weight(case: &Case, rests: &RestsOn) -> f64 {
    let outcomes = rests.flips.iter().filter(|&&c| case.claims[c].kind == ClaimKind::Outcome).count();
    outcomes as f64 + rests.move_max.min(5.0)
}

fn compare(figures: &Figures, scales: &[f64], base: &Said, row: &Swept) -> RestsOn {
    let both = [row.ends[0].figures.clone(), row.ends[1].figures.clone()];
    let mut rests =
        RestsOn { parameter: row.parameter, flips: Vec::new(), move_max: 0.0, headline: 0, from_nothing_to: None, figures: both };
    for end in &row.ends {
        for (claim, (before, after)) in base.holds.iter().zip(&end.holds).enumerate() {
            if before != after && !rests.flips.contains(&claim) {
                rests.flips.push(claim);
            }
        }
        for (f, _) in figures.0.iter().enumerate().filter(|(_, figure)| !figure.part) {
            let (before, after) = (base.figures[f], end.figures[f]);
            let (moved, from_nothing) = relative_move(before, after, scales[f]);
            if moved > rests.move_max {
                (rests.move_max, rests.headline) = (moved, f);
                rests.from_nothing_to = from_nothing.then_some(after);
            }
        }
    }
    rests
}

/// Per figure: the rows that move it, the one that spreads it widest first (its low, its high and the base run together).
pub fn moved_by(scales: &[f64], base: &[f64], swept: &[Swept]) -> Vec<Vec<Moved>> {
    (0..base.len()).map(|f| moved(f, scales[f], base[f], swept)).collect()
}

fn moved(f: usize, scale: f64, base: f64, swept: &[Swept]) -> Vec<Moved> {
    let mut rows: Vec<(f64, Moved)> = Vec::new();
    for row in swept {
        let [low, high] = [0, 1].map(|end| row.ends[end].figures[f]);
        let ends = [low, high];
        if !ends.iter().any(|&end| differ(base, end, scale)) {
            continue;
        }
        let width = ends.iter().fold(base, |most, &v| most.max(v)) - ends.iter().fold(base, |least, &v| least.min(v));
        let shares = ends.map(|end| relative_move(base, end, scale));
        let by_share = shares.iter().all(|share| !share.1).then(|| shares[0].0.max(shares[1].0));
        rows.push((width, Moved { parameter: row.parameter, low, high, by_share }));
    }
    // Rows that move it alike stay in the order of the case.
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().map(|(_, moved)| moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(figures: &[f64]) -> Said {
        Said { figures: figures.to_vec(), holds: Vec::new() }
    }

    fn swept(parameter: u32, low: &[f64], high: &[f64]) -> Swept {
        Swept { parameter: ParamId(parameter), ends: [said(low), said(high)] }
    }

    #[test]
    fn a_move_from_nothing_counts_as_the_whole() {
        assert_eq!(relative_move(0.0, 0.0, 1.0), (0.0, false));
        assert_eq!(relative_move(0.0, 7.0, 1.0), (1.0, true));
        assert_eq!(relative_move(10.0, 5.0, 1.0), (0.5, false));
    }

    /// The second row moves the first figure most by its share, and the second figure by more units than the first row does.
    #[test]
    fn every_figure_has_its_own_first_row() {
        let rows = [swept(0, &[50.0, 990.0], &[150.0, 1010.0]), swept(1, &[90.0, 700.0], &[130.0, 1000.0])];
        let by = moved_by(&[1.0, 1.0], &[100.0, 1000.0], &rows);
        let order = |f: usize| by[f].iter().map(|m| m.parameter).collect::<Vec<_>>();
        assert_eq!((order(0), order(1)), (vec![ParamId(0), ParamId(1)], vec![ParamId(1), ParamId(0)]));
        assert_eq!((by[1][0].low, by[1][0].high, by[1][0].by_share), (700.0, 1000.0, Some(0.3)));
    }

    #[test]
    fn rounding_is_no_move_of_its_own_nor_of_what_a_figure_is_reckoned_from() {
        // A loss of nothing, reckoned from a billion: 1e-3 is rounding. A figure of 100: 1e-8 is rounding, 1e-6 is not.
        let rows = [swept(0, &[1e-3, 100.0 + 1e-8], &[-1e-3, 100.0 + 1e-6])];
        let by = moved_by(&[1e9, 1.0], &[0.0, 100.0], &rows);
        assert!(by[0].is_empty(), "{:?}", by[0]);
        assert_eq!(by[1].len(), 1);
    }

    #[test]
    fn figures_that_are_zero_or_unknown_everywhere_are_moved_by_nothing() {
        let rows = [swept(0, &[0.0, f64::NAN], &[0.0, f64::NAN])];
        assert!(moved_by(&[0.0, 0.0], &[0.0, f64::NAN], &rows).iter().all(Vec::is_empty));
    }

    #[test]
    fn both_ends_on_one_side_of_the_base_are_a_move() {
        let by = moved_by(&[1.0], &[100.0], &[swept(0, &[60.0], &[60.0]), swept(1, &[100.0], &[130.0])]);
        assert_eq!(by[0].iter().map(|m| m.parameter.0).collect::<Vec<_>>(), [0, 1]);
    }
}
