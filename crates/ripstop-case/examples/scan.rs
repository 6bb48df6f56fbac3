use ripstop_case::network::Mapper; use ripstop::claims::*; use ripstop::run::*; use ripstop::series::Detail;
fn main() {
    let case = ripstop_case::load(std::path::Path::new("cases/sinuiju-2020")).case.unwrap();
    let mapper = Mapper::new(&case);
    let ranged = case.parameters.ranged_in(&case.scenarios[0]);
    let s = ripstop::draws::latin_hypercube(1, 200, ranged.len());
    let idx: usize = std::env::args().nth(1).unwrap().parse().unwrap(); let par = std::env::args().nth(2).unwrap();
    let mut out = vec![];
    for r in 0..200 {
        let set: Vec<_> = ranged.iter().enumerate().map(|(d, &id)| { let p = case.parameters.get(id); (id, p.low.unwrap() + (p.high.unwrap()-p.low.unwrap())*s[r*ranged.len()+d]) }).collect();
        let v = case.parameters.values_in(&case.scenarios[0], &set);
        let n = mapper.network(&v); let e = mapper.events(&n, &v, 0);
        let conds: Vec<Vec<Condition>> = case.claims.iter().map(|c| mapper.conditions(&n, c.date.unwrap(), &c.parts)).collect();
        let steps: Vec<usize> = conds.iter().flat_map(|c| probes(c)).collect();
        let from: Vec<i32> = e.iter().map(|e| e.from.0).collect();
        let o = run_with_counterfactual(n, e, Detail::Full, &steps).unwrap();
        let vals: Vec<f64> = conds[idx].iter().map(|c| evaluate(&o.plan, &o.scenario, c).value).collect();
        let ok = conds[idx].iter().all(|c| evaluate(&o.plan, &o.scenario, c).holds);
        let p = case.parameters.find(&par).map(|p| v.get(p)).unwrap_or(0.);
        out.push((p, ok, vals, from));
    }
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    for o in out { println!("{:.3} {} {:?} {:?}", o.0, o.1, o.2, if o.1 {vec![]} else {o.3}); }
}
