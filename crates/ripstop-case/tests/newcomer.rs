//! What somebody who writes a first case gets wrong, and is told: prices in another currency, volumes nobody can make, files that are torn.
//! Every figure in a message is worked out here by hand.

mod common;

use common::Files;
use ripstop_case::{Code, Diagnostic, Loaded};

/// A farm sells stems in shillings to a shop abroad; 100 shillings are 1 euro. Nothing is wrong with it.
fn roses() -> Files {
    let mut files = Files::valid();
    for name in files.names() {
        files = files.without(&name);
    }
    files
        .with(
            "case.toml",
            "[case]\ntitle = \"Roses\"\nstart = 2025-01-01\nend = 2025-12-31\nas_of = 2025-06-30\ncurrency = \"EUR\"\ndefault_scenario = \"shut\"\n\n[scenarios.shut]\nabout = \"Nothing flies.\"\n",
        )
        .with("places.csv", "id,country,lat,lon\nfarmtown,KE,-0.7,36.4\ncity,NL,52.3,4.8\n")
        .with("crossings.csv", "id,place_a,place_b,mode,tonnes_per_day\nair,farmtown,city,capacity,9\n")
        .with("routes.csv", "route,leg,from,to,days,crossing,tonnes_per_day\nfly,1,farmtown,city,2,air,none\n")
        .with("traffic.csv", "crossing,toward,class,tonnes_per_day\nair,NL,fish,2\n")
        .with(
            "products.csv",
            "id,unit,value_usd_per_unit,kg_per_unit,spoilage_share_per_day\nseed,piece,0.05,0.001,0\nstem,piece,0.2,0.05,0.1\n",
        )
        .with("recipes.csv", "product,input,quantity_per_unit\nstem,seed,2\n")
        .with(
            "firms.csv",
            "id,name,place,currency,workers,wage_per_month,rest_weekdays\n\
             seeds,Seeds,farmtown,KES,,,\nfarm,Farm,farmtown,KES,2100,9000,sun\nshop,Shop,city,,,,\n",
        )
        .with(
            "lines.csv",
            "firm,product,capacity_per_day,labour_days_per_unit,resale\nseeds,seed,none,,\nfarm,stem,140000,0.014,\nshop,stem,none,,true\n",
        )
        .with("terms.csv", "id,ordering,stock_days\nfresh,restock,1\n")
        .with(
            "contracts.csv",
            "id,seller,buyer,product,terms,route,currency,price_per_unit\n\
             seed,seeds,farm,seed,fresh,,KES,5\nstems,farm,shop,stem,fresh,fly,KES,30\n",
        )
        .with("demand.csv", "id,market,firm,product,quantity_per_day,season_from,season_to,price_usd_per_unit\nd,nl,shop,stem,100000,,,0.5\n")
        .with("exchange_rates.csv", "currency,from,usd_per_unit\nKES,2025-01-01,0.01\n")
        .with("events.csv", "id,kind,target,from,to,value,scenarios\nshut,open_share,crossing:air,2025-02-01,2025-03-01,0,shut\n")
}

fn edit(file: &str, from: &str, to: &str) -> Files {
    roses().edit(file, from, to)
}

fn all(loaded: &Loaded, code: Code) -> Vec<Diagnostic> {
    loaded.diagnostics.iter().filter(|found| found.code == code).cloned().collect()
}

/// The only problem is this, and its message and fix hold these words.
fn only(files: &Files, code: Code, file: &str, needle: &str, words: &[&str]) {
    let fault = files.fails(code, file, needle);
    let told = format!("{} | {}", fault.message, fault.fix);
    words.iter().for_each(|word| assert!(told.contains(word), "{word:?} is not in {told}"));
}

#[test]
fn the_case_is_valid() {
    roses().case();
}

#[test]
fn a_price_in_another_currency_is_compared_in_the_cases() {
    // 9 shillings are 0.09 euros; two seeds at 0.05 are 0.10.
    let low = edit("contracts.csv", "KES,30", "KES,9");
    only(&low, Code::PricedBelowCost, "contracts.csv", "9\n", &["9 KES (0.09 EUR at 0.01 EUR a KES)", "inputs alone", "0.1 EUR"]);
    // The rate of the first day counts.
    let later = "KES,2025-01-01,0.01\nKES,2025-06-01,0.001\n";
    edit("exchange_rates.csv", "KES,2025-01-01,0.01\n", later).case();
    edit("contracts.csv", "KES,30", "KES,11").case();
}

#[test]
fn inputs_bought_dear() {
    // Two seeds at 12 shillings are 0.24 euros, more than they are worth, and more than 20 shillings.
    let dear = edit("contracts.csv", "KES,5", "KES,12").edit("contracts.csv", "KES,30", "KES,20");
    only(&dear, Code::PricedBelowCost, "contracts.csv", "20\n", &["0.2 EUR", "at the price of its contracts", "0.24 EUR"]);
    // The shop buys at 0.30 and sells at 0.25.
    let shop = edit("demand.csv", ",,,0.5", ",,,0.25");
    only(&shop, Code::PricedBelowCost, "demand.csv", "0.25", &["customers pay 0.25 EUR", "0.3 EUR"]);
    edit("demand.csv", ",,,0.5", ",,,0.3").case();
}

#[test]
fn a_fee_below_wages_in_another_currency() {
    // 110 dollars a month are 786 yuan, and again 110 dollars: of 30.4375 days 5/7 are worked, 0.9 of one costs 4.554.
    let paid_in_yuan = Files::valid().edit("contracts.csv", "out,in,6", "out,in,4").column("firms.csv", "currency", &["CNY", "", ""]);
    let loaded = paid_in_yuan.with("exchange_rates.csv", common::RATES).load();
    let found = all(&loaded, Code::PricedBelowCost);
    assert!(found.len() == 1 && found[0].message.contains("the fee is 4 USD") && found[0].message.contains("4.554 USD"), "{loaded:#?}");
}

#[test]
fn prices_far_from_value() {
    // 30 euros for a stem of 0.2.
    let euros = edit("contracts.csv", "fly,KES,30", "fly,,30");
    only(&euros, Code::PriceFarFromValue, "contracts.csv", "30\n", &["stem is 30 EUR, 150 times its value of 0.2 EUR"]);
    // A rate upside down makes both prices absurd; each is told with the rate, and what it should perhaps be.
    let turned = edit("exchange_rates.csv", "0.01", "100").load();
    let found = all(&turned, Code::PriceFarFromValue);
    assert_eq!(found.len(), 2, "{:#?}", turned.diagnostics);
    assert!(found[1].message.contains("30 KES (3000 EUR at 100 EUR a KES), 15000 times its value"), "{}", found[1].message);
    assert!(found[1].fix.contains("upside down") && found[1].fix.contains("perhaps 0.01"), "{}", found[1].fix);
    // A twentieth and twenty times are not doubted.
    edit("contracts.csv", "KES,30", "KES,400").edit("demand.csv", ",,,0.5", ",,,4").case();
}

#[test]
fn the_cases_currency_is_named() {
    // Five seeds at 0.05 make a stem of 0.2.
    let files = edit("recipes.csv", "seed,2", "seed,5");
    only(&files, Code::ValueVanishes, "products.csv", "0.2,", &["worth 0.2 EUR", "inputs worth 0.25 EUR"]);
}

/// 100,000 stems a day are sold; the farm works 6 days of 7.
#[test]
fn standing_orders_against_capacity() {
    // 84,000 on a working day are 72,000 on an average one.
    let small = edit("lines.csv", "140000", "84000");
    only(&small, Code::VolumeOutOfReach, "lines.csv", "84000", &["without any event farm/stem can make only 72000 of the 100000 a day"]);
    edit("lines.csv", "140000", "116667").case();
    // 200,000 seeds a day, two a stem; of what the farm can make when it is the bottleneck itself only 144,000.
    let seeds = edit("lines.csv", "seed,none", "seed,150000");
    only(&seeds, Code::VolumeOutOfReach, "lines.csv", "150000", &["seeds/seed can make only 150000 of the 200000"]);
    only(&seeds.edit("lines.csv", "140000", "84000"), Code::VolumeOutOfReach, "lines.csv", "84000", &["72000"]);
    // What spoils in store is ordered too: of 3 days' stock two tenths spoil, so 120,000 are bought.
    let stock = edit("terms.csv", "restock,1", "restock,3").edit("lines.csv", "140000", "120000");
    only(&stock, Code::VolumeOutOfReach, "lines.csv", "120000", &["only 102857 of the 120000"]);
}

#[test]
fn standing_orders_against_labour() {
    // 100,000 stems take 1,400 worker-days; 1,400 workers who rest on Sundays give 1,200 a day.
    let few = edit("firms.csv", "2100", "1400");
    only(&few, Code::VolumeOutOfReach, "firms.csv", "1400", &["farm has only 1200 of the 1400 worker-days"]);
    edit("firms.csv", "2100", "1640").case();
}

#[test]
fn standing_orders_against_tonnes() {
    // 100,000 stems of 50 g are 5 tonnes, and 2 of fish: more than 6, but not than 6.5, less a tenth.
    let narrow = edit("crossings.csv", "capacity,9", "capacity,6");
    only(
        &narrow,
        Code::VolumeOutOfReach,
        "crossings.csv",
        "6\n",
        &["5 tonnes and 2 tonnes of other traffic a day", "toward NL", "only 6 can"],
    );
    edit("crossings.csv", "capacity,9", "capacity,6.5").case();
    let leg = edit("crossings.csv", "capacity,9", "flow,").edit("routes.csv", "air,none", "air,4").without("traffic.csv");
    only(&leg, Code::VolumeOutOfReach, "routes.csv", "4\n", &["5 tonnes a day want to set out on this leg", "only 4 can"]);
}

#[test]
fn borders_and_crossings() {
    let open = edit("routes.csv", "2,air", "2,").load();
    let found = all(&open, Code::BorderWithoutCrossing);
    assert!(found.len() == 1 && found[0].message.contains("farmtown in KE to city in NL"), "{:#?}", open.diagnostics);
    assert!(found[0].fix.contains("such as air"), "{}", found[0].fix);
    // The event then does nothing, which is said where the event stands.
    let idle = all(&open, Code::EventWithoutEffect);
    assert!(idle.len() == 1 && idle[0].message.contains("no route of any contract passes it"), "{:#?}", open.diagnostics);
    // In a case with a crossing elsewhere another border is left out on purpose.
    let aside = edit("places.csv", "city,NL", "port,BE,,\ncity,NL").edit("routes.csv", "fly,", "on,1,city,port,1,,none\nfly,").load();
    assert_eq!(all(&aside, Code::BorderWithoutCrossing), []);
    let none = edit("routes.csv", "2,air", "2,").without("crossings.csv").without("traffic.csv").without("events.csv").load();
    assert_eq!(all(&none, Code::BorderWithoutCrossing).len(), 1, "{:#?}", none.diagnostics);
}

#[test]
fn events_that_start_too_early() {
    let early = edit("events.csv", "2025-02-01", "2024-12-01");
    only(&early, Code::StartsBeforeCase, "events.csv", "2024-12-01", &["starts on 2024-12-01", "before the case does on 2025-01-01"]);
    // As background it is how things were; and what is over is outside the case.
    let background = edit("events.csv", "2025-02-01", "2024-12-01").edit("events.csv", "0,shut", "0,background");
    assert_eq!(all(&background.load(), Code::StartsBeforeCase), []);
    edit("events.csv", "2025-02-01,2025-03-01", "2024-12-01,2024-12-31").fails(Code::OutsideCase, "events.csv", "2024-12-31");
}

#[test]
fn claims_that_say_nothing() {
    let claim = |rest: &str| roses().with("claims.toml", format!("[[claim]]\nid = \"C1\"\nkind = \"outcome\"\ntext = \"x\"\n{rest}"));
    let idle = |bound: &str| claim(&format!("holds_when = [{{ measure = \"utilisation\", of = [\"firm:farm\"], days = 7, {bound} }}]\n"));
    let fault = idle("at_most = 40").fails(Code::AboveMaximum, "claims.toml", "40");
    assert!(fault.message.contains("is a share") && fault.suggestion.as_deref() == Some("0.4"), "{fault:?}");
    idle("above = -1").fails(Code::BelowMinimum, "claims.toml", "-1");
    idle("at_most = 1").case();
    claim("holds_when = [{ measure = \"firms_shut\", of = [\"firm:farm\"], at_least = 2 }]\n").case();
    only(&claim(""), Code::ClaimWithoutTest, "claims.toml", "\"C1\"", &["C1 is an outcome"]);
    claim("needs = \"trace\"\n").case();
    // A premise is not tested.
    claim("").edit("claims.toml", "outcome", "premise").case();
    // A comma that is missing is all that is said.
    idle("at_most = 1").edit("claims.toml", "\"], days", "\"] days").fails(Code::TomlSyntax, "claims.toml", "days");
}

#[test]
fn goods_and_seasons() {
    // 11 days' need at a tenth a day: 1.1 of it spoils.
    let rots = edit("terms.csv", "restock,1", "restock,11").edit("lines.csv", "140000", "none").edit("firms.csv", "2100", "9000");
    let rots = rots.edit("crossings.csv", "capacity,9", "capacity,99");
    only(&rots, Code::RotsInStore, "contracts.csv", "fresh,fly", &["11 days' need of stem", "10 % spoils"]);
    // 14 February to 5 February are 357 days.
    let swapped = edit("demand.csv", "100000,,", "100000,02-14,02-05");
    only(&swapped, Code::SeasonAlmostAYear, "demand.csv", "02-05", &["from 02-14 to 02-05 are 357 days"]);
    edit("demand.csv", "100000,,", "100000,11-15,02-05").case();
    let swapped = edit("places.csv", "52.3,4.8", "104.8,52.3").fails(Code::AboveMaximum, "places.csv", "104.8");
    assert!(swapped.fix.contains("swapped"), "{}", swapped.fix);
}

#[test]
fn a_faulty_parameter_is_told_once() {
    let date = "name,value,unit,low,high\nstop,2025-02-30,date,,\nlater,$stop + 7,date,,\n";
    let files = edit("events.csv", "2025-02-01,2025-03-01", "$stop,$later").with("parameters.csv", date);
    files.fails(Code::NotADate, "parameters.csv", "2025-02-30");
    let number = "name,value,unit,low,high\nwide,many,tonnes per day,,\n";
    edit("crossings.csv", "capacity,9", "capacity,$wide").with("parameters.csv", number).fails(Code::NotANumber, "parameters.csv", "many");
}

#[test]
fn quotes() {
    let open = edit("firms.csv", "farm,Farm", "farm,\"Farm").fails(Code::UnclosedQuote, "firms.csv", "\"");
    assert!(open.message.contains("never closed"));
    // A quote further down does not close it.
    let two = edit("firms.csv", "farm,Farm", "farm,\"Farm").edit("firms.csv", "shop,Shop", "shop,\"Shop, the\"");
    two.fails(Code::UnclosedQuote, "firms.csv", "\"Farm");
    edit("firms.csv", "farm,Farm", "farm,\"Farm, the \"\"old\"\"\none\"").case();
    let comma = || edit("firms.csv", "farm,Farm", "farm,Farm, Ltd");
    only(&comma(), Code::WrongCellCount, "firms.csv", "Farm, Ltd", &["cuts it apart", "write \"Farm, Ltd\""]);
    // Other faults of the row are told where they stand.
    let place = comma().edit("firms.csv", "Ltd,farmtown", "Ltd,framtown").load();
    let unknown = all(&place, Code::UnknownId);
    assert_eq!((unknown.len(), unknown[0].column), (1, "farm,Farm, Ltd,".len() + 1), "{:#?}", place.diagnostics);
}

#[test]
fn who_buys_and_sells_the_same() {
    let make = edit("lines.csv", "none,,true", "none,,");
    only(&make, Code::InputNobodySells, "lines.csv", "stem,none", &["shop buys stem and sells it", "set resale = true"]);
    // Without a recipe nothing is lacking; but what is bought is never ordered.
    let free = make.without("recipes.csv").edit("contracts.csv", "seed,seeds,farm,seed,fresh,,KES,5\n", "").load();
    let idle = all(&free, Code::NeverOrdered);
    assert!(idle.iter().any(|found| found.fix.contains("set resale = true on the line shop/stem")), "{:#?}", free.diagnostics);
}

#[test]
fn recipes_in_a_loop() {
    let ring = edit("recipes.csv", "stem,seed,2\n", "stem,seed,2\nseed,stem,0.1\n");
    only(&ring, Code::InputNobodySells, "lines.csv", "seed,none", &["seed needs stem, which needs seed"]);
    let own = edit("recipes.csv", "stem,seed,2\n", "stem,seed,2\nseed,seed,0.1\n");
    only(&own, Code::InputNobodySells, "lines.csv", "seed,none", &["loop: seed needs seed"]);
}

#[test]
fn files_under_other_names() {
    let file = |from: &str, to: &str| roses().with(to, roses().text(from)).without(from);
    let letters = file("contracts.csv", "Contracts.csv").load();
    let found: Vec<_> = letters.diagnostics.iter().map(|found| (found.code, found.suggestion.as_deref())).collect();
    assert_eq!(found, [(Code::FileNameCase, Some("contracts.csv"))]);
    for name in ["demand.csv.txt", "demand.csv.bak", "demand.csv~"] {
        let loaded = file("demand.csv", name).load();
        let unread = all(&loaded, Code::UnknownFile);
        assert!(unread.len() == 1 && unread[0].suggestion.as_deref() == Some("demand.csv"), "{name}: {:#?}", loaded.diagnostics);
    }
    // Copies that an editor keeps beside the file are no slip; a file whose ending the system hides may be the one that was changed.
    roses().with("demand.csv~", "x").with("demand.csv.bak", "x").case();
    roses().with("demand.csv.txt", "x").fails_at(Code::UnknownFile, "demand.csv.txt", 1, 1);
    let none = roses().without("contracts.csv").fails_at(Code::InputNobodySells, "contracts.csv", 1, 1);
    assert!(none.message.contains("is not there") && none.fix.contains("add contracts.csv"), "{none:?}");
    roses().without("contracts.csv").without("demand.csv").fails_at(Code::NoContracts, "contracts.csv", 1, 1);
}
