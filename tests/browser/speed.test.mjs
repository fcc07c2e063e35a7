// How long a frame takes while a WLTC at 0.1 s plays: own script, style, layout and painting on
// the main thread, as Chromium's own trace tells, without a GPU.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launch, open } from "./browser.mjs";

const MEDIAN_MS = 8;
const NEARLY_ALL_MS = 16;
/** Work of a frame on the main thread, none of it inside another. */
const WORK = new Set(["FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"]);

/** Times of the frames of a trace, ms, in order. */
function frameTimes(events) {
  const frames = events.filter((event) => event.name === "FireAnimationFrame" && event.ph === "X");
  const thread = frames[0].tid;
  const work = events.filter((event) => event.ph === "X" && event.tid === thread && WORK.has(event.name));
  const times = frames.slice(0, -1).map((frame, i) =>
    work.filter((event) => event.ts >= frame.ts && event.ts < frames[i + 1].ts && (event === frame || event.ts >= frame.ts + frame.dur))
      .reduce((sum, event) => sum + event.dur, 0) / 1e3);
  return times.sort((a, b) => a - b);
}

/** Plays for a while; what the frames took. */
async function play() {
  const browser = await launch();
  const { page } = await open(browser, "one");
  await page.locator("#drive").scrollIntoViewIfNeeded();
  await page.locator("#rate").selectOption("10");
  await browser.startTracing(page, { categories: ["devtools.timeline", "blink", "cc"] });
  await page.locator("#play").click();
  await page.waitForTimeout(4000);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  await browser.close();
  const times = frameTimes(traceEvents);
  const at = (share) => times[Math.floor(share * (times.length - 1))];
  console.log(`frames: ${times.length}, median ${at(0.5).toFixed(2)} ms, 95 % ${at(0.95).toFixed(2)} ms, longest ${at(1).toFixed(2)} ms`);
  assert.ok(times.length > 30, `${times.length} frames`);
  return at(0.5) <= MEDIAN_MS && at(0.95) <= NEARLY_ALL_MS;
}

test("a frame is drawn within 8 ms, nearly all within 16 ms", async () => {
  // What else the machine does only ever adds: the quietest of three counts.
  const quick = (await play()) || (await play()) || (await play());
  assert.ok(quick);
});
