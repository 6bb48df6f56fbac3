//! Goods and who makes them: products, their values by recipe, lines and their inputs.

use std::collections::BTreeMap;

use ripstop::model::fields;
use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::{Mapper, options};
use crate::Values;
use crate::tables::table::NO_ROW;

impl Mapper<'_> {
    pub(super) fn products(&self, network: &mut Network, values: &Values) {
        let products = self.case.table("products");
        let number = |col: &str, row| products.number(products.col(col), row, values);
        network.products = (0..products.rows())
            .map(|row| Product {
                class: self.class(products.text(products.col("class"), row)).unwrap_or(ClassId(NO_ROW)),
                value_per_unit: number("value_usd_per_unit", row).unwrap_or(f64::NAN),
                value_from: ValueFrom::Stated,
                retail_price_per_unit: number("retail_price_usd_per_unit", row).unwrap_or(fields::RETAIL_PRICE.default),
                price_after_season_share: number("price_after_season_share", row).unwrap_or(fields::PRICE_AFTER_SEASON.default),
                kg_per_unit: number("kg_per_unit", row).unwrap_or(fields::KG.default),
                spoilage_share_per_day: number("spoilage_share_per_day", row).unwrap_or(fields::SPOILAGE.default),
            })
            .collect();
        self.values_of_recipes(network, values);
    }

    /// A blank value is the value of the recipe, tiers deep: each product once all its inputs have one. Loops of blank values have none;
    /// where the recipe does not say it, the engine takes what the product is counted at.
    fn values_of_recipes(&self, network: &mut Network, values: &Values) {
        let recipes = self.case.table("recipes");
        let (input, quantity) = (recipes.col("input"), recipes.col("quantity_per_unit"));
        // What is no product of the case is refused by the plan; here it is worth nothing.
        let parts = |product: usize| self.recipe[product].iter().map(|&row| (recipes.referred(input, row) as usize, row));
        let blank: Vec<bool> =
            (0..network.products.len()).map(|p| network.products[p].value_per_unit.is_nan() && !self.recipe[p].is_empty()).collect();
        for product in network.products.iter_mut().filter(|product| product.value_per_unit.is_nan()) {
            product.value_from = ValueFrom::Nowhere;
        }
        // Product → how many of its inputs are still to be valued, and which blank products it goes into.
        let mut missing = vec![0_u32; blank.len()];
        let mut goes_into = vec![Vec::new(); blank.len()];
        for product in (0..blank.len()).filter(|&p| blank[p]) {
            for (part, _) in parts(product).filter(|(part, _)| blank.get(*part) == Some(&true)) {
                missing[product] += 1;
                goes_into[part].push(product);
            }
        }
        let mut ready: Vec<usize> = (0..blank.len()).filter(|&p| blank[p] && missing[p] == 0).collect();
        while let Some(product) = ready.pop() {
            let worth = |(part, row): (usize, usize)| {
                let value = network.products.get(part).map_or(0.0, |part| part.value_per_unit);
                recipes.number(quantity, row, values).unwrap_or(0.0) * value
            };
            let value: f64 = parts(product).map(worth).sum();
            if !value.is_nan() {
                (network.products[product].value_per_unit, network.products[product].value_from) = (value, ValueFrom::Recipe);
            }
            for &whole in &goes_into[product] {
                missing[whole] -= 1;
                if missing[whole] == 0 {
                    ready.push(whole);
                }
            }
        }
        network.products.iter_mut().filter(|p| p.value_per_unit.is_nan()).for_each(|p| p.value_per_unit = 0.0);
    }

    pub(super) fn lines(&self, network: &mut Network, values: &Values) {
        let lines = self.case.table("lines");
        let (capacity, labour, resale) = (lines.col("capacity_per_day"), lines.col("labour_days_per_unit"), lines.col("resale"));
        for row in 0..lines.rows() {
            let firm = FirmId(lines.referred(lines.col("firm"), row));
            let product = ProductId(lines.referred(lines.col("product"), row));
            let inputs = if lines.flag(resale, row) {
                vec![Input { product, per_unit: 1.0, ..Input::default() }]
            } else {
                self.inputs(product, self.works_for_clients[row], &network.products, values)
            };
            let capacity = lines.number(capacity, row, values).unwrap_or(fields::CAPACITY.default);
            network.add_line(firm, product, capacity, lines.number(labour, row, values).unwrap_or(fields::LABOUR.default), &inputs);
            network.lines[row].rationing = self.rationing(row, values);
        }
    }

    fn inputs(&self, product: ProductId, for_clients: bool, products: &[Product], values: &Values) -> Vec<Input> {
        let recipes = self.case.table("recipes");
        let [input, quantity, waste, by, importance] =
            ["input", "quantity_per_unit", "waste_share", "supplied_by", "importance"].map(|c| recipes.col(c));
        let recipe = self.recipe.get(product.index()).map_or(&[][..], Vec::as_slice);
        let mut list: Vec<Input> = recipe
            .iter()
            .map(|&row| Input {
                product: ProductId(recipes.referred(input, row)),
                per_unit: recipes.number(quantity, row, values).unwrap_or(0.0),
                waste_share: recipes.number(waste, row, values).unwrap_or(fields::WASTE.default),
                supplied_by: match recipes.enumeration(by, row, values) {
                    Some("maker") => SuppliedBy::Maker,
                    _ if for_clients => SuppliedBy::Client,
                    _ => SuppliedBy::Maker,
                },
                importance: options::importance(recipes.enumeration(importance, row, values)),
            })
            .collect();
        dearest_first(&mut list, products);
        list
    }

    /// Firm networks without recipes: what a buyer buys per unit it makes follows from the steady quantities of its contracts.
    pub(super) fn free_quantities(&self, network: &mut Network, values: &Values) {
        let contracts = self.case.table("contracts");
        let quantity = contracts.col("quantity_per_day");
        let mut made = vec![0.0; network.lines.len()];
        let mut bought: BTreeMap<(u32, u32), f64> = BTreeMap::new();
        for row in 0..contracts.rows() {
            let line = self.seller_line[row] as usize;
            if let (Some(units), Some(sold)) = (contracts.number(quantity, row, values), made.get_mut(line)) {
                *sold += units;
                let product = network.lines[line].product.0;
                *bought.entry((network.contracts.buyer[row].0, product)).or_default() += units;
            }
        }
        if bought.is_empty() {
            return;
        }
        for demand in &network.demands {
            if let Some(made) = made.get_mut(demand.line.index()) {
                *made += demand.quantity_per_day;
            }
        }
        let lines = std::mem::take(&mut network.lines);
        let old = std::mem::take(&mut network.inputs);
        let of = |l: u32| &old[lines[l as usize].first_input as usize..lines[l as usize].last_input as usize];
        for (l, line) in lines.iter().enumerate() {
            let mut inputs = of(l as u32).to_vec();
            let others = self.lines_of.get(line.firm.index()).map_or(&[][..], Vec::as_slice);
            // With several of them the case is refused: nobody could say which takes what.
            let alone = || others.iter().all(|&other| other as usize == l || !of(other).is_empty() || made[other as usize] <= 0.0);
            if inputs.is_empty() && made[l] > 0.0 && alone() {
                let taken = |product: u32| others.iter().flat_map(|&other| of(other)).any(|input| input.product.0 == product);
                let range = bought.range((line.firm.0, 0)..(line.firm.0 + 1, 0)).filter(|((_, product), _)| !taken(*product));
                inputs.extend(range.map(|(&(_, product), &units)| Input {
                    product: ProductId(product),
                    per_unit: units / made[l],
                    ..Input::default()
                }));
                dearest_first(&mut inputs, &network.products);
            }
            network.add_line(line.firm, line.product, line.capacity_per_day, line.labour_days_per_unit, &inputs);
            network.lines[l].rationing = line.rationing;
        }
    }
}

/// Inputs in the order in which causes name them: what costs most in a unit first, then by id.
fn dearest_first(inputs: &mut [Input], products: &[Product]) {
    let cost = |input: &Input| input.per_unit * (1.0 + input.waste_share) * products[input.product.index()].value_per_unit;
    inputs.sort_by(|a, b| cost(b).total_cmp(&cost(a)).then(a.product.cmp(&b.product)));
}
