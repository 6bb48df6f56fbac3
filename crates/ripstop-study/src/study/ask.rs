//! A study of one scenario: the base run with its counterfactual, draws over every ranged row, and what rests on which row.

mod drawn;

use std::ops::Range;

use ripstop::analysis::claims::{Answer, Condition, evaluate, probes};
use ripstop::analysis::losses::{Losses, losses};
use ripstop::law::screen;
use ripstop::model::calendar::Day;
use ripstop::model::draws::quantile;
use ripstop::model::error::NetworkError;
use ripstop::model::ids::ContractId;
use ripstop::model::network::Network;
use ripstop::plan::Plan;
use ripstop::record::{Detail, Record};
use ripstop::run::{Outcome, Pair};

use crate::study::clock::Stopwatch;
use crate::study::daily::DAILY;
pub use crate::study::daily::DailyBands;
use crate::study::evidence::{Evidence, Observation, observations, simulate};
use crate::study::figures::{BAND_DRAWS_MIN, Figures, Spread};
use crate::study::findings::Told;
use crate::study::findings::tell_all;
use crate::study::keep::{CheckpointError, Keep};
use crate::study::rests::{Moved, RestsOn, Said, Swept, moved_by, rests_on};
use ripstop_case::map::facts::RuleSet;
use ripstop_case::map::network::Mapper;
use ripstop_case::{Case, Diagnostic, ParamId, map::refusals};

use drawn::range;
pub use drawn::{Drawn, JoinError, draws};

/// A run that could not be made, and which.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what}: {}", diagnostic.message)]
pub struct StudyError {
    /// Which run: the base run, a draw, a row set to its low or high.
    pub what: String,
    /// What is wrong with its network.
    pub error: NetworkError,
    /// The same as a problem of the case's files.
    pub diagnostic: Box<Diagnostic>,
}

impl StudyError {
    fn new(case: &Case, what: String, error: NetworkError) -> Self {
        let diagnostic = Box::new(refusals::locate(case, &what, &error));
        Self { what, error, diagnostic }
    }
}

/// Why there is no study.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// A run could not be made.
    #[error(transparent)]
    Failed(#[from] StudyError),
    /// It was asked to stop, and what was done so far is kept.
    #[error("stopped; what was done so far is kept")]
    Stopped,
    /// A checkpoint cannot be taken up, or cannot be written by a study that was asked to stop.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Draws handed in are not those of this study.
    #[error(transparent)]
    Drawn(#[from] JoinError),
}

/// What a study is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Scenario (index in the case).
    pub scenario: usize,
    /// Rows of the draws, from 0 on or a part of them; empty: none. A draw hangs on its row and the seed alone.
    pub rows: Range<usize>,
    /// Seed of the draws.
    pub seed: u64,
    /// Whether every ranged row is set to its low and its high in turn.
    pub sweep: bool,
    /// What is recorded; `None`: by size ([`detail`]).
    pub record: Option<Detail>,
}

/// Points of the series a run records by default at most.
const POINTS_MAX: usize = 10_000_000;

/// The same where claims or observations ask for every firm.
const POINTS_ASKED_MAX: usize = 400_000_000;

/// What a network records by default: every firm and contract while the series stay below ten million points, else sums by sector and place.
/// Claims and observations need every firm: with them a case may have forty times as many.
pub fn detail(case: &Case, network: &Network) -> Detail {
    let days = (case.meta.end - case.meta.start + 1).max(0) as usize;
    let entities = network.contracts.len() + 4 * network.firms.len() + 8 * network.lines.len() + 3 * network.demands.len();
    let asked = !case.claims.is_empty() || case.table("observations").rows() > 0;
    let most = if asked { POINTS_ASKED_MAX } else { POINTS_MAX };
    if days.saturating_mul(entities).saturating_mul(2) <= most { Detail::Full } else { Detail::Sectors }
}

/// The answer to a claim.
#[derive(Clone, Debug)]
pub struct ClaimAnswer {
    /// Index in the case's claims.
    pub claim: usize,
    /// `None`: the analysis it needs is not built.
    pub holds: Option<bool>,
    /// One answer per condition.
    pub answers: Vec<Answer>,
    /// Share of the draws in which it holds.
    pub share_of_draws: Option<f64>,
    /// Share of the draws' counterfactuals in which it holds: what it would show without the events.
    pub share_without_events: Option<f64>,
}

/// What one run says, in short.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Headline figures, in the order of the study's [`Figures`].
    pub headline: Vec<f64>,
    /// The same without the events.
    pub without: Vec<f64>,
    /// Per claim: whether it holds.
    pub holds: Vec<Option<bool>>,
    /// Per claim: whether it holds in the counterfactual.
    pub holds_without: Vec<Option<bool>>,
    /// Per observation of the case: what the run says ([`simulate`]); then, one by one, what it says without the events.
    pub evidence: Vec<f64>,
    /// Largest residual of goods or money, relative to what moved.
    pub residual: f64,
    /// Day by day the totals of which a band is kept, one after the other, with the events and then without; empty where the draws are too
    /// many to keep them.
    pub daily: Vec<f32>,
}

/// A finished study.
pub struct Study {
    /// The base run and its counterfactual.
    pub outcome: Outcome,
    /// Losses as of the case's date.
    pub losses: Losses,
    /// The headline figures of the case.
    pub figures: Figures,
    /// The base run in short: the starting values.
    pub brief: Brief,
    /// Claims.
    pub claims: Vec<ClaimAnswer>,
    /// Conditions per claim.
    pub conditions: Vec<Vec<Condition>>,
    /// Per headline figure: median, 5 and 95 % of the draws; empty without draws.
    pub bands: Vec<Spread>,
    /// The draws day by day.
    pub daily: Option<DailyBands>,
    /// Share of draws in which every outcome claim holds.
    pub joint_share: Option<f64>,
    /// The same among the draws in which every premise holds.
    pub joint_share_given_premises: Option<f64>,
    /// Largest residual of goods or money of the base run and all draws, relative to what moved.
    pub residual_max: f64,
    /// Draws made.
    pub draws: usize,
    /// Rows the results rest on, most important first.
    pub rests_on: Vec<RestsOn>,
    /// Per headline figure: the rows that move it, the one that moves it most first.
    pub moved_by: Vec<Vec<Moved>>,
    /// The case's observations beside the base run, its counterfactual and the draws.
    pub evidence: Evidence,
    /// Findings of the base run, told; `None` where no rule is in force, or only sums are recorded.
    pub findings: Option<Vec<Told>>,
    /// Whether rules are in force, but shipments are not recorded.
    pub rules_unrecorded: bool,
    /// Wall time of the base run with its counterfactual, seconds.
    pub wall_seconds: f64,
    /// Wall time of the draws, seconds.
    pub draws_seconds: f64,
    /// Wall time of the low/high sweep, seconds.
    pub sweep_seconds: f64,
}

impl Study {
    /// Whether the medians of the draws lead: there are enough of them. Else the starting values do.
    pub fn draws_lead(&self) -> bool {
        self.draws >= BAND_DRAWS_MIN
    }

    /// Days simulated for the base run: the scenario's, and the counterfactual's from the first event on (before it both are one run).
    pub fn simulated_days(&self) -> f64 {
        let days = self.outcome.scenario.days;
        (2 * days - self.outcome.first_event.min(days)) as f64
    }
}

/// Told after every finished run of the draws and the sweep, from any thread.
pub type Progress<'a> = &'a (dyn Fn() + Sync);

struct Runner<'a> {
    case: &'a Case,
    mapper: &'a Mapper<'a>,
    scenario: usize,
    at: usize,
    observations: Vec<Observation>,
    /// Whether the totals of every day are kept.
    daily: bool,
    record: Option<Detail>,
    keeper: Option<&'a dyn Keep>,
    /// Rules in force, with the facts of the base values.
    rules: Option<RuleSet>,
    /// The headline figures, once the base run is made.
    figures: Figures,
}

/// A scenario and its counterfactual that are not simulated yet, and the conditions of the claims.
type Begun = (Pair, Vec<Vec<Condition>>);

impl<'a> Runner<'a> {
    fn new(case: &'a Case, mapper: &'a Mapper<'a>, request: &Request, keeper: Option<&'a dyn Keep>) -> Self {
        Runner {
            case,
            mapper,
            scenario: request.scenario,
            at: (case.meta.as_of - case.meta.start).max(0) as usize,
            observations: observations(case),
            daily: keeps_daily(case, request.rows.len()),
            record: request.record,
            keeper,
            rules: rules_of(case, mapper, request.scenario),
            figures: Figures::default(),
        }
    }
}

impl Runner<'_> {
    fn begin(&self, set: &[(ParamId, f64)]) -> Result<Begun, NetworkError> {
        let scenario = &self.case.scenarios[self.scenario];
        let values = self.case.parameters.values_in(scenario, set);
        let network = self.mapper.network_in(&values, Some(self.scenario));
        let events = self.mapper.events(&network, &values, self.scenario);
        let conditions = self.conditions(&network);
        let mut steps: Vec<usize> = conditions.iter().flat_map(|c| probes(c)).collect();
        steps.push(self.at);
        let detail = self.record.unwrap_or_else(|| detail(self.case, &network));
        let mut pair = Pair::new(network, events, detail, &steps)?;
        pair.mark(&crate::study::spans::marks(pair.first_event(), self.at));
        Ok((pair, conditions))
    }

    /// The base run, from where a checkpoint has it; also the seconds it took, with those before the checkpoint.
    fn base(&self) -> Result<(Outcome, Vec<Vec<Condition>>, f64), Stop> {
        let started = Stopwatch::now();
        let begun = self.begin(&[]);
        let (mut pair, conditions) = begun.map_err(|error| StudyError::new(self.case, "the base run".to_string(), error))?;
        // Its series tell what lies where; draws have no series.
        pair.keep_evenings();
        let Some(keeper) = self.keeper else {
            pair.run_while(&|| true);
            return Ok((pair.finish(), conditions, started.elapsed().as_secs_f64()));
        };
        let before = keeper.restore_base(&mut pair)?;
        let restored = pair.days_done();
        let seconds = || before + started.elapsed().as_secs_f64();
        while !pair.run_while(&|| keeper.go_on()) {
            keeper.keep_base(&pair, seconds())?;
            if keeper.stopped() {
                return Err(Stop::Stopped);
            }
        }
        let wall_seconds = seconds();
        if pair.days_done() != restored && keeper.worth_keeping(wall_seconds) {
            keeper.keep_base(&pair, wall_seconds)?;
        }
        Ok((pair.finish(), conditions, wall_seconds))
    }

    /// A run of the draws or of the rows, unless a checkpoint has it.
    fn brief(&self, number: usize, what: &dyn Fn() -> String, set: &[(ParamId, f64)]) -> Result<Brief, Stop> {
        // A kept run of other figures would be no run of this study; it is made again.
        let kept = self.keeper.and_then(|keeper| keeper.run(number)).filter(|kept| kept.headline.len() == self.figures.len());
        if let Some(brief) = kept {
            return Ok(brief);
        }
        let (mut pair, conditions) = self.begin(set).map_err(|error| StudyError::new(self.case, what(), error))?;
        if !pair.run_while(&|| !self.keeper.is_some_and(Keep::stopped)) {
            return Err(Stop::Stopped);
        }
        let (scenario, counterfactual) = pair.days_done();
        let outcome = pair.finish();
        let brief = self.sum_up(&outcome, &conditions, &losses(&outcome, self.at));
        if let Some(keeper) = self.keeper {
            keeper.note(number, &brief, scenario + counterfactual);
        }
        Ok(brief)
    }

    fn conditions(&self, network: &Network) -> Vec<Vec<Condition>> {
        let date = |claim: &ripstop_case::ClaimRow| claim.date.unwrap_or(self.case.meta.as_of);
        self.case.claims.iter().map(|claim| self.mapper.conditions(network, date(claim), &claim.parts, self.rules.as_ref())).collect()
    }

    fn answers(&self, plan: &Plan, record: &Record, conditions: &[Vec<Condition>]) -> Vec<ClaimAnswer> {
        let mut answers = Vec::with_capacity(conditions.len());
        for (claim, conditions) in conditions.iter().enumerate() {
            // A measure reads the days of every firm.
            let recorded = record.detail == Detail::Full;
            let given: Vec<Answer> = conditions.iter().filter(|_| recorded).map(|c| evaluate(plan, record, c)).collect();
            let asked = self.case.claims[claim].needs.is_none() && !given.is_empty();
            let holds = asked.then(|| given.iter().all(|a| a.holds));
            answers.push(ClaimAnswer { claim, holds, answers: given, share_of_draws: None, share_without_events: None });
        }
        answers
    }

    /// Keeps the finished draws and rows of a study that was stopped among them.
    fn kept<T>(&self, done: Result<T, Stop>) -> Result<T, Stop> {
        if let (Err(Stop::Stopped), Some(keeper)) = (&done, self.keeper) {
            keeper.keep_runs()?;
        }
        done
    }

    fn sum_up(&self, outcome: &Outcome, conditions: &[Vec<Condition>], losses: &Losses) -> Brief {
        let holds = |record: &Record| self.answers(&outcome.plan, record, conditions).iter().map(|a| a.holds).collect();
        let records = [&outcome.scenario, &outcome.counterfactual];
        let (headline, without) = self.figures.values(self.case, outcome, losses);
        Brief {
            headline,
            without,
            holds: holds(&outcome.scenario),
            holds_without: holds(&outcome.counterfactual),
            evidence: records.iter().flat_map(|r| simulate(self.case, self.mapper, &self.observations, &outcome.plan, r)).collect(),
            daily: if self.daily { records.into_iter().flat_map(daily).collect() } else { Vec::new() },
            residual: records.iter().map(|r| r.goods_residual_max().max(r.money_residual_max())).fold(0.0, f64::max),
        }
    }
}

/// Most numbers kept for bands by day; beyond it a study has bands of its headline figures only.
const DAILY_MAX: usize = 50_000_000;

/// Whether so many draws keep every day.
fn keeps_daily(case: &Case, draws: usize) -> bool {
    (2 * DAILY.len()).saturating_mul(draws).saturating_mul(days(case)) <= DAILY_MAX
}

/// Days of the case.
fn days(case: &Case) -> usize {
    (case.meta.end - case.meta.start + 1).max(0) as usize
}

fn daily(record: &Record) -> Vec<f32> {
    DAILY.iter().flat_map(|(_, value)| record.totals.iter().map(|t| value(t) as f32)).collect()
}

fn daily_bands(briefs: &[Brief], days: usize) -> DailyBands {
    let mut bands = DailyBands::default();
    let values = |column: usize, day: usize| -> Vec<f64> { briefs.iter().map(|b| f64::from(b.daily[column * days + day])).collect() };
    let at = |values: &[f64], share: f64| quantile(values, share).unwrap_or(f64::NAN);
    for total in 0..DAILY.len() {
        for day in 0..days {
            let with = values(total, day);
            bands.with[total].iter_mut().zip([0.05, 0.5, 0.95]).for_each(|(list, share)| list.push(at(&with, share)));
            bands.without[total].push(at(&values(DAILY.len() + total, day), 0.5));
        }
    }
    bands
}

/// Runs a study. Same case, request and seed give the same bits for any number of threads.
///
/// Errors: the network of the base run or of a draw is inconsistent; the error names the run.
pub fn study(case: &Case, request: &Request, progress: Progress<'_>) -> Result<Study, StudyError> {
    study_kept(case, request, progress, None).map_err(|stop| match stop {
        Stop::Failed(error) => error,
        Stop::Stopped | Stop::Checkpoint(_) | Stop::Drawn(_) => unreachable!("no keeper and no draws are handed in"),
    })
}

/// [`study`] with checkpoints: it goes on from the one the keeper has taken up, keeps others, and stops when the keeper says so.
///
/// Errors: those of [`study`]; it was stopped; a checkpoint does not fit.
pub fn study_kept(case: &Case, request: &Request, progress: Progress<'_>, keeper: Option<&dyn Keep>) -> Result<Study, Stop> {
    whole(case, request, None, progress, keeper)
}

/// [`study`] with draws that were made before ([`draws`]); the rows of the request are not made again.
///
/// Errors: those of [`study`]; the draws are of another study.
pub fn study_of(case: &Case, request: &Request, drawn: Drawn, progress: Progress<'_>) -> Result<Study, Stop> {
    let request = Request { rows: drawn.rows.clone(), ..request.clone() };
    whole(case, &request, Some(drawn), progress, None)
}

fn whole(case: &Case, request: &Request, drawn: Option<Drawn>, progress: Progress<'_>, keeper: Option<&dyn Keep>) -> Result<Study, Stop> {
    let mapper = Mapper::new(case);
    let mut runner = Runner::new(case, &mapper, request, keeper);
    let (outcome, conditions, wall_seconds) = runner.base()?;
    runner.figures = Figures::of(case, &outcome.plan);
    let account = losses(&outcome, runner.at);
    // Shipments are judged one by one: a run that keeps only sums has none to judge.
    let judged = runner.rules.as_ref().filter(|_| outcome.scenario.detail == Detail::Full);
    let rules_unrecorded = runner.rules.is_some() && judged.is_none();
    let findings = judged.map(|set| findings(case, &mapper, &outcome, set, request.scenario));
    let mut claims = runner.answers(&outcome.plan, &outcome.scenario, &conditions);
    let brief = runner.sum_up(&outcome, &conditions, &account);

    let ranged = case.parameters.ranged_in(&case.scenarios[request.scenario]);
    let started = Stopwatch::now();
    let briefs = match drawn {
        Some(drawn) => drawn.fitting(&brief)?.briefs,
        None => runner.kept(runner.draw(request, progress))?.briefs,
    };
    let draws = briefs.len();
    let draws_seconds = started.elapsed().as_secs_f64();
    for claim in &mut claims {
        let asked = claim.holds.is_some();
        claim.share_of_draws = share(&briefs, |b| b.holds[claim.claim] == Some(true)).filter(|_| asked);
        claim.share_without_events = share(&briefs, |b| b.holds_without[claim.claim] == Some(true)).filter(|_| asked);
    }
    let daily = (runner.daily && briefs.len() >= BAND_DRAWS_MIN).then(|| daily_bands(&briefs, days(case)));
    let bands = bands(&briefs, runner.figures.len());

    let started = Stopwatch::now();
    let swept = if request.sweep { runner.kept(sweep(&runner, &ranged, draws, progress))? } else { Vec::new() };
    let (scales, said) = (runner.figures.scales(&outcome, account.at), said(&brief));
    let rests_on = rests_on(case, &runner.figures, &scales, &said, &swept);
    let moved_by = moved_by(&scales, &said.figures, &swept);
    let (joint_share, joint_share_given_premises) = joint(case, &brief, &briefs);
    let evidence = beside(runner.observations, &brief, &briefs, outcome.scenario.detail == Detail::Full);
    Ok(Study {
        residual_max: briefs.iter().map(|b| b.residual).fold(brief.residual, f64::max),
        joint_share,
        joint_share_given_premises,
        outcome,
        losses: account,
        figures: runner.figures,
        brief,
        claims,
        conditions,
        bands,
        daily,
        draws,
        rests_on,
        moved_by,
        evidence,
        findings,
        rules_unrecorded,
        wall_seconds,
        draws_seconds,
        sweep_seconds: started.elapsed().as_secs_f64(),
    })
}

/// The case's observations beside the base run, its counterfactual and the draws.
fn beside(rows: Vec<Observation>, brief: &Brief, briefs: &[Brief], recorded: bool) -> Evidence {
    let (simulated, without) = brief.evidence.split_at(rows.len());
    let draws = briefs.iter().map(|brief| brief.evidence.clone()).collect();
    Evidence { simulated: simulated.to_vec(), without: without.to_vec(), draws, recorded, rows }
}

/// The rules in force in a scenario, with the facts at base values; `None` if there are none.
pub fn rules_of(case: &Case, mapper: &Mapper<'_>, scenario: usize) -> Option<RuleSet> {
    let rules = case.rules_in(scenario);
    let values = case.parameters.values_in(&case.scenarios[scenario], &[]);
    (!rules.is_empty()).then(|| RuleSet::new(case, &mapper.network(&values), &values, &rules))
}

/// Findings of a finished scenario up to the case's date.
pub fn findings(case: &Case, mapper: &Mapper<'_>, outcome: &Outcome, set: &RuleSet, scenario: usize) -> Vec<Told> {
    let network = &outcome.plan.network;
    let contracts: Vec<ContractId> = (0..network.contracts.len()).map(ContractId::from).collect();
    let found = screen(&outcome.plan, &outcome.scenario, &set.screen, &contracts, Day(case.meta.as_of));
    tell_all(mapper, network, set, scenario, &found)
}

fn share(briefs: &[Brief], holds: impl Fn(&Brief) -> bool) -> Option<f64> {
    (!briefs.is_empty()).then(|| briefs.iter().filter(|b| holds(b)).count() as f64 / briefs.len() as f64)
}

/// Share of draws in which every outcome claim holds (those whose analysis is built); the same of the draws in which every premise holds.
fn joint(case: &Case, base: &Brief, briefs: &[Brief]) -> (Option<f64>, Option<f64>) {
    let of = |kind| (0..case.claims.len()).filter(move |&c| case.claims[c].kind == kind && base.holds[c].is_some());
    let outcomes: Vec<usize> = of(ripstop_case::ClaimKind::Outcome).collect();
    let premises: Vec<usize> = of(ripstop_case::ClaimKind::Premise).collect();
    if outcomes.is_empty() {
        return (None, None);
    }
    let all = |b: &Brief, claims: &[usize]| claims.iter().all(|&c| b.holds[c] == Some(true));
    let fitting: Vec<Brief> = briefs.iter().filter(|b| all(b, &premises)).cloned().collect();
    (share(briefs, |b| all(b, &outcomes)), share(&fitting, |b| all(b, &outcomes)).filter(|_| !premises.is_empty()))
}

/// Every headline figure over the draws; nothing without draws.
fn bands(briefs: &[Brief], figures: usize) -> Vec<Spread> {
    let of = |values: fn(&Brief) -> &Vec<f64>, f: usize| -> Vec<f64> { briefs.iter().map(|b| values(b)[f]).collect() };
    let figures = if briefs.is_empty() { 0 } else { figures };
    (0..figures).map(|f| Spread::of(&of(|b| &b.headline, f), &of(|b| &b.without, f))).collect()
}

/// Every row at its low and at its high. Runs are numbered after those of the draws, two for each row.
fn sweep(runner: &Runner<'_>, ranged: &[ParamId], draws: usize, progress: Progress<'_>) -> Result<Vec<Swept>, Stop> {
    use rayon::prelude::*;
    let one = |(index, &parameter): (usize, &ParamId)| {
        let row = runner.case.parameters.get(parameter);
        let (low, high) = range(row);
        let end = |end: usize, value: f64| {
            let what = || format!("the run with {} = {value}", row.name);
            let brief = runner.brief(draws + 2 * index + end, &what, &[(parameter, value)])?;
            progress();
            Ok::<Said, Stop>(said(&brief))
        };
        Ok(Swept { parameter, ends: [end(0, low)?, end(1, high)?] })
    };
    ranged.par_iter().enumerate().map(one).collect()
}

fn said(brief: &Brief) -> Said {
    Said { figures: brief.headline.clone(), holds: brief.holds.clone() }
}

/// A step as a civil day of the case.
pub fn day_of(case: &Case, step: usize) -> Day {
    Day(case.meta.start + step as i32)
}
