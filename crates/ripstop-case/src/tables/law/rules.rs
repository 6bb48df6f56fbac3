//! Rules as they are written, and their translation for the engine.

use ripstop::law::{Codes, CountrySet, Exemption, Indicator, Instant, Moment, Role, Rule, Subject, Vintage, When, code_range};
use ripstop::model::ids::CountryId;

use crate::language::diagnostic::Position;
use crate::language::schema::RELATIONS;

/// A moment as a law gives it: the instant, and the zone in which its dates are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The instant.
    pub at: Instant,
    /// Seconds its zone is ahead of UTC.
    pub offset_seconds: i32,
}

impl Stamp {
    /// As it was written: `2017-12-11 00:00 +08:00`.
    pub fn text(&self) -> String {
        let local = self.at.0 + i64::from(self.offset_seconds);
        let (day, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let seconds = if second % 60 == 0 { String::new() } else { format!(":{:02}", second % 60) };
        let clock = format!("{:02}:{:02}{seconds}", second / 3600, second / 60 % 60);
        format!("{} {clock} {}", crate::date_of(day as i32), offset_text(self.offset_seconds))
    }

    /// Its civil day in its own zone, days since 1970-01-01.
    pub fn day(&self) -> i32 {
        self.at.day_at(self.offset_seconds)
    }
}

/// `+08:00`.
pub fn offset_text(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}

/// A set of goods.
#[derive(Clone, Debug, Default)]
pub struct GoodsSet {
    /// Name.
    pub id: String,
    /// Edition of the codes.
    pub vintage: String,
    /// Prefixes and runs, as written.
    pub codes: Vec<String>,
    /// How far the codes are the law's own.
    pub status: &'static str,
    /// What a reader should know.
    pub note: Option<String>,
}

/// An alternative of a rule.
#[derive(Clone, Debug, Default)]
pub struct LawWhen {
    /// Countries of origin.
    pub origin: Vec<String>,
    /// Countries a leg leaves.
    pub from: Vec<String>,
    /// Countries a leg enters.
    pub to: Vec<String>,
    /// Countries of processing.
    pub processed_in: Vec<String>,
    /// Countries outside which they were worked.
    pub processed_outside: Vec<String>,
    /// Nationalities of a party.
    pub party: Vec<String>,
    /// Tags of a party.
    pub party_tags: Vec<String>,
    /// Which side.
    pub role: &'static str,
    /// Nationalities of labour.
    pub labour: Vec<String>,
    /// Kinds of relation.
    pub relation: Vec<String>,
    /// Whether the reading is disputed.
    pub disputed: bool,
    /// Why.
    pub note: Option<String>,
}

impl LawWhen {
    /// Whether it asks nothing.
    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    /// What it asks, by key.
    pub fn lists(&self) -> [(&'static str, &Vec<String>); 9] {
        [
            ("origin", &self.origin),
            ("consignment_from", &self.from),
            ("consignment_to", &self.to),
            ("processed_in", &self.processed_in),
            ("processed_outside", &self.processed_outside),
            ("party", &self.party),
            ("party_tags", &self.party_tags),
            ("labour", &self.labour),
            ("relation", &self.relation),
        ]
    }
}

/// An exemption or wind-down.
#[derive(Clone, Debug, Default)]
pub struct LawExemption {
    /// Name.
    pub id: String,
    /// In a line.
    pub title: String,
    /// A wind-down.
    pub wind_down: bool,
    /// How far it was checked.
    pub verified: &'static str,
    /// Sets of goods.
    pub goods: Vec<GoodsSet>,
    /// Origins.
    pub origin: Vec<String>,
    /// Tags of contracts.
    pub tags: Vec<String>,
    /// Signed before.
    pub signed_before: Option<Stamp>,
    /// Written contracts only.
    pub written: bool,
    /// Which moment.
    pub moment: &'static str,
    /// Acts before.
    pub before: Option<Stamp>,
    /// Papers.
    pub needs: Vec<String>,
    /// What a reader should know.
    pub note: Option<String>,
}

/// A rule as it is written.
#[derive(Clone, Debug)]
pub struct LawRule {
    /// Name.
    pub id: String,
    /// In a line.
    pub title: String,
    /// Who made it.
    pub authority: String,
    /// The text.
    pub instrument: String,
    /// Where in the text.
    pub paragraph: Option<String>,
    /// Where it can be read.
    pub sources: Vec<String>,
    /// How far it was checked.
    pub verified: &'static str,
    /// Day it was made.
    pub adopted: Option<i32>,
    /// First moment.
    pub in_force: Stamp,
    /// First moment at which it holds no more.
    pub until: Option<Stamp>,
    /// Countries; empty: all.
    pub binds: Vec<String>,
    /// What it forbids, in words.
    pub acts: Vec<String>,
    /// What is judged.
    pub judges: &'static str,
    /// Which moment.
    pub moment: &'static str,
    /// Sets of goods; empty: all.
    pub goods: Vec<GoodsSet>,
    /// Goods it does not name.
    pub does_not_cover: Vec<GoodsSet>,
    /// Rules it carries out.
    pub implements: Vec<String>,
    /// What is computed, for an indicator.
    pub indicator: Option<&'static str>,
    /// For prices.
    pub below_peers_share: f64,
    /// What a reader should know.
    pub note: Option<String>,
    /// Alternatives.
    pub when: Vec<LawWhen>,
    /// Exemptions.
    pub exemptions: Vec<LawExemption>,
    /// Where it stands.
    pub position: Position,
    /// Whether it is shipped with ripstop.
    pub shipped: bool,
}

impl LawRule {
    /// Countries it names, as often as it does.
    pub fn countries(&self) -> impl Iterator<Item = &str> {
        let when = self.when.iter().flat_map(|when| {
            let made = [&when.origin, &when.processed_in, &when.processed_outside];
            let passed = [&when.from, &when.to, &when.party, &when.labour];
            made.into_iter().chain(passed).map(Vec::as_slice)
        });
        let exempt = self.exemptions.iter().map(|exemption| exemption.origin.as_slice());
        std::iter::once(self.binds.as_slice()).chain(when).chain(exempt).flatten().map(String::as_str)
    }

    /// Instrument and paragraph: `S/RES/2375 (2017) ¶16`; a passage without a number by its words.
    pub fn cite(&self) -> String {
        match &self.paragraph {
            Some(words) if words.starts_with(char::is_alphabetic) => format!("{}, {words}", self.instrument),
            Some(paragraph) => format!("{} ¶{paragraph}", self.instrument),
            None => self.instrument.clone(),
        }
    }
}

/// A list of rules.
#[derive(Clone, Debug, Default)]
pub struct Law {
    /// The rules, in order.
    pub rules: Vec<LawRule>,
}

impl Law {
    /// The rule of that name.
    pub fn find(&self, id: &str) -> Option<&LawRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// Countries, tags and papers by their numbers.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Countries: those of the case first.
    pub countries: Vec<String>,
    /// Tags that rules look for.
    pub tags: Vec<String>,
    /// Papers that rules ask for.
    pub papers: Vec<String>,
}

impl Words {
    /// The number of a country, new or known.
    pub fn country(&mut self, code: &str) -> CountryId {
        CountryId::from(number(&mut self.countries, code))
    }

    fn set(&mut self, codes: &[String]) -> CountrySet {
        codes.iter().map(|code| self.country(code)).collect()
    }

    fn bits(list: &mut Vec<String>, names: &[String]) -> u64 {
        // The reader refuses a law with more than 64 tags or papers.
        names.iter().map(|name| 1_u64.checked_shl(number(list, name) as u32).unwrap_or(0)).fold(0, |a, b| a | b)
    }
}

fn number(list: &mut Vec<String>, word: &str) -> usize {
    list.iter().position(|known| known == word).unwrap_or_else(|| {
        list.push(word.to_owned());
        list.len() - 1
    })
}

/// Codes of several sets, which are of one edition; `None` if there are none.
fn codes(sets: &[GoodsSet]) -> Option<Codes> {
    let vintage = vintage_of(sets.first()?.vintage.as_str());
    let ranges = sets.iter().flat_map(|set| &set.codes).filter_map(|code| code_range(code).ok()).collect();
    Some(Codes { vintage, ranges })
}

/// The edition of a word such as `HS2017`.
pub fn vintage_of(word: &str) -> Vintage {
    Vintage(word.trim_start_matches("HS").parse().unwrap_or(0))
}

fn moment(word: &str) -> Moment {
    if word == "shipped" { Moment::Shipped } else { Moment::Cleared }
}

/// A rule for the engine.
pub fn compile(rule: &LawRule, words: &mut Words) -> Rule {
    Rule {
        subject: match rule.judges {
            "contract" => Subject::Contract,
            "labour" => Subject::Labour,
            _ => Subject::Goods,
        },
        goods: codes(&rule.goods),
        not_covered: codes(&rule.does_not_cover),
        binds: (!rule.binds.is_empty()).then(|| words.set(&rule.binds)),
        in_force: rule.in_force.at,
        until: rule.until.map(|stamp| stamp.at),
        moment: moment(rule.moment),
        when: rule.when.iter().map(|when| alternative(when, words)).collect(),
        exemptions: rule.exemptions.iter().map(|exemption| exempt(exemption, words)).collect(),
        indicator: rule.indicator.map(|word| match word {
            "hidden-maker" => Indicator::HiddenMaker,
            "label-differs" => Indicator::LabelDiffers,
            "venture" => Indicator::Tests,
            _ => Indicator::PriceBelowPeers(rule.below_peers_share),
        }),
    }
}

fn alternative(when: &LawWhen, words: &mut Words) -> When {
    let relation = |name: &String| RELATIONS.iter().position(|known| known == name).map_or(0, |at| 1_u8 << at);
    When {
        origin: words.set(&when.origin),
        from: words.set(&when.from),
        to: words.set(&when.to),
        processed_in: words.set(&when.processed_in),
        processed_outside: words.set(&when.processed_outside),
        party: words.set(&when.party),
        party_tags: Words::bits(&mut words.tags, &when.party_tags),
        role: match when.role {
            "supplier" => Role::Supplier,
            "recipient" => Role::Recipient,
            _ => Role::Any,
        },
        labour: words.set(&when.labour),
        relations: when.relation.iter().map(relation).fold(0, |a, b| a | b),
        arguable: when.disputed,
    }
}

fn exempt(exemption: &LawExemption, words: &mut Words) -> Exemption {
    let zone = exemption.signed_before.or(exemption.before);
    Exemption {
        wind_down: exemption.wind_down,
        goods: codes(&exemption.goods),
        origin: words.set(&exemption.origin),
        tags: Words::bits(&mut words.tags, &exemption.tags),
        signed_before: exemption.signed_before.map(|stamp| stamp.at),
        offset_seconds: zone.map_or(0, |stamp| stamp.offset_seconds),
        written: exemption.written,
        moment: moment(exemption.moment),
        before: exemption.before.map(|stamp| stamp.at),
        needs: Words::bits(&mut words.papers, &exemption.needs),
    }
}
