import { h } from "../dom";
import { bare, count, date, money, percent, plain, shortMoney } from "../format";
import { axis, chart } from "../charts";
import { num, table } from "../table";
import { t } from "../texts";
import type { View } from "../view";
import { bars } from "./why";

/** Rules: what `screen` found; filled from findings.json. */
export function rules(view: View): HTMLElement {
  const found = view.run.findings;
  const list = (Array.isArray(found) ? found : found?.findings) as Record<string, never>[] | undefined;
  if (!list || list.length === 0) return h("p", { class: "soft" }, t.rules.none);
  const text = (v: unknown): string => (v === null || v === undefined ? "" : Array.isArray(v) ? v.map(text).join("; ") : typeof v === "object" ? Object.values(v as object).map(text).join(" ") : String(v));
  const pick = (f: Record<string, unknown>, ...names: string[]): string => { for (const n of names) if (f[n] !== undefined && f[n] !== null) return text(f[n]); return ""; };
  const rows = list.map((f) => [{ text: pick(f, "contract", "subject") }, { text: pick(f, "finding", "kind") }, { text: [pick(f, "rule", "instrument"), pick(f, "paragraph")].filter(Boolean).join(" ") }, { text: pick(f, "from", "first", "first_date") }, { text: pick(f, "to", "last", "last_date") },
    num(Number(f["value_usd"] ?? f["value"] ?? NaN), f["value_usd"] !== undefined ? money(Number(f["value_usd"]), view.facts.currency) : ""), { text: pick(f, "facts", "matched") }]);
  return h("div", {}, h("p", { class: "soft" }, t.rules.disclaimer), table([{ name: t.rules.contract }, { name: t.rules.finding }, { name: t.rules.measure }, { name: t.rules.from }, { name: t.rules.to }, { name: t.rules.value, right: true }, { name: t.rules.facts, wide: true }], rows, { search: true, label: t.sections.rules, id: "rules-table", limit: 25 }));
}

/** Claims with their share of draws, premises apart, and recorded figures beside the run. */
export function evidence(view: View): HTMLElement {
  const { claims, summary } = view.run;
  const columns = [{ name: t.evidence.id }, { name: t.evidence.says, wide: true }, { name: t.evidence.holds }, { name: t.evidence.required, wide: true }, { name: t.evidence.simulated, right: true }, { name: t.evidence.share, right: true }, { name: t.evidence.without, right: true }, { name: t.evidence.grade }];
  const rows = (kind: string) => claims.filter((c) => c.kind === kind).map((c) => [
    { text: c.id }, { text: c.text, title: c.source.join("; ") }, { text: c.holds === null ? t.evidence.open : c.holds ? t.evidence.yes : t.evidence.no }, { text: c.required.join("; ") || (c.needs ?? "") }, { text: c.simulated.map((v) => plain(v)).join("; ") },
    num(c.share_of_draws, percent(c.share_of_draws)), num(c.share_without_events, percent(c.share_without_events)), { text: c.grade ?? "" }]);
  const box = h("div", {});
  if (claims.length > 0) {
    box.append(h("h3", {}, t.evidence.outcomes), table(columns, rows("outcome"), { label: t.evidence.outcomes, id: "claims-table" }));
    if (summary.claims?.joint_share_of_draws !== null && summary.claims?.joint_share_of_draws !== undefined) box.append(h("p", {}, t.evidence.joint(percent(summary.claims.joint_share_of_draws), summary.draws.n)));
    box.append(h("h3", {}, t.evidence.premises), table(columns, rows("premise"), { label: t.evidence.premises, id: "premises-table" }));
  } else box.append(h("p", { class: "soft" }, t.none));
  for (const c of (view.run.evidence?.comparisons ?? []) as Record<string, never>[]) box.append(comparison(view, c));
  return box;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function comparison(view: View, c: any): HTMLElement {
  const rows = (c.observations ?? []).map((o: { id: string; period: [string, string] | null; observed: number; simulated: number; without_events: number; kind: string; counts: boolean; note: string | null }) => [
    { text: o.id, title: o.note ?? "" }, { text: o.period ? `${date(o.period[0])} – ${date(o.period[1])}` : "", sort: o.period?.[0] ?? "" }, num(o.observed, plain(o.observed)), num(o.simulated, plain(o.simulated)), num(o.without_events, plain(o.without_events)), { text: o.kind }]);
  const finding = Object.entries(c.finding ?? {}).filter(([, v]) => typeof v === "number" || typeof v === "string" || typeof v === "boolean").map(([k, v]) => `${k.replaceAll("_", " ")}: ${typeof v === "number" ? plain(v) : v}`).join(" · ");
  const r = (name: string) => ({ name, right: true });
  return h("details", { class: "comparison" }, h("summary", {}, `${t.evidence.observed}: ${c.run} (${String(c.compare).replaceAll("_", " ")})`),
    h("p", {}, finding), months(view, c), table([{ name: t.evidence.id }, { name: t.evidence.period }, r(t.charts.observed), r(t.charts.simulated), r(t.charts.naive), { name: t.evidence.kind }], rows, { label: c.run, limit: 30 }),
    ...(c.limits ?? []).map((l: string) => h("p", { class: "soft" }, l)));
}

/** Observed and simulated side by side, where there are enough periods to see a course. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function months(view: View, c: any): HTMLElement | null {
  const list = ((c.observations ?? []) as { period: [string, string] | null; observed: number; simulated: number; without_events: number }[]).filter((o) => o.period && Number.isFinite(o.observed));
  if (list.length < 6) return null;
  list.sort((a, b) => String(a.period?.[0]).localeCompare(String(b.period?.[0])));
  const line = (name: string, values: number[], more: object = {}) => ({ name, type: "line", data: values, symbolSize: 5, ...more });
  return chart(view, String(c.run), 240, {
    grid: { left: 8, right: 14, top: 36, bottom: 6, containLabel: true },
    xAxis: axis(view, { type: "category", data: list.map((o) => String(o.period?.[0]).slice(0, 7)) }), yAxis: axis(view, { type: "value", splitNumber: 3, axisLabel: { formatter: (v: number) => shortMoney(v) } }),
    series: [line(t.charts.observed, list.map((o) => o.observed)), line(t.charts.simulated, list.map((o) => o.simulated)), line(t.charts.naive, list.map((o) => o.without_events), { lineStyle: { type: "dashed" } })],
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (v: number) => shortMoney(v), backgroundColor: view.theme.back, borderColor: view.theme.line, textStyle: { color: view.theme.text, fontSize: 12 } },
  }, list.map((o) => `${String(o.period?.[0]).slice(0, 7)}: ${t.charts.observed} ${shortMoney(o.observed)}, ${t.charts.simulated} ${shortMoney(o.simulated)}`)).figure;
}

/** Every input by basis, what rests on assumed rows, and the sources. */
export function assumptions(view: View): HTMLElement {
  const { inputs, sources } = view.facts;
  const rests = (view.run.summary.rests_on ?? []) as { parameter: string; unit: string; basis: string; low: number | string | null; high: number | string | null; flips: string[]; moves: string | null; by_share: number | null }[];
  const end = (v: number | string | null): string => (typeof v === "number" ? bare(v) : v ? (/^\d{4}-/.test(v) ? date(v) : v) : "–");
  const top = rests.filter((r) => (r.by_share ?? 0) > 0).sort((a, b) => (b.by_share ?? 0) - (a.by_share ?? 0)).slice(0, 12).map((r) => [r.parameter.replaceAll("_", " "), r.by_share as number] as [string, number]);
  const tally = (basis: string): number => inputs.filter((i) => i.basis === basis).length;
  const basis = (b: string): string => t.assume.bases[b] ?? b;
  const restTable = table([{ name: t.assume.row, wide: true }, { name: t.assume.range }, { name: t.assume.basis }, { name: t.assume.flips }, { name: t.assume.moves }, { name: "", right: true }],
    rests.map((r) => [{ text: r.parameter }, { text: `${end(r.low)} … ${end(r.high)} ${r.unit === "date" ? "" : r.unit}` }, { text: basis(r.basis) }, { text: r.flips.join(", ") }, { text: (r.moves ?? "").replaceAll("_", " ") }, num(r.by_share, percent(r.by_share))]), { search: rests.length > 12, label: t.sections.assumptions, id: "rests-table", limit: 15 });
  const inputTable = table([{ name: t.assume.file }, { name: t.assume.row, wide: true }, { name: t.assume.value }, { name: t.assume.range }, { name: t.assume.basis }, { name: t.assume.source, wide: true }],
    inputs.map((i) => [{ text: i.file }, { text: i.column ? `${i.row}, ${i.column}` : i.row, title: i.note }, { text: `${i.value}${i.unit ? ` ${i.unit}` : ""}` }, { text: i.low || i.high ? `${i.low} … ${i.high}` : "" }, { text: basis(i.basis) }, { text: `${i.source}${i.grade ? ` (${i.grade})` : ""}` }]), { search: true, label: t.assume.everything, id: "inputs-table", limit: 20 });
  const sourceTable = table([{ name: t.assume.source }, { name: t.evidence.says, wide: true }, { name: t.when.date }, { name: t.evidence.grade }],
    sources.map((s) => [{ text: s.id }, { text: [s.publisher, s.title, s.url].filter(Boolean).join(" · ") }, { text: s.date }, { text: s.grade }]), { search: true, label: t.assume.sources, id: "sources-table", limit: 10 });
  return h("div", {}, h("p", {}, `${t.assume.counts(tally("assumed"), tally("inferred"), tally("sourced"))} ${t.assume.rests}`),
    top.length > 0 && bars(view, t.charts.moves, top, (v) => percent(v), top.map(([k, v]) => `${k}: ${percent(v)}`)), restTable,
    h("details", {}, h("summary", {}, t.assume.everything), inputTable), h("details", {}, h("summary", {}, t.assume.sources), sourceTable));
}

/** The proof that it balances, and what ripstop does not know. */
export function audit(view: View): HTMLElement {
  const { manifest, summary } = view.run;
  const exact = (v: number | undefined): string => (v === undefined || v === null ? "–" : v === 0 ? "0" : v.toExponential(1));
  const facts: [string, string][] = [
    [t.audit.goods, exact(summary.audit?.goods_residual_max)], [t.audit.money, exact(summary.audit?.money_residual_max)], [t.audit.version, String(manifest.ripstop ?? "")], [t.audit.draws, count(summary.draws?.n ?? 0)], [t.audit.seed, String(manifest.seed ?? "")],
    [t.audit.started, String(manifest.finished ?? manifest.started ?? "").slice(0, 19).replace("T", " ")], [t.audit.hash, String(summary.state_hash ?? "")],
  ];
  const files = Object.entries((manifest.inputs_blake3 ?? {}) as Record<string, string>);
  return h("div", {}, h("p", {}, `${t.audit.balance}.`), h("dl", { class: "facts" }, ...facts.flatMap(([k, v]) => [h("dt", {}, k), h("dd", { class: "code" }, v)])),
    h("ul", {}, ...t.audit.limits.map((l) => h("li", {}, l))),
    files.length > 0 && h("details", {}, h("summary", {}, t.audit.inputs), h("ul", { class: "code" }, ...files.map(([f, x]) => h("li", {}, `${f} ${x.slice(0, 16)}…`)))));
}
