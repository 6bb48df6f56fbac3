import { axis, chart } from "../charts";
import { h } from "../dom";
import { count, dayOf, percent, shortMoney } from "../format";
import { t } from "../texts";
import type { View } from "../view";

/** Why lines stopped, and who bears the loss. */
export function why(view: View): HTMLElement {
  const s = view.run.summary;
  const causes = stops(view);
  const split = Object.entries((s.others_by_sector_usd ?? {}) as Record<string, number>);
  const named = (Object.entries(s.by_bearer ?? {}) as [string, number][]).filter(([k]) => k !== "others" || split.length === 0).map(([k, v]) => [t.bearers[k] ?? k, v] as [string, number]);
  const bearers = [...named, ...split].filter(([, v]) => Math.abs(v) > 0.5).sort((a, b) => b[1] - a[1]);
  const all = causes.reduce((sum, [, v]) => sum + v, 0);
  return h("div", { class: "two" },
    bars(view, working(view) ? t.charts.causesWorkers : t.charts.causes, causes.slice(0, 14), (v) => count(v), causes.map(([k, v]) => `${k}: ${count(v)} (${percent(v / all)})`)),
    bars(view, `${t.charts.bearers}, ${view.facts.currency}`, bearers, shortMoney, bearers.map(([k, v]) => `${k}: ${v < 0 ? t.charts.gain : t.charts.loss} ${view.money(Math.abs(v))}`)),
    h("p", { class: "soft" }, `${t.why.note} ${t.why.lost}`));
}

const working = (view: View): boolean => view.facts.firms.some((f) => f.workers > 0);

/** Line-days stopped by cause; of firms with workers where there are any, else of all as in summary.json. */
function stops(view: View): [string, number][] {
  const sums = new Map<string, number>();
  if (working(view)) {
    const to = dayOf(view.facts.start, view.run.summary.as_of);
    for (const f of view.facts.firms.filter((x) => x.workers > 0)) for (const v of view.series.variables("firm", f.id).filter((x) => x.startsWith("stopped_lines:"))) {
      const days = view.series.or0("firm", f.id, v);
      let sum = 0;
      for (let d = view.firstEvent ?? 0; d <= to; d++) sum += days[d];
      sums.set(v.slice(14), (sums.get(v.slice(14)) ?? 0) + sum);
    }
  } else for (const [word, days] of Object.entries((view.run.summary.stopped_days_by_cause ?? {}) as Record<string, number>)) sums.set(word, days);
  return [...sums].filter(([, v]) => v > 0).sort((a, b) => b[1] - a[1]).map(([word, v]) => [view.cause(word), v]);
}

/** Horizontal bars, the largest above; gains in another colour and to the left. */
export function bars(view: View, title: string, rows: [string, number][], show: (v: number) => string, words: string[]): HTMLElement {
  if (rows.length === 0) return h("figure", {}, h("figcaption", {}, title), h("p", { class: "soft" }, t.none));
  const list = [...rows].reverse();
  return chart(view, title, 46 + rows.length * 26, {
    grid: { left: 8, right: 60, top: 8, bottom: 24, containLabel: true }, legend: { show: false },
    tooltip: { trigger: "item", renderMode: "richText", confine: true, formatter: (p: { name: string; value: number }) => `${p.name}: ${show(p.value)}`, backgroundColor: view.theme.back, borderColor: view.theme.line, textStyle: { color: view.theme.text } },
    xAxis: axis(view, { type: "value", splitNumber: 3, axisLabel: { formatter: show } }),
    yAxis: axis(view, { type: "category", data: list.map(([k]) => k), axisTick: { show: false }, axisLabel: { width: 170, overflow: "truncate", color: view.theme.text } }),
    series: [{ type: "bar", barMaxWidth: 16, data: list.map(([, v]) => ({ value: v, itemStyle: { color: view.theme.list[v < 0 ? 2 : 0] } })), label: { show: true, position: "right", color: view.theme.soft, formatter: (p: { value: number }) => show(p.value) } }],
  }, words).figure;
}
