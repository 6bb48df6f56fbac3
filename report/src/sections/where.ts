import { feature } from "topojson-client";
import { chart, echarts } from "../charts";
import { h } from "../dom";
import { count, percent } from "../format";
import { inflated } from "../data";
import { num, table } from "../table";
import { t } from "../texts";
import type { View } from "../view";

/** Where: a map with places, crossings and flows, and the crossings as a table. */
export function where(view: View): HTMLElement {
  const { places, crossings } = view.facts;
  const known = places.some((p) => p.lat !== null && p.lon !== null);
  const box = h("div");
  if (known) box.append(map(view));
  else box.append(h("p", { class: "soft" }, t.where.none));
  if (crossings.length > 0) {
    const rows = h("div");
    let waiting = 0;
    const draw = (): void => rows.replaceChildren(crossingTable(view));
    view.follow(() => { clearTimeout(waiting); waiting = window.setTimeout(draw, 120); });
    view.leave(() => clearTimeout(waiting));
    draw();
    box.append(rows);
  }
  return box;
}

function gates(view: View, crossing: string): { entity: string; towards: string; cls: string }[] {
  const found = view.series.entities("crossing").filter((e) => e.startsWith(`${crossing}/`));
  return found.map((entity) => { const [towards, cls] = entity.slice(crossing.length + 1).split("/"); return { entity, towards, cls }; });
}

const openOf = (view: View, entity: string, day: number): number => view.series.get("crossing", entity, "open_share")?.[day] ?? 1;
const over28 = (values: ArrayLike<number>, day: number): number => { let s = 0; for (let d = Math.max(0, day - 27); d <= day; d++) s += values[d]; return s; };

function crossingTable(view: View): HTMLElement {
  const columns = [{ name: t.where.crossing, wide: true }, { name: t.where.towards }, { name: t.where.class }, { name: t.where.state }, { name: t.where.passed, right: true }, { name: t.where.held, right: true }];
  const rows = view.facts.crossings.flatMap((c) => gates(view, c.id).map((g) => {
    const open = openOf(view, g.entity, view.day), passed = over28(view.series.or0("crossing", g.entity, "passed_value"), view.day), held = view.series.or0("crossing", g.entity, "held_value")[view.day];
    return [{ text: c.name }, { text: g.towards }, { text: g.cls }, { text: open <= 0 ? t.where.shut : open < 1 ? `${t.where.partly}, ${percent(open)}` : t.where.open, sort: open }, num(passed, view.money(passed)), num(held, view.money(held))];
  }));
  return table(columns, rows, { label: t.where.crossing, id: "crossing-table", limit: 12 });
}

interface Flow { coords: [number, number][]; value: number; name: string }

/** Contracts summed to flows from place to place, in the 28 days to the day shown. */
function flows(view: View, product: number): Flow[] {
  const { places, contracts, firms, products } = view.facts;
  const sums = new Map<string, Flow>();
  for (const c of contracts) {
    if (product >= 0 && c.product !== product) continue;
    const path = c.path.length > 1 ? c.path : [firms[c.seller]?.place, firms[c.buyer]?.place];
    const coords = path.map((p) => places[p]).filter((p) => p && p.lat !== null && p.lon !== null).map((p) => [p.lon as number, p.lat as number] as [number, number]);
    if (coords.length < 2 || path[0] === path[path.length - 1]) continue;
    const delivered = view.series.get("contract", c.id, "delivered");
    const value = delivered ? over28(delivered, view.day) * products[c.product].value : 0;
    const id = path.join(">"), sum = sums.get(id);
    if (sum) sum.value += value; else sums.set(id, { coords, value, name: `${places[path[0]]?.name} → ${places[path[path.length - 1]]?.name}` });
  }
  return [...sums.values()];
}

const HEIGHT = 460;

/** The built-in borders, or the user's own. */
async function borders(view: View): Promise<unknown> {
  if (view.boundaries) return view.boundaries;
  const world = JSON.parse(new TextDecoder().decode(await inflated(document.getElementById("world")?.textContent ?? "")));
  return feature(world, world.objects.countries);
}

function map(view: View): HTMLElement {
  const { places, crossings, firms, products } = view.facts;
  echarts.registerMap("none", { type: "FeatureCollection", features: [] } as never);
  const workersAt = new Map(places.map((p, i) => [p, firms.filter((f) => f.place === i).reduce((s, f) => s + f.workers, 0)]));
  // Where labels collide, the place with more workers keeps its own.
  const at = places.filter((p) => p.lat !== null && p.lon !== null).sort((a, b) => (workersAt.get(b) ?? 0) - (workersAt.get(a) ?? 0));
  const lons = at.map((p) => p.lon as number), lats = at.map((p) => p.lat as number);
  const pad = (low: number, high: number): [number, number] => { const m = Math.max(1.2, (high - low) * 0.14); return [low - m, high + m]; };
  let [west, east] = pad(Math.min(...lons), Math.max(...lons)), [south, north] = pad(Math.min(...lats), Math.max(...lats));
  // The box is widened to the shape of the picture, so that nothing is cut off.
  const stretch = Math.cos((((south + north) / 2) * Math.PI) / 180), shape = Math.max(0.7, (Math.min(1180, innerWidth) - 40) / HEIGHT), now = ((east - west) * stretch) / (north - south);
  if (now < shape) { const more = ((north - south) * shape) / stretch - (east - west); west -= more / 2; east += more / 2; }
  else { const more = ((east - west) * stretch) / shape - (north - south); south -= more / 2; north += more / 2; }
  const { land, sea, line, text, soft, list, accent } = view.theme;
  const label = { show: true, position: "right", color: text, fontSize: 11, formatter: "{b}", textBorderColor: sea, textBorderWidth: 3 };
  const picture = chart(view, t.charts.flows, HEIGHT, {
    legend: { show: false }, tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: view.theme.back, borderColor: line, textStyle: { color: text } },
    geo: { map: "none", roam: true, scaleLimit: { min: 0.5, max: 40 }, boundingCoords: [[west, north], [east, south]], aspectScale: stretch, silent: true,
      itemStyle: { areaColor: land, borderColor: line }, emphasis: { disabled: true }, left: 0, right: 0, top: 0, bottom: 0, preserveAspect: "contain" },
    backgroundColor: sea,
    series: [
      { id: "flows", type: "lines", coordinateSystem: "geo", polyline: true, data: [], lineStyle: { color: list[0], opacity: 0.75 }, zlevel: 0, silent: false },
      { id: "places", type: "scatter", coordinateSystem: "geo", data: [], label, labelLayout: { hideOverlap: true }, itemStyle: { borderColor: text, borderWidth: 1 } },
      { id: "crossings", type: "scatter", coordinateSystem: "geo", data: [], symbol: "diamond", symbolSize: 15, itemStyle: { borderColor: text, borderWidth: 1 } },
    ],
  }, []);
  void borders(view).then((shapes) => { echarts.registerMap("world", shapes as never); picture.set({ geo: { map: "world" } }); });
  let product = -1;
  const mean = (list: number[]): number => (list.length > 0 ? list.reduce((a, b) => a + b, 0) / list.length : 1);
  const draw = (day: number): void => {
    const all = flows(view, product), top = Math.max(1, ...all.map((f) => f.value));
    const width = (v: number): number => (v <= 0 ? 0.8 : 1.2 + 7 * Math.sqrt(v / top));
    const lines = all.map((f) => ({ name: f.name, coords: f.coords, value: f.value, lineStyle: { width: width(f.value), type: f.value <= 0 ? "dotted" : "solid", color: f.value <= 0 ? soft : list[0] }, tooltip: { formatter: `${f.name}: ${view.money(f.value)}` } }));
    const dots = at.map((p) => {
      const workers = workersAt.get(p) ?? 0;
      const used = over28(view.series.or0("place", p.id, "labour_used"), day), present = over28(view.series.or0("place", p.id, "labour_present"), day);
      const share = present > 0 ? used / present : 1;
      return { name: p.name, value: [p.lon, p.lat], symbolSize: workers > 0 ? 9 + Math.min(18, Math.sqrt(workers) / 6) : 6, itemStyle: { color: workers === 0 ? soft : list[share > 0.75 ? 2 : share > 0.25 ? 3 : 1] },
        tooltip: { formatter: `${p.name}${workers > 0 ? `: ${count(workers)} ${t.who.workers.toLowerCase()}, ${percent(share)}` : ""}` }, share, workers };
    });
    const marks = crossings.filter((c) => places[c.a]?.lat !== null && places[c.b]?.lat !== null && places[c.a] && places[c.b]).map((c) => {
      const open = mean(gates(view, c.id).map((g) => openOf(view, g.entity, day)));
      const [a, b] = [places[c.a], places[c.b]];
      const state = open <= 0.001 ? t.where.shut : open < 0.999 ? t.where.partly : t.where.open;
      return { name: c.name, value: [((a.lon as number) + (b.lon as number)) / 2, ((a.lat as number) + (b.lat as number)) / 2], itemStyle: { color: open <= 0.001 ? accent : open < 0.999 ? list[3] : list[2] }, tooltip: { formatter: `${c.name}: ${state}` }, state };
    });
    picture.set({ series: [{ id: "flows", data: lines }, { id: "places", data: dots }, { id: "crossings", data: marks }] });
    picture.words([
      ...marks.map((m) => `${m.name}: ${m.state}`), ...dots.filter((d) => d.workers > 0).map((d) => `${d.name}: ${percent(d.share)} (${t.who.now.toLowerCase()})`),
      ...all.filter((f) => f.value > 0).sort((a, b) => b.value - a.value).slice(0, 12).map((f) => `${f.name}: ${view.money(f.value)}`),
    ]);
  };
  const traded = products.map((p, i) => ({ p, i })).filter(({ i }) => view.facts.contracts.some((c) => c.product === i));
  const choice = h("select", { id: "map-product", change: (e) => { product = Number((e.target as HTMLSelectElement).value); draw(view.day); } }, h("option", { value: -1 }, t.where.allGoods), ...traded.map(({ p, i }) => h("option", { value: i }, p.name)));
  view.follow(draw);
  const key = h("p", { class: "legend" }, ...[[accent, `◆ ${t.where.shut}`], [list[3], `◆ ${t.where.partly}`], [list[2], `◆ ${t.where.open}`], [list[2], `● > 75 %`], [list[3], `● 25–75 %`], [list[1], `● < 25 %`]].map(([colour, words]) => h("span", {}, h("b", { style: `color:${colour}` }, words.slice(0, 1)), words.slice(1))));
  return h("div", {}, h("label", {}, `${t.where.product} `, choice), picture.figure, key, h("p", { class: "soft" }, `${t.where.note} ${view.boundaries ? "" : t.where.disclaimer}`));
}
