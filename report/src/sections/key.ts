import { axis, chart, dayMark, daysAxis, type Mark, type Option, peak, rolling, tip } from "../charts";
import { h } from "../dom";
import { axisMoney } from "../format";
import { t } from "../texts";
import type { View } from "../view";

const ROWS = [
  { name: () => t.charts.output, variable: "output_value", smooth: 28 },
  { name: () => t.charts.stranded, variable: "stranded_value", smooth: 1 },
  { name: () => t.charts.wages, variable: "wages_unpaid", smooth: 1 },
];

interface Row { name: string; own: Float32Array; other: Float32Array; low?: Float32Array; middle?: Float32Array; high?: Float32Array; otherMiddle?: Float32Array }

function rowOf(view: View, { name, variable, smooth }: (typeof ROWS)[number]): Row | null {
  const values = (scenario: "scenario" | "counterfactual" | "counterfactual_p50" | "p05" | "p50" | "p95"): Float32Array | undefined => {
    const found = view.series.get("total", "", variable, scenario);
    return found && (smooth > 1 ? rolling(found, smooth) : found);
  };
  const own = values("scenario"), high = values("p95");
  if (!own || (variable !== "output_value" && !own.some((v) => v > 0) && !high?.some((v) => v > 0))) return null;
  return { name: `${name()}, ${view.facts.currency}${smooth > 1 ? ` (${t.charts.mean28})` : ""}`, own, other: values("counterfactual") ?? own, low: values("p05"), middle: values("p50"), high, otherMiddle: values("counterfactual_p50") };
}

/** The key chart: output, stranded goods and unpaid wages against the run without the events, with bands and events. */
export function key(view: View): HTMLElement {
  const rows = ROWS.map((r) => rowOf(view, r)).filter((r) => r !== null), colour = view.theme.list[0];
  if (rows.length === 0) return h("p", { class: "soft" }, t.absent(t.charts.output));
  const height = 120, gap = 68, top = 40, banded = rows.some((r) => r.low);
  // Medians lead, with the events and without; the starting values stand beside them, thin.
  const marks: Mark[] = [{ name: banded ? t.medianOf(t.withEvents) : t.withEvents, colour, kind: "line" }, { name: banded ? t.medianOf(t.counterfactual) : t.counterfactual, colour: view.theme.soft, kind: "dashed" }];
  if (banded) marks.push({ name: t.band, colour, kind: "area" }, { name: view.ofBase(t.withEvents), colour, kind: "dotted" });
  const option: Option = {
    axisPointer: { link: [{ xAxisIndex: "all" }] }, tooltip: tip(view, { trigger: "axis", formatter: (list: { dataIndex: number }[]) => said(view, rows, list[0]?.dataIndex ?? 0) }),
    grid: rows.map((_, i) => ({ left: 62, right: 14, top: top + i * (height + gap), height })),
    xAxis: rows.map((_, i) => daysAxis(view, { gridIndex: i })),
    yAxis: rows.map((row, i) => axis(view, { gridIndex: i, type: "value", min: 0, name: row.name, nameGap: i === 0 ? 22 : 12, splitNumber: 3, nameTextStyle: { color: view.theme.text, align: "left", fontSize: 12, fontWeight: 600, padding: [0, 0, 0, -54] }, axisLabel: { formatter: axisMoney } })),
    series: rows.flatMap((row, i) => series(view, row, i)),
  };
  const picture = chart(view, t.charts.key, top + rows.length * (height + gap) - 10, option, words(view, rows), marks);
  view.follow((day) => picture.set({ series: rows.map((_, i) => ({ id: `own${i}`, markLine: dayMark(view, day) })) }));
  const list = letters(view).map(({ letter, texts, day }) => h("li", {}, h("b", {}, `${letter} `), `${view.date(day)}: ${texts.join("; ")}`));
  return h("div", {}, picture.figure, h("ul", { class: "events-list" }, ...list),
    view.from("key", "series: level total; output_value, stranded_value, wages_unpaid; scenarios counterfactual, p05, p50, p95, counterfactual_p50", "case.json: scenario.events"));
}

function series(view: View, row: Row, i: number): Option[] {
  const colour = view.theme.list[0], place = { xAxisIndex: i, yAxisIndex: i, type: "line", symbol: "none", emphasis: { disabled: true } }, out: Option[] = [];
  if (row.low && row.high) {
    const { low, high } = row, band = { ...place, stack: `band${i}`, lineStyle: { opacity: 0 }, silent: true };
    out.push({ ...band, data: Array.from(low) }, { ...band, data: Array.from(high, (v, d) => v - low[d]), areaStyle: { color: colour, opacity: 0.2 } });
  }
  const lead = { color: colour, width: 2.2 }, start = { color: colour, type: "dotted", width: 1.2 };
  if (row.middle) out.push({ ...place, data: Array.from(row.middle), silent: true, lineStyle: lead });
  out.push({ ...place, data: Array.from(row.otherMiddle ?? row.other), lineStyle: { color: view.theme.soft, type: "dashed", width: 1.6 } }, { ...place, id: `own${i}`, data: Array.from(row.own), lineStyle: row.middle ? start : lead });
  const lines = letters(view).map(({ day, letter }) => ({ xAxis: day, name: letter }));
  out.push({ ...place, data: [], markLine: { silent: true, symbol: "none", animation: false, lineStyle: { color: view.theme.soft, type: "dotted", width: 1.2 }, label: { show: i === 0, color: view.theme.text, formatter: "{b}", fontSize: 12, fontWeight: 600, distance: 3 }, data: lines } });
  return out;
}

function said(view: View, rows: Row[], day: number): string {
  return [view.date(day), ...rows.map((r) => `${r.name}${r.middle ? `\n   ${t.median}: ${t.withEvents} ${view.money(r.middle[day])}${r.otherMiddle ? `, ${t.counterfactual} ${view.money(r.otherMiddle[day])}` : ""}` : ""}\n   ${r.middle ? `${t.startingValues}: ` : ""}${t.withEvents} ${view.money(r.own[day])}, ${t.counterfactual} ${view.money(r.other[day])}${r.low && r.high ? `\n   ${t.band}: ${view.money(r.low[day])} – ${view.money(r.high[day])}` : ""}`)].join("\n");
}

function words(view: View, rows: Row[]): string[] {
  const last = view.run.days - 1, at = view.asOfDay;
  return rows.map((r) => {
    const top = peak(r.own), text = t.charts.keyWords(view.ofBase(r.name), view.money(top.value), view.date(top.day), view.money(r.own[last]), view.date(last));
    return `${text} ${t.counterfactual}: ${view.money(r.other[last])}.${r.middle ? t.charts.medianWords(view.money(r.middle[at]), view.date(at)) : ""}${r.low && r.high ? t.charts.bandWords(view.money(r.low[at]), view.money(r.high[at]), view.date(at)) : ""}`;
  });
}

/** Days with events, lettered; days close together share a letter. */
export function letters(view: View): { day: number; letter: string; texts: string[] }[] {
  const out: { day: number; letter: string; texts: string[] }[] = [];
  const near = Math.max(1, Math.round(view.run.days / 60));
  for (const e of [...view.run.events].sort((a, b) => a.day - b.day)) {
    const last = out[out.length - 1], text = e.text + (e.background ? ` (${t.when.background})` : "");
    if (last && e.day - last.day <= near) last.texts.push(e.day === last.day ? text : `${view.date(e.day)}: ${text}`);
    else out.push({ day: e.day, letter: out.length < 26 ? String.fromCharCode(97 + out.length) : String(out.length + 1), texts: [text] });
  }
  return out;
}
