//! Which numbers of a case a parameter reaches: cells that are it, and formulas over it at any remove.

use super::Checker;
use super::values::{At, loose, spec_of, uses};
use crate::expr::Bounds;
use crate::parameters::{ParamId, Parameters, Users, Value, Values};
use crate::schema::ColumnSpec;
use crate::table::{Cells, Col, NumberCell, Table, WordCell};

/// A number that rests on parameters, by what it is or by a word beside it that says what it may be.
pub struct Resting<'a> {
    pub at: At<'a>,
    pub cell: &'a NumberCell,
    column: &'a ColumnSpec,
}

impl Resting<'_> {
    /// What it may be.
    pub fn spec(&self, values: &Values) -> ColumnSpec {
        match self.at {
            At::Cell(table, _, row) => spec_of(table, self.column, row, values),
            At::Loose(_) => *self.column,
        }
    }
}

/// What every parameter reaches. Lists one after the other, so that a million parameters cost as much each as a hundred.
pub struct Reach<'a> {
    pub numbers: Vec<Resting<'a>>,
    parameters: &'a Parameters,
    numbers_of: Users<u32>,
    derived_of: Users,
    /// Where a derived parameter stands in the order of reckoning.
    place: Vec<u32>,
    /// The last search that came by a parameter.
    seen: Vec<u32>,
    searches: u32,
}

impl<'a> Reach<'a> {
    pub fn new(checker: &Checker<'a>) -> Reach<'a> {
        let parameters = &checker.case.parameters;
        let mut found = Found { parameters, numbers: Vec::new(), pairs: Vec::new() };
        for table in checker.case.tables() {
            for (col, column, cells) in table.quantities() {
                let words = word_beside(table, column).and_then(|word| match &table.column(word).cells {
                    Cells::Word(words) => Some(words),
                    _ => None,
                });
                for (row, cell) in cells.iter().enumerate() {
                    let word = words.and_then(|words| match words[row] {
                        WordCell::Parameter(id) => Some(id),
                        _ => None,
                    });
                    found.add(At::Cell(table, col, row), column, cell, word);
                }
            }
        }
        for amount in loose(checker) {
            found.add(At::Loose(&amount.at), &amount.spec, &amount.cell, None);
        }
        found.pairs.sort_unstable();
        found.pairs.dedup();
        let count = parameters.list.len();
        let mut place = vec![0; count];
        parameters.in_order().iter().enumerate().for_each(|(at, id)| place[id.0 as usize] = at as u32 + 1);
        Reach {
            numbers: found.numbers,
            parameters,
            numbers_of: Users::new(count, found.pairs),
            derived_of: parameters.users(),
            place,
            seen: vec![0; count],
            searches: 0,
        }
    }

    /// Derived parameters that any of these changes, in the order of reckoning, each with the first of these that does.
    /// Parameters that `through` leaves out are taken as set, and so are these themselves.
    pub fn derived_from(&mut self, from: &[ParamId], through: impl Fn(ParamId) -> bool) -> Vec<(ParamId, usize)> {
        self.searches += 1;
        from.iter().for_each(|id| self.seen[id.0 as usize] = self.searches);
        let mut found: Vec<(ParamId, usize)> = Vec::new();
        for (index, &start) in from.iter().enumerate() {
            let mut waiting = vec![start];
            while let Some(id) = waiting.pop() {
                for &user in self.derived_of.of(id) {
                    if self.seen[user.0 as usize] != self.searches && through(user) {
                        self.seen[user.0 as usize] = self.searches;
                        waiting.push(user);
                        found.push((user, index));
                    }
                }
            }
        }
        found.sort_unstable_by_key(|(id, _)| self.place[id.0 as usize]);
        found
    }

    /// Numbers that any of these, or what is derived from them, is used in: each once, in the order of the files, with the index beside it.
    pub fn numbers_with(&self, from: &[ParamId], derived: &[(ParamId, usize)]) -> Vec<(u32, usize)> {
        let from = from.iter().enumerate().map(|(index, id)| (*id, index));
        let all = from.chain(derived.iter().copied());
        let mut numbers: Vec<_> = all.flat_map(|(id, index)| self.numbers_of.of(id).iter().map(move |number| (*number, index))).collect();
        numbers.sort_unstable();
        numbers.dedup_by_key(|(number, _)| *number);
        numbers
    }

    /// These and the parameters they are derived from, one of `set` standing for itself.
    pub fn behind(&mut self, from: impl Iterator<Item = ParamId>, set: &dyn Fn(ParamId) -> bool) -> Vec<ParamId> {
        self.searches += 1;
        let mut found: Vec<ParamId> = Vec::new();
        let mut waiting: Vec<ParamId> = from.collect();
        while let Some(id) = waiting.pop() {
            if self.seen[id.0 as usize] == self.searches {
                continue;
            }
            self.seen[id.0 as usize] = self.searches;
            found.push(id);
            if !set(id) {
                waiting.extend(self.parameters.uses(id).into_iter().flatten());
            }
        }
        found
    }
}

/// The word of a row that says what a number of it may be.
fn word_beside(table: &Table, column: &ColumnSpec) -> Option<Col> {
    match (table.spec().name, column.name) {
        ("terms", "stock_days") => Some(table.col("ordering")),
        ("events", "value") => Some(table.col("kind")),
        _ => None,
    }
}

struct Found<'a> {
    parameters: &'a Parameters,
    numbers: Vec<Resting<'a>>,
    pairs: Vec<(ParamId, u32)>,
}

impl<'a> Found<'a> {
    /// A number, unless it rests on nothing, or on what cannot be reckoned and is diagnosed where it stands.
    fn add(&mut self, at: At<'a>, column: &'a ColumnSpec, cell: &'a NumberCell, word: Option<ParamId>) {
        let literal = matches!(cell, NumberCell::Blank | NumberCell::Value(_));
        if literal && word.is_none() {
            return;
        }
        let used = uses(cell);
        if used.iter().any(|id| self.parameters.is_broken(*id)) {
            return;
        }
        let number = self.numbers.len() as u32;
        self.pairs.extend(used.into_iter().chain(word).map(|id| (id, number)));
        self.numbers.push(Resting { at, cell, column });
    }
}

/// Parameters at some values, and between which bounds each may be.
pub struct Reckoned {
    pub values: Values,
    pub bounds: Vec<Bounds>,
}

/// What stood there before.
pub struct Before(Vec<(ParamId, f64, Bounds)>);

impl Reckoned {
    /// Every parameter at its base value, and anywhere in its range.
    pub fn base(parameters: &Parameters) -> Reckoned {
        let values = parameters.base_values();
        let bounds = parameters.ids().map(|id| {
            let value = values.get(id);
            let (low, high) = parameters.get(id).range().unwrap_or((value, value));
            if value.is_nan() { Bounds::ANY } else { Bounds { low, high } }
        });
        let mut base = Reckoned { bounds: bounds.collect(), values };
        for id in parameters.in_order() {
            if let Value::Derived(expr) = &parameters.get(*id).value {
                base.bounds[id.0 as usize] = expr.bounds(&base.bounds);
            }
        }
        base
    }

    /// Sets some, which have no range then, and reckons what is derived from them.
    pub fn set(&mut self, parameters: &Parameters, set: &[(ParamId, f64)], derived: &[(ParamId, usize)]) -> Before {
        let ids = set.iter().map(|(id, _)| *id).chain(derived.iter().map(|(id, _)| *id));
        let before = ids.map(|id| (id, self.values.get(id), self.bounds[id.0 as usize])).collect();
        for &(id, value) in set {
            self.values.0[id.0 as usize] = value;
            self.bounds[id.0 as usize] = Bounds { low: value, high: value };
        }
        for (id, _) in derived {
            if let Value::Derived(expr) = &parameters.get(*id).value {
                self.bounds[id.0 as usize] = expr.bounds(&self.bounds);
                self.values.0[id.0 as usize] = expr.evaluate(&self.values.0);
            }
        }
        Before(before)
    }

    /// Puts back what stood before: the first word of a parameter set twice.
    pub fn put_back(&mut self, before: Before) {
        for (id, value, bounds) in before.0.into_iter().rev() {
            self.values.0[id.0 as usize] = value;
            self.bounds[id.0 as usize] = bounds;
        }
    }
}
