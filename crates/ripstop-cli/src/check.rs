//! `ripstop check`: every problem of a case in one pass.

use ripstop_case::network::Mapper;
use ripstop_case::{Case, load};

use crate::account::words::{paragraph, some};
use crate::{CheckArgs, Failure, named, print, problems, terminal};

/// Reads a case and reports.
pub fn check(arguments: &CheckArgs) -> Result<(), Failure> {
    let mut loaded = load(&named::folder(&arguments.case)?);
    loaded.refuse();
    let skipped = loaded.measure_start();
    loaded.apply(&arguments.warnings.policy());
    if arguments.json {
        terminal::print_json(&serde_json::to_value(&loaded.diagnostics).map_err(|e| Failure::Bug(e.to_string()))?)?;
    } else {
        problems::print(&loaded);
        if let Some(case) = &loaded.case {
            print(&contents(case));
            for note in ripstop_case::notes(case).into_iter().chain(skipped) {
                print(&paragraph(&format!("Note: {note}."), 0));
            }
        }
    }
    if loaded.case.is_some() { Ok(()) } else { Err(Failure::Input) }
}

fn contents(case: &Case) -> String {
    let rows = |table: &str| case.table(table).rows();
    let mapper = Mapper::new(case);
    let orders = mapper.order_lines(&case.parameters.base_values());
    let links = case.links.as_ref().map_or(String::new(), |links| format!("{}, ", some(links.len(), "link")));
    let text = format!(
        "{}: no errors. {}, {links}{}, {}, {}, {}, {} ({} with a range), {}.",
        case.meta.id,
        some(rows("firms"), "firm"),
        some(rows("lines"), "line"),
        some(rows("contracts"), "contract"),
        some(orders, "order line"),
        some(rows("events"), "event"),
        some(case.parameters.list.len(), "parameter"),
        case.parameters.ranged().len(),
        some(case.scenarios.len(), "scenario"),
    );
    paragraph(&text, 0)
}
