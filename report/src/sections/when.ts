import { axis, chart, tip } from "../charts";
import type { Firm } from "../data";
import { h } from "../dom";
import { dayOf, percent } from "../format";
import { table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";
import { stopOf } from "./who";

interface Moment { day: number; kind: string; texts: string[] }

/** When: events, stops, first arrears; and how work went on, week by week. */
export function when(view: View): HTMLElement {
  const first = view.firstEvent;
  const rows = moments(view).map((m) => [{ text: view.date(m.day), sort: m.day }, { text: first === null ? "–" : String(m.day - first).replace("-", "−"), sort: m.day }, { text: m.kind }, { text: m.texts.join("; ") }]);
  return h("div", {}, heat(view), !view.full && soft(t.absent(t.when.unrecorded)), table([{ name: t.when.date }, { name: t.when.days, right: true }, { name: t.when.kinds }, { name: t.when.what, wide: true }], rows, { search: rows.length > 12, sort: 0, label: t.sections.when, id: "when-table", limit: 40 }).element,
    view.from("when", "case.json: scenario.events", "series of places and groups: labour_used, labour_employed, wages_unpaid, receivable_overdue, stranded_value", "summary.json: as_of, losses.peak_date, losses.recovered_date"));
}

/** Everything that happens on a day, kinds of one day together. */
function moments(view: View): Moment[] {
  const found = new Map<string, Moment>(), from = view.firstEvent ?? 0;
  const add = (day: number, kind: string, text: string): void => { const id = `${day} ${kind}`, m = found.get(id); if (m) m.texts.push(text); else found.set(id, { day, kind, texts: [text] }); };
  for (const e of view.run.events) add(e.day, t.when.event, e.text + (e.background ? ` (${t.when.background})` : ""));
  for (const level of ["place", "group"]) for (const id of view.series.entities(level)) {
    const name = view.entityName(level, id), since = firstStop(view, level, id, from);
    if (since !== null) add(since, t.when.stop, name);
    for (const [variable, kind] of [["wages_unpaid", t.when.arrears], ["stranded_value", t.when.strandedFirst], ["receivable_overdue", t.when.overdueFirst]]) {
      const day = view.series.or0(level, id, variable).findIndex((v, d) => d >= from && v > 0.5);
      if (day >= 0) add(day, kind, name);
    }
  }
  const { peak_date: worst, recovered_date: back } = view.run.summary.losses ?? {};
  for (const [iso, kind] of [[view.asOf, t.when.asOf], [worst, t.when.peak], [back, t.when.recovered]]) if (iso) add(dayOf(view.facts.start, iso), kind, "–");
  return [...found.values()].sort((a, b) => a.day - b.day);
}

/** First day of the stop that lasts to the end, else of the first stop of 14 days after the first event. */
function firstStop(view: View, level: string, id: string, from: number): number | null {
  if (view.firstEvent === null) return null;
  const last = stopOf(view, level, id, view.run.days - 1);
  if (last) return last.since;
  for (let d = from + 13; d < view.run.days; d += 7) {
    const stop = stopOf(view, level, id, d);
    if (stop) return stop.since;
  }
  return null;
}

/** Labour used of that of those employed, firm by firm and week by week. */
function heat(view: View): Node {
  const ids = view.facts.firms.filter((f) => f.workers > 0 && view.series.get("firm", f.id, "labour_employed")).sort((a, b) => b.workers - a.workers).slice(0, 40).reverse();
  if (ids.length === 0) return h("span");
  const weeks = Math.ceil(view.run.days / 7), data: [number, number, number][] = [];
  ids.forEach((f, y) => { for (let w = 0; w < weeks; w++) { const share = shareOf(view, f, 7 * w, Math.min(view.run.days, 7 * w + 7)); if (share !== null) data.push([w, y, share]); } });
  const wide = innerWidth >= 900, name = (w: number): string => view.date(w * 7), blank = data.length < ids.length * weeks;
  const picture = chart(view, t.charts.atWork, 84 + ids.length * (wide ? 18 : 22), {
    grid: { left: 8, right: 12, top: 6, bottom: 50, containLabel: true },
    tooltip: tip(view, { trigger: "item", formatter: (p: { value: [number, number, number] }) => `${ids[p.value[1]].name}\n${name(p.value[0])}: ${percent(p.value[2])}` }),
    xAxis: axis(view, { type: "category", data: Array.from({ length: weeks }, (_, w) => name(w)), splitLine: { show: false }, axisLabel: { interval: Math.max(0, Math.ceil(weeks / (wide ? 8 : 3)) - 1) } }),
    yAxis: axis(view, { type: "category", data: ids.map((f) => f.name), axisLabel: { width: wide ? 260 : 110, overflow: "break", lineHeight: 11, color: view.theme.text, fontSize: 11, hideOverlap: false }, axisTick: { show: false } }),
    visualMap: { min: 0, max: 1, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 10, text: ["100 %", "0 %"], textStyle: { color: view.theme.soft }, inRange: { color: view.theme.dark ? ["#26303b", "#2f6f9f", "#8fd0ff"] : ["#f3e4dc", "#7fb2d6", "#0b4f86"] } },
    series: [{ type: "heatmap", data, progressive: 0, emphasis: { disabled: true } }],
  }, ids.slice().reverse().map((f) => {
    const at = view.firstEvent ?? view.run.days, p = (v: number | null): string => percent(v);
    return t.when.words(f.name, p(shareOf(view, f, Math.max(0, at - 365), at)), p(shareOf(view, f, Math.max(0, view.run.days - 28), view.run.days)));
  }));
  return h("div", {}, picture.figure, blank && h("p", { class: "soft" }, t.charts.atWorkBlank));
}

function shareOf(view: View, firm: Firm, from: number, to: number): number | null {
  const used = view.series.or0("firm", firm.id, "labour_used"), employed = view.series.or0("firm", firm.id, "labour_employed");
  let u = 0, p = 0;
  for (let d = from; d < to; d++) { u += used[d]; p += employed[d]; }
  return p > 0 ? u / p : null;
}
