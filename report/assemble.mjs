// Makes the template of the report: one page with its style and script inside, and a place for the data.
// `node assemble.mjs` writes it; `node assemble.mjs --check` fails when the committed one differs.
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { readFileSync, writeFileSync } from "node:fs";

const target = new URL("../crates/ripstop-cli/assets/report.html", import.meta.url);
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
// `</script` inside the script would end it.
const script = read("build/report.js").trim().replaceAll("</script", "<\\/script");
const style = read("build/report.css").trim();
// Borders of the countries, Natural Earth at 1:50 million, public domain.
const world = deflateRawSync(read("node_modules/world-atlas/countries-50m.json"), { level: 9 }).toString("base64");
const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
// No request of any kind: only this script runs. Charts set style attributes, hence 'unsafe-inline' for styles.
const policy = `default-src 'none'; script-src ${hash(script)}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
const page = read("template.html")
  .replace("@POLICY@", () => policy)
  .replace("@STYLE@", () => style)
  .replace("@WORLD@", () => world)
  .replace("@SCRIPT@", () => script);
if (process.argv.includes("--check")) {
  // Two versions of Node may deflate the same borders to different bytes: those are compared unpacked.
  const split = (text) => { const [, a, b, c] = /^([^]*id="world">)([^<]*)([^]*)$/.exec(text) ?? []; return [a, b && inflateRawSync(Buffer.from(b, "base64")).toString("base64"), c].join("\n"); };
  if (split(readFileSync(target, "utf8")) !== split(page)) {
    console.error("crates/ripstop-cli/assets/report.html is not what report/ builds: run `npm run build` in report/ and commit it");
    process.exit(1);
  }
  console.log("the committed template is fresh");
} else {
  writeFileSync(target, page);
  console.log(`template written: ${Math.round(page.length / 1000)} kB`);
}
