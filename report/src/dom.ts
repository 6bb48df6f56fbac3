// Elements made from text only: nothing of a case is ever read as markup.

type Child = Node | string | number | null | undefined | false;
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

/** A small chart of one series for a table cell. */
export function spark(values: ArrayLike<number>, label: string, other?: ArrayLike<number>): SVGElement {
  const width = 96, height = 22, points = 64;
  const mean = (list: ArrayLike<number>): number[] => {
    const out: number[] = [];
    for (let p = 0; p < points; p++) {
      const from = Math.floor((p * list.length) / points), to = Math.max(from + 1, Math.floor(((p + 1) * list.length) / points));
      let sum = 0;
      for (let i = from; i < to && i < list.length; i++) sum += list[i];
      out.push(sum / (to - from));
    }
    return out;
  };
  const a = mean(values), b = other ? mean(other) : [];
  const top = Math.max(1e-12, ...a, ...b);
  const line = (list: number[]): string => list.map((v, i) => `${((i * width) / (points - 1)).toFixed(1)},${(height - 1 - (Math.max(0, v) / top) * (height - 3)).toFixed(1)}`).join(" ");
  return svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    b.length > 0 && svg("polyline", { points: line(b), class: "spark-other" }),
    svg("polyline", { points: line(a), class: "spark-line" }));
}
