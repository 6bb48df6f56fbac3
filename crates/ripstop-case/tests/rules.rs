//! Law and behaviour in files: what is read, what is refused and where, and what a scenario with them does.

mod common;

use common::Files;
use ripstop::law::{ExemptionOutcome, Outcome};
use ripstop::rule::cause::Cause;
use ripstop_case::network::Mapper;
use ripstop_case::rules::RuleSet;
use ripstop_case::{Case, Code};
use ripstop_study::rules::Told;
use ripstop_study::study::{Request, Study, study};

fn studied(case: &Case) -> Study {
    let request = Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None };
    study(case, &request, &|| ()).unwrap()
}

fn outcomes(told: &[Told]) -> Vec<(String, Outcome)> {
    told.iter().map(|t| (t.finding.candidate.consignment.contract.0.to_string(), t.finding.outcome)).collect()
}

#[test]
fn a_case_with_its_own_law_is_valid_and_judged() {
    let files = Files::ruled()
        .edit("case.toml", "\nbehaviour = [\"half\"]", "")
        .edit("parameters.csv", "comply,0.5,share,0.2,0.8,assumed,,,\n", "")
        .without("behaviour/half.toml");
    let case = files.case();
    assert_eq!(case.law.in_force.len(), 1);
    let told = studied(&case).findings.unwrap();
    assert_eq!(outcomes(&told), [("1".to_owned(), Outcome::ExemptionUnevidenced), ("1".to_owned(), Outcome::Breach)]);
    let (open, breach) = (&told[0], &told[1]);
    assert_eq!(open.exemptions[0].1, ExemptionOutcome::Unevidenced, "nothing says when it was signed");
    assert!(open.finding.last.to_string().as_str() < "2019-09-01" && breach.finding.first.to_string().as_str() >= "2019-09-01");
    assert!(open.finding.first.to_string().as_str() >= "2019-06-01");
    // Every fact has a basis; the goods' is the row's.
    assert!(breach.facts.iter().any(|f| f.test == "goods" && f.text.contains("6201")));
    assert!(breach.facts.iter().all(|f| ["sourced", "inferred", "assumed"].contains(&f.basis)));
}

#[test]
fn the_day_of_signing_and_writing_and_papers_change_what_is_found() {
    let found = |signed: &str| {
        let files = Files::ruled().column("contracts.csv", "signed", &[signed, ""]).edit("case.toml", "\nbehaviour = [\"half\"]", "");
        let case = files.readable();
        studied(&case).findings.unwrap().iter().map(|t| t.finding.outcome).collect::<Vec<_>>()
    };
    assert_eq!(found("2019-04-30"), [Outcome::WindDown, Outcome::Breach]);
    assert_eq!(found("2019-05-01"), [Outcome::Breach]);
    assert_eq!(found("2019-04-30T23:59:59+08:00"), [Outcome::WindDown, Outcome::Breach]);
    assert_eq!(found("2019-04-30T16:00:00Z"), [Outcome::Breach], "that is midnight in China");
}

#[test]
fn behaviour_stops_its_share_from_the_day_the_law_forbids() {
    let case = Files::ruled().readable();
    let study = studied(&case);
    let plan = &study.outcome.plan;
    let forbid: Vec<_> = plan.events.iter().filter(|e| matches!(e.change, ripstop::model::events::Change::Forbid(_))).collect();
    assert_eq!(forbid.len(), 1);
    assert_eq!((forbid[0].value, forbid[0].from.to_string().as_str(), forbid[0].background), (0.5, "2019-09-01", false));
    // The counterfactual has no such event, so half of the later orders is the scenario's loss.
    let made = |record: &ripstop::record::Record| record.columns.line_output.iter().skip(1).step_by(plan.network.lines.len()).sum::<f64>();
    assert!(made(&study.outcome.scenario) < 0.9 * made(&study.outcome.counterfactual));
    assert!(study.losses.stopped_days.contains_key(&Cause::Forbidden.code()), "{:?}", study.losses.stopped_days);
    // Draws sample the share.
    let request = Request { scenario: 0, rows: 0..20, seed: 1, sweep: true, record: None };
    let drawn = ripstop_study::study::study(&case, &request, &|| ()).unwrap();
    let comply = case.parameters.find("comply").unwrap();
    assert!(drawn.rests_on.iter().any(|r| r.parameter == comply), "results rest on the share that complies");
}

#[test]
fn a_claim_can_be_held_to_findings() {
    let claim = "\n[[claim]]\nid = \"C03\"\nkind = \"outcome\"\ntext = \"It is forbidden\"\nsource = [\"s2\"]\n[[claim.holds_when]]\nmeasure = \"findings_share\"\nof = [\"sector:garments\"]\nrules = [\"OWN-1\"]\nat_least = 1\n";
    let text = Files::ruled().text("claims.toml") + claim;
    let case = Files::ruled().with("claims.toml", text.clone()).readable();
    let study = studied(&case);
    assert_eq!((study.claims[2].holds, study.claims[2].answers[0].value), (Some(true), 1.0));
    // Other outcomes do not count, and no rule in force finds nothing.
    let exempt = text.replace("rules = [\"OWN-1\"]", "outcomes = [\"exempt\"]");
    let case = Files::ruled().with("claims.toml", exempt).readable();
    assert_eq!(studied(&case).claims[2].holds, Some(false));
    let none = Files::ruled().with("claims.toml", text.clone()).edit("case.toml", "behaviour = [\"half\"]", "rules = []");
    let study = studied(&none.readable());
    assert_eq!((study.claims[2].holds, study.findings.is_none()), (Some(false), true));
    let wrong = Files::ruled().with("claims.toml", text.replace("OWN-1", "OWN-9")).load();
    assert!(wrong.diagnostics.iter().any(|d| d.code == Code::UnknownRule && d.suggestion.as_deref() == Some("OWN-1")));
}

#[test]
fn faults_of_law_and_behaviour_have_their_place_and_come_in_one_pass() {
    let files = Files::ruled()
        .edit("rules/own.toml", "2019-06-01T00:00:00+08:00", "2019-06-01T00:00:00")
        .edit("rules/own.toml", "\"6202\"", "\"7701\"")
        .edit("rules/own.toml", "consignment_to = [\"KR\"]", "consignment_to = [\"Korea\"]")
        .edit("behaviour/half.toml", "basis = \"assumed\"", "exemption = 1\nbasis = \"assumed\"")
        .edit("behaviour/half.toml", "$comply", "$compyl");
    let loaded = files.load();
    let found = |code: Code| {
        loaded.diagnostics.iter().find(|d| d.code == code).unwrap_or_else(|| panic!("{code:?}: {:#?}", loaded.diagnostics)).clone()
    };
    for (code, file, needle) in [
        (Code::BadInstant, "rules/own.toml", "2019-06-01T00:00:00\n"),
        (Code::BadGoodsCode, "rules/own.toml", "\"7701\""),
        (Code::NotACountry, "rules/own.toml", "\"Korea\""),
        (Code::LawInBehaviour, "behaviour/half.toml", "exemption"),
        (Code::UnknownParameter, "behaviour/half.toml", "\"$compyl\""),
    ] {
        let d = found(code);
        let (line, column) = files.place(file, needle, 0);
        assert_eq!((d.file.display().to_string().as_str(), d.line, d.column), (file, line, column), "{code:?}");
    }
    assert_eq!(found(Code::UnknownParameter).suggestion.as_deref(), Some("comply"));
    assert!(loaded.case.is_none());
}

#[test]
fn keys_of_the_one_file_are_told_apart_from_misspelt_ones() {
    let law = Files::ruled().edit("rules/own.toml", "paragraph = \"1\"", "detection_share = 0.1");
    assert!(law.load().diagnostics.iter().any(|d| d.code == Code::BehaviourInLaw && d.message.contains("how actors respond")));
    let misspelt = Files::ruled().edit("rules/own.toml", "paragraph = \"1\"", "paragrph = \"1\"");
    assert!(misspelt.load().diagnostics.iter().any(|d| d.code == Code::UnknownKey && d.suggestion.as_deref() == Some("paragraph")));
}

#[test]
fn a_rule_of_the_case_replaces_the_shipped_one_of_its_name() {
    let files = Files::ruled().edit("rules/own.toml", "OWN-1", "UN-2375-16").edit("behaviour/half.toml", "OWN-1", "UN-2375-16");
    let case = files.readable();
    let rule = case.law.all.find("UN-2375-16").unwrap();
    assert!(!rule.shipped && rule.authority == "Us");
    assert_eq!(case.law.all.rules.iter().filter(|r| r.id == "UN-2375-16").count(), 1);
}

#[test]
fn facts_come_from_the_columns_and_defaults_say_where_they_are_from() {
    let files = Files::ruled()
        .column("firms.csv", "nationality", &["", "JP", ""])
        .column("firms.csv", "labour_nationality", &["KP;CN", "", ""])
        .column("contracts.csv", "evidence", &["audit:x; notification:UN-1718", ""]);
    let case = files.readable();
    let mapper = Mapper::new(&case);
    let values = case.parameters.base_values();
    let all: Vec<usize> = (0..case.law.all.rules.len()).collect();
    let set = RuleSet::new(&case, &mapper.network(&values), &values, &all);
    let facts = &set.screen.facts;
    assert_eq!(set.codes(&facts.firms[1].nationality), ["CN"], "its owner's");
    assert_eq!(set.codes(&facts.firms[0].nationality), ["JP"], "its own");
    assert_eq!(set.codes(&facts.firms[2].nationality), ["KR"], "the country it is in");
    let mut labour = set.codes(&facts.firms[1].labour);
    labour.sort();
    assert_eq!(labour, ["CN", "KP"]);
    let papers = facts.contracts[1].papers;
    let known = set.papers.iter().position(|p| p == "notification:UN-1718").unwrap();
    assert_eq!(papers, 1 << known, "papers no rule asks for mean nothing");
    assert_eq!(set.screen.clocks, [(43_200, 28_800)]);
}
