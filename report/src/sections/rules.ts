import type { Finding, Findings, Rule, Screened } from "../data";
import { type Child, choice, fold, h, rich } from "../dom";
import { count, country, date, lowered, quantity, shortMoney, units } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

type Found = Finding & { of: Screened };

/** Rules: what `screen` found, by measure, then by contract, each with the facts that were matched. */
export function rules(view: View): HTMLElement {
  const found = view.run.findings;
  if (!found) return soft(view.full ? t.rules.none : t.absent(t.rules.unrecorded));
  const disclaimer = h("p", {}, h("strong", {}, found.disclaimer || t.rules.disclaimer));
  if (found.rules.length === 0) return h("div", {}, disclaimer, soft(t.rules.noRules));
  const all: Found[] = found.contracts.flatMap((of) => of.findings.map((f) => ({ ...f, of }))), list = h("div");
  const outcomes = OUTCOMES.filter((o) => all.some((f) => f.outcome === o));
  const draw = (outcome: string): void => list.replaceChildren(...found.rules.map((rule) => ({ rule, own: all.filter((f) => f.rule === rule.id && (outcome === "" || f.outcome === outcome)) })).filter((x) => x.own.length > 0).map(({ rule, own }) => measure(view, rule, own, outcome)));
  const select = choice("rules-outcome", t.rules.filter, [["", t.rules.every], ...outcomes.map((o): [string, string] => [o, t.rules.outcomes[o]])], "", draw);
  draw(select.value());
  return h("div", {}, disclaimer, counts(found), people(view), overview(found.rules, all, outcomes), soft(t.rules.notClear), all.some((f) => f.of.as_modelled) && soft(t.rules.modelledNote), outcomes.length > 1 && select.element, list, view.from("rules", "findings.json", "summary.json: findings (the counts), jobs, unpaid"));
}

const OUTCOMES = Object.keys(t.rules.outcomes);
const wordsOf = (outcome: string): string => t.rules.outcomes[outcome] ?? outcome.replaceAll("-", " ");

/** `1 breach`, `2 breaches`. */
export function counted(outcome: string, n: number): string {
  const [one, many] = t.rules.counted[outcome] ?? [wordsOf(outcome), wordsOf(outcome)];
  return `${count(n)} ${n === 1 ? one : many}`;
}

function counts(found: Findings): HTMLElement {
  const list = Object.entries(found.counts).filter(([, n]) => n > 0).sort((a, b) => OUTCOMES.indexOf(a[0]) - OUTCOMES.indexOf(b[0]));
  return h("p", { id: "rules-counts" }, `${t.rules.counts} (${date(found.as_of)}): ${list.length === 0 ? t.rules.nothing : `${list.map(([o, n]) => counted(o, n)).join(", ")}.`}`);
}

/** Obeying a rule and breaking it both have consequences for those who work: they stand beside the findings. */
function people(view: View): Child {
  const { jobs, unpaid } = view.run.summary;
  if (!jobs || !unpaid || view.facts.counts.workers === 0) return null;
  const f = view.figures, told = (name: string, show: (v: number) => string): string => f.value(name, show) + f.band(name, show);
  return h("p", {}, ...rich(t.rules.people, { idle: told("idle_worker_days", count), owed: told("wages_unpaid", (v) => view.money(v)) }));
}

const text = (v: unknown): string => (v === null || v === undefined || v === "" ? "" : Array.isArray(v) ? v.map(text).filter(Boolean).join(", ") : typeof v === "object" ? Object.entries(v).map(([k, x]) => `${k} ${text(x)}`).join(", ") : String(v));
const paragraph = (p: string | null): string => (!p ? "" : /^[\d(]/.test(p) ? `${t.rules.paragraph}${p}` : p);
const nameOf = (r: Rule): string => [r.instrument, paragraph(r.paragraph)].filter(Boolean).join(/^\p{L}/u.test(r.paragraph ?? "") ? ", " : " ");

/** Every measure that was applied: how many findings of which kind, on how many contracts, from when to when. */
function overview(list: Rule[], all: Found[], outcomes: string[]): HTMLElement {
  const rows = list.map((rule): Cell[] => {
    const own = all.filter((f) => f.rule === rule.id), dates = own.flatMap((f) => [f.first, f.last]).filter((d) => d !== null).sort();
    return [{ text: `${nameOf(rule)}: ${rule.title}` }, { text: rule.authority }, ...outcomes.map((o) => { const n = own.filter((f) => f.outcome === o).length; return num(n, n === 0 ? "–" : count(n)); }), num(new Set(own.map((f) => f.of.contract)).size, own.length > 0 ? count(new Set(own.map((f) => f.of.contract)).size) : t.rules.notMatched),
      { text: dates.length > 0 ? date(dates[0]) : "–", sort: dates[0] ?? "9999" }, { text: dates.length > 0 ? date(dates[dates.length - 1]) : "–", sort: dates[dates.length - 1] ?? "9999" }];
  });
  return table([{ name: t.rules.measure, wide: true }, { name: t.rules.authorityHead }, ...outcomes.map((o) => ({ name: wordsOf(o), right: true })), { name: t.rules.contracts, right: true }, { name: t.rules.from }, { name: t.rules.to }], rows, { label: t.rules.overview, id: "rules-overview", limit: 40 }).element;
}

/** What a measure is, and its findings contract by contract; drawn when unfolded, for there may be hundreds. */
function measure(view: View, rule: Rule, own: Found[], outcome: string): HTMLElement {
  const how = t.rules.verified[text(rule.verified)] ?? text(rule.verified);
  const about = [rule.authority && `${t.rules.authority} ${rule.authority}`, rule.adopted && `${t.rules.adopted} ${date(rule.adopted)}`, rule.in_force && `${t.rules.inForce} ${date(rule.in_force)}`, text(rule.binds) && `${t.rules.binds} ${Array.isArray(rule.binds) ? rule.binds.map((c) => country(String(c))).join(", ") : text(rule.binds)}`, rule.implements?.length > 0 && `${t.rules.implements} ${rule.implements.join(", ")}`, how && `${t.rules.checkedBy} ${how}`].filter(Boolean).join("; ");
  const tally = outcome === "" ? OUTCOMES.map((o) => ({ o, n: own.filter((f) => f.outcome === o).length })).filter((x) => x.n > 0).map(({ o, n }) => counted(o, n)).join(", ") : counted(outcome, own.length);
  return h("div", { class: "measure" }, h("h3", {}, `${nameOf(rule)}: ${rule.title}`), soft(about), text(rule.note) && soft(`${t.rules.note}: ${text(rule.note)}`), rule.sources?.length > 0 && soft(`${t.rules.sources}: ${rule.sources.join("; ")}`), fold(`rule-${rule.id}-${outcome}`, tally, () => findings(view, rule, own)));
}

function findings(view: View, rule: Rule, own: Found[]): HTMLElement {
  const money = view.facts.currency, objects = new Set(own.map((f) => f.object)).size > 1;
  const rows = own.map((f): Cell[] => {
    const { of } = f, product = f.product_name ?? of.product_name, parties = `${of.seller_name} → ${of.buyer_name}, ${lowered(of.product_name)} (${of.kind})`;
    return [{ text: `${of.contract} ${of.as_modelled ? t.rules.asModelled : ""} ${parties}`, node: () => h("span", {}, of.contract, of.as_modelled && h("span", { class: "modelled" }, ` ${t.rules.asModelled}`), h("span", { class: "soft parties" }, parties)) },
      { text: wordsOf(f.outcome), node: () => h("span", {}, h("span", { "aria-hidden": "true" }, `${t.rules.signs[f.outcome] ?? "·"} `), wordsOf(f.outcome)) }, { text: `${t.rules.objects[f.object] ?? f.object}${product && product !== of.product_name ? `: ${lowered(product)}` : ""}` },
      { text: f.first ? date(f.first) : "–", sort: f.first ?? "9999" }, { text: f.last ? date(f.last) : "–", sort: f.last ?? "9999" }, num(f.quantity, f.quantity === null ? "–" : `${quantity(f.quantity)} ${units(f.unit)}`), num(f.shipments, f.shipments === null ? "–" : count(f.shipments)), num(f.value_usd, f.value_usd === null ? "–" : shortMoney(f.value_usd)),
      { text: f.facts.map((x) => x.text).join(" "), node: () => fold(`finding-${f.rule}-${of.contract}-${f.object}-${product}-${f.outcome}`, t.rules.facts, () => matched(rule, f)) }];
  });
  rows.sort((a, b) => String(a[3].sort).localeCompare(String(b[3].sort)));
  return table([{ name: t.rules.contract, wide: true }, { name: t.rules.finding }, { name: objects ? t.rules.objectOrGoods : t.rules.object }, { name: t.rules.from }, { name: t.rules.to }, { name: t.rules.quantity, right: true }, { name: t.rules.deliveries, right: true }, { name: `${t.rules.value}, ${money}`, right: true }, { name: t.rules.basis, wide: true, sortable: false }],
    rows, { label: `${nameOf(rule)}, ${t.rules.counts.toLowerCase()}`, search: own.length > 12, limit: 15 }).element;
}

/** What a finding stands on: the paragraph, the facts with their basis, the exemptions and why they do not help. */
function matched(rule: Rule, f: Found): HTMLElement {
  const basis = (x: Finding["facts"][number]): string => t.rules.basisOf([t.assume.bases[x.basis] ?? x.basis, x.source].filter(Boolean).join(", "));
  return h("div", { class: "matched" }, f.paragraph && paragraph(f.paragraph) !== nameOf(rule) ? h("p", {}, paragraph(f.paragraph)) : null, h("ul", {}, ...f.facts.map((x) => h("li", {}, `${x.text} `, h("span", { class: `basis ${x.basis}` }, basis(x))))),
    f.exemptions.length > 0 && h("p", {}, `${t.rules.exemptions}:`), f.exemptions.length > 0 && h("ul", {}, ...f.exemptions.map((e) => h("li", {}, `${e.id.replaceAll("-", " ")}: ${t.rules.exemption[e.outcome] ?? e.outcome}${e.why ? ` (${e.why})` : ""}`))), f.note ? h("p", {}, `${t.rules.note}: ${f.note}`) : null);
}
