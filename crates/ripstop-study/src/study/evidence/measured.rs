//! What a run says to each observation.

use ripstop::model::calendar::Day;
use ripstop::model::network::Network;
use ripstop::plan::Plan;
use ripstop::record::{Detail, Record};
use ripstop_case::Case;
use ripstop_case::map::network::Mapper;
use ripstop_case::tables::selector::{Selector, SelectorKind};

use super::{Compare, Measured, Observation, Period, days};

/// What a run says to each observation, in units of its measure; NaN where nothing is asked. Of [`Compare::LastAbove`] it is the first day
/// of the last month above, in days since 1970-01-01; NaN: no month is.
pub fn simulate(case: &Case, mapper: &Mapper<'_>, list: &[Observation], plan: &Plan, record: &Record) -> Vec<f64> {
    let one = |o: &Observation| {
        // Without the days of every firm nothing can be set beside it.
        let Some(measure) = o.measure.filter(|_| record.detail == Detail::Full) else { return f64::NAN };
        let by_day = daily(mapper, o, measure, plan, record);
        let sum = |period: Period| total(case, &by_day, period);
        let mean = |period: Period| sum(period) / days(period);
        match (o.compare, o.base) {
            (Compare::Ratio, Some(base)) => mean(o.period) / mean(base),
            (Compare::LastAbove, Some(base)) => {
                let above = o.value * mean(base);
                let all = months((base.0, case.meta.end));
                all.into_iter().rfind(|&month| mean(month) > above).map_or(f64::NAN, |month| f64::from(month.0))
            }
            _ if measure == Measured::MadePerWorker => mean(o.period) * 365.0,
            _ => sum(o.period),
        }
    };
    list.iter().map(one).collect()
}

/// Sum over the days of a period that the run has.
fn total(case: &Case, days: &[f64], period: Period) -> f64 {
    let step = |day: i32| (day - case.meta.start).max(0) as usize;
    // `+ 0.0`: the sum of nothing is −0.0, which nobody wants to read.
    days[step(period.0).min(days.len())..step(period.1 + 1).min(days.len())].iter().sum::<f64>() + 0.0
}

/// The whole months of a period.
fn months(period: Period) -> Vec<Period> {
    let mut list = Vec::new();
    let mut first = Day(period.0).date().first_of_month();
    if Day::from_date(first).0 < period.0 {
        first = first.last_of_month().tomorrow().unwrap_or(first);
    }
    while Day::from_date(first.last_of_month()).0 <= period.1 {
        list.push((Day::from_date(first).0, Day::from_date(first.last_of_month()).0));
        let Ok(next) = first.last_of_month().tomorrow() else { break };
        first = next;
    }
    list
}

/// The measure day by day.
fn daily(mapper: &Mapper<'_>, o: &Observation, measure: Measured, plan: &Plan, record: &Record) -> Vec<f64> {
    let (network, c) = (&plan.network, &record.columns);
    let (column, width, parts) = match measure {
        Measured::PassedValue => {
            let named = o.of.as_ref().map_or(Vec::new(), crossings);
            let gates = mapper.gates_of(network, &named, o.class.as_deref(), o.toward.as_deref());
            (&c.gate_passed, plan.gates, gates.into_iter().map(|g| (g, 1.0)).collect())
        }
        Measured::DeliveredValue => (&c.contract_delivered, network.contracts.len(), deliveries(mapper, network, o)),
        Measured::MadeValue => (&c.line_output, network.lines.len(), made(mapper, network, o, &|l| value_at_cost(network, l))),
        Measured::MadePerWorker => (&c.line_output, network.lines.len(), per_worker(mapper, network, o)),
    };
    (0..record.days).map(|t| parts.iter().map(|&(at, weight)| column[t * width + at] * weight).sum()).collect()
}

fn crossings(selector: &Selector) -> Vec<u32> {
    selector.terms().filter(|term| term.kind == SelectorKind::Crossing).map(|term| term.index).collect()
}

fn value_at_cost(network: &Network, line: usize) -> f64 {
    network.products[network.lines[line].product.index()].value_per_unit
}

/// Lines an observation names, with a weight each.
fn made(mapper: &Mapper<'_>, network: &Network, o: &Observation, weight: &dyn Fn(usize) -> f64) -> Vec<(usize, f64)> {
    let lines = o.of.as_ref().map_or(Vec::new(), |of| mapper.scope(network, of).lines);
    lines.iter().map(|l| (l.index(), weight(l.index()))).collect()
}

fn per_worker(mapper: &Mapper<'_>, network: &Network, o: &Observation) -> Vec<(usize, f64)> {
    let mut list = made(mapper, network, o, &|_| 1.0);
    list.retain(|&(l, _)| network.lines[l].labour_days_per_unit > 0.0);
    let mut firms: Vec<usize> = list.iter().map(|&(l, _)| network.lines[l].firm.index()).collect();
    firms.sort_unstable();
    firms.dedup();
    let workers: f64 = firms.iter().map(|&f| network.firms[f].workers).sum();
    list.iter_mut().for_each(|part| part.1 = 1.0 / workers);
    list
}

/// Contracts of the lines named; with `toward` only those that bring goods into the country from another.
fn deliveries(mapper: &Mapper<'_>, network: &Network, o: &Observation) -> Vec<(usize, f64)> {
    let lines = made(mapper, network, o, &|l| value_at_cost(network, l));
    let country = |firm: ripstop::model::ids::FirmId| network.places[network.firms[firm.index()].place.index()].country;
    let toward = mapper.country(o.toward.as_deref());
    let mut list = Vec::new();
    for contract in 0..network.contracts.len() {
        let line = network.contracts.seller[contract].index();
        let (from, to) = (country(network.lines[line].firm), country(network.contracts.buyer[contract]));
        let enters = toward.is_none_or(|toward| to == toward && from != toward);
        if let Some(&(_, value)) = lines.iter().find(|&&(l, _)| l == line && enters) {
            list.push((contract, value));
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::months;

    #[test]
    fn only_whole_months_count() {
        let day = |text: &str| ripstop_case::parse_date(text).unwrap();
        let list = months((day("2019-12-15"), day("2020-03-30")));
        assert_eq!(list, [(day("2020-01-01"), day("2020-01-31")), (day("2020-02-01"), day("2020-02-29"))]);
        assert_eq!(months((day("2020-02-01"), day("2020-02-29"))).len(), 1);
        assert!(months((day("2020-02-02"), day("2020-02-29"))).is_empty());
    }
}
