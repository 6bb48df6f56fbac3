//! Settings of a run, and the rules that lines and firms choose from.

use super::fields;

/// How buyers plan: what rate of output they order inputs for (docs/model.md, order).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanRate {
    /// Smoothed orders received, plus backlog, capped by capacity.
    #[default]
    Demand,
    /// Yesterday's output (Inoue & Todo 2019): a full stop is then permanent.
    Realised,
}

/// How the first day looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartState {
    /// Stocks and transit of the steady state of all standing (restock) contracts.
    #[default]
    Steady,
    /// No goods anywhere; firms have their opening cash.
    Empty,
    /// As many days as [`Settings::warm_up_days`] are simulated before the start, from empty, and discarded.
    WarmUp,
    /// The same, with as many days as it takes until output moves by no more than [`Settings::settle_tolerance_share`].
    Settled,
}

/// How a line shares out what it has when its standing customers want more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rationing {
    /// The same share of every order.
    #[default]
    Proportional,
    /// Whoever gets least of its normal order is served first: water filling on order / normal order (Inoue & Todo 2019, R2 conserving).
    LeastServed,
    /// By rank of the shipment class ([`Network::class_rank`](super::network::Network::class_rank)), within a rank the same share.
    ClassPriority,
    /// Final demand that has waited longest first; orders of the day last, the same share.
    Oldest,
    /// Orders of firms first, the same share of each; final demand gets what is left (Inoue & Todo 2019, R1).
    MarketLast,
    /// Orders of firms as [`Rationing::LeastServed`]; final demand gets what is left (Inoue & Todo 2019, R3).
    LeastServedMarketLast,
}

/// A published program whose results are wanted to the last digit, its departures from the published equations included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    /// The authors' program of Inoue & Todo (2019): its least-served rule hands out more or less than there is. What it adds or keeps back
    /// is booked ([`crate::plan::state::State::misallocated`]).
    InoueTodo2019,
}

/// Whether a seller's share of its buyer's need binds while another seller fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shares {
    /// As published (Hallegatte 2008; Inoue & Todo 2019): a gap is ordered of all sellers by share, so that those that deliver take over
    /// the whole need in time.
    #[default]
    Published,
    /// While a seller fails the others are asked for no more than their share of the need; what more they bring is declared
    /// ([`super::contracts::Switch`]).
    Bind,
}

/// How an input binds (Pichler et al. 2022, half-critical production function).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Importance {
    /// Output is at most S/a.
    #[default]
    Critical,
    /// Output is at most (S/a + capacity)/2.
    Important,
    /// It never binds; what there is of it is used.
    Other,
}

/// What happens to a firm whose liquidity is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenInsolvent {
    /// It is marked and goes on.
    #[default]
    Continue,
    /// It stops for good: it pays, orders and makes nothing more.
    Stop,
    /// Its owner pays the debts that are due and `rescue_months` of wages, as far as the owner has cash.
    Rescue,
}

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// First state.
    pub start_state: StartState,
    /// What buyers plan for.
    pub plan_rate: PlanRate,
    /// Smoothing time of expected orders, days.
    pub expect_days: f64,
    /// τ of the plan: days over which a backlog of final demand is worked off.
    pub backlog_days: f64,
    /// Days simulated before the start and discarded ([`StartState::WarmUp`] only).
    pub warm_up_days: u32,
    /// How far the four-week mean output of a line may have moved by the start ([`StartState::Settled`] only).
    pub settle_tolerance_share: f64,
    /// Most days simulated before the start ([`StartState::Settled`] only).
    pub settle_max_days: u32,
    /// A published program to follow to the last digit; `None`: the equations as published, goods conserved.
    pub compat: Option<Compat>,
    /// Whether shares bind while a seller fails.
    pub shares: Shares,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            start_state: StartState::Steady,
            plan_rate: PlanRate::Demand,
            expect_days: fields::EXPECT_DAYS.default,
            backlog_days: fields::BACKLOG_DAYS.default,
            warm_up_days: fields::WARM_UP_DAYS.default as u32,
            settle_tolerance_share: fields::SETTLE_TOLERANCE.default,
            settle_max_days: fields::SETTLE_MAX_DAYS.default as u32,
            compat: None,
            shares: Shares::Published,
        }
    }
}

impl Settings {
    /// Days simulated before the start. A settled start that is not found yet has the most it may take.
    pub fn days_before_start(&self) -> u32 {
        match self.start_state {
            StartState::Steady | StartState::Empty => 0,
            StartState::WarmUp => self.warm_up_days,
            StartState::Settled => self.settle_max_days,
        }
    }
}
