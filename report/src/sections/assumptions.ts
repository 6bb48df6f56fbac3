import { bars } from "../charts";
import type { Json, RestsOn, Source } from "../data";
import { type Child, choice, fold, h } from "../dom";
import { bare, count, date, percent } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

const basisOf = (b: string | null): string => t.assume.bases[b ?? ""] ?? b ?? "–";

/** Every input by basis, what rests on assumed rows, and the sources. */
export function assumptions(view: View): HTMLElement {
  const { inputs } = view.facts, tally = (basis: string): number => inputs.filter((i) => i.basis === basis).length, rests = view.restsOn;
  const top = rests.filter((r) => (r.by_share ?? 0) > 0).sort((a, b) => (b.by_share ?? 0) - (a.by_share ?? 0)).slice(0, 12);
  const words = top.map((r) => `${r.parameter.replaceAll("_", " ")} (${basisOf(r.basis)}): ${t.headlines[r.moves ?? ""] ?? r.moves} ${percent(r.by_share)}`);
  return h("div", {}, h("p", {}, inputs.length > 0 ? t.assume.counts(tally("assumed"), tally("inferred"), tally("sourced")) : t.assume.noInputs, " ", rests.length > 0 ? t.assume.rests : t.assume.none),
    top.length > 0 && bars(view, t.charts.moves, top.map((r) => [`${r.parameter.replaceAll("_", " ")} (${basisOf(r.basis)})`, r.by_share as number]), (v) => percent(v), words),
    rests.length > 0 && restTable(rests), byFigure(view), byClaim(view), pricesTaken(view), inputs.length > 0 && fold("every-input", t.assume.everything, inputTable(view)), view.facts.sources.length > 0 && fold("every-source", t.assume.sources, sourceTable(view.facts.sources)),
    view.from("assumptions", "summary.json: rests_on, moved_by, starting_values", "case.json: inputs, sources", "inputs/parameters.csv and the other files under inputs/"));
}

const end = (v: number | string | null): string => (typeof v === "number" ? bare(v) : v ? (/^\d{4}-\d\d-\d\d$/.test(v) ? date(v) : v) : "–");
const ranged = (low: string, high: string, unit: string): string => (low || high ? `${low} … ${high}${unit && unit !== "date" ? ` ${unit}` : ""}` : "");

function restTable(rests: RestsOn[]): HTMLElement {
  const rows = rests.map((r): Cell[] => [{ text: r.parameter }, { text: ranged(end(r.low), end(r.high), r.unit) }, { text: basisOf(r.basis) }, { text: r.flips.join(", ") }, { text: r.moves ? t.headlines[r.moves] ?? r.moves.replaceAll("_", " ") : "" }, num(r.by_share, r.by_share ? percent(r.by_share) : "–")]);
  return table([{ name: t.assume.row, wide: true }, { name: t.assume.range }, { name: t.assume.basis }, { name: t.assume.flips }, { name: t.assume.moves }, { name: t.assume.by, right: true }], rows, { search: rests.length > 12, label: t.sections.assumptions, id: "rests-table", limit: 12 }).element;
}

/** Goods sold without a price, and what they are counted at. */
function pricesTaken(view: View): Child {
  const list = ((view.run.summary.prices_taken ?? []) as Json[]).filter((p) => p.from !== "value" && p.from !== "recipe");
  if (list.length === 0) return null;
  const price = ([low, high]: [number, number]): string => (low === high ? bare(low) : `${bare(low)} – ${bare(high)}`);
  const items = list.slice(0, 40).map((p) => h("li", {}, h("b", {}, view.entityName("product", String(p.product))), ` ${t.assume.countedAt(price(p.price_usd), view.facts.currency, t.assume.priceFrom[p.from] ?? String(p.from))}`));
  return h("div", {}, h("h3", {}, t.assume.prices), h("ul", {}, ...items));
}

/** Per figure the rows that move it most, from what to what. */
function byFigure(view: View): Child {
  const shown = (unit: string) => (v: number | null): string => (v === null ? "–" : unit === "currency" ? view.money(v) : count(v)), start = view.run.summary.starting_values ?? {};
  const rows = Object.keys(view.run.summary.moved_by ?? {}).filter((name) => t.headlines[name]).flatMap((name) => {
    const show = shown(start[name]?.unit ?? "");
    return view.movedBy(name).slice(0, 3).map((m): Cell[] => [{ text: t.headlines[name] }, num(start[name]?.value ?? 0, show(start[name]?.value ?? null)), { text: m.parameter }, { text: basisOf(m.basis) }, { text: ranged(end(m.low), end(m.high), m.unit) }, num(m.at_low ?? 0, show(m.at_low)), num(m.at_high ?? 0, show(m.at_high))]);
  });
  if (rows.length === 0) return null;
  const made = table([{ name: t.assume.figure, wide: true }, { name: t.assume.startHead, right: true }, { name: t.assume.row, wide: true }, { name: t.assume.basis }, { name: t.assume.range }, { name: t.assume.low, right: true }, { name: t.assume.high, right: true }], rows, { search: rows.length > 12, label: t.assume.perFigure, id: "moved-table", limit: 24 });
  return h("div", {}, h("h3", {}, t.assume.perFigure), made.element, soft(t.assume.perFigureNote));
}

/** What rests on what, from the side of the claims. */
function byClaim(view: View): Child {
  const claims = (view.run.claims ?? []).map((c) => ({ c, rows: view.restsOn.filter((r) => r.flips.includes(c.id)) })).filter((x) => x.rows.length > 0);
  if (claims.length === 0) return null;
  return fold("claims-rest-on", t.assume.claims, h("ul", {}, ...claims.map(({ c, rows }) => h("li", {}, h("b", {}, c.id), ` ${c.text} `, h("span", { class: "soft" }, rows.map((r) => `${r.parameter} (${basisOf(r.basis)})`).join(", "))))));
}

function inputTable(view: View): HTMLElement {
  const { inputs, counts } = view.facts, bases = [...new Set(inputs.map((i) => i.basis))];
  const value = (v: string, unit: string): string => (v === "" ? t.assume.all : `${/^-?\d+(\.\d+)?(e-?\d+)?$/.test(v) ? bare(Number(v)) : /^\d{4}-\d\d-\d\d$/.test(v) ? date(v) : v}${unit ? ` ${unit}` : ""}`);
  const rows = (basis: string): Cell[][] => inputs.filter((i) => basis === "" || i.basis === basis).map((i) => [
    { text: i.file }, { text: i.column ? `${i.row}, ${i.column}` : i.row }, { text: value(i.value, i.unit) }, { text: ranged(i.low && value(i.low, ""), i.high && value(i.high, ""), "") }, { text: basisOf(i.basis) }, { text: `${i.source}${i.grade ? ` (${i.grade})` : ""}` }, { text: i.note }]);
  const made = table([{ name: t.assume.file }, { name: t.assume.row, wide: true }, { name: t.assume.value }, { name: t.assume.range }, { name: t.assume.basis }, { name: t.assume.source, wide: true }, { name: t.assume.note, wide: true }], [], { search: true, label: t.assume.everything, id: "inputs-table", limit: 20 });
  const select = choice("inputs-basis", t.assume.filter, [["", t.assume.any], ...bases.map((b): [string, string] => [b, basisOf(b)])], "", (b) => made.update(rows(b)));
  made.update(rows(select.value()));
  return h("div", {}, select.element, made.element, counts.inputs > inputs.length && soft(t.assume.left(counts.inputs - inputs.length)));
}

function sourceTable(sources: Source[]): HTMLElement {
  const rows = sources.map((s): Cell[] => [{ text: s.id }, { text: s.title }, { text: `${s.publisher} ${s.url}`, node: () => h("span", {}, s.publisher, " ", link(s.url)) }, { text: /^\d{4}-\d\d-\d\d$/.test(s.date) ? date(s.date) : s.date, sort: s.date }, { text: s.grade }]);
  return table([{ name: t.assume.source }, { name: t.assume.says, wide: true }, { name: t.assume.published, wide: true }, { name: t.when.date }, { name: t.evidence.grade }], rows, { search: true, label: t.assume.sources, id: "sources-table", limit: 12 }).element;
}

/** An address to follow, if it is one of the web; anything else stays text. Following it is the reader's doing: the page itself asks for nothing. */
function link(url: string): Child {
  let safe = false;
  try { safe = ["http:", "https:"].includes(new URL(url).protocol); } catch { /* no address */ }
  return safe ? h("a", { href: url, rel: "noopener noreferrer external", target: "_blank" }, url) : url;
}
