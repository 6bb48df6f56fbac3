import { axis, chart, daysAxis, dayTip, rolling } from "../charts";
import type { Run, Series } from "../data";
import { h } from "../dom";
import { Figures } from "../figures";
import { axisMoney, count, date, money } from "../format";
import { type Cell, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

/** Names of the runs on a page: the scenario's title, with the folder where two would have the same. */
export function runNames(runs: Run[]): string[] {
  const titles = runs.map((r) => r.title || r.scenario);
  return titles.map((title, i) => (titles.filter((x) => x === title).length > 1 ? `${title} (${runs[i].folder})` : title));
}

const FIGURES: [keyof typeof t.compare.rows, boolean][] = [
  ["workers_idle_peak", false], ["stranded_value", true], ["wages_unpaid", true], ["invoices_overdue", true], ["invoices_unpaid", true], ["final_demand_unmet", true], ["value_added_lost", true],
];

/** Several runs of a case: the headline figures beside each other, and their output in one chart. */
export function compare(view: View, runs: Run[], all: Series[]): HTMLElement {
  const names = runNames(runs);
  const rows: Cell[][] = FIGURES.map(([key, isMoney]) => [{ text: t.compare.rows[key] }, ...runs.map((run): Cell => {
    const f = new Figures(run.summary), show = (v: number): string => (isMoney ? money(v, run.case.currency) : count(v)), start = f.start(key);
    const beside = start === null ? "" : f.drawsLead ? t.compare.start.replace("{m}", show(start)) : t.compare.only;
    return { text: `${f.value(key, show)}${f.band(key, show)}${beside}` };
  })]);
  const claims = (run: Run): string => {
    const all = (run.claims ?? []).filter((c) => c.kind === "outcome" && c.holds !== null), draws = new Figures(run.summary).drawsLead;
    const hold = all.filter((c) => (draws ? (c.share_of_draws ?? 0) > 0.5 : c.holds)).length;
    return all.length > 0 ? `${hold} of ${all.length}` : "–";
  };
  rows.push([{ text: t.compare.rows.statements }, ...runs.map((r) => ({ text: claims(r) }))], [{ text: t.compare.rows.draws }, ...runs.map((r) => ({ text: count(r.summary.draws?.n ?? 0) }))], [{ text: t.compare.rows.asOf }, ...runs.map((r) => ({ text: date(r.summary.as_of) }))]);
  const element = table([{ name: t.compare.figure, wide: true, sortable: false }, ...names.map((name) => ({ name, right: true, sortable: false }))], rows, { label: t.sections.compare, id: "compare-table" }).element;
  return h("div", {}, soft(t.compare.note), element, outputs(view, names, runs, all), view.from("compare", "summary.json of each run: draws.bands, starting_values, lead", "claims.json of each run", "series of each run: level total, output_value"));
}

/** Output of every run, those whose days are the same as of the one shown. */
function outputs(view: View, names: string[], runs: Run[], all: Series[]): HTMLElement | null {
  const kinds = ["solid", "dashed", "dotted"] as const, marks = ["line", "dashed", "dotted"] as const;
  const list = runs.map((_, i) => ({ name: names[i], values: all[i].get("total", "", "output_value"), i })).filter((x) => x.values && runs[x.i].days === view.run.days && runs[x.i].case.start === view.facts.start);
  if (list.length < 2) return null;
  const series = list.map(({ name, values, i }) => ({ name, type: "line", symbol: "none", data: Array.from(rolling(values as Float32Array, 28)), lineStyle: { width: 2, type: kinds[i % 3], color: view.theme.list[i % 8] }, itemStyle: { color: view.theme.list[i % 8] }, emphasis: { disabled: true } }));
  const last = view.run.days - 1;
  return chart(view, `${t.compare.chart}, ${view.facts.currency}`, 240, {
    grid: { left: 8, right: 14, top: 10, bottom: 4, containLabel: true }, tooltip: dayTip(view, (v) => view.money(v)), xAxis: daysAxis(view), yAxis: axis(view, { type: "value", min: 0, splitNumber: 3, axisLabel: { formatter: axisMoney } }), series,
  }, series.map((s) => `${s.name}: ${view.money(s.data[last])} on ${view.date(last)}.`), series.map((s, k) => ({ name: s.name, colour: s.lineStyle.color, kind: marks[list[k].i % 3] }))).figure;
}
