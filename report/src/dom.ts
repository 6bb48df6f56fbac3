// Elements made from text only: nothing of a case is ever read as markup.

export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | EventListener | undefined>;

function fill<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  return element;
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag) as SVGElement, attributes, children);
}

/** A sentence with its figures in place of `{name}`; what is not given is left out. */
export function rich(template: string, parts: Record<string, Child>): Child[] {
  return template.split(/(\{\w+\})/).map((piece) => (/^\{\w+\}$/.test(piece) ? parts[piece.slice(1, -1)] : piece));
}

/** A figure that stands out. */
export const strong = (text: string): HTMLElement => h("strong", {}, text);

/** Means of a series at some points. */
function thinned(list: ArrayLike<number>, points: number): number[] {
  const out: number[] = [];
  for (let p = 0; p < points; p++) {
    const from = Math.floor((p * list.length) / points), to = Math.max(from + 1, Math.floor(((p + 1) * list.length) / points));
    let sum = 0;
    for (let i = from; i < to && i < list.length; i++) sum += list[i];
    out.push(sum / (to - from));
  }
  return out;
}

/** A small chart of one series for a table cell, with a second one dashed beside it and a mark at the day shown. */
export function spark(values: ArrayLike<number>, label: string, other?: ArrayLike<number>, day?: number): SVGElement {
  const width = 96, height = 24, points = 64;
  const a = thinned(values, points), b = other ? thinned(other, points) : [];
  const top = Math.max(1e-12, ...a, ...b);
  const line = (list: number[]): string => list.map((v, i) => `${((i * width) / (points - 1)).toFixed(1)},${(height - 1 - (Math.max(0, v) / top) * (height - 3)).toFixed(1)}`).join(" ");
  const x = day === undefined || values.length < 2 ? null : ((day * width) / (values.length - 1)).toFixed(1);
  return svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    x !== null && svg("line", { x1: x, x2: x, y1: 0, y2: height, class: "spark-day" }),
    b.length > 0 && svg("polyline", { points: line(b), class: "spark-other" }),
    svg("polyline", { points: line(a), class: "spark-line" }));
}

/** A choice that is remembered while the page is open. */
const chosen = new Map<string, string>();
export function choice(id: string, label: string, options: [string, string][], first: string, changed: (value: string) => void): { element: HTMLElement; value: () => string } {
  const kept = chosen.get(id), start = kept !== undefined && options.some(([v]) => v === kept) ? kept : first;
  const select = h("select", { id, change: () => { chosen.set(id, select.value); changed(select.value); } }, ...options.map(([v, words]) => h("option", { value: v, selected: v === start }, words)));
  return { element: h("label", {}, `${label} `, select), value: () => select.value };
}

/** A part to unfold that stays as it was left when the page is drawn anew. */
const unfolded = new Set<string>();
export function fold(id: string, title: Child, ...children: (Child | (() => Node))[]): HTMLDetailsElement {
  const box = h("details", { open: unfolded.has(id), class: "fold" }, h("summary", {}, title), ...children.filter((c): c is Child => typeof c !== "function"));
  // What is costly is made when it is first looked at.
  let later = children.filter((c) => typeof c === "function");
  const fill = (): void => { box.append(...later.map((make) => make())); later = []; };
  if (box.open) fill();
  box.addEventListener("toggle", () => { if (box.open) { fill(); unfolded.add(id); } else unfolded.delete(id); });
  return box;
}
