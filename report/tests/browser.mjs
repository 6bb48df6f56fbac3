// A browser for the tests: Debian's Chromium, or the one CHROMIUM names.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

export const executable = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Opens a page from disk with the network off; what it asks for and complains of is kept. */
export async function open(file, { width = 1440, height = 900, dark = false } = {}) {
  const browser = await chromium.launch({ executablePath: executable, args: QUIET });
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", offline: true, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints = [], requests = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) complaints.push(m.text()); });
  page.on("pageerror", (e) => complaints.push(e.message));
  page.on("request", (r) => { if (r.url() !== `file://${file}` && !r.url().startsWith("data:")) requests.push(r.url()); });
  const start = performance.now();
  await page.goto(`file://${file}`);
  await page.waitForFunction(() => document.documentElement.dataset.ready !== undefined);
  return { page, complaints, requests, seconds: (performance.now() - start) / 1000, close: () => browser.close() };
}
