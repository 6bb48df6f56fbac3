//! How reading, checking and running grow with the rows of each table: seconds of processor and peak memory at n and 4n rows.
//!
//! `cargo bench -p ripstop-benches --bench growth [-- KIND] [-- --rows N]` prints a table; work that grows in step with its input takes
//! four times as much. Every measurement is a process of its own, so that its peak memory is its own too. Nothing here ever fails.

use std::fmt::Write as _;
use std::process::Command;

use ripstop_benches::memory_peak_bytes;
use ripstop_case::{Limits, load_files};
use ripstop_study::study::{Request, study, summary};

/// Files of a case, by name.
type Files = Vec<(String, Vec<u8>)>;

/// A kind of growth: its name, and a case whose `n` rows lie in what the name says.
type Kind = (&'static str, fn(usize) -> Files);

const KINDS: &[Kind] = &[
    ("places", places),
    ("places unknown countries", sectors),
    ("crossings", crossings),
    ("routes", routes),
    ("one route of many legs", legs),
    ("groups", groups),
    ("firms", firms),
    ("firms with twice the same id", twice),
    ("products", products),
    ("recipe chain, values from recipes", chain),
    ("one recipe of many inputs", inputs),
    ("lines of one firm", lines),
    ("contracts of one seller", contracts),
    ("contracts, a firm each", pairs),
    ("contracts with unknown sellers", unknown),
    ("orders of one contract", orders),
    ("orders, a contract each", order_each),
    ("dates of calendars", calendar),
    ("calendars", calendars),
    ("demand", demand),
    ("demand, oldest first, a line each", oldest),
    ("demand, class priority, a line each", class_priority),
    ("classes", classes),
    ("events", events),
    ("events, a firm or contract each", event_each),
    ("events of unknown targets", events_unknown),
    ("terms", terms),
    ("traffic", traffic),
    ("exchange rates of one currency", rates),
    ("currencies", currencies),
    ("sources", sources),
    ("observations", observations),
    ("parameters, a cell each", parameters),
    ("parameters nothing uses", parameters_unused),
    ("parameters, each of the one before", parameters_chain),
    ("parameters, a range more in each", parameters_sum),
    ("cells of unknown parameters", parameters_unknown),
    ("scenarios", scenarios),
    ("scenarios that set a parameter", scenarios_set),
    ("claims", claims),
    ("goods of a law", goods),
    ("sets of goods", sets_of_goods),
    ("links", links),
    ("a ring of waiting lines", ring),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [child, kind, rows] = arguments.as_slice()
        && child == "--child"
    {
        return measure(kind, rows.parse().unwrap_or(0));
    }
    let rows = arguments.iter().position(|word| word == "--rows").and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(40_000);
    let asked = arguments.first().filter(|word| *word != "--rows");
    println!("{:38} {:>8} {:>23} {:>23} {:>12}", "n rows of", "n", "seconds at n, 4n", "MB at n, 4n", "ratios");
    for (name, _) in KINDS.iter().filter(|(name, _)| asked.is_none_or(|word| name.contains(word.as_str()))) {
        let [few, many] = [rows, 4 * rows].map(|n| child(name, n));
        let (time, memory) = (many.0 / few.0.max(0.01), many.1 / few.1);
        println!("{name:38} {rows:8} {:11.2} {:11.2} {:11.0} {:11.0} {time:6.1} {memory:5.1}", few.0, many.0, few.1, many.1);
    }
}

/// Processor seconds and peak megabytes of a case of a kind, in a process of its own.
fn child(kind: &str, rows: usize) -> (f64, f64) {
    let program = std::env::current_exe().expect("a running program has a path");
    let done = Command::new(program).args(["--child", kind, &rows.to_string()]).output().expect("a bench can start itself");
    let text = String::from_utf8_lossy(&done.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [seconds, megabytes] => (seconds, megabytes),
        _ => {
            eprintln!("{kind} {rows}: {}", String::from_utf8_lossy(&done.stderr));
            (f64::NAN, f64::NAN)
        }
    }
}

/// Reads, checks and runs a case of a kind and prints what it took.
fn measure(kind: &str, rows: usize) {
    let Some((_, make)) = KINDS.iter().find(|(name, _)| *name == kind) else { return };
    let files = make(rows);
    let before = processor_seconds();
    let loaded = load_files("growth", &files, &Limits { toml_bytes: 1 << 30, ..Limits::DEFAULT });
    if std::env::var_os("RIPSTOP_GROWTH_SAYS").is_some() {
        eprintln!("{} problems: {:?}", loaded.diagnostics.len(), loaded.diagnostics.iter().take(4).map(|d| &d.message).collect::<Vec<_>>());
        eprintln!("read after {:.2} s", processor_seconds() - before);
    }
    if let Some(case) = &loaded.case {
        let request = Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None };
        match study(case, &request, &|| ()) {
            Ok(done) => drop(summary::summary(case, &done, &case.scenarios[0].name)),
            Err(error) => eprintln!("{error}"),
        }
    }
    println!("{:.3} {:.1}", processor_seconds() - before, memory_peak_bytes() as f64 / 1e6);
}

/// Processor time of this process so far, user and system, seconds; zero where the system does not say.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<f64> = stat.rsplit(')').next().unwrap_or("").split_whitespace().map(|f| f.parse().unwrap_or(0.0)).collect();
    // The 14th and 15th of the line; what follows the name begins with the third. A tick is a hundredth of a second on Linux.
    fields.get(11..13).map_or(0.0, |ticks| (ticks[0] + ticks[1]) / 100.0)
}

/// A table: its header, a row for each number below `n`.
fn table(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    let mut text = format!("{header}\n");
    for k in 0..n {
        let _ = writeln!(text, "{}", row(k));
    }
    text
}

/// A mill sells cloth to a shop, which sells it on: the least case, with some of its files replaced or added.
fn case(files: &[(&str, String)]) -> Files {
    let mut all: Vec<(String, Vec<u8>)> = LEAST.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    for (name, text) in files {
        let known = all.iter_mut().find(|(other, _)| other == name);
        match known {
            Some((_, bytes)) => *bytes = text.clone().into_bytes(),
            None => all.push(((*name).to_owned(), text.clone().into_bytes())),
        }
    }
    all
}

const CASE: &str = "[case]\nid = \"growth\"\ntitle = \"Growth\"\nquestion = \"How does it grow?\"\nstart = \"2024-01-01\"\nend = \"2024-01-05\"\nas_of = \"2024-01-04\"\ncurrency = \"USD\"\nmodel = \"flow\"\ndefault_scenario = \"stop\"\n[settings]\nstart_state = \"steady\"\n[scenarios.stop]\ntitle = \"A stop\"\nabout = \"The mill stops.\"\n";

const LEAST: [(&str, &str); 8] = [
    ("case.toml", CASE),
    ("places.csv", "id,name,country\nhere,Here,FR\nthere,There,FR\n"),
    ("products.csv", "id,name,unit,value_usd_per_unit\ncloth,Cloth,m,3\n"),
    ("firms.csv", "id,name,place,sector\nmill,Mill,here,cloth\nshop,Shop,there,shops\n"),
    ("lines.csv", "firm,product,capacity_per_day,resale\nmill,cloth,200,\nshop,cloth,none,true\n"),
    ("terms.csv", "id,ordering,stock_days\nsupply,restock,3\n"),
    ("contracts.csv", "id,seller,buyer,product,kind,terms,price_usd_per_unit\nmill-to-shop,mill,shop,cloth,sale,supply,3\n"),
    ("demand.csv", "id,market,firm,product,quantity_per_day,price_usd_per_unit\nbuyers,town,shop,cloth,80,4\n"),
];

/// The least table of that name with more rows.
fn more(name: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    let text = LEAST.iter().find(|(other, _)| *other == name).map_or("", |(_, text)| text);
    let mut text = text.to_owned();
    for k in 0..n {
        let _ = writeln!(text, "{}", row(k));
    }
    text
}

const EVENTS: &str = "id,kind,target,from,to,value,scenarios";

fn places(n: usize) -> Files {
    case(&[("places.csv", more("places.csv", n, |k| format!("p{k},Place {k},FR")))])
}

fn sectors(n: usize) -> Files {
    case(&[("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,sector {k}")))])
}

fn crossings(n: usize) -> Files {
    case(&[
        ("places.csv", more("places.csv", 1, |_| "abroad,Abroad,DE".to_owned())),
        ("crossings.csv", table("id,name,place_a,place_b", n, |k| format!("c{k},Crossing {k},here,abroad"))),
        ("routes.csv", table("route,leg,from,to,days,crossing", n, |k| format!("r{k},1,here,abroad,1,c{k}"))),
    ])
}

fn routes(n: usize) -> Files {
    case(&[("routes.csv", table("route,leg,from,to,days", n, |k| format!("r{k},1,here,there,1")))])
}

fn legs(n: usize) -> Files {
    let legs = table("route,leg,from,to,days", n, |k| format!("r,{},p{k},p{},0.01", k + 1, k + 1));
    case(&[("routes.csv", legs), ("places.csv", more("places.csv", n + 1, |k| format!("p{k},Place {k},FR")))])
}

fn groups(n: usize) -> Files {
    case(&[
        ("groups.csv", table("id,name,country", n, |k| format!("g{k},Group {k},FR"))),
        (
            "firms.csv",
            "id,name,place,sector,group\nmill,Mill,here,cloth,\nshop,Shop,there,shops,\n".to_owned()
                + &table("", n, |k| format!("f{k},Firm {k},here,s,g{k}"))[1..],
        ),
    ])
}

fn firms(n: usize) -> Files {
    case(&[("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth")))])
}

fn twice(n: usize) -> Files {
    case(&[("firms.csv", more("firms.csv", n, |k| format!("f{},Firm {k},here,cloth", k / 2)))])
}

fn products(n: usize) -> Files {
    case(&[
        ("products.csv", more("products.csv", n, |k| format!("p{k},Product {k},t,1"))),
        ("lines.csv", more("lines.csv", n, |k| format!("mill,p{k},none,true"))),
    ])
}

/// Each product is made of the next, and worth what it is made of; the last has a value.
fn chain(n: usize) -> Files {
    case(&[
        ("products.csv", more("products.csv", n, |k| format!("p{k},Product {k},t,{}", if k + 1 == n { "1" } else { "" }))),
        ("recipes.csv", table("product,input,quantity_per_unit", n - 1, |k| format!("p{k},p{},1", k + 1))),
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", n, |k| format!("f{k},p{k},none,"))),
        ("contracts.csv", more("contracts.csv", n - 1, |k| format!("k{k},f{},f{k},p{},sale,supply,1", k + 1, k + 1))),
        ("demand.csv", more("demand.csv", 1, |_| "end,town,f0,p0,1,1".to_owned())),
    ])
}

fn inputs(n: usize) -> Files {
    case(&[
        ("products.csv", more("products.csv", n, |k| format!("p{k},Product {k},t,1"))),
        ("recipes.csv", table("product,input,quantity_per_unit", n, |k| format!("cloth,p{k},1"))),
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", n, |k| format!("f{k},p{k},none,"))),
        ("contracts.csv", more("contracts.csv", n, |k| format!("k{k},f{k},mill,p{k},sale,supply,1"))),
    ])
}

fn lines(n: usize) -> Files {
    case(&[
        (
            "products.csv",
            more("products.csv", n + 1, |k| if k == n { "yarn,Yarn,t,1".to_owned() } else { format!("p{k},Product {k},t,1") }),
        ),
        ("lines.csv", more("lines.csv", n + 1, |k| if k == n { "spin,yarn,none,".to_owned() } else { format!("mill,p{k},5,") })),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,mill,p{k},1,1"))),
        ("recipes.csv", table("product,input,quantity_per_unit", n, |k| format!("p{k},yarn,1"))),
        ("firms.csv", more("firms.csv", 1, |_| "spin,Spin,here,yarn".to_owned())),
        ("contracts.csv", more("contracts.csv", 1, |_| "yarn,spin,mill,yarn,sale,supply,1".to_owned())),
    ])
}

fn contracts(n: usize) -> Files {
    case(&[
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", n, |k| format!("f{k},cloth,none,true"))),
        ("contracts.csv", more("contracts.csv", n, |k| format!("k{k},mill,f{k},cloth,sale,supply,3"))),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,f{k},cloth,1,4"))),
    ])
}

fn pairs(n: usize) -> Files {
    case(&[
        ("firms.csv", more("firms.csv", 2 * n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", 2 * n, |k| format!("f{k},cloth,none,{}", if k % 2 == 0 { "" } else { "true" }))),
        ("contracts.csv", more("contracts.csv", n, |k| format!("k{k},f{},f{},cloth,sale,supply,3", 2 * k, 2 * k + 1))),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,f{},cloth,1,4", 2 * k + 1))),
    ])
}

fn unknown(n: usize) -> Files {
    case(&[
        ("firms.csv", more("firms.csv", n, |k| format!("firm-number-{k},Firm {k},here,cloth"))),
        ("contracts.csv", more("contracts.csv", n, |k| format!("k{k},firm-number-{k}x,shop,cloth,sale,supply,3"))),
    ])
}

const SCHEDULE: &str = "id,ordering,stock_days,input_window_days\nsupply,restock,3,\nlots,schedule,,1\n";

fn orders(n: usize) -> Files {
    case(&[
        ("terms.csv", SCHEDULE.to_owned()),
        ("case.toml", CASE.replace("steady", "empty")),
        ("contracts.csv", more("contracts.csv", 1, |_| "lot,mill,shop,cloth,sale,lots,3".to_owned())),
        ("orders.csv", table("id,contract,quantity,due_date", n, |k| format!("o{k},lot,1,2024-01-0{}", 2 + k % 3))),
    ])
}

fn order_each(n: usize) -> Files {
    case(&[
        ("terms.csv", SCHEDULE.to_owned()),
        ("case.toml", CASE.replace("steady", "empty")),
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", n, |k| format!("f{k},cloth,none,true"))),
        ("contracts.csv", more("contracts.csv", n, |k| format!("k{k},mill,f{k},cloth,sale,lots,3"))),
        ("orders.csv", table("id,contract,quantity,due_date", n, |k| format!("o{k},k{k},1,2024-01-0{}", 2 + k % 3))),
    ])
}

fn day(k: usize) -> String {
    format!("{:02}-{:02}", 1 + k % 12, 1 + k % 28)
}

fn calendar(n: usize) -> Files {
    // A year has 366 dates; the rest are dates of calendars that nothing uses.
    let date = |k: usize| ripstop_case::date_of(19_722 + (k % 366) as i32).to_string()[5..].to_owned();
    case(&[("calendars.csv", table("calendar,due,share", n, |k| format!("year{},{},{}", k / 366, date(k), 1.0 / 366.0)))])
}

fn calendars(n: usize) -> Files {
    case(&[
        ("terms.csv", SCHEDULE.to_owned()),
        ("case.toml", CASE.replace("steady", "empty")),
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", n, |k| format!("f{k},cloth,none,true"))),
        (
            "contracts.csv",
            table("id,seller,buyer,product,kind,terms,price_usd_per_unit,calendar,quantity_per_year", n, |k| {
                format!("k{k},mill,f{k},cloth,sale,lots,3,year{k},12")
            }) + "mill-to-shop,mill,shop,cloth,sale,supply,3,,\n",
        ),
        ("calendars.csv", table("calendar,due,share", n, |k| format!("year{k},{},1", day(k)))),
    ])
}

fn demand(n: usize) -> Files {
    case(&[("demand.csv", more("demand.csv", n, |k| format!("d{k},town {k},shop,cloth,0.001,4")))])
}

/// A line each with a demand of its own, short of goods, shared out by a rule.
fn ruled(n: usize, rule: &str) -> Files {
    case(&[
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        (
            "lines.csv",
            table("firm,product,capacity_per_day,resale,rationing", n, |k| format!("f{k},cloth,1,,{rule}"))
                + "mill,cloth,200,,\nshop,cloth,none,true,\n",
        ),
        (
            "demand.csv",
            table("id,market,firm,product,quantity_per_day,price_usd_per_unit,patience_days", n, |k| format!("d{k},town,f{k},cloth,2,4,3")),
        ),
    ])
}

fn oldest(n: usize) -> Files {
    ruled(n, "oldest")
}

fn class_priority(n: usize) -> Files {
    let mut files = ruled(n, "class_priority");
    let text = "id,name,unit,value_usd_per_unit,class\ncloth,Cloth,m,3,goods\n".to_owned();
    files.retain(|(name, _)| name != "products.csv" && name != "case.toml");
    files.push(("products.csv".to_owned(), text.into_bytes()));
    files.push(("case.toml".to_owned(), CASE.replace("start_state", "class_priority = [\"goods\"]\nstart_state").into_bytes()));
    files
}

fn classes(n: usize) -> Files {
    case(&[(
        "products.csv",
        "id,name,unit,value_usd_per_unit,class\ncloth,Cloth,m,3,goods\n".to_owned()
            + &table("", n, |k| format!("p{k},Product {k},t,1,class{k}"))[1..],
    )])
}

fn events(n: usize) -> Files {
    case(&[("events.csv", table(EVENTS, n, |k| format!("e{k},capacity,firm:mill,2024-01-0{},2024-01-05,0.99999,stop", 1 + k % 3)))])
}

fn events_unknown(n: usize) -> Files {
    case(&[
        ("firms.csv", more("firms.csv", n, |k| format!("firm-number-{k},Firm {k},here,cloth"))),
        ("events.csv", table(EVENTS, n, |k| format!("e{k},capacity,firm:firm-number-{k}x,2024-01-02,2024-01-05,0.9,stop"))),
    ])
}

fn terms(n: usize) -> Files {
    case(&[("terms.csv", more("terms.csv", n, |k| format!("t{k},restock,3")))])
}

fn traffic(n: usize) -> Files {
    case(&[
        ("places.csv", more("places.csv", 1, |_| "abroad,Abroad,DE".to_owned())),
        ("crossings.csv", "id,name,place_a,place_b,mode,tonnes_per_day\nbridge,Bridge,here,abroad,capacity,1000000\n".to_owned()),
        ("traffic.csv", table("crossing,class,toward,tonnes_per_day", n, |k| format!("bridge,class{k},DE,1"))),
    ])
}

fn rates(n: usize) -> Files {
    let date = |k: usize| ripstop_case::date_of(-(k as i32) + 8_000);
    case(&[("exchange_rates.csv", table("currency,from,usd_per_unit", n, |k| format!("EUR,{},1.1", date(k))))])
}

/// Codes of three letters: as many as there are.
fn currencies(n: usize) -> Files {
    let letter = |k: usize| char::from(b'A' + (k % 26) as u8);
    let code = |k: usize| [k / 676, k / 26, k].map(letter).iter().collect::<String>();
    case(&[("exchange_rates.csv", table("currency,from,usd_per_unit", n.min(17_000), |k| format!("{},2024-01-01,1.1", code(k))))])
}

fn sources(n: usize) -> Files {
    case(&[
        (
            "sources.csv",
            table("id,statement,publisher,date,language,grade,url", n, |k| format!("s{k},A statement,Somebody,2024-01-01,en,B,")),
        ),
        (
            "places.csv",
            "id,name,country,basis,source\nhere,Here,FR,,\nthere,There,FR,,\n".to_owned()
                + &table("", n, |k| format!("p{k},Place {k},FR,sourced,s{k}"))[1..],
        ),
    ])
}

fn observations(n: usize) -> Files {
    case(&[
        ("sources.csv", "id,statement,publisher,date,language,grade,url\ns,A statement,Somebody,2024-01-01,en,B,\n".to_owned()),
        ("case.toml", CASE.replace("end = \"2024-01-05\"", "end = \"2024-01-31\"")),
        (
            "observations.csv",
            table("id,date,series,value,unit,kind,source,compare,measure,of,period", n, |k| {
                format!("o{k},2024-01,cloth {k},80,m,reported,s,size,made_per_worker,firm:mill,")
            }),
        ),
    ])
}

fn parameters(n: usize) -> Files {
    case(&[
        ("parameters.csv", table("name,value,unit,low,high,basis", n, |k| format!("x{k},1,m,0.5,2,assumed"))),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,shop,cloth,$x{k},4"))),
    ])
}

fn parameters_unused(n: usize) -> Files {
    case(&[("parameters.csv", table("name,value,unit,low,high,basis", n, |k| format!("x{k},1,m,0.5,2,assumed")))])
}

fn parameters_chain(n: usize) -> Files {
    case(&[
        (
            "parameters.csv",
            table("name,value,unit,low,high,basis", n, |k| {
                if k == 0 { "x0,1,m,0.5,2,assumed".to_owned() } else { format!("x{k},$x{} * 1,m,,,inferred", k - 1) }
            }),
        ),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,shop,cloth,$x{k},4"))),
    ])
}

/// Each rests on all the ranges before: what the ends of ranges do to the last is what a run tries.
fn parameters_sum(n: usize) -> Files {
    let row = |k: usize| match k {
        0 => "x0,1,m,0.5,2,assumed".to_owned(),
        _ if k % 2 == 1 => format!("x{k},0.01,m,0.005,0.02,assumed"),
        _ => format!("x{k},$x{} * 0.5 + $x{},m,,,inferred", k - 2, k - 1),
    };
    case(&[
        ("parameters.csv", table("name,value,unit,low,high,basis", n, row)),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,shop,cloth,$x{k},4"))),
    ])
}

fn parameters_unknown(n: usize) -> Files {
    case(&[
        ("parameters.csv", table("name,value,unit,low,high,basis", n, |k| format!("number_{k},1,m,0.5,2,assumed"))),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,shop,cloth,$number_{k}x,4"))),
    ])
}

fn scenarios(n: usize) -> Files {
    let mut text = CASE.to_owned();
    for k in 0..n {
        let _ = write!(text, "[scenarios.s{k}]\ntitle = \"Scenario {k}\"\nabout = \"Another.\"\n");
    }
    case(&[("case.toml", text), ("events.csv", table(EVENTS, n, |k| format!("e{k},capacity,firm:mill,2024-01-02,2024-01-05,0.9,s{k}")))])
}

fn scenarios_set(n: usize) -> Files {
    let mut text = CASE.to_owned();
    for k in 0..n {
        let _ = write!(text, "[scenarios.s{k}]\ntitle = \"Scenario {k}\"\nabout = \"Another.\"\nset = {{ x{k} = 1.5 }}\n");
    }
    let mut files = parameters(n);
    files.retain(|(name, _)| *name != "case.toml");
    files.push(("case.toml".into(), text.into()));
    files
}

fn claims(n: usize) -> Files {
    let one = |k: usize| {
        format!(
            "[[claim]]\nid = \"C{k}\"\nkind = \"outcome\"\ntext = \"The mill works.\"\nsource = [\"s\"]\ngrade = \"B\"\ndate = \"2024-01-04\"\n[[claim.holds_when]]\nmeasure = \"workers_idle\"\ndays = 2\nof = \"firm:mill\"\nat_most = 1\n"
        )
    };
    case(&[
        ("sources.csv", "id,statement,publisher,date,language,grade,url\ns,A statement,Somebody,2024-01-01,en,B,\n".to_owned()),
        ("claims.toml", (0..n).map(one).collect()),
    ])
}

fn goods(n: usize) -> Files {
    let codes: Vec<String> = (0..n).map(|k| format!("\"{:06}\"", 10_000 + k * 7 % 980_000)).collect();
    let law = format!(
        "schema = \"ripstop-law/1\"\n[[goods]]\nid = \"many\"\nvintage = \"HS2017\"\nstatus = \"text\"\ncodes = [{}]\n[[rule]]\nid = \"R\"\ntitle = \"A rule\"\nauthority = \"Somebody\"\ninstrument = \"A text\"\nsources = [\"https://example.org\"]\nverified = \"text\"\nin_force = 2020-01-01T00:00:00Z\nacts = [\"import\"]\ngoods = [\"many\"]\n[[rule.when]]\norigin = [\"FR\"]\n",
        codes.join(", ")
    );
    case(&[("rules/law.toml", law), ("case.toml", CASE.replace("model =", "rules = [\"R\"]\nmodel ="))])
}

fn links(n: usize) -> Files {
    let mut files = case(&[
        ("firms.csv", table("id,name,place,sector", n / 4, |k| format!("f{k},Firm {k},here,s{}", k % 30))),
        ("links.csv", table("seller,buyer,value_per_day", n, |k| format!("f{},f{},1", k * 7919 % (n / 4), (k / 4 + 1) % (n / 4)))),
    ]);
    files.retain(|(name, _)| !["lines.csv", "products.csv", "contracts.csv", "demand.csv", "terms.csv"].contains(&name.as_str()));
    files
}

/// Each line needs the next's product, the last the first's; stores are empty.
fn ring(n: usize) -> Files {
    case(&[
        ("products.csv", more("products.csv", n, |k| format!("p{k},Product {k},t,1"))),
        ("recipes.csv", table("product,input,quantity_per_unit", n, |k| format!("p{k},p{},0.5", (k + 1) % n))),
        ("firms.csv", more("firms.csv", n, |k| format!("f{k},Firm {k},here,cloth"))),
        ("lines.csv", more("lines.csv", n, |k| format!("f{k},p{k},none,"))),
        ("contracts.csv", more("contracts.csv", n, |k| format!("k{k},f{},f{k},p{},sale,supply,1", (k + 1) % n, (k + 1) % n))),
        ("demand.csv", more("demand.csv", n, |k| format!("d{k},town,f{k},p{k},1,1"))),
        ("case.toml", CASE.replace("steady", "empty")),
    ])
}

/// An event for each of many firms, and one for each of many contracts.
fn event_each(n: usize) -> Files {
    let mut files = contracts(n);
    let target = |k: usize| {
        [format!("capacity,firm:f{k}"), format!("order_cut,contract:k{k}"), format!("order_cut,buyer:f{k}"), format!("capacity,f{k}/cloth")]
            [k % 4]
            .clone()
    };
    files.push(("events.csv".to_owned(), table(EVENTS, n, |k| format!("e{k},{},2024-01-02,2024-01-05,0.9,stop", target(k))).into_bytes()));
    files
}

/// Many sets of goods that a rule names.
fn sets_of_goods(n: usize) -> Files {
    let sets: String =
        (0..n).map(|k| format!("[[goods]]\nid = \"g{k}\"\nvintage = \"HS2017\"\nstatus = \"text\"\ncodes = [\"62\"]\n")).collect();
    let mut files = goods(1);
    for (name, bytes) in &mut files {
        if name == "rules/law.toml" {
            bytes.extend(sets.as_bytes());
        }
    }
    files
}
