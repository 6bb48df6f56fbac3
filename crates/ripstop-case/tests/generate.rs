//! Made networks have the properties they are said to have, and wrong tables are refused with a place.

mod common;

use common::TempDir;
use std::path::Path;

use ripstop_case::generate::{IoTable, Made, Request, generate, table, write};
use ripstop_case::place::Place;
use ripstop_case::{Code, Diagnostic, load};
use ripstop_study::output::OutputError;

fn shipped() -> IoTable {
    table(None).unwrap()
}

fn made(request: &Request) -> Made {
    generate(&shipped(), request).unwrap()
}

fn number(made: &Made, pointer: &str) -> f64 {
    made.report.pointer(pointer).and_then(serde_json::Value::as_f64).unwrap_or_else(|| panic!("{pointer}"))
}

/// The place of a case that is not there yet.
fn place(folder: &Path) -> Result<Place, OutputError> {
    Place::take(folder, |_| false)
}

#[test]
fn the_shipped_table_balances() {
    let table = shipped();
    assert_eq!((table.len(), table.regions.len(), table.sectors.len()), (280, 8, 35));
    // Total output of 2011, USD million: 141,708,692 in the table, and what two industries have negative final demand is left out.
    let output: f64 = table.output.iter().sum();
    assert_eq!(
        table.clipped,
        [
            (table.industries.iter().position(|i| i == "JPN.c2").unwrap(), 7154.0),
            (table.industries.iter().position(|i| i == "TWN.c2").unwrap(), 81.0)
        ]
    );
    assert_eq!(output, 141_708_692.0 + 7154.0 + 81.0);
}

#[test]
fn a_made_network_is_what_was_asked_for() {
    let request = Request { firms: 30_000, links: 300_000, seed: 7, ..Request::default() };
    let made = made(&request);
    assert_eq!(made.industry.len(), 30_000);
    let obtained = made.seller.len() as f64;
    assert!((obtained / 300_000.0 - 1.0).abs() < 0.01, "{obtained} links");
    // Tails by Hill's estimator on 300 firms: its standard error is α/√300 = 6 %; stated and tested: within three of them.
    for (tail, asked) in [("suppliers", 1.35), ("customers", 1.26)] {
        let found = number(&made, &format!("/{tail}/tail_exponent/obtained"));
        assert!((found / asked - 1.0).abs() < 0.18, "{tail}: {found} for {asked}");
    }
    let mut taken = made.final_demand.clone();
    for buyer in 0..made.industry.len() {
        let sellers = &made.seller[made.of(buyer)];
        assert!(sellers.windows(2).all(|pair| pair[0] < pair[1]), "no pair stands twice");
        assert!(!sellers.contains(&(buyer as u32)), "nobody sells to itself");
        made.of(buyer).for_each(|link| taken[made.seller[link] as usize] += made.value[link]);
        let bought: f64 = made.value[made.of(buyer)].iter().sum();
        assert!(bought < made.output[buyer], "value added of firm {buyer}");
    }
    for (firm, (taken, output)) in taken.iter().zip(&made.output).enumerate() {
        assert!((taken - output).abs() <= 1e-12 * output, "firm {firm} makes {output}, of which {taken} are taken");
    }
    needed_goods(&made);
    assert!(number(&made, "/output/mean_deviation") < 0.03);
    assert!(number(&made, "/trade_between_industries/mean_deviation") < 0.12);
}

/// Every firm buys the goods its industry buys most: as many as the report says.
fn needed_goods(made: &Made) {
    let (table, needed) = (shipped(), number(made, "/inputs/needed_goods") as usize);
    assert_eq!(needed, 5);
    let n = table.len();
    for buyer in 0..made.industry.len() {
        let industry = made.industry[buyer] as usize;
        let mut bought = vec![0.0; table.sectors.len()];
        (0..n).for_each(|row| bought[table.sector_of(row)] += table.z[row * n + industry]);
        let mut goods: Vec<usize> = (0..bought.len()).filter(|&good| bought[good] > 0.0).collect();
        goods.sort_by(|&a, &b| bought[b].total_cmp(&bought[a]).then(a.cmp(&b)));
        let has = |good: &usize| made.of(buyer).any(|link| table.sector_of(made.industry[made.seller[link] as usize] as usize) == *good);
        assert!(goods.iter().take(needed).all(has), "firm {buyer} of {}", table.industries[industry]);
    }
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let hashes = |seed: u64, threads: usize| -> Vec<String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let request = Request { firms: 2_000, links: 20_000, seed, ..Request::default() };
        let dir = TempDir::new();
        pool.install(|| write(&place(&dir.path().join("made")).unwrap(), &shipped(), &request, &made(&request))).unwrap();
        let files = ["firms.parquet", "links.parquet", "events.csv", "generate.json"];
        files.map(|file| blake3::hash(&std::fs::read(dir.path().join("made").join(file)).unwrap()).to_hex().to_string()).to_vec()
    };
    let first = hashes(1, 1);
    assert_eq!(first, hashes(1, 3));
    assert!(first.iter().zip(hashes(2, 1)).take(2).all(|(a, b)| *a != b));
}

#[test]
fn a_made_case_has_no_problem() {
    let request = Request { firms: 1_000, links: 10_000, ..Request::default() };
    let dir = TempDir::new();
    let folder = dir.path().join("made");
    let network = made(&request);
    write(&place(&folder).unwrap(), &shipped(), &request, &network).unwrap();
    let loaded = load(&folder);
    assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
    let case = loaded.case.unwrap();
    let links = case.links.as_ref().unwrap();
    assert_eq!(links.len(), network.seller.len());
    assert_eq!((links.seller.len(), links.rows), (network.seller.len(), network.seller.len()));
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).fold(0_u64, u64::wrapping_add);
    assert_eq!(bits(&links.value_per_day), bits(&network.value), "every value comes back to the bit");
    assert!(place(&folder).is_err(), "a folder that holds something is left alone");
}

const TABLE: &str = "row,A.x,A.y,B.x,use,output\nA.x,1,2,0,7,10\nA.y,2,1,1,4,8\nB.x,1,1,1,3,6\nadded,6,4,4,,\n";

fn read(text: &str) -> Result<IoTable, Vec<Diagnostic>> {
    let dir = TempDir::new();
    let file = dir.path().join("table.csv");
    std::fs::write(&file, text).unwrap();
    table(Some(&file))
}

#[test]
fn a_small_table() {
    let table = read(TABLE).unwrap();
    assert_eq!(
        (table.regions.as_slice(), table.sectors.as_slice()),
        (&["A".to_owned(), "B".to_owned()][..], &["x".to_owned(), "y".to_owned()][..])
    );
    assert_eq!((table.output.as_slice(), table.final_demand.as_slice()), (&[10.0, 8.0, 6.0][..], &[7.0, 4.0, 3.0][..]));
    let semicolons = read(&TABLE.replace(',', ";")).unwrap();
    assert_eq!(semicolons.z, table.z);
    let made = generate(&table, &Request { firms: 200, links: 1_200, ..Request::default() }).unwrap();
    assert!(number(&made, "/output/mean_deviation") < 0.1, "{}", made.report);
}

#[test]
fn wrong_tables_are_refused_with_a_place() {
    let wrong = |from: &str, to: &str| {
        let faults = read(&TABLE.replacen(from, to, 1)).unwrap_err();
        (faults[0].code, faults[0].line, faults[0].column, faults.len())
    };
    assert_eq!(wrong("7,10", "7,11"), (Code::TableUnbalanced, 2, 13, 2), "row, and column with its value added");
    assert_eq!(wrong("added,6", "added,5"), (Code::TableUnbalanced, 5, 7, 1));
    assert_eq!(wrong("2,1,1,4", "2,-1,3,4"), (Code::TableMalformed, 3, 7, 1));
    assert_eq!(wrong("2,1,1,4", "2,many,1,4").0, Code::NotANumber);
    assert_eq!(wrong("2,1,1,4", "2,NaN,1,4").0, Code::NotFinite);
    assert_eq!(wrong("A.x,A.y", "A.y,A.x"), (Code::TableMalformed, 2, 1, 1));
    assert_eq!(wrong("A.y,2", "A.z,2").0, Code::TableMalformed);
    assert_eq!(read("").unwrap_err()[0].code, Code::TableMalformed);
    assert_eq!(read("row,use\nA.x,1\n").unwrap_err()[0].code, Code::TableMalformed);
    assert_eq!(table(Some(std::path::Path::new("no-such-table.csv"))).unwrap_err()[0].code, Code::MissingFile);
}

#[test]
fn networks_that_cannot_be_are_refused() {
    let refused = |request: Request| generate(&shipped(), &request).err().map(|fault| fault.code);
    assert_eq!(refused(Request { firms: 100, links: 1_000, ..Request::default() }), Some(Code::CannotGenerate));
    assert_eq!(refused(Request { firms: 1_000, links: 1_000, ..Request::default() }), Some(Code::CannotGenerate));
    assert_eq!(refused(Request { suppliers_tail: 1.0, ..Request::default() }), Some(Code::CannotGenerate));
    assert_eq!(refused(Request { shock_sector: Some("c99".into()), ..Request::default() }), Some(Code::CannotGenerate));
    assert_eq!(refused(Request::default()), None);
}
