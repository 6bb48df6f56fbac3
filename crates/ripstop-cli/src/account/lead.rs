//! A headline figure in words: the median of the draws with its band, beside it the run without the events and the starting values.
//! Where there are no draws, or too few, the starting values lead.

use ripstop_case::Case;
use ripstop_study::figures::{Quantiles, Spread};
use ripstop_study::study::Study;

use super::words::{count, money, some};

/// How a value is written.
pub type Show<'a> = &'a dyn Fn(f64) -> String;

/// A figure worth telling reaches this in the base run or in the draws.
const WORTH: f64 = 0.5;

/// The figures of a study in words.
pub struct Lead<'a> {
    study: &'a Study,
    currency: &'a str,
}

/// A figure as it was at the start, and over the draws where they lead.
struct Known<'a> {
    with: f64,
    without: f64,
    spread: Option<&'a Spread>,
}

impl<'a> Lead<'a> {
    /// Of a study.
    pub fn of(case: &'a Case, study: &'a Study) -> Self {
        Self { study, currency: case.meta.currency.as_str() }
    }

    fn known(&self, name: &str) -> Known<'a> {
        let study = self.study;
        let Some(f) = study.figures.find(name) else { return Known { with: f64::NAN, without: f64::NAN, spread: None } };
        let spread = study.bands.get(f).filter(|_| study.draws_lead());
        Known { with: study.brief.headline[f], without: study.brief.without[f], spread }
    }

    /// Money as this account writes it.
    pub fn money(&self, value: f64) -> String {
        money(value, self.currency)
    }

    /// The number that leads: the median of the draws, or the starting value.
    pub fn value(&self, name: &str) -> f64 {
        let known = self.known(name);
        known.spread.map_or(known.with, |s| s.with.p50)
    }

    /// The starting value.
    pub fn starting(&self, name: &str) -> f64 {
        self.known(name).with
    }

    /// Whether there is anything to tell of a figure: with the events or without, at the start or in the draws.
    pub fn worth(&self, name: &str) -> bool {
        let known = self.known(name);
        let ends = |q: &Quantiles| [q.p05, q.p50, q.p95];
        let drawn = known.spread.map_or([0.0; 6], |s| {
            let (with, without) = (ends(&s.with), ends(&s.without));
            [with[0], with[1], with[2], without[0], without[1], without[2]]
        });
        drawn.into_iter().chain([known.with, known.without]).any(|v| v.abs() >= WORTH)
    }

    /// `USD 43.8 m [17.5 – 108 m]`
    pub fn with(&self, name: &str, show: Show<'_>) -> String {
        let known = self.known(name);
        known.spread.map_or_else(|| show(known.with), |s| banded(&s.with, show))
    }

    /// `; without the events USD 0 [0 – 14.6 m], the difference USD 1.6 m [0.1 – 3.7 m]`
    pub fn beside(&self, name: &str, show: Show<'_>) -> String {
        let known = self.known(name);
        let Some(s) = known.spread else { return format!("; without the events {}", show(known.without)) };
        let without = banded(&s.without, show);
        // Without a counterfactual of its own the difference would say the same number again.
        let difference = if without == show(0.0) { String::new() } else { format!(", the difference {}", banded(&s.difference, show)) };
        format!("; without the events {without}{difference}")
    }

    /// ` (starting values: 77.0 m)`; nothing where they lead.
    pub fn start(&self, names: &[(&str, Show<'_>)]) -> String {
        let known = |name: &str| self.known(name);
        if names.iter().all(|(name, _)| known(name).spread.is_none()) {
            return String::new();
        }
        let values: Vec<String> = names.iter().map(|(name, show)| show(known(name).with)).collect();
        format!(" (starting values: {})", values.join(", "))
    }

    /// A note on what leads, for the end of the headline.
    pub fn note(&self, ranged: usize) -> String {
        const LEAST: usize = ripstop_study::figures::BAND_DRAWS_MIN;
        match self.study.draws {
            _ if self.study.draws_lead() => format!(
                "Medians of {} draws over every number with a range, in brackets 5–95 % of them; differences are taken draw by draw. Starting values: every number at the value the case gives.",
                count(self.study.draws as f64)
            ),
            0 if ranged == 0 => "Starting values: no number of the case has a range, so nothing is said of the doubt in them.".to_string(),
            0 => "Starting values: every number at the value the case gives. No draws were made, so nothing is said of the doubt in them."
                .to_string(),
            1 => format!("Starting values: 1 draw is too few for medians and bands ({LEAST} or more)."),
            n => format!("Starting values: {} are too few for medians and bands ({LEAST} or more).", some(n, "draw")),
        }
    }
}

/// `43.8 m [17.5 – 108 m]`; without brackets where the draws agree.
fn banded(q: &Quantiles, show: Show<'_>) -> String {
    let (low, middle, high) = (show(q.p05), show(q.p50), show(q.p95));
    if low == high {
        return middle;
    }
    // The currency is said once.
    let bare = |text: &str| text.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start().to_string();
    let dash = if q.p95 < 0.0 || q.p05 < 0.0 { "to" } else { "–" };
    format!("{middle} [{} {dash} {}]", bare(&low), bare(&high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_says_its_currency_once_and_only_where_the_draws_differ() {
        let show = |v: f64| money(v, "USD");
        let of = |p05, p50, p95| banded(&Quantiles { p05, p10: p05, p50, p90: p95, p95 }, &show);
        assert_eq!(of(17.5e6, 43.8e6, 108e6), "USD 43.8 m [17.5 m – 108 m]");
        assert_eq!(of(0.0, 0.0, 0.0), "USD 0");
        assert_eq!(of(-5.0, 1.0, 7.0), "USD 1 [-5 to 7]");
    }
}
