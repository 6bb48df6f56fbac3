// The charts' common ground: only the parts of the library that are used, one look, and words beside each picture.
import * as echarts from "echarts/core";
import { BarChart, CustomChart, EffectScatterChart, HeatmapChart, LineChart, LinesChart, ScatterChart } from "echarts/charts";
import { AriaComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { h } from "./dom";
import { t } from "./texts";
import type { View } from "./view";

echarts.use([BarChart, CustomChart, EffectScatterChart, HeatmapChart, LineChart, LinesChart, ScatterChart, AriaComponent, DataZoomComponent, GeoComponent,
  GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, LabelLayout, SVGRenderer]);

export { echarts };
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Option = any;

/** A chart of a height, in a figure with a title and its content in words. */
export function chart(view: View, title: string, height: number, option: Option, words: string[]): { figure: HTMLElement; set: (option: Option) => void; chart: () => echarts.ECharts | undefined; words: (list: string[]) => void } {
  const box = h("div", { class: "chart", style: `height:${height}px`, "aria-hidden": "true" });
  const list = h("ul", {}, ...words.map((w) => h("li", {}, w)));
  const figure = h("figure", {}, h("figcaption", {}, title), box, h("details", { class: "words" }, h("summary", {}, t.chartText), list));
  let instance: echarts.ECharts | undefined;
  const waiting: Option[] = [];
  const start = (): void => {
    if (instance || box.clientWidth === 0) return;
    instance = echarts.init(box, undefined, { renderer: "svg" });
    instance.setOption({ ...base(view), ...option });
    waiting.forEach((o) => instance?.setOption(o));
  };
  const observer = new ResizeObserver(() => { if (instance) instance.resize(); else start(); });
  observer.observe(box);
  view.leave(() => { observer.disconnect(); instance?.dispose(); });
  return {
    figure,
    set: (o) => { if (instance) instance.setOption(o); else waiting.push(o); },
    chart: () => instance,
    words: (fresh) => list.replaceChildren(...fresh.map((w) => h("li", {}, w))),
  };
}

/** The page's letters, named: charts measure their words with it. */
const FONT = 'system-ui, "Noto Sans", "Segoe UI", Roboto, sans-serif';

export function base(view: View): Option {
  const { text, soft, line, back, list } = view.theme;
  return {
    color: list, animation: false, backgroundColor: "transparent",
    textStyle: { fontFamily: FONT, fontSize: 12, color: text },
    tooltip: { trigger: "axis", confine: true, backgroundColor: back, borderColor: line, textStyle: { color: text, fontSize: 12 }, renderMode: "richText" },
    legend: { textStyle: { color: text, fontFamily: FONT }, inactiveColor: soft, top: 0, left: 0, itemWidth: 18, itemHeight: 8, type: "plain" },
  };
}

export const axis = (view: View, more: Option = {}): Option => ({
  axisLine: { lineStyle: { color: view.theme.line } }, axisTick: { lineStyle: { color: view.theme.line } }, axisLabel: { color: view.theme.soft, fontSize: 12, hideOverlap: true, ...(more.axisLabel ?? {}) },
  splitLine: { lineStyle: { color: view.theme.line, opacity: 0.5 } }, nameTextStyle: { color: view.theme.soft, align: "left" }, ...Object.fromEntries(Object.entries(more).filter(([k]) => k !== "axisLabel")),
});

/** A vertical line at the day shown. */
export const dayMark = (view: View, day: number): Option => ({
  silent: true, symbol: "none", animation: false, label: { show: false }, lineStyle: { color: view.theme.accent, type: "solid", width: 1.5 }, data: [{ xAxis: view.iso(day) }],
});

export const stamps = (view: View): string[] => Array.from({ length: view.run.days }, (_, d) => view.iso(d));
export const pairs = (dates: string[], values: ArrayLike<number>): [string, number][] => dates.map((d, i) => [d, values[i]]);

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
    out[i] = Math.max(0, sum / Math.min(i + 1, days));
  }
  return out;
}
