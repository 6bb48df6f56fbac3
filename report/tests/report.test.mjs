// The report as a reader meets it: opened from disk, without a network, in a real browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { executable, open } from "./browser.mjs";

const project = new URL("../../", import.meta.url).pathname;
const target = process.env.CARGO_TARGET_DIR ?? join(project, "target");
const ripstop = ["debug", "release"].map((profile) => join(target, profile, "ripstop")).find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), "ripstop-report-"));
const run = (...args) => execFileSync(ripstop, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const SECTIONS = ["headline", "key", "who", "why", "where", "when", "goods", "money", "rules", "evidence", "assumptions", "audit"];

/** A number as the page writes it: `USD 1.23 m`, `23,700`, `1.27 million`. */
function parsed(text) {
  const [, sign, digits, scale] = /(−?)([\d.,]+)\s*(bn|billion|m\b|million|k\b)?/.exec(text.replace(/\u00a0/g, " "));
  return (sign ? -1 : 1) * Number(digits.replaceAll(",", "")) * ({ bn: 1e9, billion: 1e9, m: 1e6, million: 1e6, k: 1e3 }[scale] ?? 1);
}
/** Equal as far as three figures tell. */
const near = (shown, value, what) => assert.ok(Math.abs(parsed(shown) - value) <= 0.006 * Math.abs(value) + 0.5, `${what}: ${shown} is not ${value}`);

describe("the report", { skip: executable ? false : "no Chromium here" }, () => {
  const closure = join(folder, "closure"), page = join(closure, "report.html");
  before(() => {
    run("run", "cases/sinuiju-2020", "--draws", "24", "--format", "csv", "--out", closure);
    run("run", "cases/sinuiju-2020", "--scenario", "orders-continue", "--draws", "0", "--out", join(folder, "orders-continue"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("opens from disk with every section, without a request or a complaint", async () => {
    const it = await open(page);
    console.log(`opened in ${it.seconds.toFixed(2)} s, ${Math.round(statSync(page).size / 1000)} kB`);
    for (const id of SECTIONS) assert.ok((await it.page.locator(`section#${id}`).innerText()).length > 40, id);
    assert.ok((await it.page.locator("section .chart svg").count()) >= 8);
    assert.deepEqual([it.requests, it.complaints], [[], []]);
    await it.close();
  });

  test("numbers on the page are those of summary.json and of the series", async () => {
    const it = await open(page), summary = json(join(closure, "summary.json")), headline = await it.page.locator("section#headline").innerText();
    const find = (pattern) => pattern.exec(headline.replace(/\u00a0/g, " "))[1];
    near(find(/Finished goods worth USD ([\d.]+ \w)/), summary.stranded.value_usd, "stranded");
    near(find(/owed USD ([\d.]+ \w)/), summary.unpaid.wages_usd, "wages");
    near(find(/At the worst, ([\d,]+)/), summary.jobs.workers_idle_peak, "idle");
    near(find(/Value added lost[^:]*: USD ([\d.]+ \w+)/), summary.losses.value_added_usd, "value added");
    assert.ok(headline.includes(`${summary.claims.outcomes_hold} of ${summary.claims.outcomes_total} statements`));
    const rows = readFileSync(join(closure, "series.csv"), "utf8").split("\n").filter((line) => line.startsWith(summary.as_of)).map((line) => line.split(","));
    const value = (level, entity, variable) => Number(rows.find((r) => r[1] === "closure" && r[2] === level && r[3] === entity && r[4] === variable)[5]);
    const row = it.page.locator("#who-table tbody tr", { hasText: "Sinuiju" });
    near(await row.locator("td").nth(5).innerText(), value("place", "sinuiju", "wages_unpaid"), "wages owed in Sinuiju");
    near(await row.locator("td").nth(7).innerText(), value("place", "sinuiju", "stranded_value"), "stranded in Sinuiju");
    const place = summary.places.find((p) => p.id === "sinuiju");
    assert.match(await row.innerText(), new RegExp(`${Number(place.stopped_since.slice(8))} Feb 2020`));
    near(await it.page.locator("#goods-table tbody tr", { hasText: "Spring golf wear" }).locator("td").nth(3).innerText(), value("product", "spring_golf_wear", "stranded"), "stranded golf wear");
    await it.close();
  });

  test("the slider moves map, charts and tables; play moves the slider", async () => {
    const it = await open(page);
    const look = async () => [await it.page.locator("section#where .chart").innerHTML(), await it.page.locator("section#key .chart").innerHTML(), await it.page.locator("#who-table").innerText(), await it.page.locator("#crossing-table").innerText()];
    await it.page.locator("section#where").scrollIntoViewIfNeeded();
    await it.page.waitForTimeout(400);
    const then = await look();
    await it.page.locator("#day").fill("200");
    await it.page.waitForTimeout(400);
    const now = await look();
    then.forEach((text, i) => assert.notEqual(text, now[i], `part ${i} did not move`));
    assert.match(await it.page.locator(".slider output").innerText(), /20 Mar 2019/);
    await it.page.locator("#play").click();
    await it.page.waitForTimeout(700);
    assert.ok(Number(await it.page.locator("#day").inputValue()) > 200);
    await it.close();
  });

  test("several runs of a case are switched on one page", async () => {
    const both = join(folder, "both.html");
    run("report", closure, join(folder, "orders-continue"), "--out", both);
    const it = await open(both), before = await it.page.locator("section#why").innerText();
    await it.page.locator("#scenario").selectOption("1");
    await it.page.waitForFunction(() => document.documentElement.dataset.ready === "orders-continue");
    assert.match(await it.page.locator("section#headline").innerText(), /orders are kept/);
    assert.notEqual(await it.page.locator("section#why").innerText(), before);
    assert.deepEqual(it.complaints, []);
    await it.close();
  });

  test("tables sort by a heading, by mouse and by keyboard, and search", async () => {
    const it = await open(page), names = () => it.page.locator("#who-table tbody th").allInnerTexts();
    await it.page.locator("#who-table thead button", { hasText: "Name" }).click();
    const up = await names();
    assert.deepEqual(up, [...up].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())));
    await it.page.keyboard.press("Enter");
    assert.deepEqual(await names(), [...up].reverse());
    await it.page.locator("#who-table input").fill("sinuiju");
    assert.deepEqual(await names(), ["Sinuiju"]);
    await it.close();
  });

  test("names of a hostile case stay text", async () => {
    const hostile = join(folder, "hostile"), name = `</script><script>document.title="owned"</script> "q" & 'q' \u202eRTL \u{1F9F5}<img src=x onerror=alert(1)>`;
    cpSync(join(project, "cases/teaching/processing-unpaid"), hostile, { recursive: true });
    const toml = join(hostile, "case.toml"), places = join(hostile, "places.csv");
    writeFileSync(toml, readFileSync(toml, "utf8").replace(/^title = .*$/m, `title = ${JSON.stringify(name)}`));
    const [head, ...rows] = readFileSync(places, "utf8").trimEnd().split(/\r?\n/), at = head.split(",").indexOf("name");
    writeFileSync(places, [head, ...rows.map((row) => { const cells = row.split(","); cells[at] = `"${name.replaceAll('"', '""')}"`; return cells.join(","); })].join("\n") + "\n");
    run("run", hostile, "--out", join(folder, "hostile-run"));
    const it = await open(join(folder, "hostile-run/report.html"));
    assert.equal(await it.page.locator("h1").innerText(), name.replace(/\s+/g, " "));
    assert.ok((await it.page.title()).startsWith("</script>"));
    assert.equal(await it.page.locator("main img, main script").count(), 0);
    assert.deepEqual([it.requests, it.complaints], [[], []]);
    await it.close();
  });

  for (const width of [390, 1440]) for (const dark of [false, true]) {
    test(`nothing is wider than ${width} px, ${dark ? "dark" : "light"}`, async () => {
      const it = await open(page, { width, dark });
      assert.equal(await it.page.evaluate(() => document.documentElement.scrollWidth), width);
      if (process.env.SHOTS && !dark) {
        await it.page.waitForTimeout(400);
        await it.page.setViewportSize({ width, height: width < 600 ? 2600 : 2300 });
        await it.page.waitForTimeout(400);
        await it.page.screenshot({ path: join(project, `docs/images/report-${width}.png`) });
      }
      await it.close();
    });
  }
});
