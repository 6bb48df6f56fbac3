import { over28 } from "../charts";
import { choice, h, spark } from "../dom";
import { count, percent, shortMoney } from "../format";
import { type Cell, type Column, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

export const LEVELS = ["place", "group", "firm", "sector", "country"] as const;
type Values = ArrayLike<number>;

/** Who: a table by place, group, firm, sector or country. */
export function who(view: View): HTMLElement {
  const levels = LEVELS.filter((l) => view.series.has(l));
  if (levels.length === 0) return h("p", { class: "soft" }, t.absent(Object.values(t.who.levels).join(", ")));
  const box = h("div"), note = soft();
  let update = (): void => {};
  const build = (level: string): void => {
    const firm = level === "firm", money = view.facts.currency;
    const columns: Column[] = [
      { name: t.who.name, wide: true }, ...(firm ? [{ name: t.who.place }, { name: t.who.group }, { name: t.who.sector }] : []), { name: t.who.workers, right: true }, { name: t.who.course, sortable: false }, { name: t.who.now, right: true },
      { name: t.who.since }, { name: t.who.cause, wide: true }, { name: `${t.who.owed}, ${money}`, right: true }, { name: `${t.who.receivable}, ${money}`, right: true }, { name: `${t.who.stranded}, ${money}`, right: true }, { name: `${t.who.lost}, ${money}`, right: true },
    ];
    const rows = (): Cell[][] => view.series.entities(level).map((id) => row(view, level, id));
    const by = view.facts.counts.workers > 0 ? (firm ? 4 : 1) : columns.length - 1;
    const made = table(columns, rows(), { search: true, sort: by, descending: true, label: t.who.levels[level], id: "who-table", limit: 40 });
    update = () => made.update(rows());
    box.replaceChildren(made.element);
    const shown = view.run.shown[level];
    note.textContent = `${t.who.note}${shown ? ` ${t.shownOf(t.who.levels[level], shown)}` : ""}`;
  };
  const select = choice("who-level", t.who.level, levels.map((l) => [l, t.who.levels[l]]), levels[0], build);
  build(select.value());
  view.followSlowly(() => update());
  return h("div", {}, select.element, box, note, view.from("who", "series: output_value, labour_employed, labour_used, dismissed, stopped_lines:CAUSE, wages_unpaid, receivable, stranded_value; scenario counterfactual", "summary.json: places, groups (the same on the date of the figures)", "case.json: firms, places, groups"));
}

function row(view: View, level: string, id: string): Cell[] {
  const day = view.day, name = view.entityName(level, id), workers = view.workers(level, id);
  const output = view.series.or0(level, id, "output_value"), other = view.series.get(level, id, "output_value", "counterfactual") ?? output;
  let lost = 0;
  for (let d = view.firstEvent ?? 0; d <= day; d++) lost += other[d] - output[d];
  const stop = stopOf(view, level, id, day), now = work(view, level, id).over(Math.max(0, day - 27), day);
  const kept = view.full || level === "total", unrecorded: Cell = { text: t.unrecorded, sort: -1 };
  const cents = (variable: string): Cell => { if (!kept) return unrecorded; const v = view.series.or0(level, id, variable)[day]; return num(v, v === 0 ? "0" : shortMoney(v)); };
  const firm = level === "firm" ? view.firm(id) : undefined, gone = view.series.or0(level, id, "dismissed")[day];
  const part = over28(other, day), share = percent(part > 0 ? over28(output, day) / part : NaN);
  return [
    { text: name }, ...(level === "firm" ? [{ text: view.facts.places[firm?.place ?? -1]?.name ?? "" }, { text: view.facts.groups[firm?.group ?? -1]?.name ?? "" }, { text: view.entityName("sector", firm?.sector ?? "") }] : []),
    num(workers, workers > 0 ? `${count(workers)}${gone >= 0.5 ? ` (${t.who.gone(count(gone))})` : ""}` : "–"), { text: "", sort: 0, node: () => spark(output, t.who.sparkWords(name, share), other, day) }, num(now, percent(now)),
    stop === null ? { text: !(now > 0.05) && day >= 27 ? t.who.idle : "–", sort: "9999" } : { text: view.date(stop.since), sort: view.iso(stop.since) }, { text: stop?.causes.slice(0, 3).map(([word, v]) => `${view.cause(word)} ${percent(v)}`).join(", ") ?? "" },
    cents("wages_unpaid"), cents("receivable"), cents("stranded_value"), num(lost, Math.abs(lost) < 0.5 ? "0" : shortMoney(lost)),
  ];
}

/** How far an entity is at work, as summary.json counts it: labour used of that of those employed, 0 where nobody is left; where nobody ever was, output of output without the events, of firms with workers where there are any. */
export interface Work { over: (from: number, to: number) => number }

export function work(view: View, level: string, id: string): Work {
  const known = works.get(view) ?? new Map<string, Work>(), key = `${level} ${id}`, made = known.get(key) ?? workOf(view, level, id);
  works.set(view, known.set(key, made));
  return made;
}

const works = new WeakMap<View, Map<string, Work>>();

/** Sums up to every day, so that any span costs one subtraction. */
function upTo(list: Values): Float64Array {
  const out = new Float64Array(list.length + 1);
  for (let d = 0; d < list.length; d++) out[d + 1] = out[d] + list[d];
  return out;
}

function workOf(view: View, level: string, id: string): Work {
  const s = view.series, ever = s.get(level, id, "labour_employed") ?? s.get(level, id, "labour_employed", "counterfactual");
  const used = upTo(s.or0(level, id, "labour_used")), employed = upTo(s.or0(level, id, "labour_employed"));
  const firms = view.workers(level, id) > 0 && s.has("firm") && !view.run.shown.firm ? view.members(level, id).filter((f) => f.workers > 0) : [];
  const output = (scenario: "scenario" | "counterfactual"): Values => {
    if (firms.length === 0) return s.get(level, id, "output_value", scenario) ?? (s.get("total", "", "output_value", "counterfactual") ? new Float32Array(view.run.days) : s.or0(level, id, "output_value"));
    const sum = new Float32Array(view.run.days);
    for (const f of firms) s.or0("firm", f.id, "output_value", scenario).forEach((v, d) => { sum[d] += v; });
    return sum;
  };
  let own: Float64Array | undefined, other: Float64Array | undefined;
  return { over: (from, to) => {
    const p = employed[to + 1] - employed[from];
    if (p > 1e-9 * employed[to + 1]) return (used[to + 1] - used[from]) / p;
    if (ever) return to >= from ? 0 : NaN;
    own ??= upTo(output("scenario")); other ??= upTo(output("counterfactual"));
    // What is left of sums of everything before is rounding. Work where there would be none is work.
    const some = (sums: Float64Array): number => { const x = sums[to + 1] - sums[from]; return x > 1e-12 * sums[to + 1] ? x : 0; };
    return some(own) / some(other);
  } };
}

export interface Stop { since: number; causes: [string, number][] }

/** A stop of 14 days at 5 % or less that lasts to a day: its first day after the last with more, and its causes; idle without a cause, as off-season, is no stop. */
export function stopOf(view: View, level: string, id: string, day: number): Stop | null {
  const w = work(view, level, id), first = view.firstEvent ?? 0;
  // A rest day is no work.
  const idle = (from: number, to: number): boolean => !(w.over(from, to) > 0.05);
  if (day < first || day + 1 < 14 || !idle(day - 13, day)) return null;
  let since = day + 1;
  while (since > first && idle(since - 1, since - 1)) since--;
  if (since > day) return null;
  const causes = causesOf(view, level, id, since, day);
  return causes.length > 0 ? { since, causes } : null;
}

/** Shares of a stop by cause: each firm's day counts with its workers, shared among its lines stopped that day. */
function causesOf(view: View, level: string, id: string, from: number, to: number): [string, number][] {
  const sums = new Map<string, number>(), add = (word: string, v: number): void => { sums.set(word, (sums.get(word) ?? 0) + v); };
  const stops = (l: string, e: string): { word: string; days: Values }[] => view.series.variables(l, e).filter((v) => v.startsWith("stopped_lines:")).map((v) => ({ word: v.slice(14), days: view.series.or0(l, e, v) }));
  let members = view.members(level, id);
  if (members.some((f) => f.workers > 0)) members = members.filter((f) => f.workers > 0);
  if (!view.series.has("firm") || view.run.shown.firm) {
    // Without every firm's own series: line-days of the entity.
    const list = stops(level, id), sums = view.series.get(level, id, "stopped_lines");
    for (const c of list) for (let d = from; d <= to; d++) add(c.word, c.days[d]);
    if (list.length === 0 && sums) for (let d = from; d <= to; d++) add("unrecorded", sums[d]);
  } else for (const f of members) {
    const list = stops("firm", f.id);
    for (let d = from; d <= to; d++) {
      let all = 0;
      for (const c of list) all += c.days[d];
      if (all > 0) for (const c of list) if (c.days[d] > 0) add(c.word, ((f.workers || 1) * c.days[d]) / all);
    }
  }
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return all > 0 ? [...sums].filter(([, v]) => v > 0).map(([word, v]): [string, number] => [word, v / all]).sort((x, y) => y[1] - x[1]) : [];
}
