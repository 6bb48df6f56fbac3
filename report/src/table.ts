// A table that sorts by a click or the Enter key on a heading, and filters by words.
import { h } from "./dom";
import { t } from "./texts";

export interface Cell { text: string; sort?: number | string; node?: Node; title?: string }
export interface Column { name: string; right?: boolean; wide?: boolean }

export function table(columns: Column[], rows: Cell[][], options: { search?: boolean; sort?: number; descending?: boolean; limit?: number; label: string; id?: string }): HTMLElement {
  let by = options.sort ?? -1, down = options.descending ?? false, words = "", limit = options.limit ?? 50;
  const head = h("tr"), body = h("tbody"), note = h("p", { class: "soft", "aria-live": "polite" });
  const more = h("button", { type: "button", class: "plain", click: () => { limit = Infinity; draw(); } }, t.all);
  const key = (cell: Cell): number | string => cell.sort ?? cell.text.toLowerCase();
  function draw(): void {
    const found = rows.filter((r) => words === "" || r.some((c) => c.text.toLowerCase().includes(words)));
    if (by >= 0) found.sort((a, b) => {
      const [x, y] = [key(a[by]), key(b[by])];
      const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
      return down ? -order : order;
    });
    body.replaceChildren(...found.slice(0, limit).map((row) => h("tr", {}, ...row.map((cell, i) =>
      h(i === 0 ? "th" : "td", { class: columns[i].right ? "right" : columns[i].wide ? "wide" : undefined, title: cell.title, scope: i === 0 ? "row" : undefined }, cell.node ?? cell.text)))));
    head.replaceChildren(...columns.map((c, i) => h("th", { scope: "col", class: c.right ? "right" : undefined, "aria-sort": by === i ? (down ? "descending" : "ascending") : "none" },
      h("button", { type: "button", class: "sort", click: () => { down = by === i ? !down : Boolean(c.right); by = i; draw(); (head.children[i].firstChild as HTMLElement).focus(); } }, c.name, h("span", { class: "arrow", "aria-hidden": "true" }, by === i ? (down ? " ▼" : " ▲") : "")))));
    note.textContent = found.length === 0 ? t.who.empty : found.length > limit || words !== "" ? t.who.rows(Math.min(limit, found.length), rows.length) : "";
    more.hidden = found.length <= limit;
  }
  draw();
  const search = h("input", { type: "search", placeholder: t.search, "aria-label": `${t.search}: ${options.label}`, input: (e) => { words = (e.target as HTMLInputElement).value.toLowerCase(); draw(); } });
  return h("div", { class: "table-box", id: options.id }, options.search && search, h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": options.label }, h("table", {}, h("thead", {}, head), body)), h("div", { class: "row" }, note, more));
}

export const num = (value: number | null | undefined, text: string): Cell => ({ text, sort: value ?? -Infinity });
