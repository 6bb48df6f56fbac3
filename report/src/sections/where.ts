import { over28 } from "../charts";
import { choice, h, spark } from "../dom";
import { country, percent, shortMoney } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";
import { map } from "./map";

export type Open = "open" | "partly" | "shut";
export const stateOf = (share: number): Open => (share <= 0.001 ? "shut" : share < 0.999 ? "partly" : "open");

interface Gate { entity: string; towards: string; cls: string }

/** What was recorded of a crossing: one gate per direction and class. */
export function gates(view: View, crossing: string): Gate[] {
  return view.series.entities("crossing").filter((e) => e.startsWith(`${crossing}/`)).map((entity) => { const [towards, cls] = entity.slice(crossing.length + 1).split("/"); return { entity, towards, cls }; });
}

export const openOf = (view: View, entity: string, day: number): number => view.series.get("crossing", entity, "open_share")?.[day] ?? 1;

/** Where: a map with places, crossings and flows, and the crossings as a table. */
export function where(view: View): HTMLElement {
  const { places, crossings } = view.facts, box = h("div");
  if (places.some((p) => p.lat !== null && p.lon !== null)) {
    const flows = new Flows(view), picture = map(view, flows);
    const traded = view.facts.products.map((p, i) => ({ p, i })).filter(({ i }) => view.facts.contracts.some((c) => c.product === i));
    const select = choice("map-product", t.where.product, [["-1", t.where.allGoods], ...traded.map(({ p, i }): [string, string] => [String(i), p.name])], "-1", (v) => { flows.product = Number(v); picture.draw(); });
    flows.product = Number(select.value());
    box.append(h("div", { class: "row tools" }, select.element, picture.tools), picture.figure);
    view.follow(() => picture.draw());
    if (view.run.shown.contract) box.append(soft(t.shownOf(t.where.contracts, view.run.shown.contract)));
  } else box.append(soft(t.where.none));
  if (crossings.length > 0 && !view.full) box.append(h("h3", {}, t.where.crossings), soft(t.absent(t.where.crossings.toLowerCase())));
  else if (crossings.length > 0) {
    const made = crossingTable(view);
    view.followSlowly(() => made.update(crossingRows(view)));
    box.append(h("h3", {}, t.where.crossings), made.element);
  } else box.append(soft(t.where.noCrossings));
  box.append(view.from("where", "series: contract delivered (times the product’s value in case.json), place labour_used and labour_employed, crossing open_share, passed_value, held_value", "case.json: places, crossings, contracts.path"));
  return box;
}

function crossingTable(view: View) {
  const money = view.facts.currency;
  return table([{ name: t.where.crossing, wide: true }, { name: t.where.towards }, { name: t.where.class }, { name: t.where.state }, { name: t.where.since }, { name: t.where.course, sortable: false }, { name: `${t.where.passed}, ${money}`, right: true }, { name: `${t.where.held}, ${money}`, right: true }],
    [], { label: t.where.crossings, id: "crossing-table", limit: 24 });
}

/** One row for all classes of a direction that are open alike. */
function crossingRows(view: View): Cell[][] {
  return view.facts.crossings.flatMap((c, i) => {
    const alike = new Map<string, Gate[]>();
    for (const g of gates(view, c.id)) {
      const id = `${g.towards} ${view.series.get("crossing", g.entity, "open_share")?.join(" ") ?? ""}`;
      alike.set(id, [...(alike.get(id) ?? []), g]);
    }
    return [...alike.values()].map((list): Cell[] => {
      const share = openOf(view, list[0].entity, view.day), state = stateOf(share), sum = (variable: string, of: (v: Float32Array) => number): number => list.reduce((s, g) => s + of(view.series.or0("crossing", g.entity, variable)), 0);
      const passed = sum("passed_value", (v) => over28(v, view.day)), held = sum("held_value", (v) => v[view.day]);
      const values = view.series.get("crossing", list[0].entity, "open_share") ?? new Float32Array(view.run.days).fill(1);
      let since = view.day;
      while (since > 0 && stateOf(values[since - 1]) === state) since--;
      return [{ text: `${i + 1} ${c.name}` }, { text: country(list[0].towards) }, { text: list.map((g) => g.cls).join(", ") }, { text: `${{ open: "○", partly: "◐", shut: "✕" }[state]} ${t.where[state]}${state === "partly" ? `, ${percent(share)}` : ""}`, sort: share },
        { text: since === 0 ? "–" : view.date(since), sort: since }, { text: "", node: () => spark(values, t.where.share(c.name, percent(share)), undefined, view.day) }, num(passed, list.some((g) => view.series.get("crossing", g.entity, "passed_value")) ? shortMoney(passed) : "–"), num(held, list.some((g) => view.series.get("crossing", g.entity, "held_value")) ? shortMoney(held) : "–")];
    });
  });
}

export interface Leg { from: number; to: number; values: Float32Array }

/** Goods on the legs of the network: value delivered in 28 days under the contracts that use a leg. */
export class Flows {
  product = -1;
  private readonly known = new Map<number, { legs: Leg[]; top: number; pairs: Map<string, { from: number; to: number; values: Float32Array }> }>();
  constructor(private readonly view: View) {}
  get all(): { legs: Leg[]; top: number; pairs: Map<string, Leg> } {
    const found = this.known.get(this.product);
    if (found) return found;
    const { contracts, firms, products } = this.view.facts, legs = new Map<string, Leg>(), pairs = new Map<string, Leg>();
    const add = (into: Map<string, Leg>, from: number, to: number, delivered: Float32Array | undefined, value: number): void => {
      if (from === to || from < 0 || to < 0 || from === undefined || to === undefined) return;
      const id = `${from}>${to}`, leg = into.get(id) ?? { from, to, values: new Float32Array(this.view.run.days) };
      into.set(id, leg);
      delivered?.forEach((v, d) => { leg.values[d] += v * value; });
    };
    for (const c of contracts) {
      if (this.product >= 0 && c.product !== this.product) continue;
      const path = c.path.length > 1 ? c.path : [firms[c.seller]?.place, firms[c.buyer]?.place], value = products[c.product]?.value ?? 0;
      const delivered = this.view.series.get("contract", c.id, "delivered");
      for (let k = 1; k < path.length; k++) add(legs, path[k - 1], path[k], delivered, value);
      add(pairs, path[0], path[path.length - 1], delivered, value);
    }
    const summed = (list: Iterable<Leg>): Leg[] => [...list].map((leg) => ({ ...leg, values: sums28(leg.values) }));
    const list = summed(legs.values());
    const made = { legs: list, top: Math.max(1e-9, ...list.map((l) => l.values.reduce((a, b) => Math.max(a, b), 0))), pairs: new Map(summed(pairs.values()).map((p) => [`${p.from}>${p.to}`, p])) };
    this.known.set(this.product, made);
    return made;
  }
}

/** Sums over the last 28 days, day by day. */
function sums28(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  let sum = 0;
  for (let d = 0; d < values.length; d++) { sum += values[d]; if (d >= 28) sum -= values[d - 28]; out[d] = Math.max(0, sum); }
  return out;
}
