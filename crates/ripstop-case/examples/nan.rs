use ripstop_case::network::Mapper; use ripstop::run::*; use ripstop::series::Detail;
fn main() {
    let case = ripstop_case::load(std::path::Path::new("cases/sinuiju-2020")).case.unwrap();
    let mapper = Mapper::new(&case);
    let ranged = case.parameters.ranged_in(&case.scenarios[0]);
    let s = ripstop::draws::latin_hypercube(1, 200, ranged.len());
    for r in 0..200 {
        let set: Vec<_> = ranged.iter().enumerate().map(|(d, &id)| { let p = case.parameters.get(id); (id, p.low.unwrap() + (p.high.unwrap()-p.low.unwrap())*s[r*ranged.len()+d]) }).collect();
        let v = case.parameters.values_in(&case.scenarios[0], &set);
        let n = mapper.network(&v); let e = mapper.events(&n, &v, 0);
        let mut sim = Simulation::new(n, e, Detail::Full, &[]).unwrap();
        for _ in 0..300 { if sim.t == 234 && r == 6 { println!("before {} {} {}", sim.state.stock[31], sim.plan.slot_firm[31], sim.plan.slot_product[31]); } sim.step(); 
          if let Some(c) = sim.state.cells.iter().position(|c| c.is_nan()) { let o = sim.plan.consigned.cells.partition_point(|&k| k as usize <= c); for (n,c) in [("stock",&sim.state.stock),("input_stock",&sim.state.input_stock),("made",&sim.state.made),("target",&sim.state.target),("slot_wanted",&sim.state.slot_wanted),("input_sent",&sim.state.input_sent),("ordered",&sim.state.ordered),("planned_need",&sim.state.planned_need),("input_wanted",&sim.state.input_wanted),("finished",&sim.state.finished),("served",&sim.state.served),("cap",&sim.state.capacity_left)] { println!("{n} {:?} min {:?}", c.iter().position(|c| c.is_nan()), c.iter().copied().fold(0.0,f64::min)); } println!("draw {r} t {} cell {c} input~{o} stock nan {:?} {:?}", sim.t, sim.state.stock.iter().position(|c| c.is_nan()), sim.plan.ways.iter().map(|w| w.lead_days).collect::<Vec<_>>()); break; }
          if sim.t == 300 && sim.state.made.iter().sum::<f64>() == 0.0 { println!("draw {r}: nothing made; stock {} sent {} placed {}", sim.state.stock.iter().sum::<f64>(), sim.state.input_sent.iter().sum::<f64>(), sim.state.target.iter().sum::<f64>()); }
        }
        let g: f64 = (0..300).map(|t| (0..sim.plan.gates).map(|g| sim.record.columns.gate_passed[t*sim.plan.gates+g]).sum::<f64>()).sum();
        if !(g > 0.0) { println!("draw {r} passed {g} {:?}", sim.state.made.iter().sum::<f64>()) }
    }
}
