// A table that sorts by a click or the Enter key on a heading, filters by words, and takes new rows without losing either.
import { h } from "./dom";
import { t } from "./texts";

export interface Cell { text: string; sort?: number | string; node?: () => Node; title?: string }
export interface Column { name: string; right?: boolean; wide?: boolean; sortable?: boolean }
export interface Options { search?: boolean; sort?: number; descending?: boolean; limit?: number; label: string; id?: string }
export interface Table { element: HTMLElement; update: (rows: Cell[][]) => void }

export function table(columns: Column[], first: Cell[][], options: Options): Table {
  let rows = first, by = options.sort ?? -1, down = options.descending ?? false, words = "", limit = options.limit ?? 50;
  const head = h("tr"), body = h("tbody"), note = h("p", { class: "soft", "aria-live": "polite" });
  const more = h("button", { type: "button", class: "plain", click: () => { limit = Infinity; draw(); } }, t.all);
  const key = (cell: Cell): number | string => cell.sort ?? cell.text.toLowerCase();
  const compare = (a: Cell[], b: Cell[]): number => {
    const [x, y] = [key(a[by]), key(b[by])];
    const order = typeof x === "number" && typeof y === "number" ? x - y || 0 : String(x).localeCompare(String(y));
    return down ? -order : order;
  };
  const arrows = columns.map(() => h("span", { class: "arrow", "aria-hidden": "true" }));
  const heads = columns.map((c, i) => h("th", { scope: "col", class: c.right ? "right" : undefined },
    c.sortable === false ? c.name : h("button", { type: "button", class: "sort", click: () => { down = by === i ? !down : Boolean(c.right); by = i; draw(); } }, c.name, arrows[i])));
  head.append(...heads);
  function line(row: Cell[]): HTMLElement {
    return h("tr", {}, ...row.map((cell, i) => h(i === 0 ? "th" : "td", { class: columns[i].right ? "right" : columns[i].wide ? "wide" : undefined, title: cell.title, scope: i === 0 ? "row" : undefined }, cell.node ? cell.node() : cell.text)));
  }
  function draw(): void {
    const found = rows.filter((r) => words === "" || r.some((c) => c.text.toLowerCase().includes(words)));
    if (by >= 0) found.sort(compare);
    heads.forEach((th, i) => { if (columns[i].sortable !== false) th.setAttribute("aria-sort", by === i ? (down ? "descending" : "ascending") : "none"); arrows[i].textContent = by === i ? (down ? "\u00a0▼" : "\u00a0▲") : ""; });
    body.replaceChildren(...found.slice(0, limit).map(line));
    note.textContent = found.length === 0 ? t.none : found.length > limit || words !== "" ? t.firstLines(Math.min(limit, found.length), rows.length) : "";
    note.hidden = note.textContent === "";
    more.hidden = found.length <= limit;
  }
  draw();
  const search = h("input", { type: "search", placeholder: t.search, "aria-label": `${t.search}: ${options.label}`, input: (e) => { words = (e.target as HTMLInputElement).value.trim().toLowerCase(); draw(); } });
  const box = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${t.table}: ${options.label}` }, h("table", {}, h("caption", { class: "hidden" }, options.label), h("thead", {}, head), body));
  return { element: h("div", { class: "table-box", id: options.id }, options.search && search, box, h("div", { class: "row" }, note, more)), update: (fresh) => { rows = fresh; draw(); } };
}

export const num = (value: number | null | undefined, text: string): Cell => ({ text, sort: value !== null && value !== undefined && Number.isFinite(value) ? value : -Infinity });
