// The charts' common ground: only the parts of the library that are used, one look, a legend in the page's own letters, and words beside each picture.
import * as echarts from "echarts/core";
import { BarChart, HeatmapChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { h, svg } from "./dom";
import { axisMoney, count, isoOf } from "./format";
import { t } from "./texts";
import { onPaper } from "./theme";
import type { View } from "./view";

echarts.use([BarChart, HeatmapChart, LineChart, AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, SVGRenderer]);

// The library's options are wider than its types.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Option = any;

/** A mark of the legend; what is dashed or filled on the chart is so here. */
export interface Mark { name: string; colour: string; kind: "line" | "dashed" | "dotted" | "area" | "box" }

export interface Chart { figure: HTMLElement; set: (option: Option) => void; words: (list: string[]) => void; legend: (marks: Mark[]) => void }

/** Every chart that has not been drawn, so that printing can draw all. */
const asleep = new Set<() => void>();
/** Draws what has not been looked at. */
export function drawAll(): void { [...asleep].forEach((start) => start()); }

/** A chart of a height, in a figure with a title, a legend and its content in words. It is drawn when it comes near the window. */
export function chart(view: View, title: string, height: number, option: Option, words: string[], marks: Mark[] = []): Chart {
  const box = h("div", { class: "chart", style: `height:${height}px`, "aria-hidden": "true" });
  const list = h("ul"), key = h("p", { class: "legend", "aria-hidden": "true" });
  const figure = h("figure", {}, h("figcaption", {}, title), key, box, h("details", { class: "words" }, h("summary", {}, t.chartText), list));
  let instance: echarts.ECharts | undefined;
  const waiting: Option[] = [];
  const start = (): void => {
    if (instance || box.clientWidth === 0) return;
    asleep.delete(start); near.disconnect();
    instance = echarts.init(box, undefined, { renderer: "svg" });
    instance.setOption({ ...base(view), ...option });
    waiting.splice(0).forEach((o) => instance?.setOption(o));
    scaled();
    resized.observe(box);
  };
  // So that paper, which is narrower, scales the picture instead of cutting it.
  const scaled = (): void => { const drawing = box.querySelector("svg"); if (drawing && instance) drawing.setAttribute("viewBox", `0 0 ${instance.getWidth()} ${instance.getHeight()}`); };
  const near = new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) start(); }, { rootMargin: "500px 0px" });
  const resized = new ResizeObserver(() => { if (box.clientWidth > 0 && !onPaper()) { instance?.resize(); scaled(); } });
  asleep.add(start); near.observe(box);
  view.leave(() => { asleep.delete(start); near.disconnect(); resized.disconnect(); instance?.dispose(); });
  const result: Chart = {
    figure,
    set: (o) => { if (instance) instance.setOption(o); else { waiting.length = Math.min(waiting.length, 8); waiting.push(o); } },
    words: (fresh) => list.replaceChildren(...fresh.map((w) => h("li", {}, w))),
    legend: (fresh) => { key.replaceChildren(...fresh.map(legendItem)); key.hidden = fresh.length === 0; },
  };
  result.words(words);
  result.legend(marks);
  return result;
}

function legendItem(mark: Mark): HTMLElement {
  const shape = mark.kind === "area" ? svg("rect", { x: 0, y: 1, width: 22, height: 10, fill: mark.colour, opacity: 0.25 })
    : mark.kind === "box" ? svg("rect", { x: 5, y: 0, width: 12, height: 12, rx: 2, fill: mark.colour })
    : svg("line", { x1: 0, x2: 22, y1: 6, y2: 6, stroke: mark.colour, "stroke-width": 2.4, "stroke-dasharray": mark.kind === "dashed" ? "5 3" : mark.kind === "dotted" ? "1.5 3" : undefined });
  return h("span", { class: "mark" }, svg("svg", { width: 22, height: 12, viewBox: "0 0 22 12" }, shape), mark.name);
}

/** The page's letters, named: charts measure their words with it. */
const FONT = 'system-ui, "Noto Sans", "Segoe UI", Roboto, sans-serif';

function base(view: View): Option {
  return { color: view.theme.list, animation: false, backgroundColor: "transparent", textStyle: { fontFamily: FONT, fontSize: 12, color: view.theme.text }, tooltip: tip(view, { trigger: "axis" }) };
}

/** What appears under the pointer, as text. */
export const tip = (view: View, more: Option): Option => ({
  confine: true, renderMode: "richText", backgroundColor: view.theme.back, borderColor: view.theme.line, textStyle: { color: view.theme.text, fontSize: 12 }, ...more,
});

export const axis = (view: View, more: Option = {}): Option => ({
  axisLine: { lineStyle: { color: view.theme.line } }, axisTick: { lineStyle: { color: view.theme.line } }, splitLine: { lineStyle: { color: view.theme.line, opacity: 0.5 } }, nameTextStyle: { color: view.theme.soft, align: "left", fontSize: 12 },
  ...more, axisLabel: { color: view.theme.soft, fontSize: 12, hideOverlap: true, ...(more.axisLabel ?? {}) },
});

const narrow = (): boolean => innerWidth < 600;

/** Days to name on an axis: the first of months, or of every so many days in short runs; few enough for the width. */
function ticks(view: View, half: boolean): Map<number, string> {
  const { days } = view.run, most = narrow() ? 5 : half ? 6 : 10, out = new Map<number, string>();
  const start = view.facts.start;
  if (days <= 31 * 3) {
    const step = [1, 2, 5, 7, 10, 14, 28].find((s) => days / s <= most) ?? 28;
    for (let d = 0; d < days; d += step) { const iso = isoOf(start, d); out.set(d, `${Number(iso.slice(8))} ${t.months[Number(iso.slice(5, 7)) - 1]}`); }
    return out;
  }
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((s) => days / 30.4 / s <= most) ?? 240;
  for (let d = 0; d < days; d++) {
    const iso = isoOf(start, d), m = Number(iso.slice(5, 7)) - 1, y = Number(iso.slice(0, 4));
    if (iso.endsWith("-01") && (y * 12 + m) % step === 0) out.set(d, m === 0 || out.size === 0 ? `${t.months[m]}\n${y}` : t.months[m]);
  }
  return out;
}

/** The axis of days, which are numbered from 0. */
export function daysAxis(view: View, more: Option = {}, half = false): Option {
  const named = ticks(view, half);
  return axis(view, {
    type: "category", boundaryGap: false, data: Array.from({ length: view.run.days }, (_, d) => d), splitLine: { show: false },
    ...more, axisTick: { show: true, alignWithLabel: true, interval: (d: number) => named.has(d), lineStyle: { color: view.theme.line } },
    axisLabel: { interval: (d: number) => named.has(d), formatter: (d: string) => named.get(Number(d)) ?? "", lineHeight: 14 },
  });
}

/** What a chart of days says under the pointer: the date, then each line's name and value. */
export const dayTip = (view: View, show: (v: number) => string, skip: (name: string) => boolean = () => false): Option => tip(view, {
  trigger: "axis",
  formatter: (list: { seriesName: string; dataIndex: number; value: number; axisIndex: number }[]) =>
    [view.date(list[0]?.dataIndex ?? 0), ...list.filter((p) => p.seriesName && !skip(p.seriesName)).map((p) => `${p.seriesName}: ${show(Number(p.value))}`)].join("\n"),
});

/** A vertical line at the day shown. */
export const dayMark = (view: View, day: number): Option => ({ silent: true, symbol: "none", animation: false, label: { show: false }, lineStyle: { color: view.theme.accent, type: "solid", width: 1.5 }, data: [{ xAxis: day }] });

/** Highest value and its day. */
export function peak(values: ArrayLike<number>): { day: number; value: number } {
  let day = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[day]) day = i;
  return { day, value: values.length > 0 ? values[day] : 0 };
}

/** Mean over the last `days` days, day by day. */
export function rolling(values: ArrayLike<number>, days: number): Float32Array {
  const out = new Float32Array(values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    if (i >= days) sum -= values[i - days];
    out[i] = sum / Math.min(i + 1, days);
  }
  return out;
}

/** Sum over the last 28 days up to one. */
export const over28 = (values: ArrayLike<number>, day: number): number => { let s = 0; for (let d = Math.max(0, day - 27); d <= day; d++) s += values[d]; return s; };

export interface Line { name: string; values: ArrayLike<number>; dashed?: boolean; dotted?: boolean }

/** Lines of several variables over the days; those that are zero throughout are left out. */
export function lines(view: View, title: string, list: Line[], unit: string, height = 230): HTMLElement {
  const shown = list.filter((s) => Array.from(s.values).some((v) => v !== 0));
  const isMoney = unit === view.facts.currency, caption = `${title}, ${unit}`;
  if (shown.length === 0) return h("figure", {}, h("figcaption", {}, caption), h("p", { class: "soft" }, t.none));
  const dash = (s: Line): "solid" | "dashed" | "dotted" => (s.dashed ? "dashed" : s.dotted ? "dotted" : "solid");
  const series = shown.map((s, i) => ({ id: `s${i}`, name: s.name, type: "line", symbol: "none", data: Array.from(s.values), lineStyle: { width: 2, type: dash(s) }, emphasis: { disabled: true } }));
  const picture = chart(view, caption, height, {
    grid: { left: 8, right: 14, top: 10, bottom: 4, containLabel: true }, tooltip: dayTip(view, (v) => view.value(v, unit)),
    xAxis: daysAxis(view, {}, true), yAxis: axis(view, { type: "value", splitNumber: 3, axisLabel: { formatter: (v: number) => (isMoney ? axisMoney(v) : count(v)) } }), series,
  }, shown.map((s) => { const top = peak(s.values), last = view.run.days - 1; return t.charts.keyWords(s.name, view.value(top.value, unit), view.date(top.day), view.value(s.values[last], unit), view.date(last)); }),
  shown.map((s, i) => ({ name: s.name, colour: view.theme.list[i % view.theme.list.length], kind: s.dashed ? "dashed" : s.dotted ? "dotted" : "line" })));
  view.follow((day) => picture.set({ series: [{ id: "s0", markLine: dayMark(view, day) }] }));
  return picture.figure;
}

/** Horizontal bars, the largest above; what is below zero goes to the left in another colour. */
export function bars(view: View, title: string, rows: [string, number][], show: (v: number) => string, words: string[], axisShow: (v: number) => string = show): HTMLElement {
  if (rows.length === 0) return h("figure", {}, h("figcaption", {}, title), h("p", { class: "soft" }, t.none));
  const list = [...rows].reverse(), below = rows.some(([, v]) => v < 0);
  return chart(view, title, 40 + rows.length * (narrow() ? 34 : 27), {
    grid: { left: 8, right: 64, top: 4, bottom: 4, containLabel: true },
    tooltip: tip(view, { trigger: "item", formatter: (p: { name: string; value: number }) => `${p.name}: ${show(p.value)}` }),
    xAxis: axis(view, { type: "value", splitNumber: narrow() ? 2 : 3, ...(below ? {} : { min: 0 }), axisLabel: { formatter: axisShow } }),
    yAxis: axis(view, { type: "category", data: list.map(([k]) => k), axisTick: { show: false }, axisLabel: { width: narrow() ? 120 : 210, overflow: "break", color: view.theme.text, lineHeight: 14, hideOverlap: false } }),
    series: [{ type: "bar", barMaxWidth: 16, data: list.map(([, v]) => ({ value: v, itemStyle: { color: view.theme.list[v < 0 ? 2 : 0] }, label: { position: "right" } })), label: { show: true, color: view.theme.text, formatter: (p: { value: number }) => show(p.value) } }],
  }, words).figure;
}

/** Black or white, whichever is read better on a colour. */
function onColour(hex: string): string {
  const part = (at: number): number => { const c = parseInt(hex.slice(at, at + 2), 16) / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) > 0.18 ? "#000" : "#fff";
}

/** Stacked horizontal bars; parts are numbered, so that colour is not all that tells them apart. */
export function stacked(view: View, title: string, rows: { name: string; parts: number[] }[], parts: string[], show: (v: number) => string, words: string[], axisShow: (v: number) => string = show): Chart {
  const list = [...rows].reverse(), colours = view.theme.list, colour = (i: number): string => colours[i % colours.length];
  const widest = Math.max(1e-12, ...rows.map((r) => r.parts.reduce((a, b) => a + b, 0)));
  const numbered = (i: number): string => (parts.length > 1 ? `${i + 1} ${parts[i]}` : parts[i]);
  return chart(view, title, 36 + Math.max(1, rows.length) * 34, {
    grid: { left: 8, right: 20, top: 4, bottom: 4, containLabel: true },
    tooltip: tip(view, { trigger: "item", formatter: (p: { name: string; seriesName: string; value: number }) => `${p.name}\n${p.seriesName}: ${show(p.value)}` }),
    xAxis: axis(view, { type: "value", splitNumber: narrow() ? 2 : 3, min: 0, axisLabel: { formatter: axisShow } }),
    yAxis: axis(view, { type: "category", data: list.map((r) => r.name), axisTick: { show: false }, axisLabel: { width: narrow() ? 110 : 210, overflow: "break", color: view.theme.text, lineHeight: 14, hideOverlap: false } }),
    series: parts.map((name, i) => ({
      id: `p${i}`, name, type: "bar", stack: "all", barMaxWidth: 18, itemStyle: { color: colour(i), borderColor: view.theme.back, borderWidth: 1 }, emphasis: { disabled: true }, data: list.map((r) => r.parts[i] ?? 0),
      label: { show: parts.length > 1, fontSize: 11, color: onColour(colour(i)), formatter: (p: { value: number }) => (p.value > 0.035 * widest ? String(i + 1) : "") },
    })),
  }, words, parts.map((_, i) => ({ name: numbered(i), colour: colour(i), kind: "box" })));
}
