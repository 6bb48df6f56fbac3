// Numbers and dates for people: three figures, units said. The same words as on the terminal.
import { t } from "./texts";

const grouped = (value: number): string => Math.round(Math.abs(value)) === 0 ? "0" : Math.round(value).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",").replace("-", "−");

function figures(value: number): string {
  const size = Math.abs(value);
  const text = size >= 99.95 ? value.toFixed(0) : size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
  return text.replace("-", "−");
}

/** `512`, `23,700`, `2.95 million`. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500_000) return `${figures(value / 1e9)} ${t.billion}`;
  if (size >= 999_500) return `${figures(value / 1e6)} ${t.million}`;
  return size >= 9_995 ? grouped(Math.round(value / 100) * 100) : grouped(value);
}

/** `1.23 m`, `512`. */
export function shortMoney(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 999_500_000) return `${figures(value / 1e9)}\u00a0bn`;
  if (size >= 999_500) return `${figures(value / 1e6)}\u00a0m`;
  return size >= 9_995 ? `${figures(value / 1e3)}\u00a0k` : grouped(value);
}

export const money = (value: number | null | undefined, currency: string): string => `${currency}\u00a0${shortMoney(value)}`;

export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const value = share * 100;
  if (value !== 0 && Math.abs(value) < 0.05) return "< 0.1\u00a0%";
  return `${(value !== 0 && Math.abs(value) < 0.95 ? value.toFixed(1) : value.toFixed(0)).replace("-", "−")}\u00a0%`;
}

/** A plain number: `0.083`, `19.7`, `2,573`. */
export function plain(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 999.5 ? grouped(value) : size < 0.9995 ? value.toFixed(3).replace("-", "−") : figures(value);
}

/** As short as three figures allow: `0.45`, `20`, `1,500`. */
export const bare = (value: number): string => (Math.abs(value) >= 999.5 ? grouped(value) : String(Number(value.toPrecision(3))).replace("-", "−"));

const DAY = 86_400_000;
/** A name inside a sentence: `Winter coat` loses its capital, `ECU` does not. */
export const lowered = (name: string): string => (/^.[A-Z]/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1));

export const utc = (iso: string): number => Date.UTC(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)) - 1, Number(iso.slice(8, 10)));
export const isoOf = (start: string, day: number): string => new Date(utc(start) + day * DAY).toISOString().slice(0, 10);
export const dayOf = (start: string, iso: string): number => Math.round((utc(iso) - utc(start)) / DAY);

/** `17 Apr 2020`. */
export function date(iso: string | null | undefined): string {
  if (!iso) return "–";
  return `${Number(iso.slice(8, 10))} ${t.months[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`;
}
