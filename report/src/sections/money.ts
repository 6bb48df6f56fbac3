import { bars, lines, rolling } from "../charts";
import { type Child, h } from "../dom";
import { axisMoney, bare, count, date, shortMoney } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

/** Money and jobs. */
export function moneyAndJobs(view: View): HTMLElement {
  const s = view.series, money = view.facts.currency, total = (v: string): Float32Array => s.or0("total", "", v);
  const largest = (level: string, variable: string, most: number) => s.entities(level).map((id) => ({ id, values: s.or0(level, id, variable) })).map((x) => ({ ...x, top: x.values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) })).filter((x) => x.top > 0).sort((a, b) => b.top - a.top).slice(0, most);
  const dashes = (i: number) => ({ dashed: i % 3 === 1, dotted: i % 3 === 2 });
  const owed = [["receivable", t.money.receivable], ["receivable_overdue", t.money.overdue], ["wages_unpaid", t.money.wages], ["claims", t.money.claims]].map(([v, name], i) => ({ name, values: total(v), ...dashes(i) }));
  const labour = [{ name: t.charts.employed, values: rolling(total("labour_employed"), 7), dashed: true, dotted: true }, { name: t.charts.present, values: rolling(total("labour_present"), 7), dotted: true }, { name: t.charts.used, values: rolling(total("labour_used"), 7) }, { name: `${t.charts.used}, ${t.counterfactual}`, values: rolling(s.or0("total", "", "labour_used", "counterfactual"), 7), dashed: true }];
  const pictures: Child[] = [lines(view, t.charts.owed, owed, money), ages(view), lines(view, t.charts.labour, labour, "worker-days")];
  const arrears = largest("place", "wages_unpaid", 6), cash = largest("sector", "cash", 6);
  if (arrears.length > 0) pictures.push(lines(view, t.charts.arrears, arrears.map(({ id, values }, i) => ({ name: view.entityName("place", id), values, ...dashes(i) })), money));
  if (cash.length > 0) pictures.push(lines(view, t.charts.cash, cash.map(({ id, values }, i) => ({ name: view.entityName("sector", id), values, ...dashes(i) })), money));
  return h("div", {}, h("div", { class: "two" }, ...pictures), sums(view), liquidity(view), soft(t.money.note),
    view.from("money", "series: total receivable, receivable_overdue, wages_unpaid, claims, labour_employed, labour_present, labour_used; place wages_unpaid; sector cash", "summary.json: unpaid, unpaid.by_age, jobs, seized, fines_usd; cash_usd, wages_owed_usd and wages_per_month_usd of places and groups"));
}

/** Invoices by age on the date of the figures. */
function ages(view: View): HTMLElement {
  const by = (view.run.summary.unpaid?.by_age ?? {}) as Record<string, number>, title = `${t.charts.age}, ${view.facts.currency}, ${date(view.asOf)}`;
  const list = Object.entries(t.money.ages).map(([key, words]): [string, number] => [words, by[`${key}_usd`] ?? 0]);
  const shown = list.filter(([, v], i) => v > 0.5 || (i < 4 && list.some(([, x]) => x > 0.5)));
  return bars(view, title, shown, shortMoney, shown.map(([k, v]) => `${k}: ${view.money(v)}`), axisMoney);
}

function sums(view: View): HTMLElement {
  const m = (v: number): string => view.money(v);
  const f = view.figures, facts: [string, string, (v: number) => string][] = [
    [t.money.peak, "workers_idle_peak", count], [t.money.idle, "idle_worker_days", count], [t.money.parts.dismissed, "idle_worker_days:dismissed", count], [t.money.parts.absent, "idle_worker_days:absent", count], [t.money.parts.idle, "idle_worker_days:idle", count], [t.money.extra, "extra_worker_days", count], [t.money.dismissed, "dismissed", count], [t.money.wages, "wages_unpaid", m], [t.money.days, "worker_days_unpaid", count],
    [t.money.receivable, "invoices_unpaid", m], [t.money.overdue, "invoices_overdue", m], [t.money.claims, "claims_unpaid", m], [t.money.badDebt, "bad_debt", m], [t.money.seized, "seized_value", m], [t.money.fines, "fines", m],
  ];
  const shown = facts.filter(([, name], i) => f.lead(name) !== null && (i < 2 || (i > 6 && i < 11) || f.worth(name)));
  return h("dl", { class: "facts" }, ...shown.flatMap(([title, name, show]) => [h("dt", {}, title.charAt(0).toUpperCase() + title.slice(1)), h("dd", {}, f.value(name, show), f.band(name, show), h("span", { class: "soft" }, f.atStart([name, show])))]));
}

interface Row { name: string; workers: number; cash_usd?: number; wages_owed_usd: number; wages_per_month_usd?: number }

/** How many months of wages the firms with workers could pay. */
function liquidity(view: View): Child {
  const list = [...((view.run.summary.groups ?? []) as Row[]), ...((view.run.summary.places ?? []) as Row[])].filter((r) => (r.wages_per_month_usd ?? 0) > 0);
  if (list.length === 0) return null;
  const money = view.facts.currency, right = (name: string) => ({ name, right: true }), cell = (v: number): Cell => num(v, v === 0 ? "0" : shortMoney(v));
  const rows = list.map((r): Cell[] => { const cover = ((r.cash_usd ?? 0) - r.wages_owed_usd) / (r.wages_per_month_usd as number); return [{ text: r.name }, num(r.workers, count(r.workers)), cell(r.cash_usd ?? 0), cell(r.wages_owed_usd), cell(r.wages_per_month_usd as number), num(cover, Math.abs(cover) < 0.005 ? "0" : bare(cover))]; });
  return h("div", {}, h("h3", {}, `${t.money.liquidity}, ${date(view.asOf)}`), table([{ name: t.money.name, wide: true }, right(t.who.workers), right(`${t.money.cash}, ${money}`), right(`${t.money.arrears}, ${money}`), right(`${t.money.perMonth}, ${money}`), right(t.money.cover)], rows, { label: t.money.liquidity, id: "liquidity-table", limit: 20 }).element, soft(t.money.liquidityNote));
}
