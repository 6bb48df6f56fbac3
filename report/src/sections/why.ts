import { bars, type Chart, stacked } from "../charts";
import { type Child, choice, h, rich } from "../dom";
import { axisMoney, count, percent, shortMoney } from "../format";
import { t } from "../texts";
import { soft, type View } from "../view";
import { LEVELS } from "./who";

const MOST_CAUSES = 8, MOST_ROWS = 14;

/** Why lines stopped, by place and otherwise, and who bears the loss. */
export function why(view: View): HTMLElement {
  const levels = LEVELS.filter((l) => view.series.entities(l).some((id) => stopsOf(view, l, id).length > 0));
  const left = h("div");
  let update = (): void => {};
  const build = (level: string): void => {
    const draw = (): void => { const made = causes(view, level, view.day); left.replaceChildren(made ?? nothing()); };
    draw();
    update = draw;
  };
  if (levels.length > 0) {
    const select = choice("why-level", t.why.level, levels.map((l) => [l, t.who.levels[l]]), levels[0], build);
    build(select.value());
    view.followSlowly(() => update());
    return h("div", {}, select.element, left, soft(t.why.note), losses(view), ...extras(view), from(view));
  }
  // A run that kept sums has causes for the whole, and stopped lines by sector.
  const draw = (): void => {
    const kept = stopsOf(view, "total", "", view.day), whole = kept.length > 0 ? kept : (Object.entries(view.run.summary.stopped_days_by_cause ?? {}) as [string, number][]);
    const totals = [...whole].sort((a, b) => b[1] - a[1]).map(([w, v]): [string, number] => [view.cause(w), v]);
    const sectors = view.series.entities("sector").map((id): [string, number] => [view.entityName("sector", id), daysOf(view, view.series.or0("sector", id, "stopped_lines"), view.day)]).filter(([, v]) => v > 0).sort((a, b) => b[1] - a[1]);
    const said = (rows: [string, number][]): string[] => rows.slice(0, 40).map(([k, v]) => `${k}: ${count(v)} ${t.charts.lineDays}`);
    left.replaceChildren(totals.length > 0 ? bars(view, t.charts.causes, totals.slice(0, MOST_ROWS), count, said(totals)) : nothing(), sectors.length > 0 ? bars(view, t.why.sectors, sectors.slice(0, MOST_ROWS), count, said(sectors)) : "");
  };
  view.followSlowly(draw);
  return h("div", {}, left, soft(t.why.note), losses(view), ...extras(view), from(view));
}

/** Sum of a series from the first event to a day. */
function daysOf(view: View, values: Float32Array, day: number): number { let sum = 0; for (let d = view.firstEvent ?? 0; d <= day; d++) sum += values[d]; return sum; }

const nothing = (): HTMLElement => h("figure", {}, h("figcaption", {}, t.charts.causes), soft(t.none));
const from = (view: View): HTMLElement => view.from("why", "series: stopped_lines:CAUSE by place, group, firm, sector, country", "summary.json: stopped_days_by_cause, by_bearer, others_by_sector_usd, losses, deadlocks, insolvent, rescued_usd");

/** Line-days stopped of an entity by cause, from the first event to a day. */
function stopsOf(view: View, level: string, id: string, day = view.run.days - 1): [string, number][] {
  const list: [string, number][] = [];
  for (const variable of view.series.variables(level, id)) {
    if (!variable.startsWith("stopped_lines:")) continue;
    const sum = daysOf(view, view.series.or0(level, id, variable), day);
    if (sum > 0) list.push([variable.slice(14), sum]);
  }
  return list;
}

interface Stopped { name: string; workers: number; stops: Map<string, number> }
const sum = (m: Map<string, number>): number => [...m.values()].reduce((a, b) => a + b, 0);

/** Of entities with workers, whose stops cost a living, and beside it of the others. */
function causes(view: View, level: string, day: number): HTMLElement | null {
  const all = view.series.entities(level).map((id): Stopped => ({ name: view.entityName(level, id), workers: view.workers(level, id), stops: new Map(stopsOf(view, level, id, day)) })).filter((e) => e.stops.size > 0);
  if (all.length === 0) return null;
  all.sort((a, b) => b.workers - a.workers || sum(b.stops) - sum(a.stops));
  const some = all.filter((e) => e.workers > 0), rest = all.filter((e) => e.workers === 0), to = `, ${t.who.levels[level]}, to ${view.date(day)}`;
  if (some.length === 0 || rest.length === 0) return causeChart(view, t.charts.causes + to, all).figure;
  return h("div", { class: "two" }, causeChart(view, t.charts.causesWorkers + to, some).figure, causeChart(view, t.why.elsewhere + to, rest).figure);
}

function causeChart(view: View, title: string, all: Stopped[]): Chart {
  const shown = all.slice(0, MOST_ROWS), totals = new Map<string, number>();
  for (const e of shown) for (const [word, v] of e.stops) totals.set(word, (totals.get(word) ?? 0) + v);
  const order = [...totals].sort((a, b) => b[1] - a[1]).map(([word]) => word), most = order.length > MOST_CAUSES ? MOST_CAUSES - 1 : MOST_CAUSES, parts = order.slice(0, most), rest = order.slice(most);
  const rows = shown.map((e) => ({ name: e.name, parts: [...parts.map((p) => e.stops.get(p) ?? 0), ...(rest.length > 0 ? [rest.reduce((s, p) => s + (e.stops.get(p) ?? 0), 0)] : [])] }));
  const words = shown.map((e) => `${e.name}: ${[...e.stops].sort((a, b) => b[1] - a[1]).map(([word, v]) => `${view.cause(word)} ${count(v)} (${percent(v / sum(e.stops))})`).join(", ")}`);
  return stacked(view, title, rows, [...parts.map((p) => view.cause(p)), ...(rest.length > 0 ? [t.why.rest] : [])], (v) => `${count(v)} ${t.charts.lineDays}`, words, count);
}

/** Loss by bearer; the others by their sector where that is known. */
function losses(view: View): HTMLElement {
  const s = view.run.summary, split = Object.entries((s.others_by_sector_usd ?? {}) as Record<string, number>).map(([k, v]) => [view.entityName("sector", k), v] as [string, number]);
  const named = (Object.entries(s.by_bearer ?? {}) as [string, number][]).filter(([k]) => k !== "others" || split.length === 0).map(([k, v]) => [t.bearers[k] ?? k, v] as [string, number]);
  const list = [...named, ...split].filter(([, v]) => Math.abs(v) > 0.5).sort((a, b) => b[1] - a[1]).slice(0, 16);
  const picture = bars(view, view.ofBase(`${t.charts.bearers}, ${view.facts.currency}`), list, shortMoney, list.map(([k, v]) => `${k}: ${v < 0 ? t.charts.gain : t.charts.loss} ${view.money(Math.abs(v))}`), axisMoney);
  const f = view.figures, m = (v: number): string => view.money(v), told = (name: string): string => f.value(name, m) + f.band(name, m);
  const gross = f.worth("output_lost") ? soft(...rich(t.why.output, { m: told("output_lost"), direct: told("output_lost:direct"), indirect: told("output_lost:indirect"), start: f.atStart(["output_lost", m]) })) : null;
  return h("div", {}, picture, list.length > 0 && soft(t.why.bearers), gross);
}

/** Rings of lines that wait for each other, and firms that cannot pay. */
function extras(view: View): Child[] {
  const s = view.run.summary, out: Child[] = [];
  for (const ring of (s.deadlocks ?? []) as { members: { line: string; lacks: string }[]; waiting: string[] }[]) {
    out.push(h("p", {}, t.why.deadlock), h("ul", { class: "deadlock" }, ...ring.members.map((m) => h("li", {}, t.why.lacks(view.lineName(m.line), view.productName(m.lacks)))), ring.waiting.length > 0 && h("li", {}, t.why.waiting(ring.waiting.map((l) => view.lineName(l)).join("; ")))));
  }
  const broke = (s.insolvent ?? []) as { firm: string; stopped_for_good: boolean }[];
  if (broke.length > 0) out.push(h("p", {}, `${t.why.insolvent} ${broke.slice(0, 30).map((f) => `${view.firmName(f.firm)}${f.stopped_for_good ? ` (${t.why.forGood})` : ""}`).join(", ")}${broke.length > 30 ? `, ${t.head.others}` : ""}.`));
  const m = (v: number): string => view.money(v);
  if (view.figures.worth("rescued")) out.push(h("p", {}, ...rich(t.why.rescued, { m: view.figures.value("rescued", m) + view.figures.band("rescued", m) })));
  return out;
}
