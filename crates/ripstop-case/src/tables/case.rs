//! A case: everything its files say, without errors.

use crate::language::diagnostic::Position;
use crate::tables::amounts::Amount;
use crate::tables::claims::ClaimRow;
use crate::tables::law::read::CaseLaw;
use crate::tables::links::Links;
use crate::tables::names::table_index;
pub use crate::tables::parameters::{Override, Scenario};
use crate::tables::parameters::{Parameters, Values};
use crate::tables::table::{ScenarioName, Table};
use std::path::PathBuf;

/// What the case is.
#[derive(Clone, Debug)]
pub struct CaseMeta {
    /// Name.
    pub id: String,
    /// Title for readers.
    pub title: String,
    /// The question it answers.
    pub question: Option<String>,
    /// First day, in days since 1970-01-01.
    pub start: i32,
    /// Last day, inclusive.
    pub end: i32,
    /// Day the results are read.
    pub as_of: i32,
    /// Currency of the accounts.
    pub currency: String,
    /// Model that runs it.
    pub model: String,
    /// Scenario run when none is named.
    pub default_scenario: String,
}

/// Stocks and goods on the way on the first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartState {
    /// As if the network had always run.
    Steady,
    /// None.
    Empty,
    /// What a time before the first day leaves, simulated from empty and discarded.
    WarmUp,
    /// The same, with a time as long as it takes until output stands still.
    Settled,
}

/// What restocking plans for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Expected demand.
    Demand,
    /// Yesterday's output.
    Realised,
}

/// How the model runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Stocks on the first day.
    pub start_state: StartState,
    /// Days simulated before the first day ([`StartState::WarmUp`] only).
    pub warm_up_days: Amount,
    /// How far the output of a line may have moved by the first day ([`StartState::Settled`] only).
    pub settle_tolerance_share: f64,
    /// Most days simulated before the first day ([`StartState::Settled`] only).
    pub settle_max_days: u32,
    /// Classes served first where tonnes or goods are short; those not named come last together.
    pub class_priority: Vec<String>,
    /// What restocking plans for.
    pub plan: Plan,
    /// Time over which expected demand follows orders, days.
    pub expect_days: Amount,
    /// How lines share out that do not say it themselves.
    pub rationing: &'static str,
    /// Whether the authors' program of Inoue & Todo (2019) is followed to the last digit.
    pub compat_inoue_todo: bool,
    /// Whether shares bind while a seller fails; `None`: by kind of case ([`Case::shares_bind`]).
    pub shares_bind: Option<bool>,
    /// Whether every buyer's days of stock are drawn around those of its terms.
    pub stock_days_drawn: bool,
    /// Least days of stock, where they are drawn.
    pub stock_days_least: Amount,
    /// With links: capacity above what a firm makes undisturbed, share of it.
    pub spare_capacity_share: Amount,
    /// Samples over the ranged rows.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Settings that are formulas and not yet read.
    pub(crate) pending: Vec<(&'static str, String)>,
}

impl Settings {
    /// Settings that may be formulas over parameters.
    pub(crate) fn amounts(&self) -> [&Amount; 4] {
        [&self.warm_up_days, &self.expect_days, &self.spare_capacity_share, &self.stock_days_least]
    }
}

/// Where settings of case.toml stand.
#[derive(Clone, Debug)]
pub struct Places {
    pub start_state: Position,
    pub end: Position,
    pub plan: Position,
    pub as_of: Position,
    pub warm_up_days: Option<Position>,
    pub settle: Option<Position>,
    pub shares: Option<Position>,
    pub class_priority: Vec<Position>,
}

/// A case without errors.
#[derive(Debug)]
pub struct Case {
    /// The folder.
    pub dir: PathBuf,
    /// What it is.
    pub meta: CaseMeta,
    /// How it runs.
    pub settings: Settings,
    /// Scenarios in file order.
    pub scenarios: Vec<Scenario>,
    /// Parameters.
    pub parameters: Parameters,
    /// Claims in file order.
    pub claims: Vec<ClaimRow>,
    /// Files read: path relative to the folder and blake3 hash of the bytes.
    pub files: Vec<(String, String)>,
    /// Sectors of firms, what [`crate::SelectorKind::Sector`] counts.
    pub sectors: Vec<String>,
    /// Markets of demand, what [`crate::SelectorKind::Market`] counts.
    pub markets: Vec<String>,
    /// Countries of places and groups, what [`crate::SelectorKind::Country`] counts.
    pub countries: Vec<String>,
    /// Law and behaviour.
    pub law: CaseLaw,
    /// The case's currency, then those of exchange_rates, what [`crate::SelectorKind::Currency`] counts.
    pub currencies: Vec<String>,
    /// The table of links, if there is one.
    pub links: Option<Links>,
    pub(crate) tables: Vec<Table>,
    /// Where the setting `start_state` stands, or would.
    pub(crate) start_state_at: Position,
    /// Where `end` stands.
    pub(crate) end_at: Position,
    /// Where these and other settings stand.
    pub(crate) places: Places,
}

impl Case {
    /// Whether shares bind while a seller fails: as the settings say, else where contracts are declared and no published model is followed.
    pub fn shares_bind(&self) -> bool {
        let published = self.links.is_some() || self.settings.plan == Plan::Realised || self.settings.compat_inoue_todo;
        self.settings.shares_bind.unwrap_or(!published)
    }

    /// A table of the schema; an optional one without file has no rows.
    ///
    /// # Panics
    /// When the schema has no such table: a mistake in this program.
    pub fn table(&self, name: &str) -> &Table {
        &self.tables[table_index(name)]
    }

    /// Every table, in the schema's order.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Rules in force in a scenario, as indexes in [`CaseLaw::all`].
    pub fn rules_in(&self, scenario: usize) -> Vec<usize> {
        self.scenarios[scenario].rules.clone().unwrap_or_else(|| self.law.in_force.clone())
    }

    /// Whether a row that names scenarios belongs to one of them: it is named, or one that it is like. Background belongs to none.
    pub fn belongs(&self, names: &[ScenarioName], scenario: usize) -> bool {
        let like = self.scenarios.get(scenario).map_or(&[][..], |scenario| &scenario.like);
        names.iter().any(|name| match name {
            ScenarioName::Named(named) => *named as usize == scenario || like.contains(&(*named as usize)),
            ScenarioName::Background => false,
        })
    }

    /// First day that is simulated at base values: the case's, or that of its warm-up.
    pub fn first_simulated(&self) -> i32 {
        self.first_simulated_at(&self.parameters.base_values())
    }

    /// First day that is simulated at given parameter values.
    pub(crate) fn first_simulated_at(&self, values: &Values) -> i32 {
        self.meta.start.saturating_sub(self.warm_up_days(values) as i32)
    }

    /// Days simulated before the first day; of a settled start the most there may be.
    pub(crate) fn warm_up_days(&self, values: &Values) -> u32 {
        match self.settings.start_state {
            StartState::Steady | StartState::Empty => 0,
            StartState::WarmUp => self.settings.warm_up_days.value(values).round() as u32,
            StartState::Settled => self.settings.settle_max_days,
        }
    }

    /// Key of a line of the network: a row of `lines`, or `firm/product` of a firm of links.
    pub fn line_key(&self, network: &ripstop::model::network::Network, line: usize) -> String {
        let table = self.table("lines");
        if line < table.rows() {
            return table.key(line);
        }
        let about = &network.lines[line];
        format!("{}/{}", self.table("firms").key(about.firm.index()), self.table("products").key(about.product.index()))
    }

    /// Key of a contract of the network: a row of `contracts`, or `seller>buyer` of a link.
    pub fn contract_key(&self, contract: usize) -> String {
        let (table, firms) = (self.table("contracts"), self.table("firms"));
        match (contract.checked_sub(table.rows()), &self.links) {
            (Some(link), Some(links)) => format!("{}>{}", firms.key(links.seller[link] as usize), firms.key(links.buyer(link) as usize)),
            _ => table.key(contract),
        }
    }

    /// The scenario of that name.
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }
}
