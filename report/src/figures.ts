// A headline figure in words: the median of the draws with its band, beside it the run without the events and the starting value.
import type { Band, Json, Quantiles } from "./data";
import { t } from "./texts";

type Show = (v: number) => string;

/** Where a summary of before there were figures has them. */
const EARLIER: Record<string, (s: Json) => unknown> = {
  workers_idle_peak: (s) => s.jobs?.workers_idle_peak, idle_worker_days: (s) => s.jobs?.idle_worker_days, dismissed: (s) => s.jobs?.dismissed, stranded_value: (s) => s.stranded?.value_usd,
  wages_unpaid: (s) => s.unpaid?.wages_usd, worker_days_unpaid: (s) => s.unpaid?.worker_days, invoices_unpaid: (s) => s.unpaid?.invoices_usd, invoices_overdue: (s) => s.unpaid?.overdue_usd, claims_unpaid: (s) => s.unpaid?.claims_usd,
  final_demand_unmet: (s) => s.losses?.final_demand_unmet_usd, value_added_lost: (s) => s.losses?.value_added_usd,
};

const isNumber = (v: unknown): v is number => typeof v === "number" && Number.isFinite(v);

/** The headline figures of one run. */
export class Figures {
  constructor(private readonly summary: Json) {}
  /** Whether the medians of the draws lead; else the starting values do. */
  get drawsLead(): boolean { return this.summary.lead === "draws"; }
  get names(): string[] { return Object.keys(this.summary.starting_values ?? {}); }
  /** The starting value. */
  start(name: string): number | null {
    const value = this.summary.starting_values ? this.summary.starting_values[name]?.value : EARLIER[name]?.(this.summary);
    return isNumber(value) ? value : null;
  }
  private spread(name: string): Band | null {
    const band = this.summary.draws?.bands?.[name] as Band | undefined;
    return this.drawsLead && isNumber(band?.p50) ? band : null;
  }
  /** The number that leads. */
  lead(name: string): number | null { return this.spread(name)?.p50 ?? this.start(name); }
  value(name: string, show: Show): string { const v = this.lead(name); return v === null ? "–" : show(v); }
  /** Whether there is anything to tell of it: with the events or without, at the start or in the draws. */
  worth(name: string): boolean {
    const s = this.spread(name), all = [this.start(name), this.summary.starting_values?.[name]?.without, s?.p05, s?.p50, s?.p95, s?.without.p05, s?.without.p95];
    return all.some((v) => isNumber(v) && Math.abs(v) > 0.5);
  }
  /** ` [17.5 m – 108 m]`; nothing where the draws agree, or there are none. */
  band(name: string, show: Show): string { const s = this.spread(name); return s ? brackets(s, show) : ""; }
  /** What it is without the events, and the difference, each of the same draw. */
  beside(name: string, show: Show): string {
    const s = this.spread(name), without = this.summary.starting_values?.[name]?.without;
    if (!s) return isNumber(without) ? t.head.without.replace("{m}", show(without)) : "";
    const own = banded(s.without, show);
    return t.head.without.replace("{m}", own) + (own === show(0) ? "" : t.head.difference.replace("{m}", banded(s.difference, show)));
  }
  /** `starting values: USD 77.0 m`, where they do not lead. */
  atStart(...values: [string, Show][]): string {
    if (!values.some(([name]) => this.spread(name))) return "";
    return t.head.start.replace("{list}", values.map(([name, show]) => { const v = this.start(name); return v === null ? "–" : show(v); }).join(", "));
  }
}

function banded(q: Quantiles, show: Show): string { return q.p50 === null ? "–" : `${show(q.p50)}${brackets(q, show)}`; }

/** The currency is said once. */
function brackets(q: Quantiles, show: Show): string {
  if (q.p05 === null || q.p95 === null) return "";
  const [low, high] = [show(q.p05), show(q.p95)].map((text) => text.replace(/^[A-Z]{3}\s/, ""));
  return low === high ? "" : ` [${low} ${q.p05 < 0 ? t.to : "–"} ${high}]`;
}
