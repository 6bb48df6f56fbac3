//! Asked against obtained.

use serde_json::{Value, json};

use super::power::ln;
use super::{IoTable, Made, Request};

/// Millions a year of a value a day.
const PER_YEAR: f64 = 365.0 / 1e6;

/// Share of the firms whose degrees or sizes the tail is measured on.
const TAIL: f64 = 0.01;

/// The report: what was asked for, what was obtained, how far both lie apart.
pub fn report(table: &IoTable, request: &Request, made: &Made, without_input: usize, needed: usize) -> Value {
    let firms = made.industry.len();
    let suppliers: Vec<f64> = (0..firms).map(|firm| made.of(firm).len() as f64).collect();
    let mut customers = vec![0.0; firms];
    made.seller.iter().for_each(|&seller| customers[seller as usize] += 1.0);
    let sums = Sums::of(table, made);
    let own =
        (0..firms).flat_map(|firm| made.of(firm).map(move |link| (firm, link))).filter(|&(firm, link)| made.seller[link] as usize == firm);
    json!({
        "table": { "file": table.file, "blake3": table.blake3, "industries": table.len(), "regions": table.regions.len(), "sectors": table.sectors.len(),
            "final_demand_below_zero": table.clipped.iter().map(|&(industry, value)| json!({ "industry": table.industries[industry], "taken_as_0": -value })).collect::<Vec<_>>() },
        "seed": request.seed,
        "firms": { "asked": request.firms, "obtained": firms },
        "links": { "asked": request.links, "obtained": made.seller.len() },
        "suppliers": { "least": needed, "mean": mean(&suppliers), "most": most(&suppliers), "tail_exponent": { "asked": request.suppliers_tail, "obtained": tail(&suppliers) } },
        "customers": { "mean": mean(&customers), "most": most(&customers), "none": customers.iter().filter(|&&n| n == 0.0).count(),
            "tail_exponent": { "asked": request.customers_tail, "obtained": tail(&customers) } },
        "size": { "largest_share": most(&made.output) / made.output.iter().sum::<f64>(), "tail_exponent": { "asked": request.size_tail, "obtained": tail(&made.output) } },
        "self_sales": own.count(),
        "inputs": { "needed_goods": needed, "firms_without_a_needed_good": without_input, "share_of_inputs_bought": covered(table, made) },
        "balance_residual": residual(made),
        "value_added": { "asked": sums.value_added_asked(table), "obtained": sums.output_all() - sums.sold_all(), "firms_below_zero": below_zero(made) },
        "output": deviation(&table.industries, &table.output, &sums.output),
        "final_demand": deviation(&table.industries, &table.final_demand, &sums.final_demand),
        "trade_between_industries": deviation_of_cells(&table.z, &sums.z),
        "trade_within_regions": { "asked": within(table, &table.z), "obtained": within(table, &sums.z) },
    })
}

/// Sums of the network in the units of the table.
struct Sums {
    z: Vec<f64>,
    output: Vec<f64>,
    final_demand: Vec<f64>,
}

impl Sums {
    fn of(table: &IoTable, made: &Made) -> Self {
        let n = table.len();
        let mut sums = Self { z: vec![0.0; n * n], output: vec![0.0; n], final_demand: vec![0.0; n] };
        for buyer in 0..made.industry.len() {
            let own = made.industry[buyer] as usize;
            sums.output[own] += made.output[buyer] * PER_YEAR;
            sums.final_demand[own] += made.final_demand[buyer] * PER_YEAR;
            for link in made.of(buyer) {
                sums.z[made.industry[made.seller[link] as usize] as usize * n + own] += made.value[link] * PER_YEAR;
            }
        }
        sums
    }

    fn output_all(&self) -> f64 {
        self.output.iter().sum()
    }

    fn sold_all(&self) -> f64 {
        self.z.iter().sum()
    }

    fn value_added_asked(&self, table: &IoTable) -> f64 {
        table.output.iter().sum::<f64>() - table.z.iter().sum::<f64>()
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// Exponent of the tail by Hill's estimator on the largest 1 % (at least 50): the share of values above x falls as x^−α.
pub fn tail(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let count = ((values.len() as f64 * TAIL) as usize).max(50).min(values.len() / 2);
    let Some(&least) = sorted.get(count) else { return f64::NAN };
    // The values compared with may be whole numbers: half a step keeps the estimate where it would be without rounding.
    let least = if least.fract() == 0.0 { least - 0.5 } else { least };
    let sum: f64 = sorted[..count].iter().map(|value| ln(value / least.max(f64::MIN_POSITIVE))).sum();
    count as f64 / sum
}

/// Share of the value of inputs, by the table, that lies in goods of which the buyer has a supplier.
fn covered(table: &IoTable, made: &Made) -> f64 {
    let n = table.len();
    let (mut bought, mut all) = (vec![0.0; n * table.sectors.len()], 0.0);
    for row in 0..n {
        for column in 0..n {
            bought[column * table.sectors.len() + table.sector_of(row)] += table.z[row * n + column];
        }
    }
    let (mut found, mut seen) = (0.0, vec![u32::MAX; table.sectors.len()]);
    for buyer in 0..made.industry.len() {
        let industry = made.industry[buyer] as usize;
        let goods = &bought[industry * table.sectors.len()..(industry + 1) * table.sectors.len()];
        let sum: f64 = goods.iter().sum();
        if sum <= 0.0 {
            continue;
        }
        all += made.output[buyer];
        for link in made.of(buyer) {
            let good = table.sector_of(made.industry[made.seller[link] as usize] as usize);
            if std::mem::replace(&mut seen[good], buyer as u32) != buyer as u32 {
                found += made.output[buyer] * goods[good] / sum;
            }
        }
    }
    found / all
}

/// Largest difference between what a firm makes and what is taken of it, share of what it makes.
fn residual(made: &Made) -> f64 {
    let mut taken = made.final_demand.clone();
    made.seller.iter().zip(&made.value).for_each(|(&seller, value)| taken[seller as usize] += value);
    let off = taken.iter().zip(&made.output).map(|(taken, made)| (taken - made).abs() / made.max(f64::MIN_POSITIVE));
    off.fold(0.0, f64::max)
}

fn below_zero(made: &Made) -> usize {
    let bought = |firm: usize| made.value[made.of(firm)].iter().sum::<f64>();
    (0..made.industry.len()).filter(|&firm| bought(firm) > made.output[firm]).count()
}

/// How far sums by industry lie from the table: all deviations together, and the largest among the industries that make most of the output.
fn deviation(names: &[String], asked: &[f64], obtained: &[f64]) -> Value {
    let all: f64 = asked.iter().sum();
    let off: f64 = asked.iter().zip(obtained).map(|(a, o)| (a - o).abs()).sum();
    let large = |k: &usize| asked[*k] > all / asked.len() as f64 / 4.0;
    let share = |k: usize| obtained[k] / asked[k] - 1.0;
    let worst = (0..asked.len()).filter(large).max_by(|&a, &b| share(a).abs().total_cmp(&share(b).abs()));
    json!({
        "asked": all, "obtained": obtained.iter().sum::<f64>(), "mean_deviation": off / all,
        "largest_deviation": worst.map(|k| json!({ "industry": names[k], "share": share(k) })),
    })
}

fn deviation_of_cells(asked: &[f64], obtained: &[f64]) -> Value {
    let all: f64 = asked.iter().sum();
    let off: f64 = asked.iter().zip(obtained).map(|(a, o)| (a - o).abs()).sum();
    let empty: f64 = asked.iter().zip(obtained).filter(|(_, o)| **o == 0.0).map(|(a, _)| a).sum();
    json!({ "asked": all, "obtained": obtained.iter().sum::<f64>(), "mean_deviation": off / all, "share_without_a_link": empty / all })
}

fn within(table: &IoTable, z: &[f64]) -> f64 {
    let n = table.len();
    let own = |cell: &usize| table.of[cell / n].0 == table.of[cell % n].0;
    (0..n * n).filter(own).map(|cell| z[cell]).sum::<f64>() / z.iter().sum::<f64>()
}
