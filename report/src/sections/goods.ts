import { axis, chart, dayMark, type Option, pairs, peak, stamps } from "../charts";
import { h } from "../dom";
import { count, shortMoney } from "../format";
import { num, table } from "../table";
import { t } from "../texts";
import type { View } from "../view";
import { bars } from "./why";

/** Lines of several variables over the days. */
export function lines(view: View, title: string, list: { name: string; values: ArrayLike<number>; dashed?: boolean }[], unit: string, height = 240): HTMLElement {
  const dates = stamps(view);
  const shown = list.filter((s) => Array.from(s.values).some((v) => v !== 0));
  if (shown.length === 0) return h("figure", {}, h("figcaption", {}, title), h("p", { class: "soft" }, t.none));
  const isMoney = unit === view.facts.currency;
  const series: Option[] = shown.map((s, i) => ({ id: `s${i}`, name: s.name, type: "line", symbol: "none", data: pairs(dates, s.values), lineStyle: { width: 1.8, type: s.dashed ? "dashed" : "solid" }, emphasis: { disabled: true } }));
  const picture = chart(view, `${title}, ${unit}`, height, {
    grid: { left: 8, right: 14, top: 18 + 22 * Math.ceil(shown.length / 4), bottom: 6, containLabel: true },
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (v: number) => (isMoney ? view.money(v) : `${count(v)} ${unit}`), backgroundColor: view.theme.back, borderColor: view.theme.line, textStyle: { color: view.theme.text, fontSize: 12 } },
    xAxis: axis(view, { type: "time", splitLine: { show: false } }), yAxis: axis(view, { type: "value", splitNumber: 3, axisLabel: { formatter: (v: number) => (isMoney ? shortMoney(v) : count(v)) } }), series,
  }, shown.map((s) => { const top = peak(s.values), last = view.run.days - 1; return t.charts.keyWords(s.name, view.value(top.value, unit), view.date(top.day), view.value(s.values[last], unit), view.date(last)); }));
  view.follow((day) => picture.set({ series: [{ id: "s0", markLine: dayMark(view, day) }] }));
  return picture.figure;
}

/** Goods: where they are, whose they are, what is lost. */
export function goods(view: View): HTMLElement {
  const s = view.series, money = view.facts.currency;
  const value = (variable: string): Float32Array => {
    const direct = s.get("total", "", variable);
    if (direct) return direct;
    const sum = new Float32Array(view.run.days);
    for (const p of view.facts.products) s.or0("product", p.id, variable.replace("_value", "")).forEach((v, d) => { sum[d] += v * p.value; });
    return sum;
  };
  const waiting = value("waiting_value"), stranded = value("stranded_value"), delayed = value("delayed_value"), held = value("held_value");
  const picture = lines(view, t.charts.stocks, [{ name: t.goods.waiting, values: waiting }, { name: t.goods.stranded, values: stranded }, { name: t.goods.delayed, values: delayed }, { name: t.goods.held, values: held }], money);
  const owners = (Object.entries(view.run.summary.stranded?.by_owner ?? {}) as [string, number][]).filter(([, v]) => v > 0.5).sort((a, b) => b[1] - a[1]).map(([id, v]) => [view.firmName(id), v] as [string, number]);
  const rows = h("div");
  let late = 0;
  const draw = (): void => {
    const day = view.day;
    const sum = (v: ArrayLike<number>): number => { let x = 0; for (let d = 0; d <= day; d++) x += v[d]; return x; };
    const body = view.facts.products.filter((p) => s.get("product", p.id, "in_system") || s.get("product", p.id, "produced")).map((p) => {
      const at = (variable: string): number => s.or0("product", p.id, variable)[day];
      const gone = sum(s.or0("product", p.id, "lost")), spoilt = sum(s.or0("product", p.id, "spoilt"));
      const cell = (v: number) => num(v, v === 0 ? "0" : count(v));
      return [{ text: p.name }, { text: p.unit }, cell(at("in_system")), cell(at("waiting")), cell(at("stranded")), cell(at("delayed")), cell(gone), cell(spoilt)];
    });
    const r = (name: string) => ({ name, right: true });
    rows.replaceChildren(table([{ name: t.goods.product, wide: true }, { name: "" }, r(t.goods.system), r(t.goods.waiting), r(t.goods.stranded), r(t.goods.delayed), r(t.goods.lost), r(t.goods.spoilt)], body, { label: t.goods.product, id: "goods-table", sort: 4, descending: true, limit: 20 }));
  };
  view.follow(() => { clearTimeout(late); late = window.setTimeout(draw, 120); });
  view.leave(() => clearTimeout(late));
  draw();
  return h("div", {}, h("div", { class: "two" }, picture, bars(view, `${t.charts.owner}, ${money}`, owners.slice(0, 12), shortMoney, owners.map(([k, v]) => `${k}: ${view.money(v)}`))), rows, h("p", { class: "soft" }, t.goods.note));
}

/** Money and jobs. */
export function moneyAndJobs(view: View): HTMLElement {
  const s = view.series, get = (v: string): Float32Array => s.or0("total", "", v), money = view.facts.currency;
  const sectors = s.entities("sector", "cash").slice(0, 6);
  const present = get("labour_present"), used = get("labour_used");
  const week = (values: Float32Array): number[] => Array.from(values, (_, d) => { let x = 0; const from = Math.max(0, d - 6); for (let i = from; i <= d; i++) x += values[i]; return x / (d - from + 1); });
  const u = view.run.summary;
  return h("div", {}, h("div", { class: "two" },
    lines(view, t.charts.receivables, [{ name: t.money.receivable, values: get("receivable") }, { name: t.money.overdue, values: get("receivable_overdue") }, { name: t.money.wages, values: get("wages_unpaid") }, { name: t.money.claims, values: get("claims") }], money),
    lines(view, t.charts.labour, [{ name: t.charts.present, values: week(present) }, { name: t.charts.used, values: week(used) }, { name: `${t.charts.used}, ${t.counterfactual}`, values: week(s.or0("total", "", "labour_used", "counterfactual")), dashed: true }], "worker-days a day"),
    lines(view, t.money.cash, sectors.map((id) => ({ name: id, values: s.or0("sector", id, "cash") })), money),
    h("dl", { class: "facts" },
      ...([[t.money.peak, count(u.jobs?.workers_idle_peak)], [t.money.idle, count(u.jobs?.idle_worker_days)], [t.money.wages, view.money(u.unpaid?.wages_usd)], [t.money.overdue, view.money(u.unpaid?.overdue_usd)], [t.money.claims, view.money(u.unpaid?.claims_usd)]] as [string, string][]).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)]))),
  h("p", { class: "soft" }, t.money.note));
}
