//! `ripstop check`: every problem of a case in one pass.

use ripstop_case::network::Mapper;
use ripstop_case::{Case, Loaded, load};

use crate::{CheckArgs, Failure, print, problems};

/// Reads a case and reports.
pub fn check(arguments: &CheckArgs) -> Result<(), Failure> {
    let loaded = load(&crate::run::folder(&arguments.case)?);
    if arguments.json {
        let list = serde_json::to_string_pretty(&loaded.diagnostics).map_err(|e| Failure::Bug(e.to_string()))?;
        print(&format!("{list}\n"));
    } else {
        problems::print(&loaded);
        if let Some(case) = &loaded.case {
            print(&contents(case));
        }
    }
    compiles(&loaded)
}

/// A case without a problem in its files must compile for the engine too, in every scenario.
fn compiles(loaded: &Loaded) -> Result<(), Failure> {
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let mapper = Mapper::new(case);
    for (index, scenario) in case.scenarios.iter().enumerate() {
        let values = case.parameters.values_in(scenario, &[]);
        let network = mapper.network(&values);
        let events = mapper.events(&network, &values, index);
        ripstop::plan::Plan::new(network, events).map_err(|e| anyhow::anyhow!("scenario {}: {e}", scenario.name))?;
    }
    Ok(())
}

fn contents(case: &Case) -> String {
    let rows = |table: &str| case.table(table).rows();
    let mapper = Mapper::new(case);
    let network = mapper.network(&case.parameters.base_values());
    format!(
        "{}: no errors. {} firms, {} lines, {} contracts, {} order lines, {} events, {} parameters ({} with a range), {} scenarios.\n",
        case.meta.id,
        rows("firms"),
        rows("lines"),
        rows("contracts"),
        network.orders.len(),
        rows("events"),
        case.parameters.list.len(),
        case.parameters.ranged().len(),
        case.scenarios.len(),
    )
}
