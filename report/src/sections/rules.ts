import type { Finding, Findings, Rule, Screened } from "../data";
import { type Child, choice, fold, h } from "../dom";
import { count, date, lowered, quantity, units } from "../format";
import { t } from "../texts";
import { soft, type View } from "../view";

type Found = Finding & { of: Screened };

/** Rules: what `screen` found, by measure, then by contract, each with the facts that were matched. */
export function rules(view: View): HTMLElement {
  const found = view.run.findings;
  if (!found) return soft(t.rules.none);
  const disclaimer = h("p", {}, h("strong", {}, found.disclaimer || t.rules.disclaimer), " ", soft_(t.rules.modelledNote));
  if (found.rules.length === 0) return h("div", {}, disclaimer, soft(t.rules.noRules));
  const list = h("div"), all: Found[] = found.contracts.flatMap((of) => of.findings.map((f) => ({ ...f, of })));
  const outcomes = Object.keys(t.rules.outcomes).filter((o) => all.some((f) => f.outcome === o));
  const draw = (outcome: string): void => list.replaceChildren(...measures(view, found, all.filter((f) => outcome === "" || f.outcome === outcome), outcome === ""));
  const select = choice("rules-outcome", t.rules.filter, [["", t.rules.every], ...outcomes.map((o): [string, string] => [o, t.rules.outcomes[o]])], "", draw);
  draw(select.value());
  return h("div", {}, disclaimer, counts(found), outcomes.length > 1 && select.element, list, view.from("rules", "findings.json", "summary.json: findings (the counts)"));
}

const soft_ = (text: string): HTMLElement => h("span", { class: "soft" }, text);

function counts(found: Findings): HTMLElement {
  const known = Object.keys(t.rules.outcomes), list = Object.entries(found.counts).filter(([, n]) => n > 0).sort((a, b) => known.indexOf(a[0]) - known.indexOf(b[0]));
  return h("p", { id: "rules-counts" }, `${t.rules.counts} (${date(found.as_of)}): `, list.length === 0 ? t.rules.nothing : list.map(([o, n]) => `${count(n)} ${t.rules.outcomes[o] ?? o}`).join(", "), ". ", soft_(t.rules.notClear));
}

/** A part for every measure with findings; the measures without any are named, which is no clearance. */
function measures(view: View, found: Findings, all: Found[], whole: boolean): HTMLElement[] {
  const out: HTMLElement[] = [], empty: string[] = [];
  for (const rule of found.rules) {
    const own = all.filter((f) => f.rule === rule.id);
    if (own.length > 0) out.push(measure(view, rule, own)); else empty.push(nameOf(rule));
  }
  const unknown = all.filter((f) => !found.rules.some((r) => r.id === f.rule));
  for (const id of new Set(unknown.map((f) => f.rule))) out.push(measure(view, { id, authority: "", instrument: id, paragraph: "", title: "", verified: true, adopted: null, in_force: null, binds: null, sources: [], implements: [] }, unknown.filter((f) => f.rule === id)));
  if (whole && empty.length > 0) out.push(soft(`${t.rules.noFinding}${empty.join("; ")}. ${t.rules.notClear}`));
  return out;
}

const text = (v: unknown): string => (v === null || v === undefined || v === "" ? "" : Array.isArray(v) ? v.map(text).filter(Boolean).join(", ") : typeof v === "object" ? Object.entries(v).map(([k, x]) => `${k} ${text(x)}`).join(", ") : String(v));
const nameOf = (r: Rule): string => [r.instrument, paragraph(r.paragraph)].filter(Boolean).join(" ");
const paragraph = (p: string): string => (p === "" ? "" : /^[\d(]/.test(p) ? `${t.rules.paragraph} ${p}` : p);

function measure(view: View, rule: Rule, own: Found[]): HTMLElement {
  const about = [rule.authority && `${t.rules.authority} ${rule.authority}`, rule.adopted && `${t.rules.adopted} ${date(rule.adopted)}`, rule.in_force && `${t.rules.inForce} ${date(rule.in_force)}`, text(rule.binds) && `${t.rules.binds} ${text(rule.binds)}`,
    rule.implements?.length > 0 && `${t.rules.implements} ${rule.implements.join(", ")}`, rule.sources?.length > 0 && `${t.rules.sources}: ${rule.sources.join(", ")}`, rule.verified === false && t.rules.unverified].filter(Boolean).join("; ");
  const rows = [...own].sort((a, b) => String(a.first).localeCompare(String(b.first))).map((f) => finding(view, f));
  const tally = Object.entries(own.reduce<Record<string, number>>((n, f) => ({ ...n, [f.outcome]: (n[f.outcome] ?? 0) + 1 }), {})).map(([o, n]) => `${n} ${t.rules.outcomes[o] ?? o}`).join(", ");
  const heads = [[t.rules.contract, ""], [t.rules.finding, ""], [t.rules.object, ""], [t.rules.from, ""], [t.rules.to, ""], [t.rules.quantity, "right"], [`${t.rules.value}, ${view.facts.currency}`, "right"]];
  const grid = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${t.table}: ${nameOf(rule)}` }, h("table", { class: "rules" }, h("thead", {}, h("tr", {}, ...heads.map(([name, c]) => h("th", { scope: "col", class: c || undefined }, name)))), ...rows));
  const box = own.length > 12 ? fold(`rule-${rule.id}`, tally, grid) : grid;
  return h("div", { class: "measure" }, h("h3", {}, nameOf(rule), rule.title ? `: ${rule.title}` : ""), soft(about), own.length > 12 ? null : soft(tally), box);
}

/** Two rows: the finding, and what it stands on. */
function finding(view: View, f: Found): HTMLElement {
  const { of } = f, parties = `${of.seller_name} → ${of.buyer_name}, ${lowered(of.product_name)} (${of.kind})`;
  const facts = fold(`finding-${f.rule}-${of.contract}-${f.object}-${f.outcome}-${f.first}`, t.rules.facts, h("ul", {}, ...f.facts.map((x) => h("li", {}, x.text, " ", h("span", { class: `basis ${x.basis}` }, t.rules.basisOf([t.assume.bases[x.basis] ?? x.basis, x.source].filter(Boolean).join(", ")))))), exemptions(f), f.note ? h("p", {}, `${t.rules.note}: ${f.note}`) : null);
  const amount = [f.quantity === null ? "" : `${quantity(f.quantity)} ${units(f.unit)}`, f.shipments ? t.rules.shipments(count(f.shipments)) : ""].filter(Boolean).join("; ");
  const cell = (words: Child, c?: string): HTMLElement => h("td", { class: c }, words);
  return h("tbody", { class: "finding" }, h("tr", {}, h("th", { scope: "row" }, of.contract, of.as_modelled ? h("span", { class: "modelled" }, ` ${t.rules.asModelled}`) : null, h("div", { class: "soft" }, parties)),
    h("td", { class: `outcome ${f.outcome}` }, h("span", { "aria-hidden": "true" }, `${t.rules.signs[f.outcome] ?? "·"} `), t.rules.outcomes[f.outcome] ?? f.outcome, f.paragraph ? h("div", { class: "soft" }, paragraph(f.paragraph)) : null),
    cell(f.object), cell(f.first ? date(f.first) : "–"), cell(f.last ? date(f.last) : "–"), cell(amount || "–", "right"), cell(f.value_usd === null ? "–" : view.money(f.value_usd).replace(/^[A-Z]{3}\s/, ""), "right")),
  h("tr", { class: "facts-row" }, h("td", { colspan: 7 }, facts)));
}

function exemptions(f: Finding): Child {
  if (f.exemptions.length === 0) return null;
  return h("div", {}, h("p", {}, `${t.rules.exemptions}:`), h("ul", {}, ...f.exemptions.map((e) => h("li", {}, `${e.id}: ${t.rules.exemption[e.outcome] ?? e.outcome}${e.why ? ` — ${e.why}` : ""}`))));
}
