// The data of the report: what `ripstop` writes into the page, and how its series are unpacked.

export interface Place { id: string; name?: string; country?: string; lat: number | null; lon: number | null; workers: number }
export interface Crossing { id: string; name: string; a: number; b: number }
export interface Named { id: string; name: string }
export interface Group extends Named { workers: number }
export interface Firm extends Named { place: number; group: number; sector: string; country: string; workers: number }
export interface Product extends Named { unit: string; value: number }
export interface Contract { id: string; seller: number; buyer: number; product: number; kind: string; path: number[] }
export interface ToldEvent { day: number; text: string; background: boolean }
export interface Input {
  file: string; row: string; column: string; value: string; unit: string; low: string; high: string;
  basis: string; source: string; grade: string; note: string;
}
export interface Source { id: string; publisher: string; date: string; grade: string; title: string; url: string }
export interface Case {
  id: string; title: string; question: string; start: string; end: string; as_of: string; currency: string;
  places: Place[]; crossings: Crossing[]; groups: Group[]; firms: Firm[]; products: Product[]; contracts: Contract[];
  inputs: Input[]; sources: Source[];
  counts: { firms: number; contracts: number; inputs: number; workers: number };
  sectors: Record<string, number>; countries: Record<string, number>;
}
export interface Claim {
  id: string; kind: "premise" | "outcome"; text: string; source: string[]; grade: string | null; date: string; holds: boolean | null; needs: string | null;
  simulated: (number | null)[] | null; required: string[]; share_of_draws: number | null; share_without_events: number | null;
}
export interface RestsOn {
  parameter: string; unit: string; basis: string | null; low: number | string | null; high: number | string | null; flips: string[]; moves: string | null; by_share: number | null;
}
/** Quantiles of the draws beside the starting value; null with too few draws, or where a run does not record it. */
export interface Quantiles { base: number | null; p05: number | null; p50: number | null; p95: number | null }
/** A headline figure over the draws: with the events, without them, and the difference, each of one draw. */
export interface Band extends Quantiles { without: Quantiles; difference: Quantiles }
/** How a row moves a headline figure: what it is with the row at its low, and at its high. */
export interface Moved { parameter: string; unit: string; basis: string | null; low: number | string | null; high: number | string | null; at_low: number | null; at_high: number | null; by_share: number | null }
/** Of `findings.json`. */
export interface Fact { test: string; text: string; basis: string; source: string | null }
export interface Finding {
  rule: string; paragraph: string; object: string; product?: string; product_name?: string; outcome: string; first: string | null; last: string | null; shipments: number | null; quantity: number | null; unit: string; value_usd: number | null;
  facts: Fact[]; exemptions: { id: string; outcome: string; why: string }[]; note: string | null;
}
export interface Screened { contract: string; seller: string; seller_name: string; buyer: string; buyer_name: string; product: string; product_name: string; kind: string; as_modelled: boolean; findings: Finding[] }
export interface Rule {
  id: string; authority: string; instrument: string; paragraph: string | null; title: string; verified: unknown; adopted: string | null; in_force: string | null; binds: unknown; sources: string[]; implements: string[]; note?: string | null;
}
export interface Findings { as_of: string; disclaimer: string; rules: Rule[]; counts: Record<string, number>; contracts: Screened[] }
/** A part of the files of a run whose keys are those of docs/outputs.md; what a model does not know is absent. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
export interface Head { scenario: "scenario" | "counterfactual" | "counterfactual_p50" | "p05" | "p50" | "p95"; level: string; entity: string; variable: string; unit: string }
export interface Run {
  folder: string; scenario: string; title: string; about: string; case: Case; shown: Record<string, number>; summary: Json; claims: Claim[] | null; evidence: Json | null; findings: Findings | null; findings_packed: string | null; manifest: Json;
  events: ToldEvent[]; days: number; series: { heads: Head[]; packed: string };
}
export interface Payload { format: 2; runs: Run[]; boundaries: Json | null }

/** The series of one run: a value per day, found by level, entity and variable. */
export class Series {
  private readonly rows = new Map<string, Float32Array>();
  private readonly names = new Map<string, Set<string>>();
  private readonly list = new Map<string, string[]>();
  constructor(readonly days: number, heads: Head[], values: Float32Array) {
    heads.forEach((h, i) => {
      this.rows.set(Series.key(h.scenario, h.level, h.entity, h.variable), values.subarray(i * days, (i + 1) * days));
      if (h.scenario !== "scenario") return;
      this.names.set(h.level, (this.names.get(h.level) ?? new Set()).add(h.entity));
      const of = Series.key(h.level, h.entity), known = this.list.get(of);
      if (known) known.push(h.variable); else this.list.set(of, [h.variable]);
    });
  }
  private static key(...parts: string[]): string { return parts.join("\u0000"); }
  get(level: string, entity: string, variable: string, scenario: Head["scenario"] = "scenario"): Float32Array | undefined {
    return this.rows.get(Series.key(scenario, level, entity, variable));
  }
  /** As `get`; a series left out because it is zero on every day is zeros. */
  or0(level: string, entity: string, variable: string, scenario: Head["scenario"] = "scenario"): Float32Array {
    return this.get(level, entity, variable, scenario) ?? new Float32Array(this.days);
  }
  /** Entities of a level, of which anything was recorded. */
  entities(level: string): string[] { return [...(this.names.get(level) ?? [])]; }
  /** Whether anything was recorded of a level. */
  has(level: string): boolean { return this.names.has(level); }
  variables(level: string, entity: string): string[] { return this.list.get(Series.key(level, entity)) ?? []; }
}

/** Bytes from base 64 of raw deflate. */
export async function inflated(text: string): Promise<Uint8Array> {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
}

/** Unpacks the findings, of which there may be many. */
export async function unpackFindings(run: Run): Promise<void> {
  if (run.findings_packed) run.findings = JSON.parse(new TextDecoder().decode(await inflated(run.findings_packed))) as Findings;
}

/** Unpacks the series: base64 of raw deflate of 32-bit floats, little end first, the bytes of one rank together, each row as differences of bits to the day before. */
export async function unpack(run: Run): Promise<Series> {
  const count = run.series.heads.length * run.days;
  if (count === 0) return new Series(run.days, [], new Float32Array(0));
  const planes = await inflated(run.series.packed);
  if (planes.length !== 4 * count) throw new Error("the series of this report are damaged");
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    bits[i] = planes[i] | (planes[count + i] << 8) | (planes[2 * count + i] << 16) | (planes[3 * count + i] << 24);
  }
  for (let row = 0; row < count; row += run.days) for (let d = 1; d < run.days; d++) bits[row + d] ^= bits[row + d - 1];
  return new Series(run.days, run.series.heads, new Float32Array(bits.buffer));
}

export function payload(): Payload {
  const text = document.getElementById("data")?.textContent ?? "";
  return JSON.parse(text) as Payload;
}
