// The data of the report: what `ripstop` writes into the page, and how its series are unpacked.

export interface Place { id: string; name: string; country: string; lat: number | null; lon: number | null }
export interface Crossing { id: string; name: string; a: number; b: number }
export interface Named { id: string; name: string }
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
  places: Place[]; crossings: Crossing[]; groups: Named[]; firms: Firm[]; products: Product[]; contracts: Contract[];
  inputs: Input[]; sources: Source[];
}
export interface Claim {
  id: string; kind: "premise" | "outcome"; text: string; source: string[]; grade: string | null; date: string; holds: boolean | null; needs: string | null;
  simulated: (number | null)[]; required: string[]; share_of_draws: number | null; share_without_events: number | null;
}
export interface RestsOn {
  parameter: string; unit: string; basis: string; low: number | string | null; high: number | string | null; flips: string[]; moves: string | null; by_share: number | null;
}
export interface Who {
  id: string; name: string; workers: number; at_work_before: number | null; at_work_now: number | null; stopped_since: string | null;
  causes: Record<string, number>; wages_owed_usd: number; stranded_usd: number;
}
export interface Band { base: number; p05: number; p95: number }
// Keys as in summary.json; what a model does not know is absent.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
export interface Head { scenario: "scenario" | "counterfactual" | "p05" | "p50" | "p95"; level: string; entity: string; variable: string; unit: string }
export interface Run {
  scenario: string; title: string; about: string; summary: Json; claims: Claim[]; evidence: Json | null; findings: Json | null; manifest: Json;
  events: ToldEvent[]; days: number; series: { heads: Head[]; packed: string };
}
export interface Payload { format: 1; case: Case; runs: Run[]; boundaries: Json | null }

/** The series of one run: a value per day, found by level, entity and variable. */
export class Series {
  private readonly rows = new Map<string, Float32Array>();
  readonly heads: Head[];
  constructor(readonly days: number, heads: Head[], values: Float32Array) {
    this.heads = heads;
    heads.forEach((h, i) => this.rows.set(Series.key(h.scenario, h.level, h.entity, h.variable), values.subarray(i * days, (i + 1) * days)));
  }
  private static key(...parts: string[]): string { return parts.join("\u0000"); }
  get(level: string, entity: string, variable: string, scenario: Head["scenario"] = "scenario"): Float32Array | undefined {
    return this.rows.get(Series.key(scenario, level, entity, variable));
  }
  /** As `get`; a series left out because it is zero on every day is zeros. */
  or0(level: string, entity: string, variable: string, scenario: Head["scenario"] = "scenario"): Float32Array {
    return this.get(level, entity, variable, scenario) ?? new Float32Array(this.days);
  }
  entities(level: string, variable?: string): string[] {
    const found = new Set<string>();
    for (const h of this.heads) if (h.level === level && (variable === undefined || h.variable === variable)) found.add(h.entity);
    return [...found];
  }
  variables(level: string, entity: string): string[] {
    return this.heads.filter((h) => h.scenario === "scenario" && h.level === level && h.entity === entity).map((h) => h.variable);
  }
}

/** Bytes from base 64 of raw deflate. */
export async function inflated(text: string): Promise<Uint8Array> {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
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
