//! `ripstop generate`: a network of firms from an input–output table, as a case that runs.

use ripstop_case::generate::{Request, generate as make, lines, table, write};
use ripstop_case::place::Place;
use ripstop_case::{Diagnostic, Severity};

use crate::account::words::left;
use crate::{Failure, GenerateArgs, print, problems, terminal};

/// Makes the case and says what was asked for and obtained.
pub fn generate(arguments: &GenerateArgs) -> Result<(), Failure> {
    let request = Request {
        firms: arguments.firms,
        links: arguments.links,
        seed: arguments.seed,
        suppliers_tail: arguments.suppliers_tail,
        customers_tail: arguments.customers_tail,
        size_tail: arguments.size_tail,
        shock_sector: arguments.shock_sector.clone(),
        shock_firms: arguments.shock_firms,
        days: arguments.days as usize,
    };
    let place = Place::take(&arguments.out, |_| false)?;
    let table = table(arguments.table.as_deref()).map_err(|faults| refused(&faults))?;
    let made = make(&table, &request).map_err(|fault| refused(&[*fault]))?;
    write(&place, &table, &request, &made)?;
    if arguments.json {
        return terminal::print_json(&made.report);
    }
    let mut text = format!("{} {} {}\n", left("", 42), left("asked", 18), "obtained");
    for (what, asked, obtained) in lines(&made) {
        text.push_str(&format!("{} {} {}\n", left(&what, 42), left(&asked, 18), obtained));
    }
    let out = arguments.out.display();
    text.push_str(&format!(
        "\nThe firms are invented; README.md says what is real. To go on:\n  ripstop run {out}\n  ripstop run {out} --scenario shock\n"
    ));
    print(&text);
    Ok(())
}

fn refused(faults: &[Diagnostic]) -> Failure {
    problems::print_list(faults);
    debug_assert!(faults.iter().any(|fault| fault.severity == Severity::Error));
    Failure::Input
}
