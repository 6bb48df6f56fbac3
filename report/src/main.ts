// The report: reads the data of the page, draws the sections, and moves them with the day and the scenario.
import "./style.css";
import { drawAll } from "./charts";
import { type Payload, payload, type Run, type Series, unpack, unpackFindings } from "./data";
import { h } from "./dom";
import { assumptions } from "./sections/assumptions";
import { audit } from "./sections/audit";
import { compare, runNames } from "./sections/compare";
import { evidence } from "./sections/evidence";
import { goods } from "./sections/goods";
import { headline } from "./sections/headline";
import { key, letters } from "./sections/key";
import { moneyAndJobs } from "./sections/money";
import { rules } from "./sections/rules";
import { when } from "./sections/when";
import { where } from "./sections/where";
import { who } from "./sections/who";
import { why } from "./sections/why";
import { t } from "./texts";
import { printing, theme } from "./theme";
import { View } from "./view";

type Section = [keyof typeof t.sections, (view: View) => HTMLElement];

const root = document.getElementById("report") as HTMLElement;
let view: View | undefined;

/** A section that cannot be drawn says so and leaves the others alone. */
function section([id, make]: Section, now: View): HTMLElement {
  let body: HTMLElement;
  try { body = make(now); } catch (e) { console.error(e); body = h("p", { role: "alert" }, String(e)); }
  return h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, t.sections[id]), body);
}

function draw(data: Payload, all: Series[], run: Run, day: number | null): void {
  const several: Section[] = data.runs.length > 1 ? [["compare", (v) => compare(v, data.runs, all)]] : [];
  const sections: Section[] = [["headline", headline], ...several, ["key", key], ["who", who], ["why", why], ["where", where], ["when", when], ["goods", goods], ["money", moneyAndJobs], ["rules", rules], ["evidence", evidence], ["assumptions", assumptions], ["audit", audit]];
  view?.close();
  const now = new View(run, all[data.runs.indexOf(run)], data.boundaries, 0);
  now.show(day ?? now.asOfDay);
  view = now;
  const place = scrollY;
  root.replaceChildren(h("a", { class: "skip", href: "#headline" }, t.skip), top(data, all, now), h("nav", { "aria-label": t.contents }, ...sections.map(([id]) => h("a", { href: `#${id}` }, t.sections[id]))), ...sections.map((s) => section(s, now)), slider(now));
  scrollTo(0, place);
  document.documentElement.dataset.ready = run.scenario;
  document.documentElement.dataset.folder = run.folder;
}

function top(data: Payload, all: Series[], now: View): HTMLElement {
  const again = (run: Run): void => draw(data, all, run, now.day);
  const names = runNames(data.runs);
  const scenario = data.runs.length > 1 && h("label", {}, `${t.scenario} `, h("select", { id: "scenario", change: (e) => { again(data.runs[Number((e.target as HTMLSelectElement).value)]); document.getElementById("scenario")?.focus(); } }, ...data.runs.map((r, i) => h("option", { value: i, selected: r === now.run }, names[i]))));
  const shade = h("button", { type: "button", class: "plain", id: "theme", click: () => { document.documentElement.dataset.theme = theme().dark ? "light" : "dark"; again(now.run); document.getElementById("theme")?.focus(); } }, t.theme);
  const print = h("button", { type: "button", class: "plain", click: () => window.print() }, t.print);
  return h("header", {}, h("h1", {}, now.facts.title || now.facts.id), h("div", { class: "row tools" }, scenario, shade, print), h("p", { class: "printed soft" }, `${t.day}: ${now.date(now.day)}`));
}

/** The day shown: a slider with play and steps to events, which every section follows. */
function slider(now: View): HTMLElement {
  const label = h("output", { for: "day" });
  const range = h("input", { type: "range", id: "day", min: 0, max: now.run.days - 1, value: now.day, "aria-label": t.day, input: (e) => now.show(Number((e.target as HTMLInputElement).value)) });
  let timer = 0;
  const stop = (): void => { clearInterval(timer); timer = 0; button.replaceChildren("▶ ", h("span", {}, t.play)); };
  const button = h("button", { type: "button", id: "play", click: () => {
    if (timer) return stop();
    if (now.day >= now.run.days - 1) now.show(0);
    button.replaceChildren("⏸ ", h("span", {}, t.pause));
    timer = window.setInterval(() => { if (now.day >= now.run.days - 1) stop(); else now.show(now.day + Math.max(1, Math.round(now.run.days / 240))); }, 110);
  } }, "▶ ", h("span", {}, t.play));
  const days = [...new Set([0, ...letters(now).map((l) => l.day), now.asOfDay, now.run.days - 1])].sort((a, b) => a - b);
  const step = (id: string, words: string, sign: string, to: () => number | undefined): HTMLElement => h("button", { type: "button", class: "step", id, title: words, "aria-label": words, click: () => { const day = to(); if (day !== undefined) now.show(day); } }, sign);
  now.leave(stop);
  now.follow((day) => { range.value = String(day); label.textContent = now.date(day); range.setAttribute("aria-valuetext", now.date(day)); });
  return h("div", { class: "slider", role: "group", "aria-label": t.day }, button, step("previous", t.previous, "◂", () => days.findLast((d) => d < now.day)), range, step("next", t.next, "▸", () => days.find((d) => d > now.day)), label);
}

async function begin(): Promise<void> {
  const data = payload();
  document.title = `${data.runs[0].case.title || data.runs[0].case.id} – ripstop`;
  const [all] = await Promise.all([Promise.all(data.runs.map(unpack)), Promise.all(data.runs.map(unpackFindings))]);
  draw(data, all, data.runs[0], null);
  const again = (): void => { if (view) draw(data, all, view.run, view.day); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (!document.documentElement.dataset.theme) again(); });
  // Paper is light and shows every chart.
  addEventListener("beforeprint", () => { const dark = theme().dark; printing(true); if (dark) again(); drawAll(); });
  addEventListener("afterprint", () => { printing(false); if (theme().dark) again(); });
}

begin().catch((e: unknown) => { console.error(e); root.replaceChildren(h("p", { role: "alert" }, String(e))); });
