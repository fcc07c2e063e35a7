// A browser without a head or a GPU, and pages that may not complain.

import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { CHROMIUM, PAGES, RESULTS, SHOTS } = process.env;

export const launch = () =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });

/** Opens a report from disk; `complaints` fills with what console and scripts complain of. */
export async function open(browser, name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...options });
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`network: ${request.url()}`);
  });
  await page.goto(`file://${join(PAGES, `${name}.html`)}`);
  return { page, complaints };
}

/** Two frames later everything is drawn. */
export const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Moves the slider to a time. */
export async function moveTo(page, time_s) {
  await page.locator("#time").evaluate((slider, to) => {
    slider.value = to;
    slider.dispatchEvent(new Event("input"));
  }, time_s);
  await drawn(page);
}

export const summaryOf = (folder) => JSON.parse(readFileSync(join(RESULTS, folder, "summary.json"), "utf8"));

/** Rows of a trace as objects of text. */
export function traceOf(folder) {
  const lines = readFileSync(join(RESULTS, folder, "trace.csv"), "utf8").split("\n");
  const [header, ...rows] = lines.filter((line) => line && !line.startsWith("#"));
  const names = header.split(",");
  return rows.map((row) => Object.fromEntries(row.split(",").map((cell, i) => [names[i], cell])));
}

/** A number as the page writes it, back to a number. */
export const read = (words) => Number(words.replace("−", "-").replaceAll("\u2009", "").match(/-?[\d.]+/)[0]);

/** A picture of a part of the page, where pictures are wanted. */
export async function shot(page, selector, name) {
  if (SHOTS) await page.locator(selector).screenshot({ path: join(SHOTS, `${name}.png`) });
}
