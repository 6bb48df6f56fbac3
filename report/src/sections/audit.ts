import { fold, h } from "../dom";
import { count } from "../format";
import { t } from "../texts";
import type { View } from "../view";

/** The proof that it balances, how to make it again, and what ripstop does not know. */
export function audit(view: View): HTMLElement {
  const { manifest, summary } = view.run, a = summary.audit ?? {};
  const exact = (v: number | undefined | null): string => (v === undefined || v === null ? "–" : v === 0 ? t.audit.zero : t.audit.of(power(v)));
  const words = ((manifest.arguments ?? []) as string[]).map((w) => (/^[\w./=:,+@%-]+$/.test(w) ? w : `'${w.replaceAll("'", "'\\''")}'`)).join(" ");
  const facts: [string, string][] = [
    [t.audit.goods, exact(a.goods_residual_max)], [t.audit.money, exact(a.money_residual_max)], [t.audit.size, t.audit.sizes(count(summary.firms), count(summary.contracts), count(summary.days))], [t.audit.version, String(manifest.ripstop ?? "")], [t.audit.draws, count(summary.draws?.n ?? 0)], [t.audit.seed, String(manifest.seed ?? "")],
    [t.audit.started, String(manifest.finished ?? manifest.started ?? "").slice(0, 19).replace("T", " ")], [t.audit.folder, view.run.folder], [t.audit.again, `ripstop ${words}`], [t.audit.hash, String(summary.state_hash ?? "")],
  ];
  const files = Object.entries((manifest.inputs_blake3 ?? {}) as Record<string, string>);
  return h("div", {}, h("p", {}, t.audit.balance), h("dl", { class: "facts" }, ...facts.flatMap(([k, v]) => [h("dt", {}, k), h("dd", { class: "code" }, v)])),
    h("p", {}, h("code", {}, `ripstop reproduce ${view.run.folder}`), ` ${t.audit.check}.`),
    h("h3", {}, t.limits.title), h("ul", {}, ...[...t.limits.list, t.limits.draws, t.limits.digits].map((l) => h("li", {}, l))),
    files.length > 0 && fold("input-files", t.audit.inputs, h("ul", { class: "code" }, ...files.slice(0, 100).map(([f, x]) => h("li", {}, `${f} ${String(x).slice(0, 16)}…`)))),
    view.from("audit", "summary.json: audit, state_hash, days, firms, contracts", "series: total goods_residual, money_residual", "manifest.json"));
}

/** `1.3 × 10⁻¹⁵`. */
function power(v: number): string {
  const [digits, exponent] = v.toExponential(1).split("e"), raised: Record<string, string> = { "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹" };
  return `${digits} × 10${exponent.replace("+", "").split("").map((c) => raised[c] ?? c).join("")}`;
}
