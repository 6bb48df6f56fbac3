// Numbers and dates for people: three figures, units said. The same words as on the terminal.
import { t } from "./texts";

const NARROW = "\u00a0", MINUS = "−";
const signed = (text: string): string => text.replace("-", MINUS);
const known = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);

const grouped = (value: number): string => (Math.round(Math.abs(value)) === 0 ? "0" : signed(Math.round(value).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",")));

function figures(value: number): string {
  const size = Math.abs(value);
  return signed(size >= 99.95 ? value.toFixed(0) : size >= 9.995 ? value.toFixed(1) : value.toFixed(2));
}

/** `512`, `23,700`, `2.95 million`. */
export function count(value: number | null | undefined): string {
  if (!known(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500_000) return `${figures(value / 1e9)}${NARROW}${t.billion}`;
  if (size >= 999_500) return `${figures(value / 1e6)}${NARROW}${t.million}`;
  return size >= 9_995 ? grouped(Math.round(value / 100) * 100) : grouped(value);
}

/** A quantity of goods: as `count`, small amounts with their fractions. */
export const quantity = (value: number | null | undefined): string => (known(value) && Math.abs(value) >= 1e-6 && Math.abs(value) < 99.5 ? bare(value) : count(value));

/** `1.23 m`, `512`. */
export function shortMoney(value: number | null | undefined): string {
  if (!known(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500_000_000) return `${figures(value / 1e12)}${NARROW}tn`;
  if (size >= 999_500_000) return `${figures(value / 1e9)}${NARROW}bn`;
  if (size >= 999_500) return `${figures(value / 1e6)}${NARROW}m`;
  return size >= 9_995 ? `${figures(value / 1e3)}${NARROW}k` : grouped(value);
}

/** For an axis: `30 m`, `2.5 bn`, `0`. */
export const axisMoney = (value: number): string => shortMoney(value).replace(/(\.\d*?)0+(?=\u00a0|$)/, "$1").replace(/\.(?=\u00a0|$)/, "");

export const money = (value: number | null | undefined, currency: string): string => `${currency}${NARROW}${shortMoney(value)}`;

export function percent(share: number | null | undefined): string {
  if (!known(share)) return "–";
  const value = share * 100;
  if (value !== 0 && Math.abs(value) < 0.05) return `< 0.1${NARROW}%`;
  if (value > 99.5 && value < 100) return `${value > 99.95 ? "> 99.9" : value.toFixed(1)}${NARROW}%`;
  return `${signed(value !== 0 && Math.abs(value) < 0.95 ? value.toFixed(1) : value.toFixed(0))}${NARROW}%`;
}

/** A plain number: `0.083`, `19.7`, `2,573`, `1.20 m`. */
export function plain(value: number | null | undefined): string {
  if (!known(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 999_500 ? shortMoney(value) : size >= 999.5 ? grouped(value) : size < 0.9995 ? signed(value.toFixed(3)) : figures(value);
}

/** As short as three figures allow: `0.45`, `20`, `1,500`. */
export const bare = (value: number): string => (Math.abs(value) >= 999.5 ? grouped(value) : signed(String(Number(value.toPrecision(3)))));

/** A name inside a sentence: `Winter coat` loses its capital, `ECU` does not. */
export const lowered = (name: string): string => (/^.[A-Z]/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1));

/** `pieces` of `piece`; other units stay as they are. */
export const units = (unit: string): string => t.units[unit] ?? unit;

let regions: Intl.DisplayNames | undefined;
/** The name of a country by its code of two letters; other codes stay. */
export function country(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  try { regions ??= new Intl.DisplayNames([t.language], { type: "region", fallback: "code" }); return regions.of(code) ?? code; } catch { return code; }
}

const DAY = 86_400_000;
export const utc = (iso: string): number => Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)) - 1, Number(iso.slice(8, 10)));
export const isoOf = (start: string, day: number): string => new Date(utc(start) + day * DAY).toISOString().slice(0, 10);
export const dayOf = (start: string, iso: string): number => Math.round((utc(iso) - utc(start)) / DAY);

/** `17 Apr 2020`. */
export function date(iso: string | null | undefined): string {
  if (!iso) return "–";
  return `${Number(iso.slice(8, 10))}${NARROW}${t.months[Number(iso.slice(5, 7)) - 1]}${NARROW}${iso.slice(0, 4)}`;
}

/** `Apr 2020`. */
export const month = (iso: string): string => `${t.months[Number(iso.slice(5, 7)) - 1]}${NARROW}${iso.slice(0, 4)}`;
