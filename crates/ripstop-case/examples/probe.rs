use ripstop_case::network::Mapper;
use ripstop::run::Simulation; use ripstop::series::Detail;
fn main() {
    let case = ripstop_case::load(std::path::Path::new("cases/sinuiju-2020")).case.unwrap();
    let mapper = Mapper::new(&case);
    let v = case.parameters.values_in(&case.scenarios[0], &[]);
    let n = mapper.network(&v); let e = mapper.events(&n, &v, 0);
    let days: Vec<usize> = (0..853).collect();
    let mut s = Simulation::new(n, e, Detail::Full, &days).unwrap(); s.run();
    let firms = case.table("firms"); let prods = case.table("products");
    let want = std::env::args().nth(1).unwrap();
    let p = &s.plan; let d = |t: i32| ripstop::calendar::Day(case.meta.start + t);
    for o in 0..p.orders.row.len() {
        let f = p.network.lines[p.orders.line[o] as usize].firm.index();
        if firms.key(f) != want { continue }
        let due = p.orders.due[o]; if !(420..600).contains(&due) { continue }
        let first = |g: &dyn Fn(&ripstop::series::Snapshot) -> bool| s.record.snapshots.iter().position(g).map(|t| d(t as i32).to_string()).unwrap_or("-".into());
        let last = s.record.snapshots.last().unwrap();
        let at = &s.record.snapshots[594];
        println!("{:<14} {:<22} due {} work {} send {} placed {} q {:.0} target {:.0} | made1 {} done {} shipped {} | made {:.0} fin@17apr {:.0}", firms.key(p.orders.buyer[o] as usize), prods.key(p.network.lines[p.orders.line[o] as usize].product.index()), d(due), d(p.orders.work_start[o]), d(p.orders.send_start[o]), d(p.orders.placed[o]), p.orders.quantity[o], last.target[o],
            first(&|x| x.made[o] > 0.0), first(&|x| x.target[o]>0.0 && x.made[o] >= x.target[o]*(1.-1e-9)), first(&|x| x.made[o]>0.0 && x.finished[o] == 0.0), at.made[o], at.finished[o]);
    }
}
