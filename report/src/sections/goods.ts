import { bars, lines } from "../charts";
import { type Child, h } from "../dom";
import { axisMoney, country, date, quantity, shortMoney, units } from "../format";
import { type Cell, num, table } from "../table";
import { t } from "../texts";
import { soft, type View } from "../view";

const amount = (v: number | undefined): Cell => num(v ?? 0, !v ? "0" : quantity(v));
const right = (name: string) => ({ name, right: true });

/** Goods: where they are, whose they are, what is lost. */
export function goods(view: View): HTMLElement {
  const money = view.facts.currency, pictures: HTMLElement[] = [];
  const list = ([["waiting_value", t.goods.waiting], ["stranded_value", t.goods.strandedLine], ["delayed_value", t.goods.delayedLine], ["held_value", t.goods.heldLine], ["caught_value", t.goods.caughtLine]] as const)
    // What is caught is a line of its own only where it was recorded.
    .filter(([variable]) => variable !== "caught_value" || view.series.get("total", "", variable))
    // Where sums are kept, what lies at the makers is not among them.
    .filter(([variable]) => view.full || view.series.get("total", "", variable)).map(([variable, name], i) => ({ name, values: totalOf(view, variable), dashed: i === 1 || i === 3, dotted: i === 2 }));
  pictures.push(lines(view, t.charts.goods, list, money));
  const owners = (Object.entries(view.run.summary.stranded?.by_owner ?? {}) as [string, number][]).filter(([, v]) => v > 0.5).sort((a, b) => b[1] - a[1]).map(([id, v]) => [view.firmName(id), v] as [string, number]);
  if (owners.length > 0) pictures.push(bars(view, `${t.charts.owner}, ${money}`, owners.slice(0, 12), shortMoney, owners.slice(0, 40).map(([k, v]) => `${k}: ${view.money(v)}`), axisMoney));
  return h("div", {}, h("div", { class: "two" }, ...pictures), soft(t.goods.note), caught(view), products(view), split(view), seasons(view),
    view.from("goods", "series: total stranded_value, delayed_value, held_value, caught_value; waiting_value of countries; products in_system, waiting, stranded, delayed, lost, spoilt, refused", "summary.json: stranded.by_owner, caught, goods, seasons"));
}

/** A total; where none was recorded, the sum over countries, or over products at their value. */
function totalOf(view: View, variable: string): Float32Array {
  const s = view.series, direct = s.get("total", "", variable);
  if (direct) return direct;
  const sum = new Float32Array(view.run.days);
  if (s.has("country")) for (const c of s.entities("country")) s.or0("country", c, variable).forEach((v, d) => { sum[d] += v; });
  else for (const p of view.facts.products) s.or0("product", p.id, variable.replace("_value", "")).forEach((v, d) => { sum[d] += v * p.value; });
  return sum;
}

/** What is caught on the date of the figures: why, how it stands, where, whose. */
function caught(view: View): Child {
  const all = (view.run.summary.caught ?? {}) as Record<string, Record<string, number>>;
  const name: Record<string, (id: string) => string> = { by_owner: (id) => view.firmName(id), by_site: (id) => siteName(view, id) };
  const rows = Object.entries(t.goods.caughtKinds).flatMap(([kind, title]) => {
    const list = Object.entries(all[kind] ?? {}).filter(([, v]) => v > 0.5).sort((a, b) => b[1] - a[1]).slice(0, 12);
    return list.map(([id, v]): Cell[] => [{ text: title }, { text: name[kind]?.(id) ?? t.goods.words[id] ?? id }, num(v, shortMoney(v))]);
  });
  if (rows.length === 0) return null;
  return h("div", {}, h("h3", {}, `${t.goods.caught}, ${date(view.asOf)}`), table([{ name: t.goods.caughtBy }, { name: t.goods.caughtWhat, wide: true }, right(`${t.goods.atCost}, ${view.facts.currency}`)], rows, { label: t.goods.caught, id: "caught-table", limit: 50 }).element, soft(t.goods.caughtNote));
}

/** The name of a site: a place, a crossing with the country the goods go towards and their class, or the road. */
function siteName(view: View, id: string): string {
  const [crossing, towards, cls] = id.split("/");
  if (cls === undefined) return t.goods.words[id] ?? view.entityName("place", id);
  return `${view.facts.crossings.find((c) => c.id === crossing)?.name ?? crossing}, ${t.goods.towards} ${country(towards)}, ${cls.replaceAll("_", " ")}`;
}

function products(view: View): Child {
  const s = view.series, list = view.facts.products.filter((p) => s.variables("product", p.id).length > 0);
  if (list.length === 0) return soft(t.absent(t.goods.product.toLowerCase()));
  const rows = (): Cell[][] => list.map((p) => {
    const at = (variable: string): number => s.or0("product", p.id, variable)[view.day];
    const upTo = (variable: string): number => { const v = s.or0("product", p.id, variable); let x = 0; for (let d = 0; d <= view.day; d++) x += v[d]; return x; };
    return [{ text: p.name }, { text: units(p.unit) }, amount(at("in_system")), amount(at("waiting")), amount(at("stranded")), amount(at("delayed")), amount(Math.max(0, at("in_system") - at("waiting"))), amount(upTo("lost")), amount(upTo("spoilt") + upTo("refused"))];
  });
  const made = table([{ name: t.goods.product, wide: true }, { name: t.goods.unit }, right(t.goods.system), right(t.goods.maker), right(t.goods.stranded), right(t.goods.delayed), right(t.goods.elsewhere), right(t.goods.lost), right(t.goods.spoilt)], rows(), { label: t.goods.product, id: "goods-table", sort: 4, descending: true, limit: 20, search: list.length > 12 });
  view.followSlowly(() => made.update(rows()));
  return h("div", {}, made.element, view.run.shown.product ? soft(t.shownOf(t.goods.product.toLowerCase(), view.run.shown.product)) : null);
}

/** Where each product is on the date of the figures: what the daily series do not tell apart. */
function split(view: View): Child {
  const list = Object.entries((view.run.summary.goods ?? {}) as Record<string, { unit: string; in_system: number; at_maker: number; on_the_way: number; in_stores: number }>);
  if (list.length === 0) return null;
  const rows = list.map(([id, g]): Cell[] => [{ text: view.productName(id) }, { text: units(g.unit) }, amount(g.in_system), amount(g.at_maker), amount(g.on_the_way), amount(g.in_stores)]);
  return h("div", {}, h("h3", {}, `${t.goods.split}, ${date(view.asOf)}`), table([{ name: t.goods.product, wide: true }, { name: t.goods.unit }, right(t.goods.system), right(t.goods.maker), right(t.goods.onTheWay), right(t.goods.stores)], rows, { label: t.goods.split, id: "split-table", limit: 20 }).element);
}

interface Season { product: string; unit: string; season_end: string; made: number; at_maker: number; at_maker_usd: number; marked_down_usd: number }

/** What each season left at the makers, and what its end has taken off it. */
function seasons(view: View): Child {
  const all = (view.run.summary.seasons ?? []) as Season[], most = Math.max(0, ...all.map((x) => x.made));
  const list = all.filter((x) => x.made > 1e-9 * most);
  if (list.length === 0) return null;
  const rows = list.map((x): Cell[] => [{ text: view.productName(x.product) }, { text: date(x.season_end), sort: x.season_end }, num(x.made, `${quantity(x.made)} ${units(x.unit)}`), amount(x.at_maker), num(x.at_maker_usd, x.at_maker_usd > 0 ? shortMoney(x.at_maker_usd) : "0"), num(x.marked_down_usd, x.marked_down_usd > 0 ? shortMoney(x.marked_down_usd) : "0")]);
  const money = view.facts.currency;
  return h("div", {}, h("h3", {}, `${t.goods.seasons}, ${date(view.asOf)}`), table([{ name: t.goods.product, wide: true }, { name: t.goods.season }, right(t.goods.made), right(t.goods.left), right(`${t.goods.atCost}, ${money}`), right(`${t.goods.markedDown}, ${money}`)], rows, { label: t.goods.seasons, id: "seasons-table", limit: 20, sort: 4, descending: true }).element, soft(t.goods.seasonNote));
}
