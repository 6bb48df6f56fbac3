// The map: borders, places with their share at work, crossings by state, and goods on the legs between them; drawn as one picture that scales when printed.
import { feature } from "topojson-client";
import { over28 } from "../charts";
import { inflated } from "../data";
import { h, svg } from "../dom";
import { count, percent } from "../format";
import { t } from "../texts";
import { soft, type View } from "../view";
import { type Flows, gates, openOf, stateOf } from "./where";

type Point = [number, number];
interface Box { west: number; east: number; south: number; north: number }
/** Lines as they stand in their file, to be moved east by some degrees. */
interface Shape { lines: Point[][]; by: number; closed: boolean; box: Box }

const WIDTH = 1000;

export interface Picture { figure: HTMLElement; tools: HTMLElement; draw: () => void }

export function map(view: View, flows: Flows): Picture {
  const near = innerWidth < 600, HEIGHT = near ? 1100 : 480, big = near ? 2.4 : 1;
  const { places, crossings } = view.facts, unwrap = unwrapped(places.filter((p) => p.lon !== null).map((p) => p.lon as number));
  const at = places.map((p): Point | null => (p.lat === null || p.lon === null ? null : [unwrap(p.lon), p.lat]));
  const named = new Map(crossings.map((c) => [c.id, gates(view, c.id)]));
  const whole = frame(at.filter((p) => p !== null), HEIGHT);
  const midst = places.map((p, i) => ({ p, i })).filter(({ p, i }) => at[i] && (p.workers > 0 || crossings.some((c) => c.a === i || c.b === i))).map(({ i }) => at[i] as Point);
  const close = frame(midst.length > 1 ? midst : at.filter((p) => p !== null), HEIGHT);
  let box = { ...whole };
  const land = svg("g", { class: "land" }), over = svg("g"), list = h("ul"), scale = h("span");
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", tabindex: 0, "aria-label": t.where.map, class: "map" }, svg("rect", { width: WIDTH, height: HEIGHT, fill: view.theme.sea }), land, over);
  const xy = ([lon, lat]: Point): Point => [((lon - box.west) / (box.east - box.west)) * WIDTH, ((box.north - lat) / (box.north - box.south)) * HEIGHT];
  let shapes: Shape[] = [];
  const drawLand = (): void => land.replaceChildren(...shapes.filter((s) => meets(s.box, box)).map((s) => svg("path", { d: s.lines.map((l) => `M${l.map((p) => xy([p[0] + s.by, p[1]]).map((v) => v.toFixed(1)).join(",")).join("L")}${s.closed ? "Z" : ""}`).join(""), fill: s.closed ? view.theme.land : "none", stroke: view.theme.coast, "stroke-width": 0.8 * big })));
  const draw = (): void => { const drawn = overlay(view, flows, at, named, xy, big, HEIGHT); over.replaceChildren(...drawn.marks); list.replaceChildren(...drawn.words.map((w) => h("li", {}, w))); scale.textContent = view.full ? t.where.scale(view.money(flows.all.top)) : t.absent(t.where.delivered); };
  const show = (next: Box): void => { box = next; drawLand(); draw(); };
  const zoom = (by: number): void => { const [cx, cy, w, hgt] = [(box.west + box.east) / 2, (box.south + box.north) / 2, ((box.east - box.west) * by) / 2, ((box.north - box.south) * by) / 2]; if (w > 0.02 && w < 400) show({ west: cx - w, east: cx + w, south: cy - hgt, north: cy + hgt }); };
  const move = (dx: number, dy: number): void => { const w = box.east - box.west, n = box.north - box.south; show({ west: box.west + dx * w, east: box.east + dx * w, south: box.south + dy * n, north: box.north + dy * n }); };
  const keys: Record<string, () => void> = { ArrowLeft: () => move(-0.1, 0), ArrowRight: () => move(0.1, 0), ArrowUp: () => move(0, 0.1), ArrowDown: () => move(0, -0.1), "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1 / 0.7) };
  picture.addEventListener("keydown", (e) => { const act = keys[(e as KeyboardEvent).key]; if (act) { e.preventDefault(); act(); } });
  dragged(picture, move);
  const outlines = (world: unknown): void => { shapes = outlined(world, unwrap); drawLand(); };
  if (view.boundaries || builtIn) outlines(view.boundaries ?? builtIn); else setTimeout(() => void readBorders().then(outlines), 60);
  const button = (words: string, id: string, act: () => void): HTMLElement => h("button", { type: "button", class: "plain", id, click: act }, words);
  const tools = h("div", { class: "row" }, button(t.where.whole, "map-whole", () => show({ ...whole })), button(t.where.near, "map-near", () => show({ ...close })), button(`+ ${t.where.larger}`, "map-in", () => zoom(0.7)), button(`− ${t.where.smaller}`, "map-out", () => zoom(1 / 0.7)));
  const figure = h("figure", { id: "map" }, h("figcaption", {}, t.charts.flows), h("div", { class: "map-box" }, picture), legend(view, scale), h("details", { class: "words" }, h("summary", {}, t.chartText), list),
    soft(`${t.where.note} ${view.boundaries ? t.where.own : t.where.disclaimer}`));
  return { figure, tools, draw };
}

/** Longitudes turned so that the widest empty stretch lies outside the map. */
function unwrapped(lons: number[]): (lon: number) => number {
  const sorted = [...lons].sort((a, b) => a - b);
  let gap = sorted[0] + 360 - sorted[sorted.length - 1], from = sorted[0];
  for (let i = 1; i < sorted.length; i++) if (sorted[i] - sorted[i - 1] > gap) { gap = sorted[i] - sorted[i - 1]; from = sorted[i]; }
  const west = from - gap / 2;
  return (lon) => lon + 360 * Math.ceil((west - lon) / 360);
}

/** A box around points in the shape of the picture, with room for names. */
function frame(points: Point[], height: number): Box {
  const lons = points.map((p) => p[0]), lats = points.map((p) => p[1]);
  const pad = (low: number, high: number): Point => { const m = Math.max(0.35, (high - low) * 0.16); return [low - m, high + m]; };
  let [west, east] = pad(Math.min(...lons), Math.max(...lons)), [south, north] = pad(Math.min(...lats), Math.max(...lats));
  const stretch = Math.max(0.1, Math.cos((((south + north) / 2) * Math.PI) / 180)), shape = WIDTH / height, now = ((east - west) * stretch) / (north - south);
  const more = now < shape ? ((north - south) * shape) / stretch - (east - west) : ((east - west) * stretch) / shape - (north - south);
  if (now < shape) { west -= more / 2; east += more / 2; } else { south -= more / 2; north += more / 2; }
  return { west, east, south, north };
}

const meets = (a: Box, b: Box): boolean => a.west < b.east && a.east > b.west && a.south < b.north && a.north > b.south;

/** The built-in borders, once they have been unpacked. */
let builtIn: unknown;

async function readBorders(): Promise<unknown> {
  const world = JSON.parse(new TextDecoder().decode(await inflated(document.getElementById("world")?.textContent ?? "")));
  builtIn = feature(world, world.objects.countries);
  return builtIn;
}

/** Borders as lines, turned to where the map is; of a file of others, what has no coordinates is passed over. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function outlined(world: any, unwrap: (lon: number) => number): Shape[] {
  const out: Shape[] = [];
  const add = (lines: Point[][], closed: boolean): void => {
    const clean = lines.map((l) => l.filter((p) => Array.isArray(p) && Number.isFinite(p[0]) && Number.isFinite(p[1]))).filter((l) => l.length > 1);
    if (clean.length === 0) return;
    const box: Box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
    for (const l of clean) for (const [x, y] of l) { box.west = Math.min(box.west, x); box.east = Math.max(box.east, x); box.south = Math.min(box.south, y); box.north = Math.max(box.north, y); }
    // A shape stays whole: it is moved as its westernmost point is, and drawn once more where it reaches round.
    const turn = unwrap(box.west) - box.west;
    for (const by of [turn - 360, turn, turn + 360]) out.push({ lines: clean, by, closed, box: { ...box, west: box.west + by, east: box.east + by } });
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const take = (g: any): void => {
    if (!g) return;
    if (g.type === "Polygon") add(g.coordinates, true);
    else if (g.type === "MultiPolygon") g.coordinates.forEach((p: Point[][]) => add(p, true));
    else if (g.type === "LineString") add([g.coordinates], false);
    else if (g.type === "MultiLineString") g.coordinates.forEach((l: Point[]) => add([l], false));
    else if (g.type === "GeometryCollection") g.geometries.forEach(take);
  };
  for (const f of world?.features ?? []) take(f?.geometry);
  return out;
}

/** Moves the map with the mouse; fingers scroll the page. */
function dragged(picture: SVGElement, move: (dx: number, dy: number) => void): void {
  let from: Point | null = null;
  picture.addEventListener("pointerdown", (e) => { if (e.pointerType === "mouse" && e.button === 0) { from = [e.clientX, e.clientY]; picture.setPointerCapture(e.pointerId); } });
  picture.addEventListener("pointermove", (e) => {
    if (!from) return;
    const { width, height } = picture.getBoundingClientRect();
    move((from[0] - e.clientX) / width, (e.clientY - from[1]) / height);
    from = [e.clientX, e.clientY];
  });
  picture.addEventListener("pointerup", () => { from = null; });
}

/** A circle whose filled part is a share. */
function pie(x: number, y: number, r: number, share: number, fill: string, edge: string, back: string, title: string): SVGElement {
  const s = Math.max(0, Math.min(1, share)), a = 2 * Math.PI * s, end: Point = [x + r * Math.sin(a), y - r * Math.cos(a)];
  const part = s >= 0.999 ? svg("circle", { cx: x, cy: y, r, fill }) : s <= 0.001 ? null : svg("path", { d: `M${x},${y}L${x},${y - r}A${r},${r} 0 ${s > 0.5 ? 1 : 0} 1 ${end[0].toFixed(2)},${end[1].toFixed(2)}Z`, fill });
  return svg("g", {}, svg("title", {}, title), svg("circle", { cx: x, cy: y, r, fill: back }), part, svg("circle", { cx: x, cy: y, r, fill: "none", stroke: edge, "stroke-width": r * 0.16 }));
}

/** A crossing: a ring when open, half a disc when open in part, a cross in a square when shut. */
function gate(x: number, y: number, r: number, state: "open" | "partly" | "shut" | "mixed", view: View, title: string): SVGElement {
  const { back, accent, text, list } = view.theme, w = r * 0.26;
  const parts: Record<typeof state, SVGElement[]> = {
    open: [svg("circle", { cx: x, cy: y, r, fill: back, stroke: list[2], "stroke-width": w * 1.4 })],
    partly: [svg("circle", { cx: x, cy: y, r, fill: back, stroke: text, "stroke-width": w }), svg("path", { d: `M${x},${y - r}A${r},${r} 0 0 1 ${x},${y + r}Z`, fill: text })],
    mixed: [svg("path", { d: `M${x},${y - r * 1.25}L${x + r * 1.25},${y}L${x},${y + r * 1.25}L${x - r * 1.25},${y}Z`, fill: back, stroke: text, "stroke-width": w })],
    shut: [svg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, fill: back, stroke: accent, "stroke-width": w }), svg("path", { d: `M${x - r * 0.6},${y - r * 0.6}L${x + r * 0.6},${y + r * 0.6}M${x + r * 0.6},${y - r * 0.6}L${x - r * 0.6},${y + r * 0.6}`, stroke: accent, "stroke-width": w * 1.3 })],
  };
  return svg("g", {}, svg("title", {}, title), ...parts[state]);
}

interface Taken { x0: number; y0: number; x1: number; y1: number }

function overlay(view: View, flows: Flows, at: (Point | null)[], named: Map<string, ReturnType<typeof gates>>, xy: (p: Point) => Point, big: number, height: number): { marks: SVGElement[]; words: string[] } {
  const { places, crossings } = view.facts, { text, soft: grey, list, sea, back } = view.theme, day = view.day, marks: SVGElement[] = [], words: string[] = [], taken: Taken[] = [];
  const free = (b: Taken): boolean => b.x0 >= 0 && b.x1 <= WIDTH && b.y0 >= 0 && b.y1 <= height && !taken.some((k) => b.x0 < k.x1 && b.x1 > k.x0 && b.y0 < k.y1 && b.y1 > k.y0);
  const inside = ([x, y]: Point): boolean => x > -20 && x < WIDTH + 20 && y > -20 && y < height + 20;
  const { legs, top, pairs } = flows.all;
  for (const leg of legs) {
    const a = at[leg.from], b = at[leg.to];
    if (a && b) marks.push(arrow(xy(a), xy(b), leg.values[day], top, big, `${places[leg.from].name} → ${places[leg.to].name}: ${view.money(leg.values[day])}`, list[0], grey));
  }
  const dots = places.map((p, i) => ({ p, i, at: at[i] })).filter((d) => d.at && inside(xy(d.at))).sort((a, b) => b.p.workers - a.p.workers);
  const labels: { x: number; y: number; r: number; name: string }[] = [];
  for (const { p, at: where } of dots) {
    const [x, y] = xy(where as Point), used = over28(view.series.or0("place", p.id, "labour_used"), day), employed = over28(view.series.or0("place", p.id, "labour_employed"), day);
    const known = view.series.has("place"), share = employed > 0 ? used / employed : 0, r = big * (p.workers > 0 ? 6 + Math.min(9, Math.sqrt(p.workers) / 12) : 3.5), name = p.name ?? p.id;
    const title = p.workers > 0 ? `${name}: ${count(p.workers)} ${t.where.workers}, ${known ? `${percent(share)} ${t.where.atWork}` : `${t.where.atWork} ${t.unrecorded}`}` : name;
    marks.push(p.workers > 0 ? pie(x, y, r, share, list[0], text, back, title) : svg("g", {}, svg("title", {}, title), svg("circle", { cx: x, cy: y, r, fill: grey, stroke: back, "stroke-width": big })));
    taken.push({ x0: x - r, x1: x + r, y0: y - r, y1: y + r });
    labels.push({ x, y, r, name });
    if (p.workers > 0) words.push(`${title}.`);
  }
  // What is not recorded is not drawn as open.
  (view.full ? crossings : []).forEach((c, i) => {
    const a = at[c.a], b = at[c.b];
    const shares = (named.get(c.id) ?? []).map((g) => openOf(view, g.entity, day)), states = new Set(shares.map(stateOf));
    const state = states.size === 0 ? "open" : states.size === 1 ? [...states][0] : "mixed", said = `${i + 1} ${c.name}: ${state === "mixed" ? t.where.mixed : t.where[state]}`;
    words.push(`${said}.`);
    if (!a || !b) return;
    const [p, q] = [xy(a), xy(b)], r = 8 * big, mid: Point = [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
    if (!inside(mid)) return;
    // Where the two places are too close for a mark between them, it stands above, with a line to the spot.
    const spots: Point[] = [mid, [mid[0] - 26 * big, mid[1] - 26 * big], [mid[0], mid[1] - 34 * big], [mid[0] + 26 * big, mid[1] - 26 * big], [mid[0] - 34 * big, mid[1]]];
    const spot = spots.find(([x, y]) => free({ x0: x - r * 1.2, x1: x + r * 2.6, y0: y - r * 1.2, y1: y + r * 1.2 })) ?? spots[1];
    if (spot !== mid) marks.push(svg("line", { x1: mid[0], y1: mid[1], x2: spot[0], y2: spot[1], stroke: text, "stroke-width": big }));
    marks.push(gate(spot[0], spot[1], r, state, view, said), letter(spot[0] + r * 1.3, spot[1] + r * 0.55, String(i + 1), text, sea, 12 * big, "start", true));
    taken.push({ x0: spot[0] - r * 1.2, x1: spot[0] + r * 2.6, y0: spot[1] - r * 1.2, y1: spot[1] + r * 1.2 });
  });
  for (const l of labels) {
    const size = 12 * big, wide = l.name.length * size * 0.56, tall = size * 1.1, g = l.r + 3 * big;
    const tries: [number, number, "start" | "end" | "middle"][] = [[g, 0, "start"], [-g, 0, "end"], [0, g + tall * 0.7, "middle"], [0, -g - tall * 0.5, "middle"], [g, tall, "start"], [g, -tall, "start"], [-g, tall, "end"], [-g, -tall, "end"]];
    for (const [dx, dy, anchor] of tries) {
      const x = l.x + dx, y = l.y + dy, x0 = anchor === "start" ? x : anchor === "end" ? x - wide : x - wide / 2, spot = { x0, x1: x0 + wide, y0: y - tall / 2, y1: y + tall / 2 };
      if (!free(spot)) continue;
      taken.push(spot);
      marks.push(letter(x, y + size * 0.35, l.name, text, sea, size, anchor));
      break;
    }
  }
  const largest = [...pairs.values()].filter((p) => p.values[day] > 0.5).sort((a, b) => b.values[day] - a.values[day]).slice(0, 12);
  words.push(...largest.map((p) => `${places[p.from]?.name} → ${places[p.to]?.name}: ${view.money(p.values[day])}.`));
  return { marks, words };
}

function letter(x: number, y: number, words: string, fill: string, halo: string, size: number, anchor: "start" | "end" | "middle", bold = false): SVGElement {
  return svg("text", { x, y, "font-size": size, "text-anchor": anchor, fill, stroke: halo, "stroke-width": size * 0.28, "stroke-linejoin": "round", "paint-order": "stroke", "font-weight": bold ? 700 : 400, "pointer-events": "none" }, words);
}

/** Goods on a leg: a line beside the straight one, so that both directions are seen, with a head where they go. */
function arrow([x1, y1]: Point, [x2, y2]: Point, value: number, top: number, big: number, title: string, colour: string, grey: string): SVGElement {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1, ux = (x2 - x1) / length, uy = (y2 - y1) / length, none = value <= 0;
  const w = none ? 1 * big : big * (1.2 + 6.5 * Math.sqrt(value / top)), off = big * 1.5 + w / 2, ox = -uy * off, oy = ux * off;
  const head = none ? 0 : Math.min(length * 0.45, w * 1.2 + 5 * big), tip: Point = [x1 + ux * length * 0.62 + ox, y1 + uy * length * 0.62 + oy];
  const n = (v: number): string => v.toFixed(1);
  return svg("g", { class: none ? "flow none" : "flow" }, svg("title", {}, title),
    svg("line", { x1: n(x1 + ox), y1: n(y1 + oy), x2: n(x2 + ox), y2: n(y2 + oy), stroke: none ? grey : colour, "stroke-width": w.toFixed(2), "stroke-dasharray": none ? `${big} ${4 * big}` : undefined, opacity: none ? 0.8 : 0.85 }),
    !none && svg("path", { d: `M${n(tip[0])},${n(tip[1])}L${n(tip[0] - ux * head - uy * (w / 2 + 3 * big))},${n(tip[1] - uy * head + ux * (w / 2 + 3 * big))}L${n(tip[0] - ux * head + uy * (w / 2 + 3 * big))},${n(tip[1] - uy * head - ux * (w / 2 + 3 * big))}Z`, fill: colour }));
}

function legend(view: View, scale: HTMLElement): HTMLElement {
  const sign = (...shapes: SVGElement[]): SVGElement => svg("svg", { width: 24, height: 20, viewBox: "0 0 24 20", "aria-hidden": "true" }, ...shapes);
  const item = (mark: SVGElement, ...words: (string | Node)[]): HTMLElement => h("span", { class: "mark" }, mark, ...words);
  const { list, text, back, soft: grey } = view.theme;
  return h("p", { class: "legend" }, item(sign(gate(12, 10, 7, "open", view, "")), t.where.open), item(sign(gate(12, 10, 7, "partly", view, "")), t.where.partly), item(sign(gate(12, 10, 7, "shut", view, "")), t.where.shut), item(sign(gate(12, 10, 6, "mixed", view, "")), t.where.mixed),
    item(sign(pie(12, 10, 8, 0.4, list[0], text, back, "")), t.where.place), item(sign(svg("circle", { cx: 12, cy: 10, r: 4, fill: grey })), t.where.noWorkers), item(sign(svg("line", { x1: 1, x2: 23, y1: 10, y2: 10, stroke: list[0], "stroke-width": 6 })), scale), item(sign(svg("line", { x1: 1, x2: 23, y1: 10, y2: 10, stroke: grey, "stroke-width": 1.4, "stroke-dasharray": "1 4" })), t.where.dotted));
}
