//! A small valid case, ways to spoil it, and what is expected then.

#![allow(dead_code)] // each test file uses a part of it

use ripstop_case::{Case, Code, Diagnostic, Loaded, load};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes when it is dropped.
pub struct TempDir(PathBuf);

impl TempDir {
    pub fn new() -> TempDir {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("ripstop-case-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        TempDir(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A client in KR has coats sewn in CN from fabric it buys at home; a brand's shop sells them.
const VALID: &[(&str, &str)] = &[
    (
        "case.toml",
        r#"[case]
title = "Two towns"
start = 2019-01-01
end = 2020-12-31
as_of = 2020-04-17
default_scenario = "closure"

[settings]
start_state = "empty"
seed = 7

[scenarios.closure]
title = "The border shuts"
about = "Nothing passes."

[scenarios.bank]
set = { means = "bank", lead = 3, shut = 2020-02-01, limit = "none" }
"#,
    ),
    (
        "parameters.csv",
        "name,value,unit,low,high,basis,source,grade,note\n\
         lead,10,days,5,15,assumed,,,\n\
         double_lead,$lead * 2,days,,,inferred,,,\n\
         means,carried,choice,,,assumed,,,\n\
         shut,2020-01-28,date,2020-01-22,2020-01-31,assumed,,,\n\
         limit,30,days,20,40,sourced,s1,B,\n\
         wage,110,USD,75,160,sourced,s1,B,\"one, two\"\n",
    ),
    (
        "sources.csv",
        "id,statement,publisher,date,language,grade,url\n\
         s1,Wages are 110,Daily,2018,en,B,\n\
         s2,All has stopped,Daily,2020-04-17,en,B,\n\
         s3,Exports fell,Customs,2020-03,zh,A,\n",
    ),
    ("places.csv", "id,name,country,lat,lon\nport,Port,CN,40.1,124.4\ntown,Town,KR,39.5,\ncity,City,KR,,\n"),
    ("crossings.csv", "id,name,place_a,place_b\nbridge,Bridge,port,town\n"),
    (
        "routes.csv",
        "route,leg,from,to,days,crossing\n\
         out,1,port,town,2,bridge\n\
         in,2,town,port,1,bridge\n\
         in,1,town,town,$lead / 10,\n",
    ),
    ("groups.csv", "id,name,country\nunha,Unha,CN\n"),
    (
        "products.csv",
        "id,name,unit,class,value_usd_per_unit,retail_price_usd_per_unit,price_after_season_share\n\
         coat,Coat,piece,consigned,,150,0.4\n\
         fabric,Fabric,metre,,5,,\n",
    ),
    ("recipes.csv", "product,input,quantity_per_unit,waste_share,supplied_by\ncoat,fabric,2.8,0.06,client\n"),
    (
        "firms.csv",
        "id,name,place,group,sector,workers,workers_low,workers_high,wage_usd_per_month,keep_months,rest_weekdays,basis,source\n\
         maker,Maker,port,unha,garments,700,500,900,$wage,1,sat;sun,assumed,\n\
         client,Client,town,,trade,,,,,,,assumed,\n\
         mill,Mill,town,,textiles,40,,,,none,,sourced,s1\n",
    ),
    (
        "lines.csv",
        "firm,product,capacity_per_day,labour_days_per_unit,resale\n\
         maker,coat,500,0.9,\n\
         client,coat,,,true\n\
         mill,fabric,none,,\n",
    ),
    (
        "terms.csv",
        "id,ordering,dispatch,means,carried_crossing,ceiling_days,input_lead_days,season_settlement_share,work\n\
         sewing,schedule,lot,$means,bridge,$limit,$double_lead,0.6,early\n\
         home,plan,continuous,,,,,,\n",
    ),
    (
        "contracts.csv",
        "id,seller,buyer,product,kind,terms,route,input_route,price_usd_per_unit,calendar,quantity_per_year\n\
         coats,maker,client,coat,processing,sewing,out,in,6,winter,40000\n\
         cloth,mill,client,fabric,sale,home,,,5,,\n",
    ),
    ("calendars.csv", "calendar,due,share,season_end\nwinter,09-10,0.5,02-29\nwinter,11-10,0.5,02-28\n"),
    ("orders.csv", "id,contract,quantity,due_date,season_end\nextra,coats,1200,2019-12-10,2020-02-15\n"),
    (
        "demand.csv",
        "id,market,firm,product,quantity_per_day,season_from,season_to,price_usd_per_unit\nshop,seoul,client,coat,80,09-01,02-28,150\n",
    ),
    (
        "events.csv",
        "id,kind,target,from,to,value,ramp_in_days,toward,class,scenarios\n\
         shut,open_share,crossing:bridge,$shut,,0,,CN,consigned,closure;bank\n\
         newyear,attendance,\"place:port & sector:garments ; firm:mill\",2020-01-25,2020-02-01,0.2,,,,background\n\
         gone,cancel,contract:coats,$shut + 30,,,,,,closure\n",
    ),
    (
        "observations.csv",
        "id,date,series,value,unit,kind,source,compare,measure,of,toward,class,period,base\n\
         x1,2020-02,exports,10.7,million USD,official,s3,below,passed_value,crossing:bridge,KR,consigned,,\n\
         x2,2020,coats,0.2,ratio to 2019,derived,s3,ratio,delivered_value,product:coat,KR,,,2019\n\
         x3,2020,trade,0.3,ratio to 2019,reported,s3,none,,,,,,\n\
         x4,2020-01,exports,0.5,share of 2019,derived,s3,last_above,passed_value,,KR,,,2019\n",
    ),
    ("guesses.csv", "observation,name,value,why\nx2,trade,0.3,Coats fell with all trade.\n"),
    (
        "claims.toml",
        r#"[[claim]]
id = "C01"
kind = "premise"
text = "Wages are 110"
source = ["s1"]

[[claim]]
id = "C02"
kind = "outcome"
text = "All has stopped"
source = ["s2"]
grade = "B"
date = 2020-04-17

[[claim.holds_when]]
measure = "utilisation"
of = ["group:unha", "sector:garments & place:port"]
days = 28
at_most = 0.2

[[claim.holds_when]]
measure = "passages"
crossings = ["bridge"]
from = 2020-02-01
to = 2020-04-17
relative_from = 2019-01-01
relative_to = "2019-12-31"
class = "consigned"
at_most = 0.02
"#,
    ),
];

/// A law: coats from CN to KR from 2019-06-01, with a wind-down to the end of August.
pub const LAW: &str = r#"schema = "ripstop-law/1"

[[goods]]
id = "coats"
vintage = "HS2017"
codes = ["6201", "6202"]
status = "text"

[[rule]]
id = "OWN-1"
title = "No coats from there"
authority = "Us"
instrument = "Our law"
paragraph = "1"
sources = ["none"]
verified = "interpretation"
adopted = 2019-05-01
in_force = 2019-06-01T00:00:00+08:00
goods = ["coats"]
[[rule.when]]
consignment_from = ["CN"]
consignment_to = ["KR"]
[[rule.exemption]]
id = "old"
title = "Contracts from before"
kind = "wind-down"
verified = "interpretation"
signed_before = 2019-05-01T00:00:00+08:00
before = 2019-09-01T00:00:00+08:00
"#;

/// A behaviour: half of the buyers comply.
pub const BEHAVIOUR: &str = r#"schema = "ripstop-behaviour/1"
title = "Half comply"

[[behaviour]]
id = "half"
rules = ["OWN-1"]
compliance_share = "$comply"
basis = "assumed"
"#;

/// Two rates of one currency.
pub const RATES: &str = "currency,from,usd_per_unit\nCNY,2019-01-01,0.14\nCNY,2020-01-01,0.15\n";

/// The files of a case in memory.
#[derive(Clone)]
pub struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    pub fn valid() -> Files {
        Files(VALID.iter().map(|(name, text)| ((*name).into(), text.as_bytes().to_vec())).collect())
    }

    /// Replaces the first `from` in a file; it must be there.
    pub fn edit(mut self, file: &str, from: &str, to: &str) -> Files {
        let text = self.text(file);
        assert!(text.contains(from), "{file} does not contain {from:?}");
        let text = text.replacen(from, to, 1);
        self.put(file, text.as_bytes());
        self
    }

    pub fn with(mut self, file: &str, bytes: impl AsRef<[u8]>) -> Files {
        self.put(file, bytes.as_ref());
        self
    }

    /// The bridge lets 40 tonnes a day pass, goods have weights, and ore wants to pass towards CN.
    pub fn limited() -> Files {
        Files::valid()
            .column("crossings.csv", "mode", &["capacity"])
            .column("crossings.csv", "tonnes_per_day", &["40"])
            .column("products.csv", "kg_per_unit", &["1.5", "0.4"])
            .with("traffic.csv", "crossing,toward,class,tonnes_per_day\nbridge,CN,ore,30\n")
    }

    /// No file at all.
    pub fn empty() -> Files {
        Files(Vec::new())
    }

    /// x and y, each made of 1.2 of the other, from a steady start.
    pub fn steady_loop() -> Files {
        let mut files = Files::valid();
        for name in files.names() {
            files = files.without(&name);
        }
        let case = "[case]\ntitle = \"Loop\"\nstart = 2020-01-01\nend = 2020-03-01\ndefault_scenario = \"s\"\n[scenarios.s]\nabout = \"Nothing.\"\n";
        files
            .with("case.toml", case)
            .with("places.csv", "id,country\ntown,CN\n")
            .with("products.csv", "id,unit,value_usd_per_unit\nx,kg,1\ny,kg,1\n")
            .with("recipes.csv", "product,input,quantity_per_unit\nx,y,1.2\ny,x,1.2\n")
            .with("firms.csv", "id,place\na,town\nb,town\n")
            .with("lines.csv", "firm,product\na,x\nb,y\n")
            .with("terms.csv", "id,ordering\nstock,restock\n")
            .with("contracts.csv", "id,seller,buyer,product,terms\nxs,a,b,x,stock\nys,b,a,y,stock\n")
            .with("demand.csv", "id,market,firm,product,quantity_per_day\nd,m,a,x,5\n")
    }

    /// The valid case with a law and a behaviour of its own: coats from CN are forbidden to KR, and its buyers comply by half.
    pub fn ruled() -> Files {
        Files::valid()
            .with("rules/own.toml", LAW)
            .with("behaviour/half.toml", BEHAVIOUR)
            .edit("case.toml", "about = \"Nothing passes.\"", "about = \"Nothing passes.\"\nbehaviour = [\"half\"]")
            .edit("parameters.csv", "wage,110", "comply,0.5,share,0.2,0.8,assumed,,,\nwage,110")
            .column("products.csv", "hs", &["6201", "5407"])
            .column("crossings.csv", "utc_offset", &["+08:00"])
    }

    /// A case that uses every table and most options.
    pub fn everything() -> Files {
        Files::limited()
            .edit("case.toml", "seed = 7", "seed = 7\nclass_priority = [\"general\", \"ore\"]\nwarm_up_days = 30")
            .edit("case.toml", "\"empty\"", "\"warm_up\"")
            .edit("routes.csv", "out,1,port,town,2,bridge", "out,1,port,town,2,bridge\ndetour,1,port,town,9,bridge")
            .edit("events.csv", "gone,", "x,exchange_rate,currency:CNY,2020-01-01,,0.9,,,,closure\ngone,")
            .edit("events.csv", "gone,", "d,default,firm:mill,2020-03-01,,,,,,closure\ngone,")
            .column("contracts.csv", "alternative_routes", &["detour", ""])
            .column("contracts.csv", "currency", &["", "CNY"])
            .column("contracts.csv", "credit_limit_usd", &["900", "none"])
            .column("contracts.csv", "standby_share", &["", "0.5"])
            .column("terms.csv", "moves_share", &["", "0.5"])
            .column("terms.csv", "compensation_means", &["carried", "same"])
            .column("firms.csv", "currency", &["CNY", "USD", ""])
            .column("firms.csv", "opening_cash", &["", "5", ""])
            .column("firms.csv", "insolvency_days", &["90", "", ""])
            .column("firms.csv", "when_insolvent", &["rescue", "", ""])
            .column("lines.csv", "rationing", &["", "class_priority", "oldest"])
            .with("exchange_rates.csv", RATES)
    }

    /// Adds a column with a cell for every row; a file that is not there must be given whole.
    pub fn column(self, file: &str, name: &str, cells: &[&str]) -> Files {
        let text = self.text(file);
        assert_eq!(text.lines().count(), cells.len() + 1, "a cell for every row of {file}");
        let lines = text.lines().zip(std::iter::once(&name).chain(cells));
        self.with(file, lines.map(|(line, cell)| format!("{line},{cell}\n")).collect::<String>())
    }

    pub fn without(mut self, file: &str) -> Files {
        self.0.retain(|(name, _)| name != file);
        self
    }

    pub fn text(&self, file: &str) -> String {
        let found = self.0.iter().find(|(name, _)| name == file);
        found.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    }

    /// Name and bytes of every file.
    pub fn into_list(self) -> Vec<(String, Vec<u8>)> {
        self.0
    }

    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    fn put(&mut self, file: &str, bytes: &[u8]) {
        self.0.retain(|(name, _)| name != file);
        self.0.push((file.into(), bytes.to_vec()));
    }

    pub fn load(&self) -> Loaded {
        let dir = TempDir::new();
        for (name, bytes) in &self.0 {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let mut loaded = load(dir.path());
        // Nothing refers to the city, so that a fault in its row stands alone: only that is not counted.
        loaded.diagnostics.retain(|d| !(d.code == Code::UnusedRow && d.message.starts_with("nothing uses city")));
        loaded
    }

    pub fn case(&self) -> Case {
        let loaded = self.load();
        assert_eq!(loaded.diagnostics, [], "the case should be valid");
        loaded.case.unwrap()
    }

    /// A case without errors, whatever a reader may think of its sense.
    pub fn readable(&self) -> Case {
        let loaded = self.load();
        assert_eq!(loaded.errors(), 0, "{:#?}", loaded.diagnostics);
        loaded.case.unwrap()
    }

    /// Line and column of the `nth` (0-based) occurrence of `needle`, counted here and not by the crate.
    pub fn place(&self, file: &str, needle: &str, nth: usize) -> (usize, usize) {
        let text = self.text(file);
        let (offset, _) = text.match_indices(needle).nth(nth).unwrap_or_else(|| panic!("{file} has no {needle:?}"));
        let before = &text[..offset];
        (before.matches('\n').count() + 1, offset - before.rfind('\n').map_or(0, |at| at + 1) + 1)
    }

    /// The case has this problem at the needle, and no other.
    pub fn fails(&self, code: Code, file: &str, needle: &str) -> Diagnostic {
        let (line, column) = self.place(file, needle, 0);
        self.fails_at(code, file, line, column)
    }

    pub fn fails_at(&self, code: Code, file: &str, line: usize, column: usize) -> Diagnostic {
        let loaded = self.load();
        let found: Vec<_> = loaded.diagnostics.iter().map(|d| (d.code.name(), d.file.display().to_string(), d.line, d.column)).collect();
        assert_eq!(found, [(code.name(), file.to_owned(), line, column)], "{:#?}", loaded.diagnostics);
        assert_eq!(loaded.case.is_some(), code.id().starts_with("RS-W"));
        loaded.diagnostics[0].clone()
    }
}
