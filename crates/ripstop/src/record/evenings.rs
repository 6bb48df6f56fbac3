//! All goods of every evening: who has what where, and how it stands; kept only where it is asked for.

use super::caught::{Goods, KEY, flat, unflat, visited};
use crate::plan::Plan;
use crate::plan::columns::{Cells, Column, RestoreError, refill};
use crate::plan::state::State;

/// The goods of every evening, one after the other. Bulk networks have none: nothing of theirs is caught.
#[derive(Clone, Debug, Default)]
pub struct Evenings {
    /// Whether they are kept.
    pub(super) asked: bool,
    /// Day → end of its goods in `goods`.
    ends: Vec<u32>,
    goods: Vec<Goods>,
}

impl Evenings {
    pub(super) fn push(&mut self, plan: &Plan, state: &State) {
        if self.asked && !plan.only_bulk {
            visited(plan, state, &mut self.goods);
            self.ends.push(self.goods.len() as u32);
        }
    }

    /// Whether they were kept.
    pub fn kept(&self) -> bool {
        !self.ends.is_empty()
    }

    /// The goods of an evening as they are found, stores first; goods of one key may stand in several entries. None where they were not kept.
    pub fn on(&self, t: usize) -> &[Goods] {
        let end = |t: usize| self.ends.get(t).map(|&end| end as usize);
        let from = if t == 0 { Some(0) } else { end(t - 1) };
        from.zip(end(t)).map_or(&[], |(from, to)| &self.goods[from..to])
    }

    pub(super) fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        let (keys, units) = flat(&self.goods);
        write("evenings.ends", Cells::U32(&self.ends))?;
        write("evenings.keys", Cells::U32(&keys))?;
        write("evenings.units", Cells::F64(&units))
    }

    pub(super) fn restore<E: From<RestoreError>>(
        &mut self,
        plan: &Plan,
        days: usize,
        read: &mut impl FnMut(&str) -> Result<Column, E>,
    ) -> Result<(), E> {
        let (mut keys, mut units) = (Vec::new(), Vec::new());
        let days = if self.asked && !plan.only_bulk { days } else { 0 };
        refill("evenings.ends", &read("evenings.ends")?, Some(days), &mut self.ends)?;
        refill("evenings.keys", &read("evenings.keys")?, None, &mut keys)?;
        refill("evenings.units", &read("evenings.units")?, Some(keys.len() / KEY), &mut units)?;
        self.goods = unflat(plan, &keys, &units)?;
        let rising = self.ends.windows(2).all(|pair| pair[0] <= pair[1]);
        let whole = self.ends.last().map_or(0, |&end| end as usize) == self.goods.len();
        if rising && whole {
            Ok(())
        } else {
            Err(RestoreError::Value { column: "evenings.ends".to_string(), found: self.ends.len() as u64 }.into())
        }
    }
}
