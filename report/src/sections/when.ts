import { axis, chart } from "../charts";
import { h } from "../dom";
import { percent } from "../format";
import { table } from "../table";
import { t } from "../texts";
import type { View } from "../view";
import { stoppedSince, work } from "./who";

/** When: events, stops, first arrears; and how work went on, week by week. */
export function when(view: View): HTMLElement {
  interface Moment { day: number; kind: string; text: string }
  const list: Moment[] = view.run.events.map((e) => ({ day: e.day, kind: t.when.event, text: e.text + (e.background ? ` (${t.when.background})` : "") }));
  const first = view.firstEvent ?? 0;
  for (const level of ["place", "group"]) for (const id of view.series.entities(level)) {
    const named = (level === "place" ? view.facts.places : view.facts.groups).find((x) => x.id === id)?.name ?? id;
    const { part, whole } = work(view, level, id);
    const since = stoppedSince(part, whole, view.run.days - 1) ?? stopIn(part, whole, first);
    if (since !== null && since >= first) list.push({ day: since, kind: t.when.stop, text: named });
    const owed = view.series.or0(level, id, "wages_unpaid").findIndex((v, d) => d >= first && v > 0.5);
    if (owed >= 0) list.push({ day: owed, kind: t.when.arrears, text: named });
    const stuck = view.series.or0(level, id, "stranded_value").findIndex((v, d) => d >= first && v > 0.5);
    if (stuck >= 0) list.push({ day: stuck, kind: t.when.strandedFirst, text: named });
  }
  list.sort((a, b) => a.day - b.day);
  const rows = list.map((m) => [{ text: view.date(m.day), sort: m.day }, { text: m.kind }, { text: m.text }]);
  return h("div", {}, heat(view), table([{ name: t.when.date }, { name: t.when.kinds }, { name: t.when.what, wide: true }], rows, { search: rows.length > 12, label: t.sections.when, id: "when-table", limit: 30 }));
}

/** First day of the first stop of 14 days from a day on. */
function stopIn(part: ArrayLike<number>, whole: ArrayLike<number>, from: number): number | null {
  for (let d = from + 13; d < part.length; d++) {
    const since = stoppedSince(part, whole, d);
    if (since !== null) return Math.max(from, since);
  }
  return null;
}

/** Labour used of labour present, firm by firm and week by week. */
function heat(view: View): Node {
  const ids = view.facts.firms.filter((f) => f.workers > 0 && view.series.get("firm", f.id, "labour_present")).sort((a, b) => b.workers - a.workers).slice(0, 40).reverse();
  if (ids.length === 0) return h("span");
  const weeks = Math.ceil(view.run.days / 7), data: [number, number, number][] = [];
  ids.forEach((f, y) => {
    const used = view.series.or0("firm", f.id, "labour_used"), present = view.series.or0("firm", f.id, "labour_present");
    for (let w = 0; w < weeks; w++) {
      let u = 0, p = 0;
      for (let d = 7 * w; d < Math.min(view.run.days, 7 * w + 7); d++) { u += used[d]; p += present[d]; }
      if (p > 0) data.push([w, y, u / p]);
    }
  });
  const name = (w: number): string => view.date(w * 7);
  const dark = view.theme.dark;
  const picture = chart(view, t.charts.atWork, 90 + ids.length * 16, {
    legend: { show: false }, grid: { left: 8, right: 12, top: 8, bottom: 56, containLabel: true },
    tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: view.theme.back, borderColor: view.theme.line, textStyle: { color: view.theme.text }, formatter: (p: { value: [number, number, number] }) => `${ids[p.value[1]].name}\n${name(p.value[0])}: ${percent(p.value[2])}` },
    xAxis: axis(view, { type: "category", data: Array.from({ length: weeks }, (_, w) => name(w)), splitLine: { show: false }, axisLabel: { interval: Math.max(0, Math.floor(weeks / 8)) } }),
    yAxis: axis(view, { type: "category", data: ids.map((f) => f.name), axisLabel: { width: 150, overflow: "truncate", color: view.theme.text, fontSize: 11 }, axisTick: { show: false } }),
    visualMap: { min: 0, max: 1, calculable: false, orient: "horizontal", left: "center", bottom: 0, itemHeight: 120, itemWidth: 10, text: ["100 %", "0 %"], textStyle: { color: view.theme.soft }, inRange: { color: dark ? ["#26303b", "#2f6f9f", "#8fd0ff"] : ["#f3e4dc", "#7fb2d6", "#0b4f86"] } },
    series: [{ type: "heatmap", data, progressive: 0, emphasis: { disabled: true } }],
  }, ids.slice().reverse().map((f) => {
    const used = view.series.or0("firm", f.id, "labour_used"), present = view.series.or0("firm", f.id, "labour_present");
    const share = (from: number, to: number): string => { let u = 0, p = 0; for (let d = Math.max(0, from); d < to; d++) { u += used[d]; p += present[d]; } return p > 0 ? percent(u / p) : "–"; };
    const first = view.firstEvent ?? view.run.days;
    return `${f.name}: ${share(first - 365, first)} → ${share(view.run.days - 28, view.run.days)}`;
  }));
  return picture.figure;
}
