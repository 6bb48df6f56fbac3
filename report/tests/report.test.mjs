// The report as a reader meets it: opened from disk, without a network, in a real browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { altered, dataOf, findings, findingsOf, keepSeries } from "./altered.mjs";
import { executable, open } from "./browser.mjs";

const project = new URL("../../", import.meta.url).pathname;
const target = process.env.CARGO_TARGET_DIR ?? join(project, "target");
const ripstop = process.env.RIPSTOP ?? ["debug", "release"].map((profile) => join(target, profile, "ripstop")).find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), "ripstop-report-"));
const run = (...args) => execFileSync(ripstop, args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const SECTIONS = ["headline", "key", "who", "why", "where", "when", "goods", "money", "rules", "evidence", "assumptions", "audit"];
const HOSTILE = `</script><script>document.title="owned"</script> "q" & 'q' \u202eRTL \u{1F9F5}<img src=x onerror=alert(1)>`;
const plain = (text) => text.replace(/\u00a0/g, " ");
const settled = (page) => page.waitForTimeout(350);

/** A number as the page writes it: `USD 1.23 m`, `23,700`, `1.27 million`. */
function parsed(text) {
  const [, sign, digits, scale] = /(−?)([\d.,]+)\s*(bn|billion|m\b|million|k\b)?/.exec(plain(text));
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
    for (const id of SECTIONS) {
      await it.page.locator(`section#${id}`).scrollIntoViewIfNeeded();
      assert.ok((await it.page.locator(`section#${id}`).innerText()).length > 40, id);
    }
    await settled(it.page);
    assert.ok((await it.page.locator("section .chart svg").count()) >= 12);
    assert.equal(await it.page.locator("figure:has(.chart):not(:has(details.words li)), figure:has(.map):not(:has(details.words li))").count(), 0, "a chart without words");
    assert.equal(await it.page.locator("[role=alert]").count(), 0);
    assert.deepEqual([it.requests, it.complaints], [[], []]);
    await it.close();
  });

  test("numbers on the page are those of summary.json and of the series", async () => {
    const it = await open(page), summary = json(join(closure, "summary.json")), headline = plain(await it.page.locator("section#headline").innerText());
    const bands = summary.draws.bands, start = summary.starting_values;
    const line = (words) => headline.split("\n").find((text) => text.includes(words)), told = (words, pattern) => pattern.exec(line(words))[1];
    // What leads, in bold, is the median; its band, the run without the events, the difference and the starting value stand beside it.
    near(told("are stranded", /worth USD ([\d.]+ \w)/), bands.stranded_value.p50, "stranded");
    near(told("are stranded", /Starting values: USD ([\d.]+ \w)/), start.stranded_value.value, "stranded at the start");
    near(told("Caught in all", /included: USD ([\d.]+ \w)/), bands.caught_value.p50, "caught");
    near(told("Caught in all", /shut in USD ([\d.]+ \w)/), bands["caught_value:shut_in"].p50, "shut in");
    const caught = async (by) => Promise.all((await it.page.locator("#caught-table tbody tr", { has: it.page.locator("th", { hasText: by }) }).locator("td:last-child").allInnerTexts()).map(parsed));
    for (const [by, kind] of [["reason", "by_reason"], ["state", "by_state"]]) near(String((await caught(by)).reduce((a, b) => a + b, 0)), Object.values(summary.caught[kind]).reduce((a, b) => a + b, 0), kind);
    near(told("in wages", /owed USD ([\d.]+ \w)/), bands.wages_unpaid.p50, "wages");
    near(told("At the worst", /At the worst, ([\d,]+)/), bands.workers_idle_peak.p50, "idle");
    near(told("At the worst", /At the worst, [\d,]+ \[([\d,]+)/), bands.workers_idle_peak.p05, "idle, low");
    near(told("Value added lost", /: USD ([\d.]+ \w+)/), bands.value_added_lost.p50, "value added");
    near(told("Value added lost", /South Korea USD ([\d.]+ \w+)/), bands["value_added_lost:KR"].p50, "value added in South Korea");
    near(told("overdue or not", /over USD ([\d.]+ \w)/), bands.invoices_unpaid.p50, "open");
    near(told("overdue or not", /Without the events: USD ([\d.]+ \w)/), bands.invoices_unpaid.without.p50, "open without the events");
    near(told("overdue or not", /Difference: USD (−?[\d.]+ \w)/), bands.invoices_unpaid.difference.p50, "open, difference");
    near(told("are overdue", /over USD ([\d.]+ \w)/), bands.invoices_overdue.p50, "overdue");
    const bold = (await it.page.locator("section#headline li strong").allInnerTexts()).map(parsed), is = (value) => bold.some((shown) => Math.abs(shown - value) <= 0.006 * value);
    assert.ok(is(bands.stranded_value.p50) && !is(start.stranded_value.value), "the median is bold, the starting value is not");
    const mover = summary.moved_by.workers_idle_peak[0], moves = headline.split("\n").find((text) => text.startsWith("moved most by"));
    const [, low, high] = /^moved most by [^;]*\) ([\d,]+) → ([\d,]+)/.exec(moves);
    near(low, mover.at_low, "the first row at its low");
    near(high, mover.at_high, "the first row at its high");
    const most = json(join(closure, "claims.json")).filter((c) => c.kind === "outcome" && c.share_of_draws > 0.5).length;
    assert.match(headline, new RegExp(`Of ${summary.claims.outcomes_total} statements .*, ${most} hold`));
    const rows = readFileSync(join(closure, "series.csv"), "utf8").split("\n").filter((line) => line.startsWith(summary.as_of)).map((line) => line.split(","));
    const value = (level, entity, variable) => Number(rows.find((r) => r[1] === "closure" && r[2] === level && r[3] === entity && r[4] === variable)[5]);
    const row = it.page.locator("#who-table tbody tr", { hasText: "Sinuiju" });
    near(await row.locator("td").nth(5).innerText(), value("place", "sinuiju", "wages_unpaid"), "wages owed in Sinuiju");
    near(await row.locator("td").nth(7).innerText(), value("place", "sinuiju", "stranded_value"), "stranded in Sinuiju");
    near(await it.page.locator("#goods-table tbody tr", { hasText: "Spring golf wear" }).locator("td").nth(3).innerText(), value("product", "spring_golf_wear", "stranded"), "stranded golf wear");
    const unha = it.page.locator("#liquidity-table tbody tr", { hasText: "Unha" }), group = summary.groups.find((g) => g.id === "unha");
    near(await unha.locator("td").nth(2).innerText(), group.wages_owed_usd, "wages owed by Unha");
    assert.equal(plain(await unha.locator("td").nth(4).innerText()), String(Number(((group.cash_usd - group.wages_owed_usd) / group.wages_per_month_usd).toPrecision(3))).replace("-", "−"));
    const ages = plain(await it.page.locator("#money figure", { hasText: "by age" }).locator("details.words").evaluate((d) => d.textContent));
    near(/overdue up to 30 days: USD ([\d.]+ \w)/.exec(ages)[1], summary.unpaid.by_age.to_30_days_usd, "overdue up to 30 days");
    const coat = summary.seasons.find((s) => s.product === "winter_formal_coat" && s.marked_down_usd > 0);
    near(await it.page.locator("#seasons-table tbody tr", { hasText: "Winter formal coat" }).first().locator("td").nth(4).innerText(), coat.marked_down_usd, "coats marked down");
    await it.close();
  });

  test("who stopped, when and why is what summary.json says", async () => {
    const kaesong = join(folder, "kaesong");
    run("run", "cases/kaesong-2013", "--draws", "0", "--out", kaesong);
    for (const [dir, level] of [[closure, "place"], [closure, "group"], [kaesong, "place"]]) {
      const it = await open(join(dir, "report.html")), summary = json(join(dir, "summary.json")), facts = json(join(dir, "case.json"));
      await it.page.locator("#who-level").selectOption(level);
      for (const who of summary[`${level}s`]) {
        const cells = (await it.page.locator("#who-table tbody tr", { hasText: who.name }).first().locator("td").allInnerTexts()).map(plain);
        assert.equal(cells[2], `${(who.at_work_now * 100).toFixed(0)} %`, `${who.name} at work`);
        const [y, m, d] = who.stopped_since.split("-").map(Number);
        assert.equal(cells[3], `${d} ${["Jan", "Feb", "Mar", "Apr"][m - 1]} ${y}`, `${who.name} since`);
        const [word, share] = Object.entries(who.causes)[0], product = facts.products.find((p) => `input ${p.id}` === word);
        const cause = product ? `no ${product.name.charAt(0).toLowerCase()}${product.name.slice(1)}` : word === "attendance" ? "workers absent" : word;
        assert.ok(cells[4].startsWith(`${cause} ${(share * 100).toFixed(0)} %`), `${who.name}: ${cells[4]}`);
      }
      await it.close();
    }
  });

  test("the slider moves map, charts and tables; play and steps move the slider", async () => {
    const it = await open(page);
    for (const id of ["key", "why", "where"]) { await it.page.locator(`section#${id}`).scrollIntoViewIfNeeded(); await settled(it.page); }
    const look = async () => [await it.page.locator("#map svg.map").innerHTML(), await it.page.locator("section#key .chart").innerHTML(), await it.page.locator("#who-table").innerText(), await it.page.locator("section#why .chart").first().innerHTML()];
    const then = await look();
    await it.page.locator("#day").fill("560");
    await settled(it.page);
    const now = await look();
    then.forEach((text, i) => assert.notEqual(text, now[i], `part ${i} did not move`));
    assert.match(plain(await it.page.locator(".slider output").innerText()), /14 Mar 2020/);
    const state = async () => [await it.page.locator("#goods-table").innerText(), await it.page.locator("#crossing-table").innerText(), await it.page.locator("section#why figure").first().innerHTML()], shut = await state();
    await it.page.locator("#day").fill("480");
    await settled(it.page);
    (await state()).forEach((text, i) => assert.notEqual(text, shut[i], `state ${i} did not move`));
    await it.page.locator("#day").fill("560");
    await it.page.locator("#previous").click();
    assert.match(plain(await it.page.locator(".slider output").innerText()), /1 Mar 2020/);
    await it.page.locator("#next").click();
    assert.match(plain(await it.page.locator(".slider output").innerText()), /17 Apr 2020/);
    await it.page.locator("#play").click();
    await it.page.waitForTimeout(700);
    assert.ok(Number(await it.page.locator("#day").inputValue()) > 594);
    await it.close();
  });

  test("the map shows crossings by shape, work by filling, and flows by product", async () => {
    const it = await open(page), words = () => it.page.locator("#map details.words").evaluate((d) => d.textContent);
    const shapes = () => it.page.locator("#map svg.map g > rect").count(), flowing = () => it.page.locator("#map g.flow:not(.none)").count();
    assert.match(await words(), /Friendship Bridge, Dandong–Sinuiju: shut/);
    assert.deepEqual([await shapes(), await flowing()], [3, 0], "shut crossings are crossed squares, and nothing flows");
    await it.page.locator("#day").fill("480");
    assert.match(await words(), /Friendship Bridge, Dandong–Sinuiju: open\./);
    assert.equal(await shapes(), 0);
    assert.ok((await flowing()) > 6);
    assert.match(plain(await words()), /Sinuiju: 4,500 workers, (9|10)\d* % at work/);
    const all = await it.page.locator("#map svg.map").innerHTML();
    await it.page.locator("#map-product").selectOption({ label: "Wig" });
    const wigs = await it.page.locator("#map svg.map").innerHTML();
    assert.notEqual(wigs, all);
    await it.page.locator("#map-near").click();
    assert.notEqual(await it.page.locator("#map svg.map").innerHTML(), wigs);
    // Mill to client to factory: the largest flow in words is what the contracts delivered.
    const facts = json(join(closure, "case.json")), day = "2019-12-25", index = new Map(facts.contracts.map((c) => [c.id, c]));
    const from = Date.parse(day) - 27 * 864e5, sums = new Map();
    for (const line of readFileSync(join(closure, "series.csv"), "utf8").split("\n")) {
      const r = line.split(","), c = r[2] === "contract" && r[1] === "closure" && r[4] === "delivered" ? index.get(r[3]) : undefined, at = c && Date.parse(r[0]);
      if (c && at >= from && at <= Date.parse(day)) { const path = c.path.length > 1 ? c.path : [facts.firms[c.seller].place, facts.firms[c.buyer].place], key = `${facts.places[path[0]].name} → ${facts.places[path.at(-1)].name}`; sums.set(key, (sums.get(key) ?? 0) + Number(r[5]) * facts.products[c.product].value); }
    }
    await it.page.locator("#map-product").selectOption("-1");
    const [key, value] = [...sums].filter(([k]) => { const [a, b] = k.split(" → "); return a !== b; }).sort((a, b) => b[1] - a[1])[0];
    near(new RegExp(`${key}: USD ([\\d.]+ \\w+)`).exec(plain(await words()))[1], value, key);
    await it.close();
  });

  test("borders of the reader's own are drawn", async () => {
    const own = join(folder, "own.geojson"), out = join(folder, "own.html");
    const ring = [[120, 35], [130, 35], [130, 43], [120, 43], [120, 35]];
    writeFileSync(own, JSON.stringify({ type: "FeatureCollection", features: [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }, { type: "Feature", properties: {}, geometry: null }] }));
    run("report", closure, "--boundaries", own, "--out", out);
    const it = await open(out);
    assert.equal(await it.page.locator("#map g.land path").count(), 1);
    assert.match(await it.page.locator("#map").innerText(), /from the file given with --boundaries/);
    assert.deepEqual(it.complaints, []);
    await it.close();
  });

  test("several runs of a case stand side by side and are switched", async () => {
    const both = join(folder, "both.html"), other = join(folder, "orders-continue");
    run("report", closure, other, "--out", both);
    const it = await open(both), before = await it.page.locator("section#why").innerText();
    const stranded = it.page.locator("#compare-table tbody tr", { hasText: "Invoices open" }).locator("td");
    near(await stranded.nth(0).innerText(), json(join(closure, "summary.json")).draws.bands.invoices_unpaid.p50, "invoices, closure: the median");
    near(await stranded.nth(1).innerText(), json(join(other, "summary.json")).unpaid.invoices_usd, "invoices, orders kept: no draws, the starting value");
    await it.page.locator("#scenario").selectOption("1");
    await it.page.waitForFunction(() => document.documentElement.dataset.ready === "orders-continue");
    assert.match(await it.page.locator("section#headline").innerText(), /orders are kept/);
    assert.notEqual(await it.page.locator("section#why").innerText(), before);
    assert.equal(await it.page.evaluate(() => document.activeElement.id), "scenario");
    assert.deepEqual(it.complaints, []);
    await it.close();
    run("report", closure, closure, "--out", both);
    const twice = await open(both);
    assert.deepEqual(await twice.page.locator("#scenario option").allInnerTexts(), Array(2).fill("The border shuts and clients stop ordering (closure)"));
    await twice.close();
  });

  test("tables sort by a heading, by mouse and by keyboard, search, and keep both while the day moves", async () => {
    const it = await open(page), names = () => it.page.locator("#who-table tbody th").allInnerTexts();
    await it.page.locator("#who-table thead button", { hasText: "Name" }).click();
    const up = await names();
    assert.deepEqual(up, [...up].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase())));
    await it.page.keyboard.press("Enter");
    assert.deepEqual(await names(), [...up].reverse());
    assert.equal(await it.page.locator("#who-table th[aria-sort=descending]").innerText(), "Name\u00a0▼");
    await it.page.locator("#day").fill("560");
    await settled(it.page);
    assert.deepEqual(await names(), [...up].reverse());
    await it.page.locator("#who-table input").fill("sinuiju");
    assert.deepEqual(await names(), ["Sinuiju"]);
    await it.page.locator("#day").fill("580");
    await settled(it.page);
    assert.deepEqual(await names(), ["Sinuiju"]);
    for (const [level, some] of [["firm", "Unha factories at Sinuiju"], ["group", "Korea Unha General Trading Company"], ["sector", "garments"], ["country", "North Korea"]]) {
      await it.page.locator("#who-level").selectOption(level);
      assert.ok((await names()).includes(some), `${some} among ${level}s`);
    }
    const numbers = async () => (await it.page.locator("#rests-table tbody tr td:last-child").allInnerTexts()).map(parsed);
    await it.page.locator("#rests-table thead button", { hasText: "By up to" }).click();
    const down = await numbers();
    assert.deepEqual(down, [...down].sort((a, b) => b - a));
    await it.close();
  });

  test("all of it can be had with the keyboard alone", async () => {
    const it = await open(page);
    await it.page.keyboard.press("Tab");
    assert.equal(await it.page.evaluate(() => document.activeElement.className), "skip");
    const reached = new Set();
    for (let i = 0; i < 200; i++) {
      await it.page.keyboard.press("Tab");
      const at = await it.page.evaluate(() => { const e = document.activeElement; return e.id || e.className?.baseVal || `${e.tagName} ${e.className}`; });
      reached.add(at);
      if (at === "day") break;
    }
    for (const want of ["theme", "who-level", "why-level", "map-product", "map-in", "map", "SUMMARY ", "DIV scroll", "BUTTON sort", "play", "day"]) assert.ok(reached.has(want), `${want} is not reached: ${[...reached].join(", ")}`);
    const day = Number(await it.page.locator("#day").inputValue());
    await it.page.keyboard.press("ArrowRight");
    assert.equal(Number(await it.page.locator("#day").inputValue()), day + 1);
    await it.page.locator("#map svg.map").focus();
    const still = await it.page.locator("#map g.land").innerHTML();
    await it.page.keyboard.press("ArrowLeft");
    assert.notEqual(await it.page.locator("#map g.land").innerHTML(), still);
    await it.close();
  });

  test("findings are shown by measure and contract, with facts, exemptions and no clearance", async () => {
    const it = await open(altered(page, join(folder, "findings.html"), (data) => { data.runs[0].findings = findings(HOSTILE); data.runs[0].findings.counts.arguable = 3; data.runs[0].findings_packed = null; }));
    const rules = it.page.locator("section#rules"), unfold = () => rules.evaluate((section) => { for (const box of section.querySelectorAll("details:not([open])")) box.open = true; });
    // Twice: the parts of a measure are made when it is unfolded.
    for (let i = 0; i < 2; i++) { await unfold(); await settled(it.page); }
    const text = plain(await rules.innerText()), overview = (await rules.locator("#rules-overview tbody tr").first().locator("td").allInnerTexts()).map(plain);
    for (const part of ["Analysis, not legal advice", "Resolution 2375 (2017) ¶16: Export of textiles", "breach, given the case’s facts", "coats-1 as modelled", "Unha factories at Sinuiju → Client 1 (invented), winter formal coat (processing)", "2 Mar 2019", "20 Jan 2020", "345,700 pieces", "12.3 m",
      "coats are textiles (HS 61, 62) [inferred]", "sewn in North Korea [sourced, unsc-2375-text]", "delivered after 11 December 2017 [assumed]", "written contract before: failed (the contract was concluded on 1 August 2018)", "exemption without evidence", "wind-down", "not covered", "cannot tell", "indicator", "reading a secondary source", "French text read", "worker-days without work"]) assert.ok(text.includes(part), `${part} is missing in ${text}`);
    assert.deepEqual(overview, ["United Nations Security Council", "1", "1", "–", "1", "1", "1", "1", "1", "2", "2 Mar 2019", "20 Jan 2020"]);
    assert.match(plain(await rules.locator("#rules-overview tbody tr").nth(2).innerText()), /Resolution 2397 \(2017\) ¶7: Machinery.*none matched/s);
    assert.match(plain(await it.page.locator("section#headline").innerText()), /Held against the rules of the case: 1 breach, 3 arguable findings, 1 exemption without evidence, 1 cannot tell \(given the case’s facts; analysis, not legal advice\)/);
    assert.doesNotMatch(text.replace(/is not cleared/g, ""), /\bclear(ed)?\b|compliant|lawful|innocent/i);
    const found = () => rules.locator(".measure table tbody tr").count();
    assert.equal(await found(), 8);
    await it.page.locator("#rules-outcome").selectOption("breach");
    await unfold();
    await settled(it.page);
    assert.equal(await found(), 1);
    assert.equal(await rules.locator("img, script").count(), 0);
    assert.deepEqual([it.requests, it.complaints], [[], []]);
    await it.close();
  });

  test("sections say what a run did not record instead of breaking", async () => {
    const bare = (change) => altered(page, join(folder, "bare.html"), (data) => change(data.runs[0]));
    const shapes = {
      "totals only": (r) => { keepSeries(r, (h) => h.level === "total"); r.case.firms = []; r.case.contracts = []; r.shown = {}; },
      "no series at all": (r) => { r.series = { heads: [], packed: "" }; },
      "totals, sectors and countries": (r) => { keepSeries(r, (h) => ["total", "country", "sector"].includes(h.level) && h.scenario !== "p05"); r.case.firms = []; r.case.contracts = []; r.case.places.forEach((p) => { p.lat = null; p.lon = null; }); },
      "no money, no jobs, no draws, no claims": (r) => {
        keepSeries(r, (h) => !/wages|cash|receivable|claims|labour/.test(h.variable) && !/^p\d\d$/.test(h.scenario));
        for (const key of ["unpaid", "jobs", "claims", "by_bearer", "places", "groups", "stranded", "goods", "seasons", "others_by_sector_usd", "rests_on", "starting_values", "moved_by", "lead"]) delete r.summary[key];
        r.summary.draws = { n: 0, bands: {} }; r.claims = []; r.evidence = null; r.case.firms.forEach((f) => { f.workers = 0; }); r.case.counts.workers = 0; r.case.inputs = []; r.case.counts.inputs = 0; r.case.sources = [];
      },
      "an almost empty summary": (r) => { r.summary = { days: r.days, as_of: r.summary.as_of, firms: 0, contracts: 0 }; r.claims = null; r.events = []; r.manifest = {}; r.case.crossings = []; },
    };
    for (const [what, change] of Object.entries(shapes)) {
      const it = await open(bare(change));
      for (const id of SECTIONS) await it.page.locator(`section#${id}`).scrollIntoViewIfNeeded();
      await it.page.locator("#day").fill("300");
      await settled(it.page);
      assert.equal(await it.page.locator("[role=alert]").count(), 0, `${what}: ${await it.page.locator("[role=alert]").allInnerTexts()}`);
      assert.deepEqual(it.complaints, [], what);
      for (const id of SECTIONS) assert.ok((await it.page.locator(`section#${id}`).innerText()).length > 12, `${what}: ${id}`);
      assert.doesNotMatch(await it.page.locator("main").innerText(), /NaN|undefined|Infinity|\[object/, what);
      await it.close();
    }
  });

  test("names of a hostile case stay text", async () => {
    const hostile = join(folder, "hostile");
    cpSync(join(project, "cases/teaching/processing-unpaid"), hostile, { recursive: true });
    const toml = join(hostile, "case.toml"), places = join(hostile, "places.csv");
    writeFileSync(toml, readFileSync(toml, "utf8").replace(/^title = .*$/m, `title = ${JSON.stringify(HOSTILE)}`));
    const [head, ...rows] = readFileSync(places, "utf8").trimEnd().split(/\r?\n/), at = head.split(",").indexOf("name");
    const named = rows.map((row) => { const cells = row.split(","); cells[at] = `"${HOSTILE.replaceAll('"', '""')}"`; return cells.join(","); });
    writeFileSync(places, [`${head},lat,lon`, ...named.map((row, i) => `${row},${10 + i},${20 + i}`)].join("\n") + "\n");
    run("run", hostile, "--out", join(folder, "hostile-run"));
    const file = altered(join(folder, "hostile-run/report.html"), join(folder, "hostile.html"), (data) => {
      data.runs[0].case.sources = [{ id: HOSTILE, publisher: HOSTILE, date: HOSTILE, grade: "A", title: HOSTILE, url: "javascript:alert(1)" }, { id: "b", publisher: "", date: "", grade: "", title: "", url: "https://example.org/" }];
    });
    const it = await open(file);
    assert.equal(await it.page.locator("h1").innerText(), HOSTILE.replace(/\s+/g, " "));
    assert.ok((await it.page.title()).startsWith("</script>"));
    assert.equal(await it.page.locator("main img, main script").count(), 0);
    assert.deepEqual(await it.page.locator("#sources-table a").evaluateAll((list) => list.map((a) => a.href)), ["https://example.org/"]);
    assert.deepEqual([it.requests, it.complaints], [[], []]);
    await it.close();
  });

  test("on paper every chart is drawn, on white, and nothing is cut", async () => {
    const it = await open(page, { dark: true });
    await it.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await it.page.emulateMedia({ media: "print", colorScheme: "dark" });
    await it.page.setViewportSize({ width: 690, height: 900 });
    await settled(it.page);
    const found = await it.page.evaluate(() => ({
      empty: [...document.querySelectorAll(".chart")].filter((c) => !c.querySelector("svg")).length, back: getComputedStyle(document.body).backgroundColor,
      wide: [...document.querySelectorAll(".chart svg, svg.map")].filter((s) => s.getBoundingClientRect().right > innerWidth + 1 || s.getBoundingClientRect().width < 150).length,
      light: [...document.querySelectorAll(".chart text")].filter((x) => /^#(e|f|a)/i.test(x.getAttribute("fill") ?? "") && x.getAttribute("fill") !== "#fff").length, land: document.querySelectorAll("#map g.land path").length,
    }));
    assert.deepEqual({ ...found, land: found.land > 3 }, { empty: 0, back: "rgb(255, 255, 255)", wide: 0, light: 0, land: true });
    await it.close();
  });

  for (const width of [390, 1440]) for (const dark of [false, true]) {
    test(`at ${width} px, ${dark ? "dark" : "light"}: nothing too wide, cut or overlapping, and all of it accessible`, async () => {
      const it = await open(page, { width, dark });
      for (const id of SECTIONS) { await it.page.locator(`section#${id}`).scrollIntoViewIfNeeded(); await it.page.waitForTimeout(120); }
      await settled(it.page);
      assert.equal(await it.page.evaluate(() => document.documentElement.scrollWidth), width);
      assert.deepEqual(await it.page.evaluate(badLabels), []);
      await it.page.evaluate(() => { for (const d of document.querySelectorAll("details")) d.open = true; });
      const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      await it.page.evaluate(axe);
      const result = await it.page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      assert.deepEqual(result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")} ${v.nodes[0].failureSummary}`), []);
      if (process.env.SHOTS && !dark) await pictures(width);
      await it.close();
    });
  }

  /** The pictures of docs/report.md. */
  async function pictures(width) {
    const it = await open(process.env.SHOTS === "1" ? page : process.env.SHOTS, { width });
    const height = width < 600 ? 3600 : 3000;
    await it.page.setViewportSize({ width, height });
    await it.page.waitForTimeout(900);
    await it.page.screenshot({ path: join(project, `docs/images/report-${width}.png`) });
    if (width > 600) {
      await it.page.setViewportSize({ width, height: 1000 });
      await it.page.locator("#day").fill("480");
      await it.page.locator("section#where").scrollIntoViewIfNeeded();
      await settled(it.page);
      await it.page.locator("#map").screenshot({ path: join(project, "docs/images/report-map.png") });
    }
    await it.close();
  }

  test("a page holds what its run folder holds", () => {
    const [shown] = dataOf(page).runs;
    // Of the summary all but the table of every figure under every row: the page shows `moved_by`.
    const summary = json(join(closure, "summary.json"));
    for (const row of summary.rests_on) delete row.figures;
    assert.deepEqual(shown.summary, summary, "summary.json");
    for (const [key, file] of [["claims", "claims.json"], ["evidence", "evidence.json"]]) assert.deepEqual(shown[key], json(join(closure, file)), file);
    assert.deepEqual(findingsOf(shown), existsSync(join(closure, "findings.json")) ? json(join(closure, "findings.json")) : null);
  });
});

/** Words of charts and map that are cut off, overlap, or are hard to read on what is behind them; runs in the page. */
function badLabels() {
  const bad = [], channel = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b), rgb = (css) => css.match(/\d+(\.\d+)?/g).slice(0, 3).map(Number);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const back = rgb(getComputedStyle(document.body).backgroundColor);
  for (const picture of document.querySelectorAll(".chart svg, svg.map")) {
    const title = picture.closest("figure").querySelector("figcaption").textContent, frame = picture.getBoundingClientRect(), isMap = picture.classList.contains("map");
    const list = [...picture.querySelectorAll("text")].filter((x) => x.textContent.trim() !== "").map((x) => ({ words: x.textContent, box: x.getBoundingClientRect(), colour: getComputedStyle(x).fill }));
    for (const l of list) {
      if (l.box.left < frame.left - 2 || l.box.right > frame.right + 2 || l.box.top < frame.top - 2 || l.box.bottom > frame.bottom + 3) bad.push(`${title}: “${l.words}” is cut off`);
      const inBar = ["rgb(0, 0, 0)", "rgb(255, 255, 255)"].includes(l.colour);
      if (!inBar && !isMap && contrast(rgb(l.colour), back) < 4.5) bad.push(`${title}: “${l.words}” has too little contrast: ${l.colour}`);
    }
    list.forEach((a, i) => list.slice(i + 1).forEach((b) => {
      const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left), y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      if (x > 2 && y > 5) bad.push(`${title}: “${a.words}” and “${b.words}” overlap`);
    }));
  }
  return bad;
}
