import { axis, chart, dayMark, type Option, pairs, peak, rolling, stamps } from "../charts";
import { h } from "../dom";
import { shortMoney } from "../format";
import { t } from "../texts";
import type { View } from "../view";

const ROWS = [
  { name: () => t.charts.output, variable: "output_value", smooth: 28 },
  { name: () => t.charts.stranded, variable: "stranded_value", smooth: 1 },
  { name: () => t.charts.wages, variable: "wages_unpaid", smooth: 1 },
];

/** The key chart: output, stranded goods and unpaid wages against the counterfactual, with bands and events. */
export function key(view: View): HTMLElement {
  const dates = stamps(view), colour = view.theme.list[0];
  const rows = ROWS.filter((r) => r.variable === "output_value" || view.series.or0("total", "", r.variable).some((v) => v > 0));
  const series: Option[] = [], words: string[] = [];
  rows.forEach((row, i) => {
    const values = (scenario: "scenario" | "counterfactual" | "p05" | "p95"): Float32Array | undefined => {
      const found = view.series.get("total", "", row.variable, scenario);
      return found && (row.smooth > 1 ? rolling(found, row.smooth) : found);
    };
    const own = values("scenario") ?? new Float32Array(view.run.days), other = values("counterfactual") ?? own;
    const low = values("p05"), high = values("p95");
    const place = { xAxisIndex: i, yAxisIndex: i, type: "line", symbol: "none", emphasis: { disabled: true } };
    if (low && high) {
      const band = { ...place, stack: `band${i}`, lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
      series.push({ ...band, name: t.band, data: pairs(dates, low) }, { ...band, name: t.band, data: pairs(dates, high.map((v, d) => v - low[d])), areaStyle: { color: colour, opacity: 0.18 } });
    }
    series.push({ ...place, name: t.counterfactual, data: pairs(dates, other), lineStyle: { color: view.theme.soft, type: "dashed", width: 1.5 }, itemStyle: { color: view.theme.soft } });
    series.push({ ...place, id: `own${i}`, name: t.withEvents, data: pairs(dates, own), lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour } });
    series.push({ ...place, id: `events${i}`, name: "", data: [], tooltip: { show: false }, markLine: {
      silent: true, symbol: "none", animation: false, lineStyle: { color: view.theme.soft, type: "dotted", width: 1 }, label: { show: i === 0, color: view.theme.soft, formatter: "{b}", fontSize: 11, distance: 2 },
      data: letters(view).map(({ day, letter }) => ({ xAxis: dates[day], name: letter })) } });
    const top = peak(own), last = view.run.days - 1;
    words.push(t.charts.keyWords(row.name(), view.money(top.value), view.date(top.day), view.money(own[last]), view.date(last)));
  });
  const height = 130, gap = 44, top = 58;
  const option: Option = {
    legend: { itemGap: 16, data: [t.withEvents, t.counterfactual, ...(view.series.get("total", "", "output_value", "p05") ? [t.band] : [])], top: 0, left: 0, textStyle: { color: view.theme.text }, itemWidth: 18, itemHeight: 8 },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    grid: rows.map((_, i) => ({ left: 62, right: 14, top: top + i * (height + gap), height })),
    xAxis: rows.map((_, i) => axis(view, { gridIndex: i, type: "time", splitLine: { show: false } })),
    yAxis: rows.map((row, i) => axis(view, { gridIndex: i, type: "value", min: 0, name: `${row.name()}, ${view.facts.currency}${row.smooth > 1 ? " (28-day mean)" : ""}`, nameGap: 10, splitNumber: 3, axisLabel: { formatter: (v: number) => shortMoney(v) } })),
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (v: number) => view.money(v), backgroundColor: view.theme.back, borderColor: view.theme.line, textStyle: { color: view.theme.text, fontSize: 12 } },
    dataZoom: [{ type: "inside", xAxisIndex: rows.map((_, i) => i), zoomOnMouseWheel: "ctrl", moveOnMouseMove: false }],
    series,
  };
  const picture = chart(view, t.charts.key, top + rows.length * (height + gap), option, words);
  view.follow((day) => picture.set({ series: rows.map((_, i) => ({ id: `own${i}`, markLine: dayMark(view, day) })) }));
  const list = letters(view).map(({ letter, texts, day }) => h("li", {}, h("b", {}, `${letter} `), `${view.date(day)}: ${texts.join("; ")}`));
  return h("div", {}, picture.figure, h("ul", { class: "events-list" }, ...list));
}

/** Days with events, lettered; days close together share a letter. */
function letters(view: View): { day: number; letter: string; texts: string[] }[] {
  const out: { day: number; letter: string; texts: string[] }[] = [];
  const near = Math.max(1, Math.round(view.run.days / 60));
  for (const e of [...view.run.events].sort((a, b) => a.day - b.day)) {
    const last = out[out.length - 1], text = e.text + (e.background ? ` (${t.when.background})` : "");
    if (last && e.day - last.day <= near) last.texts.push(e.day === last.day ? text : `${view.date(e.day)}: ${text}`);
    else out.push({ day: e.day, letter: String.fromCharCode(97 + (out.length % 26)), texts: [text] });
  }
  return out;
}
