use ripstop_case::network::Mapper; use ripstop::run::*; use ripstop::series::Detail; use std::time::Instant;
fn main() {
    let case = ripstop_case::load(std::path::Path::new("cases/sinuiju-2020")).case.unwrap();
    let mapper = Mapper::new(&case);
    let v = case.parameters.values_in(&case.scenarios[0], &[]);
    let best = |name: &str, f: &mut dyn FnMut()| { let mut b = f64::MAX; for _ in 0..15 { let t = Instant::now(); f(); b = b.min(t.elapsed().as_secs_f64()); } println!("{name} {:.3} ms", b*1e3); };
    best("values", &mut || { std::hint::black_box(case.parameters.values_in(&case.scenarios[0], &[])); });
    best("network", &mut || { std::hint::black_box(mapper.network(&v)); });
    let n = mapper.network(&v); let e = mapper.events(&n, &v, 0);
    best("new", &mut || { std::hint::black_box(Simulation::new(n.clone(), e.clone(), Detail::Full, &[]).unwrap()); });
    best("run full", &mut || { let mut s = Simulation::new(n.clone(), e.clone(), Detail::Full, &[]).unwrap(); s.run(); std::hint::black_box(s); });
    best("run totals", &mut || { let mut s = Simulation::new(n.clone(), e.clone(), Detail::Totals, &[]).unwrap(); s.run(); std::hint::black_box(s); });
    best("pair", &mut || { std::hint::black_box(run_with_counterfactual(n.clone(), e.clone(), Detail::Full, &[1,2,3,4]).unwrap()); });
    let o = run_with_counterfactual(n.clone(), e.clone(), Detail::Full, &[1,2,3,4]).unwrap();
    best("losses", &mut || { std::hint::black_box(ripstop::losses::losses(&o, 594)); });
    use ripstop::phases::*;
    let mut s = Simulation::new(n.clone(), e.clone(), Detail::Full, &[]).unwrap();
    let mut acc = [0.0; 14];
    while s.t < s.plan.calendar.len() { let t = s.t; let (p, st, r) = (&s.plan, &mut s.state, &mut s.record);
        let mut k = 0; let mut lap = |f: &mut dyn FnMut()| { let i = Instant::now(); f(); acc[k] += i.elapsed().as_secs_f64()*1e3; k += 1; };
        lap(&mut || events::apply(p, st, t)); lap(&mut || receive::standing(p, st, t)); lap(&mut || receive::order_lines(p, st, t));
        lap(&mut || order::place(p, st, t)); lap(&mut || order::demand(p, st, t)); lap(&mut || order::consign(p, st, t)); lap(&mut || order::restock(p, st, t));
        lap(&mut || produce::firms(p, st, t)); lap(&mut || ration::share(p, st, t)); lap(&mut || dispatch::standing(p, st, t)); lap(&mut || dispatch::order_lines(p, st, t));
        lap(&mut || { settle::deliveries(p, st, t); settle::pay(p, st, t); }); lap(&mut || settle::month_end(p, st, t)); lap(&mut || record::day(p, st, r, t)); s.t += 1; }
    for (n, a) in ["events","recv st","recv ol","place","demand","consign","restock","produce","ration","disp st","disp ol","pay","month","record"].iter().zip(acc) { print!("{n} {a:.2} "); } println!();
}
