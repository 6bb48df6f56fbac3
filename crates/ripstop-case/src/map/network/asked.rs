//! What events, claims and observations name, in the network's own rows.

use jiff::civil::Date;
use ripstop::analysis::caught::Which;
use ripstop::analysis::claims::{Bounds, Condition, Measure, Scope, Window};
use ripstop::law::Outcome;
use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{After, Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::record::caught::{Reason, Standing};

use super::orders::on;
use super::{Mapper, options};
use crate::map::facts::RuleSet;
use crate::{ClaimPart, ScenarioName, Selector, SelectorKind, Table, Values};

impl Mapper<'_> {
    /// The events of a scenario, background ones included.
    pub fn events(&self, network: &Network, values: &Values, scenario: usize) -> Vec<Event> {
        let events = self.case.table("events");
        let (kind, target, scenarios) = (events.col("kind"), events.col("target"), events.col("scenarios"));
        let mut list = Vec::new();
        for row in 0..events.rows() {
            let names = events.scenarios(scenarios, row);
            let background = names.contains(&ScenarioName::Background);
            if !background && !self.case.belongs(names, scenario) {
                continue;
            }
            let Some(selector) = events.selector(target, row) else { continue };
            let number = |col: &str, default| events.number(events.col(col), row, values).unwrap_or(default);
            let kind = events.enumeration(kind, row, values).unwrap_or("");
            let from = events.date(events.col("from"), row, values).map_or(network.start, Day);
            if kind == "damage" {
                self.damage(network, &mut list, (row, from, background), selector, values);
                continue;
            }
            let Some(mut change) = self.change(network, events, row, kind, selector) else { continue };
            if let Change::Freeze { after, .. } = &mut change {
                *after = options::after(events.enumeration(events.col("after"), row, values));
            }
            list.push(Event {
                change,
                from,
                to: events.date(events.col("to"), row, values).map(Day),
                value: number("value", 0.0),
                ramp_in_days: number("ramp_in_days", 0.0).round() as u32,
                ramp_out_days: number("ramp_out_days", 0.0).round() as u32,
                background,
            });
        }
        if network.rules_act {
            crate::map::act::act_on(self, network, values, scenario, &mut list);
        }
        list
    }

    pub(crate) fn change(&self, network: &Network, events: &Table, row: usize, kind: &str, selector: &Selector) -> Option<Change> {
        let towards = self.country(events.text(events.col("toward"), row));
        Some(match kind {
            "capacity" => Change::Capacity(self.lines_in(network, selector)),
            "attendance" => Change::Attendance(self.scope(network, selector).firms),
            "demand" => Change::Demand(self.demands_in(network, selector)),
            "order_cut" => Change::OrderCut(self.contracts_in(network, selector)),
            "cancel" => Change::Cancel(self.contracts_in(network, selector)),
            "refusal" => Change::Refusal(self.contracts_in(network, selector)),
            "default" => Change::Default(self.scope(network, selector).firms),
            "damage" => {
                let shares = self.lines_in(network, selector).into_iter().map(|line| (line, 0.0)).collect();
                Change::Damage { shares, shape: Recovery::Linear, recovery_days: f64::INFINITY, stop_days: 0 }
            }
            "exchange_rate" => {
                // The case's own currency is worth one.
                Change::ExchangeRate(self.named(selector, SelectorKind::Currency, self.currencies.len(), |c| c > 0))
            }
            "freeze" => Change::Freeze { places: self.places_in(network, selector), after: After::Returned },
            "destroy" => Change::Destroy(self.places_in(network, selector)),
            "evacuate" => Change::Evacuate(self.places_in(network, selector)),
            "open_share" => Change::OpenShare {
                // Of all crossings those that lead there.
                crossings: self.named(selector, SelectorKind::Crossing, network.crossings.len(), |c| {
                    towards.is_none_or(|country| options::leads_to(&network.crossings[c], country))
                }),
                towards,
                class: self.class(events.text(events.col("class"), row)),
            },
            _ => return None,
        })
    }

    pub fn country(&self, code: Option<&str>) -> Option<CountryId> {
        code.and_then(|code| self.places.countries.get(code).copied()).map(CountryId::from)
    }

    /// The conditions of a claim's parts, as steps from the case's start. An unknown measure gives no condition (the reader reports it).
    pub fn conditions(&self, network: &Network, date: i32, parts: &[ClaimPart], rules: Option<&RuleSet>) -> Vec<Condition> {
        parts.iter().filter_map(|part| self.condition(network, date, part, rules)).collect()
    }

    fn condition(&self, network: &Network, date: i32, part: &ClaimPart, rules: Option<&RuleSet>) -> Option<Condition> {
        let scopes: Vec<Scope> = part.of.iter().map(|selector| self.scope(network, selector)).collect();
        let bounds = Bounds { at_least: part.at_least, at_most: part.at_most, above: part.above, below: part.below };
        let measure =
            if part.measure == "findings_share" { self.findings(network, date, part, rules)? } else { self.measure(network, date, part)? };
        let scopes = if scopes.is_empty() { vec![Scope::default()] } else { scopes };
        Some(Condition { measure, scopes, bounds })
    }

    /// The share of contracts with a finding; without rules in force there is none.
    fn findings(&self, network: &Network, date: i32, part: &ClaimPart, rules: Option<&RuleSet>) -> Option<Measure> {
        let (named, outcomes) = (part.words("rules"), part.words("outcomes"));
        let plain = outcomes.is_empty();
        let counted = |outcome: &Outcome| match outcome {
            Outcome::Breach | Outcome::Arguable if plain => true,
            other => outcomes.iter().any(|word| word == other.word()),
        };
        let id = |index: &usize| &self.case.law.all.rules[*index].id;
        let of_rules = |set: &RuleSet| -> Vec<u32> {
            let wanted = |(_, index): &(usize, &usize)| named.is_empty() || named.contains(id(index));
            set.rules.iter().enumerate().filter(wanted).map(|(at, _)| at as u32).collect()
        };
        Some(Measure::FindingsShare {
            screen: rules.map(|set| set.screen.clone()).unwrap_or_default(),
            contracts: (0..network.contracts.len()).map(ContractId::from).collect(),
            // A list without a rule in force counts nothing, not everything.
            rules: rules.map(of_rules).filter(|list| !list.is_empty()).unwrap_or_else(|| vec![u32::MAX]),
            outcomes: Outcome::ALL.into_iter().filter(counted).collect(),
            until: Day(date),
        })
    }

    fn measure(&self, network: &Network, date: i32, part: &ClaimPart) -> Option<Measure> {
        let start = network.start.0;
        let step = |day: i32| (day - start).max(0) as usize;
        let at = step(date);
        let window = |from: &str, to: &str| Some(Window { from: step(part.date(from)?), to: step(part.date(to)?) });
        let days = |last: i32| Some(Window { from: step(last + 1 - part.number("days")? as i32), to: step(last) });
        Some(match part.measure {
            "utilisation" => Measure::Utilisation(days(date).or_else(|| window("from", "to"))?),
            "passages" => Measure::Passages {
                gates: self.gates(network, part),
                window: window("from", "to")?,
                relative: window("relative_from", "relative_to"),
            },
            "passages_min_month" => {
                Measure::PassagesMinMonth { gates: self.gates(network, part), months: months(start, part.date("from")?, part.date("to")?) }
            }
            "unshipped_share" => Measure::UnshippedShare { made: window("from", "to")?, at },
            "fee_unpaid_share" => Measure::FeeUnpaidShare { made: window("from", "to")?, at },
            "firms_shut" => Measure::FirmsShut { at },
            "arrears_days_per_worker" => Measure::ArrearsDaysPerWorker { at },
            "list_price_share" => Measure::ListPriceShare { price: part.number("price_usd")? },
            "lost_units" => Measure::LostUnits(window("from", "to")?),
            "season_missed_share" => Measure::SeasonMissedShare { season: window("from", "to")?, at },
            "claimants" => Measure::Claimants { at },
            "compensation_received_median" => Measure::CompensationReceivedMedian { at },
            "output_ratio" => {
                let earlier = years_earlier(date, part.number("years_before").unwrap_or(1.0) as i16);
                Measure::OutputRatio { window: days(date)?, relative: days(earlier)? }
            }
            "liquidity_months" => Measure::LiquidityMonths { at },
            "stranded_units" => Measure::StrandedUnits { at },
            "stranded_value" => Measure::StrandedValue { at },
            "caught_value" => Measure::Caught { at, which: self.which(network, part), value: true },
            "caught_pieces" => Measure::Caught { at, which: self.pieces(network, part), value: false },
            "held_value" => {
                let which = Which { gates: self.gates(network, part), reason: Some(Reason::Held), ..self.which(network, part) };
                Measure::Caught { at, which, value: true }
            }
            "frozen_value" => {
                Measure::Caught { at, which: Which { reason: Some(Reason::Frozen), ..self.which(network, part) }, value: true }
            }
            "input_cover_days" => Measure::InputCoverDays { at, which: self.which(network, part) },
            "workers_idle" => Measure::WorkersIdle(days(date)?),
            "stopped_days" => Measure::StoppedDays { window: window("from", "to")?, cause: part.word("cause").and_then(cause) },
            _ => return None,
        })
    }

    /// Which goods a measure of caught goods counts.
    fn which(&self, network: &Network, part: &ClaimPart) -> Which {
        let word = |name: &str| part.word(name);
        Which {
            places: part.refs("places").iter().map(|&place| PlaceId(place)).collect(),
            gates: Vec::new(),
            owners: part.refs("owners").iter().map(|&firm| FirmId(firm)).collect(),
            products: part
                .refs("products")
                .iter()
                .map(|&product| ProductId(product))
                .filter(|p| p.index() < network.products.len())
                .collect(),
            standing: word("state").and_then(|state| Standing::ALL.into_iter().find(|standing| standing.word() == state)),
            reason: word("reason").and_then(|why| Reason::ALL.into_iter().find(|reason| reason.word() == why)),
        }
    }

    /// The same, of products counted in pieces where none is named.
    fn pieces(&self, network: &Network, part: &ClaimPart) -> Which {
        let mut which = self.which(network, part);
        if which.products.is_empty() {
            let products = self.case.table("products");
            let unit = products.col("unit");
            which.products = (0..network.products.len())
                .filter(|&p| matches!(products.text(unit, p), Some("piece" | "pieces")))
                .map(ProductId::from)
                .collect();
        }
        which
    }

    /// Gates of the crossings, direction and class a passages measure names.
    fn gates(&self, network: &Network, part: &ClaimPart) -> Vec<usize> {
        self.gates_of(network, part.refs("crossings"), part.word("class"), part.word("toward"))
    }

    /// Gates of crossings (none named: all), one class or all, toward one country or both.
    pub fn gates_of(&self, network: &Network, named: &[u32], class: Option<&str>, toward: Option<&str>) -> Vec<usize> {
        let class = self.class(class);
        let towards = self.country(toward);
        let mut gates = Vec::new();
        for (c, crossing) in network.crossings.iter().enumerate() {
            let elsewhere = towards.is_some_and(|country| !options::leads_to(crossing, country));
            if elsewhere || !named.is_empty() && !named.contains(&(c as u32)) {
                continue;
            }
            for direction in [Direction::AToB, Direction::BToA] {
                let only = towards.map(|country| Change::direction_towards(country, crossing.country_a));
                if only.is_some_and(|d| d != direction) {
                    continue;
                }
                let classes = (0..network.classes).map(ClassId).filter(|&k| class.is_none_or(|only| only == k));
                gates.extend(classes.map(|k| ripstop::plan::gate(network, CrossingId::from(c), direction, k) as usize));
            }
        }
        gates
    }
}

fn years_earlier(day: i32, years: i16) -> i32 {
    let date = Day(day).date();
    on(date.year() - years, (date.month() as u8, date.day() as u8)).map_or(day, |d| d.0)
}

/// The whole months within a span, as windows of steps.
fn months(start: i32, from: i32, to: i32) -> Vec<Window> {
    let mut windows = Vec::new();
    let first = Day(from).date();
    let (mut year, mut month) = (first.year(), first.month());
    while let Ok(begin) = Date::new(year, month, 1) {
        let last = begin.last_of_month();
        if Day::from_date(last).0 > to {
            break;
        }
        if Day::from_date(begin).0 >= from {
            windows.push(Window {
                from: (Day::from_date(begin).0 - start).max(0) as usize,
                to: (Day::from_date(last).0 - start).max(0) as usize,
            });
        }
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
    windows
}

fn cause(word: &str) -> Option<ripstop::rule::cause::Cause> {
    use ripstop::rule::cause::Cause;
    Some(match word {
        "capacity" => Cause::Capacity,
        "attendance" => Cause::Attendance,
        "no orders" => Cause::NoOrders,
        "off-season" => Cause::OffSeason,
        "no outlet" => Cause::NoOutlet,
        "no cash" => Cause::NoCash,
        "forbidden" => Cause::Forbidden,
        "frozen" => Cause::Frozen,
        "input" => Cause::Input(0),
        _ => return None,
    })
}
