// The report: reads the data of the page, draws the sections, and moves them with the day and the scenario.
import "./style.css";
import { type Payload, payload, type Run, unpack } from "./data";
import { h } from "./dom";
import { dayOf } from "./format";
import { evidence, assumptions, audit, rules } from "./sections/proof";
import { goods, moneyAndJobs } from "./sections/goods";
import { headline } from "./sections/headline";
import { key } from "./sections/key";
import { when } from "./sections/when";
import { where } from "./sections/where";
import { who } from "./sections/who";
import { why } from "./sections/why";
import { t } from "./texts";
import { theme } from "./theme";
import { View } from "./view";

const SECTIONS: [keyof typeof t.sections, (view: View) => HTMLElement][] = [
  ["headline", headline], ["key", key], ["who", who], ["why", why], ["where", where], ["when", when], ["goods", goods], ["money", moneyAndJobs], ["rules", rules], ["evidence", evidence], ["assumptions", assumptions], ["audit", audit],
];

const root = document.getElementById("report") as HTMLElement;
let view: View | undefined;

async function draw(data: Payload, run: Run, day: number | null): Promise<void> {
  const series = await unpack(run);
  const asOf = dayOf(data.case.start, run.summary.as_of ?? data.case.as_of);
  view?.close();
  const now = new View(data.case, run, series, data.boundaries, day ?? asOf);
  view = now;
  const place = scrollY;
  root.replaceChildren(top(data, now), h("nav", { "aria-label": t.contents }, ...SECTIONS.map(([id]) => h("a", { href: `#${id}` }, t.sections[id]))),
    ...SECTIONS.map(([id, make]) => h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, t.sections[id]), make(now))), slider(now));
  scrollTo(0, place);
  document.documentElement.dataset.ready = run.scenario;
}

function top(data: Payload, now: View): HTMLElement {
  const again = (run: Run): void => void draw(data, run, now.day);
  const scenario = data.runs.length > 1 && h("label", {}, `${t.scenario} `, h("select", { id: "scenario", change: (e) => again(data.runs[Number((e.target as HTMLSelectElement).value)]) },
    ...data.runs.map((r, i) => h("option", { value: i, selected: r === now.run }, r.title || r.scenario))));
  const shade = h("button", { type: "button", class: "plain", click: () => { document.documentElement.dataset.theme = theme().dark ? "light" : "dark"; again(now.run); } }, t.theme);
  const print = h("button", { type: "button", class: "plain", click: () => window.print() }, t.print);
  return h("header", {}, h("h1", {}, data.case.title || data.case.id), h("div", { class: "row tools" }, scenario, shade, print));
}

/** The day shown: a slider with play, which every section follows. */
function slider(now: View): HTMLElement {
  const label = h("output", { for: "day" });
  const range = h("input", { type: "range", id: "day", min: 0, max: now.run.days - 1, value: now.day, "aria-label": t.day, input: (e) => now.show(Number((e.target as HTMLInputElement).value)) });
  let timer = 0;
  const stop = (): void => { clearInterval(timer); timer = 0; button.textContent = `▶ ${t.play}`; };
  const button = h("button", { type: "button", id: "play", click: () => {
    if (timer) return stop();
    if (now.day >= now.run.days - 1) now.show(0);
    button.textContent = `⏸ ${t.pause}`;
    timer = window.setInterval(() => { if (now.day >= now.run.days - 1) stop(); else now.show(now.day + Math.max(1, Math.round(now.run.days / 240))); }, 110);
  } }, `▶ ${t.play}`);
  now.leave(stop);
  now.follow((day) => { range.value = String(day); label.textContent = now.date(day); range.setAttribute("aria-valuetext", now.date(day)); });
  return h("div", { class: "slider", role: "group", "aria-label": t.day }, button, range, label);
}

const data = payload();
document.title = `${data.case.title || data.case.id} – ripstop`;
draw(data, data.runs[0], null).catch((e: unknown) => root.replaceChildren(h("p", { role: "alert" }, String(e))));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (view && !document.documentElement.dataset.theme) void draw(data, view.run, view.day); });
