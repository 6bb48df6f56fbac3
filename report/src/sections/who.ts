import { rolling } from "../charts";
import { h, spark } from "../dom";
import { count, percent, shortMoney } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import type { View } from "../view";

interface Line { id: string; name: string; place: string; group: string; sector: string; workers: number }

const LEVELS = ["firm", "group", "place", "sector", "country"] as const;

/** Who: a table by firm, group, place, sector or country. */
export function who(view: View): HTMLElement {
  const levels = LEVELS.filter((l) => view.series.entities(l).length > 0);
  let level = levels.includes("place") ? "place" : levels[0];
  const box = h("div");
  const draw = (): void => { if (level) box.replaceChildren(rowsOf(view, level)); };
  const choice = h("select", { id: "who-level", change: (e) => { level = (e.target as HTMLSelectElement).value as typeof level; draw(); } }, ...levels.map((l) => h("option", { value: l, selected: l === level }, t.who.levels[l])));
  let waiting = 0;
  view.follow(() => { clearTimeout(waiting); waiting = window.setTimeout(draw, 120); });
  view.leave(() => clearTimeout(waiting));
  draw();
  return h("div", {}, h("label", {}, `${t.who.level} `, choice), box, h("p", { class: "soft" }, t.who.note));
}

function entities(view: View, level: string): Line[] {
  const { firms, places, groups } = view.facts;
  const sum = (test: (f: (typeof firms)[number]) => boolean): number => firms.filter(test).reduce((s, f) => s + f.workers, 0);
  return view.series.entities(level).map((id) => {
    const blank = { id, name: id, place: "", group: "", sector: "", workers: 0 };
    if (level === "firm") {
      const f = firms.find((x) => x.id === id);
      return f ? { ...blank, name: f.name, place: places[f.place]?.name ?? "", group: groups[f.group]?.name ?? "", sector: f.sector, workers: f.workers } : blank;
    }
    if (level === "place") { const at = places.findIndex((p) => p.id === id); return { ...blank, name: places[at]?.name ?? id, workers: sum((f) => f.place === at) }; }
    if (level === "group") { const at = groups.findIndex((g) => g.id === id); return { ...blank, name: groups[at]?.name ?? id, workers: sum((f) => f.group === at) }; }
    return { ...blank, workers: sum((f) => (level === "sector" ? f.sector : f.country) === id) };
  });
}

/** First day of a stop that lasts to the day given: at least 14 days with at most 5 % of `whole`, from the day after the last day with more; `whole` is labour present or usual output. */
export function stoppedSince(part: ArrayLike<number>, whole: ArrayLike<number>, day: number): number | null {
  let p = 0, w = 0;
  for (let d = Math.max(0, day - 13); d <= day; d++) { p += part[d]; w += whole[d]; }
  if (day < 13 || w <= 0 || p > 0.05 * w) return null;
  let since = day + 1;
  while (since > 0 && part[since - 1] <= 0.05 * whole[since - 1]) since--;
  return since;
}

/** What a stop is measured by: labour where there is any, else output against the run without the events. */
export function work(view: View, level: string, id: string): { part: ArrayLike<number>; whole: ArrayLike<number> } {
  const present = view.series.get(level, id, "labour_present");
  if (present) return { part: view.series.or0(level, id, "labour_used"), whole: present };
  const output = view.series.or0(level, id, "output_value");
  return { part: rolling(output, 7), whole: rolling(view.series.get(level, id, "output_value", "counterfactual") ?? output, 28) };
}

/** The causes of a stop: each firm's day counts with its workers, shared among its lines stopped that day. */
function topCauses(view: View, level: string, id: string, from: number, to: number): string {
  const { firms, places, groups } = view.facts;
  const here = firms.filter((f) => level === "firm" ? f.id === id : level === "place" ? places[f.place]?.id === id : level === "group" ? groups[f.group]?.id === id : (level === "sector" ? f.sector : f.country) === id);
  const some = here.some((f) => f.workers > 0), sums = new Map<string, number>();
  for (const f of here) {
    const weight = some ? f.workers : 1;
    if (weight === 0) continue;
    const list = view.series.variables("firm", f.id).filter((v) => v.startsWith("stopped_lines:")).map((v) => ({ word: v.slice(14), days: view.series.or0("firm", f.id, v) }));
    for (let d = from; d <= to; d++) {
      let all = 0;
      for (const c of list) all += c.days[d];
      if (all > 0) for (const c of list) if (c.days[d] > 0) sums.set(c.word, (sums.get(c.word) ?? 0) + (weight * c.days[d]) / all);
    }
  }
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return [...sums].sort((x, y) => y[1] - x[1]).slice(0, 3).map(([word, v]) => `${view.cause(word)} ${percent(v / all)}`).join(", ");
}

function rowsOf(view: View, level: string): HTMLElement {
  const day = view.day, firm = level === "firm", from = view.firstEvent ?? 0;
  const columns = [
    { name: t.who.name, wide: true }, ...(firm ? [{ name: t.who.place }, { name: t.who.group }, { name: t.who.sector }] : []), { name: t.who.workers, right: true }, { name: t.who.course }, { name: t.who.now, right: true },
    { name: t.who.since }, { name: t.who.cause, wide: true }, { name: t.who.owed, right: true }, { name: t.who.receivable, right: true }, { name: t.who.stranded, right: true }, { name: t.who.lost, right: true },
  ];
  const rows = entities(view, level).map((e): Cell[] => {
    const get = (variable: string, scenario: "scenario" | "counterfactual" = "scenario"): Float32Array => view.series.or0(level, e.id, variable, scenario);
    const output = get("output_value"), other = view.series.get(level, e.id, "output_value", "counterfactual") ?? output;
    const used = get("labour_used"), present = get("labour_present");
    let u = 0, p = 0, lost = 0;
    for (let d = Math.max(0, day - 27); d <= day; d++) { u += used[d]; p += present[d]; }
    for (let d = from; d <= day; d++) lost += other[d] - output[d];
    const { part, whole } = work(view, level, e.id), since = stoppedSince(part, whole, day);
    const cents = (variable: string): Cell => { const v = get(variable)[day]; return num(v, v === 0 ? "0" : shortMoney(v)); };
    return [
      { text: e.name }, ...(firm ? [{ text: e.place }, { text: e.group }, { text: e.sector }] : []), num(e.workers, e.workers > 0 ? count(e.workers) : "–"),
      { text: "", sort: 0, node: spark(output, `${t.who.course}: ${e.name}`, other) }, num(p > 0 ? u / p : NaN, p > 0 ? percent(u / p) : "–"),
      since === null ? { text: "–", sort: "9999" } : { text: view.date(since), sort: view.iso(since) }, { text: since === null ? "" : topCauses(view, level, e.id, since, day) },
      cents("wages_unpaid"), cents("receivable"), cents("stranded_value"), num(lost, shortMoney(lost)),
    ];
  });
  const anyone = rows.some((r) => Number(r[firm ? 4 : 1].sort) > 0);
  return table(columns, rows, { search: true, sort: anyone ? (firm ? 4 : 1) : columns.length - 1, descending: true, label: t.who.levels[level], id: "who-table" });
}
