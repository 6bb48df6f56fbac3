//! What moved, listed.

use crate::plan::Plan;
use crate::plan::columns::{Cells, Column, RestoreError, refill};
use crate::plan::state::State;

/// What moved, day by day. On most days nothing of most contracts moves, so what does is listed: entity and units, day after day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Movements {
    /// Day.
    pub day: Vec<u32>,
    /// Contract, or contract and input.
    pub entity: Vec<u32>,
    /// Units.
    pub units: Vec<f64>,
}

impl Movements {
    /// Adds those of a day.
    pub(super) fn push(&mut self, day: usize, units: &[f64]) {
        for (entity, &units) in units.iter().enumerate().filter(|&(_, &units)| units > 0.0) {
            self.day.push(day as u32);
            self.entity.push(entity as u32);
            self.units.push(units);
        }
    }

    /// `(day, entity, units)` of each.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        self.day.iter().zip(&self.entity).zip(&self.units).map(|((&day, &entity), &units)| (day as usize, entity as usize, units))
    }

    pub(super) fn save<E>(&self, name: &str, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        write(&format!("{name}.day"), Cells::U32(&self.day))?;
        write(&format!("{name}.entity"), Cells::U32(&self.entity))?;
        write(&format!("{name}.units"), Cells::F64(&self.units))
    }

    pub(super) fn restore<E: From<RestoreError>>(
        &mut self,
        name: &str,
        (days, entities): (usize, usize),
        read: &mut impl FnMut(&str) -> Result<Column, E>,
    ) -> Result<(), E> {
        refill(name, &read(&format!("{name}.day"))?, None, &mut self.day)?;
        refill(name, &read(&format!("{name}.entity"))?, Some(self.day.len()), &mut self.entity)?;
        refill(name, &read(&format!("{name}.units"))?, Some(self.day.len()), &mut self.units)?;
        for (column, below) in [(&self.day, days), (&self.entity, entities)] {
            if let Some(&wrong) = column.iter().find(|&&number| number as usize >= below) {
                return Err(RestoreError::Value { column: name.to_string(), found: u64::from(wrong) }.into());
            }
        }
        Ok(())
    }
}

/// What contracts have sent and cleared (only with [`Detail::Full`](super::Detail::Full)).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shipments {
    /// Of contracts: left the seller (only where there are crossings; bulk contracts pass none).
    pub sent: Movements,
    /// Of contracts: passed the first crossing of its path.
    pub cleared: Movements,
    /// Of contracts and inputs ([`Plan::contract_inputs`]): sent by the client.
    pub inputs_sent: Movements,
    /// Of contracts and inputs: passed the first crossing of its path.
    pub inputs_cleared: Movements,
    /// Of contracts and inputs: arrived at the maker.
    pub inputs_arrived: Movements,
}

impl Shipments {
    pub(super) fn push(&mut self, day: usize, state: &State) {
        self.sent.push(day, &state.sent_today);
        self.cleared.push(day, &state.cleared_today);
        self.inputs_sent.push(day, &state.inputs_sent_today);
        self.inputs_cleared.push(day, &state.inputs_cleared_today);
        self.inputs_arrived.push(day, &state.inputs_today);
    }

    pub(super) fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        self.sent.save("contract_sent", write)?;
        self.cleared.save("contract_cleared", write)?;
        self.inputs_sent.save("contract_inputs_sent", write)?;
        self.inputs_cleared.save("contract_inputs_cleared", write)?;
        self.inputs_arrived.save("contract_inputs", write)
    }

    pub(super) fn restore<E: From<RestoreError>>(
        &mut self,
        plan: &Plan,
        days: usize,
        read: &mut impl FnMut(&str) -> Result<Column, E>,
    ) -> Result<(), E> {
        let (contracts, inputs) = ((days, plan.network.contracts.len()), (days, plan.contract_inputs.len()));
        self.sent.restore("contract_sent", contracts, read)?;
        self.cleared.restore("contract_cleared", contracts, read)?;
        self.inputs_sent.restore("contract_inputs_sent", inputs, read)?;
        self.inputs_cleared.restore("contract_inputs_cleared", inputs, read)?;
        self.inputs_arrived.restore("contract_inputs", inputs, read)
    }
}
