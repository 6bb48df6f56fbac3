import { axis, bars, chart, tip } from "../charts";
import type { Claim, Json } from "../data";
import { fold, h, rich } from "../dom";
import { axisMoney, bare, count, country, date, lowered, month, percent, plain } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

/** Claims with their share of draws, premises apart, and recorded figures beside the run. */
export function evidence(view: View): HTMLElement {
  const claims = view.run.claims ?? [], comparisons = (view.run.evidence?.comparisons ?? []) as Json[], nothing = (view.run.evidence?.compared_with_nothing ?? []) as Json[];
  const box = h("div", {});
  if (claims.length === 0 && comparisons.length === 0) return h("div", {}, soft(t.evidence.none));
  for (const [kind, title, id] of [["outcome", t.evidence.outcomes, "claims-table"], ["premise", t.evidence.premises, "premises-table"]] as const) {
    const list = claims.filter((c) => c.kind === kind);
    if (list.length === 0) continue;
    box.append(h("h3", {}, title), claimTable(view, list, title, id));
    if (kind === "outcome" && view.full) { if (view.figures.drawsLead) box.append(soft(t.evidence.signs)); box.append(joint(view)); }
  }
  if (claims.length > 0) box.append(soft(view.full ? t.evidence.withoutNote : t.absent(t.evidence.unrecorded)));
  if (comparisons.length > 0) box.append(h("h3", {}, t.evidence.observed));
  if (comparisons.length > 0 && !view.full) box.append(soft(t.absent(t.evidence.unrecorded)));
  else comparisons.forEach((c, i) => box.append(comparison(view, c, i)));
  if (nothing.length > 0) {
    const items = nothing.map((n) => h("li", {}, `${n.why} `, soft_(`(${(n.observations as Json[]).map((o) => o.id).join(", ")})`)));
    box.append(fold("compared-with-nothing", t.evidence.nothing, h("ul", {}, ...items)));
  }
  box.append(view.from("evidence", "claims.json", "evidence.json: comparisons, compared_with_nothing", "summary.json: claims.joint_share_of_draws, rests_on.flips", "case.json: sources"));
  return box;
}

const soft_ = (text: string): HTMLElement => h("span", { class: "soft" }, text);

/** A value in the unit of its measure. */
function measured(view: View, measure: string, value: number | null): string {
  const kind = t.measures[measure]?.[1];
  if (value === null) return "–";
  if (kind === "share" && Math.abs(value) <= 10) return percent(value);
  return kind === "money" ? view.money(value) : ["days", "months", "firms", "workers"].includes(kind ?? "") ? bare(value) : plain(value);
}

/** `utilisation ≤ 0.2` as `labour used of those employed ≤ 20 %`. */
function required(view: View, condition: string): string {
  const at = condition.indexOf(" "), measure = at < 0 ? condition : condition.slice(0, at);
  return `${t.measures[measure]?.[0] ?? measure.replaceAll("_", " ")} ${at < 0 ? "" : condition.slice(at + 1).replace(/-?\d+(\.\d+)?(e-?\d+)?/g, (n) => measured(view, measure, Number(n)))}`.trim();
}

function claimTable(view: View, list: Claim[], label: string, id: string): HTMLElement {
  const drawn = list.some((c) => c.share_of_draws !== null), flips = view.restsOn.some((r) => r.flips.length > 0), e = t.evidence;
  const columns = [{ name: e.id }, { name: e.says, wide: true }, { name: e.holds }, { name: e.required, wide: true }, { name: e.simulated, right: true }, ...(drawn ? [{ name: e.share, right: true }, { name: e.without, right: true }] : []), { name: e.grade }, ...(flips ? [{ name: e.rests, wide: true }] : [])];
  const rows = list.map((c): Cell[] => [
    { text: c.id }, { text: c.text, node: () => h("span", {}, c.text, c.source.length > 0 && h("span", { class: "soft small" }, ` ${sourcesOf(view, c.source)}`)) }, { text: c.holds === null ? (view.full ? e.open : `· ${t.unrecorded}`) : c.holds ? e.yes : e.no }, { text: c.required.map((r) => required(view, r)).join("; ") || (c.needs ? e.needs(c.needs) : "") },
    { text: (c.simulated ?? []).map((v, i) => measured(view, (c.required[i] ?? "").split(" ")[0], v)).join("; ") || "–" }, ...(drawn ? [num(c.share_of_draws, percent(c.share_of_draws)), num(c.share_without_events, percent(c.share_without_events))] : []), { text: c.grade ?? "" },
    ...(flips ? [{ text: view.restsOn.filter((r) => r.flips.includes(c.id)).map((r) => `${r.parameter.replaceAll("_", " ")} (${t.assume.bases[r.basis ?? ""] ?? "–"})`).join(", ") }] : [])]);
  return table(columns, rows, { label, id }).element;
}

/** Publisher and date of the statements a claim cites. */
function sourcesOf(view: View, ids: string[]): string {
  return ids.map((id) => { const s = view.facts.sources.find((x) => x.id === id); return s ? [s.publisher, /^\d{4}-\d\d-\d\d/.test(s.date) ? date(s.date) : s.date].filter(Boolean).join(", ") : id; }).join("; ");
}

function joint(view: View): HTMLElement {
  const { claims: c, draws } = view.run.summary, share = c?.joint_share_of_draws, given = c?.joint_share_given_premises;
  if (share === null || share === undefined) return soft(t.evidence.noDraws);
  return h("p", {}, ...rich(t.evidence.joint, { share: percent(share), n: count(draws?.n) }), ...(given !== null && given !== undefined ? rich(t.evidence.given, { share: percent(given) }) : []));
}

/** `passed_value of sector:garments toward KP` in words. */
function runWords(view: View, run: string): string {
  const words = run.split(" ");
  return words.map((w, i) => {
    if (i === 0) return t.evidence.measured[w] ?? w.replaceAll("_", " ");
    if (w === "of") return t.evidence.of;
    if (w === "toward") return t.evidence.toward;
    if (w === "class") return t.evidence.classWord;
    const [level, ids] = w.includes(":") ? [w.slice(0, w.indexOf(":")), w.slice(w.indexOf(":") + 1)] : ["", w];
    return level === "" ? country(ids) : ids.split(",").map((id) => (level === "product" ? lowered(view.entityName(level, id)) : view.entityName(level, id))).join(", ");
  }).join(" ");
}

function comparison(view: View, c: Json, index: number): HTMLElement {
  const shares = c.compare === "ratio" || c.compare === "last_above", show = (v: unknown): string => (typeof v === "string" && /^\d{4}-/.test(v) ? month(v) : typeof v === "number" ? (shares && Math.abs(v) <= 10 ? percent(v) : plain(v)) : "–");
  const list = (c.observations ?? []) as Json[], right = (name: string) => ({ name, right: true });
  const rows = list.map((o): Cell[] => [{ text: o.id, title: o.note ?? "" }, { text: o.period ? span(o.period) : "", sort: o.period?.[0] ?? "" }, num(Number(o.observed), show(o.observed)), { text: show(o.simulated), sort: typeof o.simulated === "number" ? o.simulated : String(o.simulated) }, { text: show(o.without_events), sort: typeof o.without_events === "number" ? o.without_events : String(o.without_events) },
    { text: String(o.kind ?? "").replaceAll("_", " ") }, { text: o.holds === true ? "✓" : o.holds === false ? "✗" : o.counts === false ? t.evidence.countsNot : "–" }]);
  const heading = `${runWords(view, String(c.run))}: ${t.evidence.compare[c.compare] ?? String(c.compare).replaceAll("_", " ")}${c.counts === false ? ` (${t.evidence.countsNot})` : ""}`;
  return h("div", { class: "comparison" }, h("h4", {}, heading.charAt(0).toUpperCase() + heading.slice(1)), ...findings(c, show).map((words) => h("p", {}, words)), picture(view, c, list, show),
    fold(`comparison-${index}`, t.evidence.figures(list.length), table([{ name: t.evidence.figure, wide: true }, { name: t.evidence.period }, right(t.charts.observed), right(t.charts.simulated), right(t.counterfactual), { name: t.evidence.kind }, { name: t.evidence.counts }], rows, { label: heading, limit: 40 }).element),
    (c.limits ?? []).length > 0 && soft(`${t.evidence.limits}: ${(c.limits as string[]).join(" ")}`));
}

const span = ([from, to]: [string, string]): string => (from.slice(0, 7) === to.slice(0, 7) ? month(from) : from.endsWith("-01-01") && to.endsWith("-12-31") && from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : `${date(from)} – ${date(to)}`);

/** What is compared, as a title. */
function title(view: View, c: Json): string { const what = runWords(view, String(c.run)); return what.charAt(0).toUpperCase() + what.slice(1); }

/** What the comparison came to, in sentences. */
function findings(c: Json, show: (v: unknown) => string): string[] {
  const f = c.finding ?? {}, out: string[] = [], e = t.evidence;
  if (c.compare === "below") {
    out.push([e.below(f.hold, f.counted), f.nothing_simulated > 0 && e.belowNothing(f.nothing_simulated), f.fails_without_events > 0 && e.belowWithout(f.fails_without_events)].filter(Boolean).join(" "));
    if (f.largest_share) out.push(e.largest(percent(f.largest_share.share), named(c, f.largest_share.id)));
  } else if (c.compare === "last_above") {
    out.push([e.lastAbove(show(f.observed), show(f.simulated)), f.without_events && e.lastWithout(show(f.without_events)), typeof f.share_of_draws === "number" && e.agreesDraws(percent(f.share_of_draws))].filter(Boolean).join(" "));
  } else if (c.compare === "ratio") {
    out.push([f.closer === "run" ? e.closerRun : f.closer ? e.closerGuess(guessName(String(f.closer))) : "", typeof f.share_of_draws_closer === "number" && e.closerDraws(percent(f.share_of_draws_closer))].filter(Boolean).join(" "));
  }
  if (Array.isArray(f.band) && show(f.band[0]) !== show(f.band[1])) out.push(e.bandOf(show(f.band[0]), show(f.band[1])));
  return out.filter((x) => x !== "");
}

const guessName = (id: string): string => t.evidence.guesses[id] ?? id;
function named(c: Json, id: string): string { const o = (c.observations as Json[]).find((x) => x.id === id); return o?.period ? span(o.period) : id; }

/** Recorded figures, the run and the benchmark: lines where there is a course, else bars. */
function picture(view: View, c: Json, list: Json[], show: (v: unknown) => string): HTMLElement | null {
  const e = t.evidence, one = (name: string, value: unknown): { name: string; value: number }[] => (typeof value === "number" ? [{ name, value }] : []);
  if (c.compare === "ratio" && c.finding) {
    const f = c.finding, rows = [...one(t.charts.observed, f.observed), ...one(e.run, f.simulated), ...((f.guesses ?? []) as Json[]).flatMap((g) => one(`${e.guess}: ${guessName(g.guess)}`, g.value))].reverse();
    const colours = view.theme.list;
    return chart(view, `${title(view, c)}: ${t.charts.observed}, ${e.run}, ${e.guess.toLowerCase()}`, 44 + rows.length * (innerWidth < 600 ? 40 : 26), {
      grid: { left: 8, right: 60, top: 4, bottom: 4, containLabel: true }, tooltip: tip(view, { trigger: "item", formatter: (p: { name: string; value: number }) => `${p.name}: ${show(p.value)}` }), xAxis: axis(view, { type: "value", min: 0, splitNumber: 3, axisLabel: { formatter: (v: number) => percent(v) } }),
      yAxis: axis(view, { type: "category", data: rows.map((r) => r.name), axisTick: { show: false }, axisLabel: { color: view.theme.text, width: innerWidth < 600 ? 120 : 230, overflow: "break", lineHeight: 14 } }),
      series: [{ type: "bar", barMaxWidth: 16, data: rows.map((r) => ({ value: r.value, itemStyle: { color: r.name === t.charts.observed ? view.theme.text : r.name === e.run ? colours[0] : view.theme.soft } })), label: { show: true, position: "right", color: view.theme.text, formatter: (p: { value: number }) => show(p.value) } }],
    }, rows.reverse().map((r) => `${r.name}: ${show(r.value)}`)).figure;
  }
  if (c.compare === "size") return sizes(view, c, list, show);
  const known = list.filter((o) => o.period && Number.isFinite(o.observed) && Number.isFinite(o.simulated)).sort((a, b) => String(a.period[0]).localeCompare(String(b.period[0])));
  if (known.length < 4) return null;
  const theme = view.theme, line = (name: string, key: string, colour: string, type: string, symbol: string): Json => ({ name, type: "line", data: known.map((o) => o[key]), symbol, symbolSize: 6, lineStyle: { type, width: 2, color: colour }, itemStyle: { color: colour }, emphasis: { disabled: true } });
  return chart(view, `${title(view, c)}: ${t.charts.observed}, ${t.charts.simulated}`, 230, {
    grid: { left: 8, right: 14, top: 10, bottom: 4, containLabel: true }, tooltip: tip(view, { trigger: "axis", formatter: (ps: { seriesName: string; dataIndex: number; value: number }[]) => [month(known[ps[0].dataIndex].period[0]), ...ps.map((p) => `${p.seriesName}: ${plain(p.value)}`)].join("\n") }),
    xAxis: axis(view, { type: "category", data: known.map((o) => month(o.period[0])), splitLine: { show: false }, axisLabel: { margin: 16 } }), yAxis: axis(view, { type: "value", splitNumber: 3, axisLabel: { formatter: axisMoney } }),
    series: [line(t.charts.observed, "observed", theme.text, "solid", "circle"), line(t.charts.simulated, "simulated", theme.list[0], "solid", "rect"), line(t.charts.naive, "without_events", theme.soft, "dashed", "none")],
  }, known.map((o) => `${span(o.period)}: ${t.charts.observed} ${plain(o.observed)}, ${t.charts.simulated} ${plain(o.simulated)}, ${t.counterfactual} ${plain(o.without_events)}`),
  [{ name: t.charts.observed, colour: theme.text, kind: "line" }, { name: t.charts.simulated, colour: theme.list[0], kind: "line" }, { name: t.charts.naive, colour: theme.soft, kind: "dashed" }]).figure;
}

/** Recorded figures of any date, and the run with its band, for the order of magnitude. */
function sizes(view: View, c: Json, list: Json[], show: (v: unknown) => string): HTMLElement | null {
  const rows = list.filter((o) => Number.isFinite(o.observed)).slice(0, 12).map((o): [string, number] => [`${t.charts.observed} ${span(o.date ?? o.period)}`, Number(o.observed)]);
  const run = c.finding?.simulated;
  if (rows.length === 0 || typeof run !== "number") return null;
  const all: [string, number][] = [...rows, [t.evidence.run, run]], top = all.map(([k, v]) => `${k}: ${show(v)}`);
  return bars(view, `${title(view, c)}: ${t.charts.observed}, ${t.evidence.run}`, all, (v) => show(v), top, axisMoney);
}
