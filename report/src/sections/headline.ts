import { type Child, h, rich, strong } from "../dom";
import { count, country, date, lowered, money, percent, quantity, units } from "../format";
import { t } from "../texts";
import { soft, type View } from "../view";
import { counted } from "./rules";

/** What happened, in sentences; then what is not known. */
export function headline(view: View): HTMLElement {
  const { summary } = view.run, n = summary.draws?.n ?? 0;
  const list = sentences(view);
  return h("div", {},
    view.facts.question !== "" && h("p", { class: "question" }, view.facts.question),
    h("p", {}, strong(view.run.title || view.run.scenario), view.run.about ? ` — ${view.run.about}` : ""),
    soft(t.asOf(date(view.asOf))),
    h("ul", { class: "headlines" }, ...(list.length > 0 ? list : [h("li", {}, t.head.nothing)])),
    course(view),
    soft(n > 0 ? t.head.brackets(n) : t.head.noDraws),
    box(view),
    view.from("headline", "summary.json: jobs, stranded, unpaid, losses, value_added_by_country_usd, claims", "summary.json: draws.bands (brackets), rests_on (what moves a figure most)", "series: level total, scenario counterfactual, on the date of the figures (without the events)", "case.json: inputs, firms"));
}

function sentences(view: View): HTMLElement[] {
  const { summary: s } = view.run, w = t.head, out: HTMLElement[] = [];
  const m = (v: number): string => money(v, view.facts.currency), some = (v: unknown): v is number => typeof v === "number" && v > 0.5;
  const say = (template: string, parts: Record<string, Child>, headlines: string[] = [], more: Child = null): void => { out.push(h("li", {}, ...rich(template, parts), more, moved(view, headlines))); };
  if (some(s.jobs?.workers_idle_peak)) {
    say(w.idle, { n: strong(count(s.jobs.workers_idle_peak)), band: view.band("workers_idle_peak", count), all: count(view.facts.counts.workers) }, ["workers_idle_peak", "idle_worker_days"]);
  }
  if (some(s.stranded?.value_usd)) say(w.stranded, { m: strong(m(s.stranded.value_usd)), band: view.band("stranded_value", m), what: products(view) }, ["stranded_value"]);
  else if (s.stranded) say(w.noStranded, {});
  if (some(s.unpaid?.wages_usd)) {
    say(w.wages, { m: strong(m(s.unpaid.wages_usd)), band: view.band("wages_unpaid", m), days: count(s.unpaid.worker_days), daysBand: view.band("worker_days_unpaid", count) }, ["wages_unpaid", "worker_days_unpaid"], without(view, "wages_unpaid", m));
  } else if (s.unpaid && view.facts.counts.workers > 0) say(w.noWages, {});
  if (some(s.unpaid?.invoices_usd)) {
    const parts = { all: m(s.unpaid.invoices_usd), band: view.band("invoices_unpaid", m) };
    if (some(s.unpaid.overdue_usd)) say(w.overdue, { ...parts, m: strong(m(s.unpaid.overdue_usd)) }, ["invoices_unpaid"], without(view, "receivable_overdue", m));
    else say(w.notOverdue, parts, ["invoices_unpaid"]);
  }
  if (some(s.unpaid?.claims_usd)) say(w.claims, { m: strong(m(s.unpaid.claims_usd)) });
  if ((s.insolvent ?? []).length > 0) say(w.insolvent(s.insolvent.length), { n: strong(count(s.insolvent.length)) });
  if (some(s.jobs?.dismissed)) say(w.dismissed(Math.round(s.jobs.dismissed)), { n: strong(count(s.jobs.dismissed)) });
  if (some(s.losses?.final_demand_unmet_usd)) say(w.unmet, { m: strong(m(s.losses.final_demand_unmet_usd)), band: view.band("final_demand_unmet", m) }, ["final_demand_unmet"]);
  if (Math.abs(s.losses?.value_added_usd ?? 0) > 0.5) say(w.lost, { m: strong(m(s.losses.value_added_usd)), band: view.band("value_added_lost", m), where: countries(view, m) }, ["value_added_lost"]);
  const found = Object.entries((view.run.findings?.counts ?? {}) as Record<string, number>).filter(([outcome, n]) => n > 0 && ["breach", "arguable", "cannot-tell", "exemption-unevidenced"].includes(outcome));
  if (found.length > 0) say(w.rules, { list: strong(found.map(([outcome, n]) => counted(outcome, n)).join(", ")), note: w.rulesNote });
  const c = s.claims;
  if (c && c.outcomes_total > 0) out.push(agreement(view));
  return out;
}

/** How many statements hold, and which do not. */
function agreement(view: View): HTMLElement {
  const c = view.run.summary.claims, share = c.joint_share_of_draws;
  const fails = (view.run.claims ?? []).filter((x) => x.kind === "outcome" && x.holds === false).map((x) => `${x.id} ${x.text.replace(/\.$/, "")}`);
  const parts = { all: count(c.outcomes_total), n: strong(count(c.outcomes_hold)), share: strong(percent(share)) };
  return h("li", {}, ...rich((share === null || share === undefined ? t.head.claimsHoldBare : t.head.claimsHold)(c.outcomes_hold), parts), fails.length > 0 && " ", ...(fails.length > 0 ? rich(t.head.claimsFail, { list: fails.join("; ") }) : []));
}

function products(view: View): string {
  const list = (Object.entries(view.run.summary.stranded.by_product ?? {}) as [string, { units: number; unit: string }][]).sort((a, b) => b[1].units - a[1].units);
  const named = list.slice(0, 4).map(([id, p]) => `${quantity(p.units)} ${units(p.unit)} of ${lowered(view.productName(id))}`);
  if (list.length > 4) named.push(t.head.others);
  return named.length > 0 ? named.join(", ") : t.head.others;
}

function countries(view: View, m: (v: number) => string): string {
  const list = (Object.entries(view.run.summary.value_added_by_country_usd ?? {}) as [string, number][]).filter(([, v]) => Math.abs(v) > 0.5).sort((a, b) => b[1] - a[1]);
  return list.length > 1 ? t.head.lostIn.replace("{list}", list.slice(0, 5).map(([c, v]) => `${country(c)} ${m(v)}`).join(", ")) : "";
}

/** What the same figure is without the events. */
function without(view: View, variable: string, m: (v: number) => string): string {
  const values = view.series.get("total", "", variable, "counterfactual");
  return values ? t.head.without.replace("{m}", m(values[view.asOfDay])) : "";
}

/** The rows that move a figure most, with their basis: what is assumed is marked where it acts. */
function moved(view: View, headlines: string[]): Child {
  const rows = view.restsOn.filter((r) => r.moves !== null && headlines.includes(r.moves)).sort((a, b) => (b.by_share ?? 0) - (a.by_share ?? 0)).slice(0, 2);
  if (rows.length === 0) return null;
  const list = rows.map((r) => `${r.parameter.replaceAll("_", " ")} (${t.assume.bases[r.basis ?? ""] ?? r.basis ?? "–"})`).join(", ");
  return h("span", { class: "moved" }, ...rich(t.head.moved, { list }));
}

/** When it was worst and whether it came back. */
function course(view: View): Child {
  const { peak_date: worst, recovered_date: back } = view.run.summary.losses ?? {};
  if (!worst) return null;
  return h("p", {}, ...rich(t.head.worst, { date: date(worst) }), ...rich(back ? t.head.recovered : t.head.notRecovered, { date: date(back ?? view.facts.end) }));
}

/** What a reader must know before believing a figure. */
function box(view: View): HTMLElement {
  const { inputs, counts } = view.facts, of = (basis: string): string => count(inputs.filter((i) => i.basis === basis).length);
  return h("aside", { class: "limits", "aria-labelledby": "limits-title" }, h("h3", { id: "limits-title" }, t.limits.title), h("p", {}, t.limits.lead, " ",
    ...(counts.inputs > 0 ? rich(t.head.basis, { all: count(counts.inputs), assumed: of("assumed"), inferred: of("inferred"), sourced: of("sourced") }) : [])),
  h("ul", {}, ...t.limits.list.map((l) => h("li", {}, l))));
}
