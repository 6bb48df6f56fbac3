// What every section works with: the run shown, its series, the day shown, and a way to follow that day.
import type { Case, Run, Series } from "./data";
import { count, date, isoOf, lowered, money } from "./format";
import { t } from "./texts";
import { theme, type Theme } from "./theme";

export class View {
  readonly theme: Theme = theme();
  private followers: ((day: number) => void)[] = [];
  private leavers: (() => void)[] = [];
  day: number;
  constructor(readonly facts: Case, readonly run: Run, readonly series: Series, readonly boundaries: unknown, day: number) {
    this.day = Math.max(0, Math.min(run.days - 1, day));
  }
  /** Calls back now and whenever another day is shown. */
  follow(callback: (day: number) => void): void { this.followers.push(callback); callback(this.day); }
  show(day: number): void { this.day = Math.max(0, Math.min(this.run.days - 1, day)); this.followers.forEach((f) => f(this.day)); }
  /** Called when the page is drawn anew. */
  leave(callback: () => void): void { this.leavers.push(callback); }
  close(): void { this.leavers.forEach((f) => f()); }
  iso(day: number): string { return isoOf(this.facts.start, day); }
  date(day: number): string { return date(this.iso(day)); }
  money(value: number | null | undefined): string { return money(value, this.facts.currency); }
  band(headline: string, show: (v: number) => string): string {
    const band = this.run.summary.draws?.bands?.[headline];
    return band ? ` [${show(band.p05)} – ${show(band.p95).replace(/^[A-Z]+\s/, "")}]` : "";
  }
  productName(id: string): string { return this.facts.products.find((p) => p.id === id)?.name ?? id; }
  /** The words of a cause: `no fabric`. */
  cause(word: string): string { return t.cause(word, (id) => lowered(this.productName(id))); }
  firmName(id: string): string { return this.facts.firms.find((f) => f.id === id)?.name ?? id; }
  /** First day of the scenario's own events; null when there is none. */
  get firstEvent(): number | null {
    const own = this.run.events.filter((e) => !e.background).map((e) => e.day);
    return own.length > 0 ? Math.min(...own) : null;
  }
  value(value: number, unit: string): string { return unit === this.facts.currency ? this.money(value) : `${count(value)} ${unit}`; }
}
