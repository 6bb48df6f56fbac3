// What every section works with: the run shown, its series, the day shown, and a way to follow that day.
import type { Case, Firm, Moved, RestsOn, Run, Series } from "./data";
import { type Child, fold, h, strong } from "./dom";
import { Figures } from "./figures";
import { count, country, date, dayOf, isoOf, lowered, money, units } from "./format";
import { t } from "./texts";
import { theme, type Theme } from "./theme";

export class View {
  readonly theme: Theme = theme();
  readonly facts: Case;
  private followers: ((day: number) => void)[] = [];
  private leavers: (() => void)[] = [];
  private readonly products: Map<string, string>;
  private readonly firms: Map<string, Firm>;
  day: number;
  constructor(readonly run: Run, readonly series: Series, readonly boundaries: unknown, day: number) {
    this.facts = run.case;
    this.day = Math.max(0, Math.min(run.days - 1, day));
    this.products = new Map(this.facts.products.map((p) => [p.id, p.name]));
    this.firms = new Map(this.facts.firms.map((f) => [f.id, f]));
  }
  /** Whether the days of every firm are recorded; of sums a level says what it has (docs/outputs.md). */
  get full(): boolean { return this.run.summary.recorded === undefined || this.run.summary.recorded === "full"; }
  /** Calls back now and whenever another day is shown. */
  follow(callback: (day: number) => void): void { this.followers.push(callback); callback(this.day); }
  /** As `follow`, but for what is costly: once the day has rested a moment. */
  followSlowly(callback: () => void): void {
    let waiting = 0;
    this.followers.push(() => { clearTimeout(waiting); waiting = window.setTimeout(callback, 120); });
    this.leave(() => clearTimeout(waiting));
    callback();
  }
  show(day: number): void { this.day = Math.max(0, Math.min(this.run.days - 1, day)); this.followers.forEach((f) => f(this.day)); }
  /** Called when the page is drawn anew. */
  leave(callback: () => void): void { this.leavers.push(callback); }
  close(): void { this.leavers.forEach((f) => f()); }
  iso(day: number): string { return isoOf(this.facts.start, day); }
  date(day: number): string { return date(this.iso(day)); }
  money(value: number | null | undefined): string { return money(value, this.facts.currency); }
  /** The day of the figures of summary.json, counted from the first. */
  get asOfDay(): number { return Math.max(0, Math.min(this.run.days - 1, dayOf(this.facts.start, this.asOf))); }
  /** The day of the figures of summary.json. */
  get asOf(): string { return this.run.summary.as_of ?? this.facts.as_of; }
  get figures(): Figures { return new Figures(this.run.summary); }
  /** The number that leads, in bold: the median of the draws, or the starting value where there are none or too few. */
  lead(name: string, show: (v: number) => string): HTMLElement { return strong(this.figures.value(name, show)); }
  /** ` [17.5 m – 108 m]`, or nothing. */
  band(name: string, show: (v: number) => string): string { return this.figures.band(name, show); }
  /** Marks a heading over numbers of the base run. */
  ofBase(title: string): string { return this.figures.drawsLead ? `${title} (${t.startingValues})` : title; }
  /** The rows that move a figure, most first. */
  movedBy(name: string): Moved[] { return this.run.summary.moved_by?.[name] ?? []; }
  get restsOn(): RestsOn[] { return this.run.summary.rests_on ?? []; }
  productName(id: string): string { return this.products.get(id) ?? id; }
  /** The words of a cause: `no fabric`. */
  cause(word: string): string { return t.cause(word, (id) => lowered(this.productName(id))); }
  firm(id: string): Firm | undefined { return this.firms.get(id); }
  firmName(id: string): string { return this.firms.get(id)?.name ?? id; }
  /** The name of a line, which is `firm/product`. */
  lineName(id: string): string { const [firm, product] = id.split("/"); return product === undefined ? id : `${this.firmName(firm)}: ${lowered(this.productName(product))}`; }
  /** The name of an entity of a level. */
  entityName(level: string, id: string): string {
    if (level === "firm") return this.firmName(id);
    if (level === "product") return this.productName(id);
    if (level === "country") return country(id);
    if (level === "sector") return id === "" ? "–" : id.replaceAll("_", " ");
    const list = level === "place" ? this.facts.places : level === "group" ? this.facts.groups : [];
    return list.find((x) => x.id === id)?.name ?? id;
  }
  /** Firms on this page that belong to an entity. */
  members(level: string, id: string): Firm[] {
    const { firms, places, groups } = this.facts;
    if (level === "firm") { const f = this.firms.get(id); return f ? [f] : []; }
    return firms.filter((f) => (level === "place" ? places[f.place]?.id : level === "group" ? groups[f.group]?.id : level === "sector" ? f.sector : f.country) === id);
  }
  workers(level: string, id: string): number {
    const { places, groups, sectors, countries } = this.facts;
    if (level === "firm") return this.firms.get(id)?.workers ?? 0;
    if (level === "place") return places.find((p) => p.id === id)?.workers ?? 0;
    if (level === "group") return groups.find((g) => g.id === id)?.workers ?? 0;
    return (level === "sector" ? sectors : countries)[id] ?? 0;
  }
  /** First day of the scenario's own events; null when there is none. */
  get firstEvent(): number | null {
    const own = this.run.events.filter((e) => !e.background).map((e) => e.day);
    return own.length > 0 ? Math.min(...own) : null;
  }
  value(value: number, unit: string): string { return unit === this.facts.currency ? this.money(value) : `${count(value)}\u00a0${units(unit)}`; }
  /** Says which files and keys of the run folder a section shows. */
  from(section: string, ...where: string[]): HTMLElement { return fold(`from-${section}`, t.from, h("ul", { class: "code" }, ...where.map((w) => h("li", {}, w)))); }
}

/** A paragraph in a soft colour. */
export const soft = (...children: Child[]): HTMLElement => h("p", { class: "soft" }, ...children);
