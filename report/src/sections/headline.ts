import { h } from "../dom";
import { count, date, lowered, percent } from "../format";
import { t } from "../texts";
import type { View } from "../view";

/** What happened, in sentences. */
export function headline(view: View): HTMLElement {
  const s = view.run.summary, w = t.head, m = (v: number): string => view.money(v);
  const lines: string[] = [];
  const without = (variable: string): string => {
    const values = view.series.get("total", "", variable, "counterfactual");
    const at = values?.[Math.min(view.run.days - 1, Math.max(0, Math.round((Date.parse(s.as_of) - Date.parse(view.facts.start)) / 86_400_000)))];
    return at === undefined ? "" : w.without(m(at));
  };
  const workers = view.facts.firms.reduce((sum, f) => sum + f.workers, 0);
  if ((s.jobs?.workers_idle_peak ?? 0) > 0.5) lines.push(w.idle(count(s.jobs.workers_idle_peak), view.band("workers_idle_peak", count), count(workers)));
  if ((s.stranded?.value_usd ?? 0) > 0.5) {
    const list = Object.entries(s.stranded.by_product ?? {}).map(([id, v]) => ({ id, ...(v as { units: number; unit: string }) })).sort((a, b) => b.units - a.units);
    const named = list.slice(0, 4).map((p) => `${count(p.units)} ${p.unit === "piece" ? "pieces" : p.unit} of ${lowered(view.productName(p.id))}`);
    if (list.length > 4) named.push(w.others);
    lines.push(w.stranded(m(s.stranded.value_usd), view.band("stranded_value", m), named.join(", ")));
  } else if (s.stranded) lines.push(w.noStranded);
  if ((s.unpaid?.wages_usd ?? 0) > 0.5) lines.push(w.wages(m(s.unpaid.wages_usd), view.band("wages_unpaid", m), count(s.unpaid.worker_days)) + without("wages_unpaid"));
  else if (s.unpaid && workers > 0) lines.push(w.noWages);
  if ((s.unpaid?.invoices_usd ?? 0) > 0.5) lines.push(w.invoices(m(s.unpaid.overdue_usd), m(s.unpaid.invoices_usd), view.band("invoices_unpaid", m)) + without("receivable_overdue"));
  if ((s.unpaid?.claims_usd ?? 0) > 0.5) lines.push(w.claims(m(s.unpaid.claims_usd)));
  const lost = s.losses ?? {};
  if (Math.abs(lost.value_added_usd ?? 0) > 0.5) {
    const where = Object.entries((s.value_added_by_country_usd ?? {}) as Record<string, number>).filter(([, v]) => Math.abs(v) > 0.5).sort((a, b) => b[1] - a[1]).slice(0, 5).map(([c, v]) => `${c} ${m(v)}`);
    lines.push(w.lost(m(lost.value_added_usd), view.band("value_added_lost", m), where.length > 1 ? `, in ${where.join(", ")}` : ""));
  }
  if ((lost.final_demand_unmet_usd ?? 0) > 0.5) lines.push(w.unmet(m(lost.final_demand_unmet_usd), view.band("final_demand_unmet", m)));
  if ((lost.output_usd ?? 0) > 0.5) lines.push(w.output(m(lost.output_usd)));
  if (lines.length === 0) lines.push(w.nothing);
  const c = s.claims;
  if (c && c.outcomes_total > 0) lines.push(w.claimsHold(c.outcomes_hold, c.outcomes_total, percent(c.joint_share_of_draws)));
  const n = s.draws?.n ?? 0;
  return h("div", {},
    view.facts.question !== "" && h("p", { class: "question" }, view.facts.question),
    h("p", {}, h("strong", {}, view.run.title), view.run.about ? ` — ${view.run.about}` : ""),
    h("p", { class: "soft" }, t.asOf(date(s.as_of))),
    h("ul", { class: "headlines" }, ...lines.map((line) => h("li", {}, line))),
    h("p", { class: "soft" }, n > 0 ? w.brackets(n) : w.noDraws));
}
