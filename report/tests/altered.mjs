// Pages with other data: what is written in a page, changed by a test, as a run of another shape would have left it.
import { readFileSync, writeFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const PLACE = /(id="data">)([^<]*)(<)/;

/** The findings a run of a page holds. */
export const findingsOf = (run) => (run.findings_packed ? JSON.parse(inflateRawSync(Buffer.from(run.findings_packed, "base64")).toString("utf8")) : null);

/** The data of a page. */
export const dataOf = (file) => JSON.parse(PLACE.exec(readFileSync(file, "utf8"))[2]);

/** Writes a page whose data a function has changed. */
export function altered(from, to, change) {
  const page = readFileSync(from, "utf8"), data = JSON.parse(PLACE.exec(page)[2]);
  change(data);
  const json = JSON.stringify(data).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("&", "\\u0026");
  writeFileSync(to, page.replace(PLACE, (_, a, b, c) => a + json + c));
  return to;
}

/** Keeps only the series of a run that a function wants. */
export function keepSeries(run, wanted) {
  const { heads, packed } = run.series, all = heads.length * run.days, planes = inflateRawSync(Buffer.from(packed, "base64"));
  const kept = heads.map((head, row) => ({ head, row })).filter(({ head }) => wanted(head)), out = Buffer.alloc(4 * kept.length * run.days);
  for (let rank = 0; rank < 4; rank++) kept.forEach(({ row }, at) => planes.copy(out, (rank * kept.length + at) * run.days, rank * all + row * run.days, rank * all + (row + 1) * run.days));
  run.series = { heads: kept.map(({ head }) => head), packed: deflateRawSync(out).toString("base64") };
}

/** findings.json as `ripstop screen` leaves it, with every outcome and a hostile name. */
export function findings(hostile) {
  const fact = (test, text, basis, source = null) => ({ test, text, basis, source });
  const one = (rule, paragraph, outcome, more = {}) => ({ rule, paragraph, object: "goods", outcome, first: "2019-03-02", last: "2020-01-20", shipments: 12, quantity: 345678, unit: "piece", value_usd: 12_345_678, facts: [fact("goods", "coats are textiles (HS 61, 62)", "inferred"), fact("origin", "sewn in North Korea", "sourced", "unsc-2375-text"), fact("date", "delivered after 11 December 2017", "assumed")], exemptions: [], note: null, ...more });
  const contract = (id, list, more = {}) => ({ contract: id, seller: "unha-sinuiju", seller_name: "Unha factories at Sinuiju", buyer: "yalu-trading", buyer_name: "Client 1 (invented)", product: "winter_formal_coat", product_name: "Winter formal coat", kind: "processing", as_modelled: false, findings: list, ...more });
  return {
    case: "sinuiju-2020", scenario: "closure", as_of: "2020-04-17", disclaimer: "Analysis, not legal advice; the findings are about the case.",
    rules: [
      { id: "unsc-2375-16", authority: "United Nations Security Council", instrument: "Resolution 2375 (2017)", paragraph: "16", title: "Export of textiles", verified: "text", note: "French text read", adopted: "2017-09-11", in_force: "2017-09-11", binds: ["all states"], sources: ["unsc-2375-text"], implements: [] },
      { id: "eu-2017-1509", authority: "European Union", instrument: "Regulation 2017/1509", paragraph: "16h", title: hostile, verified: "secondary", adopted: "2017-08-30", in_force: "2017-08-31", binds: "persons of the Union", sources: [], implements: ["unsc-2375-16"] },
      { id: "unsc-2397-7", authority: "United Nations Security Council", instrument: "Resolution 2397 (2017)", paragraph: "7", title: "Machinery", verified: "text", adopted: "2017-12-22", in_force: "2017-12-22", binds: null, sources: [], implements: [] },
    ],
    counts: { breach: 1, arguable: 1, "wind-down": 1, exempt: 1, "exemption-unevidenced": 1, "not-covered": 1, "cannot-tell": 1, indicator: 1 },
    contracts: [
      contract("coats-1", [one("unsc-2375-16", "16", "breach", { exemptions: [{ id: "written-contract-before", outcome: "failed", why: "the contract was concluded on 1 August 2018" }] }), one("unsc-2375-16", "16", "exemption-unevidenced", { first: null, last: null, quantity: null, value_usd: null }), one("eu-2017-1509", "16h", "cannot-tell")], { as_modelled: true }),
      contract("coats-2", [one("unsc-2375-16", "16", "arguable"), one("unsc-2375-16", "16", "wind-down"), one("unsc-2375-16", "16", "exempt"), one("unsc-2375-16", "16", "not-covered", { object: "inputs" }), one("unsc-2375-16", "17", "indicator", { object: "labour", note: hostile })], { buyer_name: hostile }),
    ],
  };
}
