import { type Child, h, rich, strong } from "../dom";
import { count, country, date, lowered, money, quantity, units } from "../format";
import { t } from "../texts";
import { soft, type View } from "../view";
import { counted } from "./rules";

/** What happened, in sentences; then what is not known. */
export function headline(view: View): HTMLElement {
  const list = sentences(view);
  return h("div", {},
    view.facts.question !== "" && h("p", { class: "question" }, view.facts.question),
    h("p", {}, strong(view.run.title || view.run.scenario), view.run.about ? ` — ${view.run.about}` : ""),
    soft(t.asOf(date(view.asOf)), " ", what(view)),
    h("ul", { class: "headlines" }, ...(list.length > 0 ? list : [h("li", {}, t.head.nothing)])),
    course(view),
    box(view),
    view.from("headline", "summary.json: draws.bands (medians, brackets, without, difference), starting_values, moved_by, lead, claims, insolvent", "case.json: inputs, firms"));
}

/** What stands in bold and in brackets. */
function what(view: View): string {
  const n = view.run.summary.draws?.n ?? 0;
  return view.figures.drawsLead ? t.head.brackets(count(n)) : n > 0 ? t.head.fewDraws(n) : t.head.noDraws;
}

function sentences(view: View): HTMLElement[] {
  const { summary: s } = view.run, w = t.head, f = view.figures, out: HTMLElement[] = [];
  const m = (v: number): string => money(v, view.facts.currency), days = (v: number): string => w.days.replace("{n}", count(v)), of = (v: number): string => w.of.replace("{n}", count(v));
  const lead = (name: string, show: (v: number) => string): Record<string, Child> => ({ m: view.lead(name, show), band: f.band(name, show) });
  /** A sentence on a figure: what leads, then the run without the events, then the starting values, then the rows that move it. */
  const say = (template: string, name: string, show: (v: number) => string, more: { parts?: Record<string, Child>; beside?: boolean; own?: (v: number) => string; start?: [string, (v: number) => string][] } = {}): void => {
    const beside = more.beside === false ? "" : f.beside(name, show), start = f.atStart([name, more.own ?? show], ...(more.start ?? []));
    out.push(h("li", {}, ...rich(template, { ...lead(name, show), ...more.parts }), beside, start !== "" && h("span", { class: "soft" }, start), moved(view, name, show)));
  };
  if (f.worth("workers_idle_peak")) say(w.idle, "workers_idle_peak", count, { beside: false, parts: { all: f.names.includes("workers") ? f.value("workers", count) + f.band("workers", count) : count(view.facts.counts.workers) }, own: (v) => (f.start("workers") === null ? count(v) : `${count(v)} ${of(f.start("workers") as number)}`) });
  if (f.worth("extra_worker_days")) say(w.extra, "extra_worker_days", count, { beside: false });
  if (f.worth("stranded_value")) say(w.stranded, "stranded_value", m, { parts: { what: products(view) } });
  else if (s.stranded) out.push(h("li", {}, w.noStranded));
  if (f.worth("wages_unpaid")) say(w.wages, "wages_unpaid", m, { parts: { days: f.value("worker_days_unpaid", count), daysBand: f.band("worker_days_unpaid", count) }, start: [["worker_days_unpaid", days]] });
  else if (s.unpaid && view.facts.counts.workers > 0) out.push(h("li", {}, w.noWages));
  if (f.worth("invoices_overdue")) say(w.overdue, "invoices_overdue", m);
  else if (f.worth("invoices_unpaid")) out.push(h("li", {}, w.noneOverdue));
  if (f.worth("invoices_unpaid")) say(w.open, "invoices_unpaid", m);
  for (const [name, template] of [["claims_unpaid", w.claims], ["held_value", w.held], ["caught_value", w.caught], ["spoilt_value", w.spoilt], ["refused_value", w.refused], ["bad_debt", w.badDebt], ["rescued", w.rescued]]) {
    // Where all that is caught is stranded or held it has been told.
    const told = name === "caught_value" && !["frozen", "shut_in"].some((why) => f.worth(`caught_value:${why}`));
    if (f.worth(name) && !told) say(template, name, m, { parts: { why: name === "caught_value" ? reasons(view, m) : "" } });
  }
  if (f.worth("insolvent_firms")) say(w.insolvent, "insolvent_firms", count);
  if (f.worth("dismissed")) say(w.dismissed, "dismissed", count);
  if (f.worth("final_demand_unmet")) say(w.unmet, "final_demand_unmet", m, { beside: false });
  if (f.worth("value_added_lost")) say(w.lost, "value_added_lost", m, { beside: false, parts: { where: countries(view, m) } });
  const found = Object.entries((view.run.findings?.counts ?? {}) as Record<string, number>).filter(([outcome, n]) => n > 0 && ["breach", "arguable", "cannot-tell", "exemption-unevidenced"].includes(outcome));
  if (found.length > 0) out.push(h("li", {}, ...rich(w.rules, { list: strong(found.map(([outcome, n]) => counted(outcome, n)).join(", ")), note: w.rulesNote })));
  const c = s.claims;
  if (c && c.outcomes_total > 0) out.push(agreement(view));
  return out;
}

const REASONS = ["frozen", "held", "stranded", "shut_in"];

/** Why goods are caught: each reason that something is caught for. */
function reasons(view: View, m: (v: number) => string): string {
  const list = REASONS.filter((why) => view.figures.worth(`caught_value:${why}`)).map((why) => `${t.goods.words[why]} ${view.figures.value(`caught_value:${why}`, m)}`);
  return list.length === 0 ? "" : t.head.caughtWhy.replace("{list}", list.join(", "));
}

/** How many statements hold, and which do not: in most of the draws, or with the starting values where they lead. */
function agreement(view: View): HTMLElement {
  const c = view.run.summary.claims, draws = view.figures.drawsLead;
  const outcomes = (view.run.claims ?? []).filter((x) => x.kind === "outcome" && x.holds !== null), agrees = (x: (typeof outcomes)[number]): boolean => (draws ? (x.share_of_draws ?? 0) > 0.5 : x.holds === true);
  const n = outcomes.filter(agrees).length, fails = outcomes.filter((x) => !agrees(x)).map((x) => `${x.id} ${x.text.replace(/\.$/, "")}`);
  return h("li", {}, ...rich((draws ? t.head.claimsHold : t.head.claimsHoldBare)(n), { all: count(c.outcomes_total), n: strong(count(n)) }), fails.length > 0 && " ", ...(fails.length > 0 ? rich(t.head.claimsFail, { list: fails.join("; ") }) : []));
}

/** Stranded goods by product, by what leads, those worth most first: pieces and kilograms have no other common measure. */
function products(view: View): string {
  const f = view.figures, value = new Map(view.run.case.products.map((p): [string, number] => [p.id, p.value])), worth = ([id, v]: [string, number]): number => v * (value.get(id) ?? 0), units_ = (id: string): string => view.run.summary.starting_values?.[`stranded:${id}`]?.unit ?? "units";
  const list = f.names.filter((name) => name.startsWith("stranded:")).map((name): [string, number] => [name.slice(9), f.lead(name) ?? 0]).filter(([, v]) => v > 0).sort((a, b) => worth(b) - worth(a));
  const named = list.slice(0, 4).map(([id, v]) => `${quantity(v)} ${units(units_(id))} of ${lowered(view.productName(id))}`);
  if (list.length > 4) named.push(t.head.others);
  return named.length > 0 ? named.join(", ") : t.head.others;
}

function countries(view: View, m: (v: number) => string): string {
  const f = view.figures, list = f.names.filter((name) => name.startsWith("value_added_lost:") && f.worth(name)).sort((a, b) => (f.lead(b) ?? 0) - (f.lead(a) ?? 0));
  return list.length > 1 ? t.head.lostIn.replace("{list}", list.slice(0, 5).map((name) => `${country(name.slice(17))} ${f.value(name, m)}${f.band(name, m)}`).join(", ")) : "";
}

/** The rows that move a figure most, from what to what, with their basis: what is assumed is marked where it acts. */
function moved(view: View, name: string, show: (v: number) => string): Child {
  const start = view.figures.start(name), base = start === null ? "" : show(start), known = (v: number | null): string => (v === null ? "–" : show(v));
  const rows = view.movedBy(name).filter((r) => known(r.at_low) !== base || known(r.at_high) !== base).slice(0, 2);
  if (rows.length === 0) return null;
  const list = rows.map((r) => `${r.parameter.replaceAll("_", " ")} (${t.assume.bases[r.basis ?? ""] ?? r.basis ?? "–"}) ${known(r.at_low)} → ${known(r.at_high)}`).join("; ");
  return h("span", { class: "moved" }, ...rich(t.head.moved, { list }));
}

/** When it was worst and whether it came back. */
function course(view: View): Child {
  const { peak_date: worst, recovered_date: back } = view.run.summary.losses ?? {};
  if (!worst) return null;
  return h("p", {}, view.figures.drawsLead && `${t.head.withStart} `, ...rich(t.head.worst, { date: date(worst) }), ...rich(back ? t.head.recovered : t.head.notRecovered, { date: date(back ?? view.facts.end) }));
}

/** What a reader must know before believing a figure. */
function box(view: View): HTMLElement {
  const { inputs, counts } = view.facts, of = (basis: string): string => count(inputs.filter((i) => i.basis === basis).length);
  return h("aside", { class: "limits", "aria-labelledby": "limits-title" }, h("h3", { id: "limits-title" }, t.limits.title), h("p", {}, t.limits.lead, " ",
    ...(counts.inputs > 0 ? rich(t.head.basis, { all: count(counts.inputs), assumed: of("assumed"), inferred: of("inferred"), sourced: of("sourced") }) : [])),
  h("ul", {}, ...t.limits.list.map((l) => h("li", {}, l))));
}
