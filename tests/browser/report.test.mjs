// What a reader of a report sees and can do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { drawn, launch, moveTo, open, read, shot, summaryOf, traceOf } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const WLTC = "levin-hybrid-wltc_class3b";

test("pages load without a complaint, from disk, without a network", async () => {
  for (const name of ["one", "several", "evil"]) {
    const { page, complaints } = await open(browser, name);
    await drawn(page);
    assert.deepEqual(complaints, [], name);
    await page.close();
  }
});

test("figures are those of summary.json", async () => {
  const { page } = await open(browser, "one");
  const summary = summaryOf(WLTC);
  const shown = await page.locator('[data-run-of="0"][data-figure]').evaluateAll((nodes) =>
    nodes.map(({ dataset, textContent }) => ({ ...dataset, textContent })));
  assert.ok(shown.length > 30);
  for (const { figure, factor, decimals, textContent } of shown) {
    if (summary[figure] === null) continue;
    const off = Math.abs(read(textContent) - summary[figure] * Number(factor));
    assert.ok(off <= 0.501 * 10 ** -Number(decimals), `${figure}: ${textContent}, not ${summary[figure]}`);
  }
  await page.close();
});

test("traces are those of trace.csv", async () => {
  const { page } = await open(browser, "one");
  const rows = traceOf(WLTC);
  const values = () => page.locator("#traces .panel").evaluateAll((panels) =>
    Object.fromEntries(panels.flatMap((panel) => {
      const title = panel.querySelector("h4")?.textContent ?? "chosen";
      return [...panel.querySelectorAll(".key")].map((key) => [`${title}/${key.textContent.trim().replace(/\s+\S+$/, "").trim()}`, key.querySelector(".value").textContent]);
    })));
  const columns = [
    ["Speed, km/h/speed", "speed_kmh", 1, 0.06],
    ["Shaft speeds, rpm/engine", "engine_rpm", 1, 0.6],
    ["Shaft speeds, rpm/MG1", "mg1_rpm", 1, 1.5],
    ["Shaft speeds, rpm/MG2", "mg2_rpm", 1, 1],
    ["Torques, N·m/engine", "engine_torque_nm", 1, 0.06],
    ["Torques, N·m/MG1", "mg1_torque_nm", 1, 0.06],
    ["Power, kW/battery", "battery_w", 1e-3, 0.0062],
    ["State of charge, %/SOC", "soc", 100, 0.006],
  ];
  for (const at of [7, 4321, 11118, 15670, rows.length - 1]) {
    await moveTo(page, Number(rows[at].time_s));
    const shown = await values();
    for (const [name, column, factor, within] of columns) {
      const off = Math.abs(read(shown[name]) - Number(rows[at][column]) * factor);
      assert.ok(off <= within, `${name} at ${rows[at].time_s} s: ${shown[name]}, not ${rows[at][column]}`);
    }
  }
  // The fuel burnt so far ends at what the summary says.
  const burnt = read((await values())["Fuel, g/burnt so far"]);
  assert.ok(Math.abs(burnt - summaryOf(WLTC).fuel_g) < 0.2, `${burnt}`);
  await page.close();
});

/** Ends of the lever, angle of the sun and widths of the flows. */
const diagrams = (page) => page.evaluate(() => ({
  lever: document.querySelector("#lever line[stroke-width='3']").outerHTML,
  gears: document.querySelector("#gears [transform^=rotate]").getAttribute("transform"),
  flows: [...document.querySelectorAll("#monitor line")].map((line) => line.getAttribute("stroke-width")).join(),
}));

test("pointing at a trace moves the diagrams, and a click holds them", async () => {
  const { page } = await open(browser, "one");
  await page.locator("#drive").scrollIntoViewIfNeeded();
  const over = page.locator("#traces .u-over").nth(2);
  const box = await over.boundingBox();
  const pointAt = async (share) => {
    await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
    await drawn(page);
    return read(await page.locator("#clock").textContent());
  };
  const before_ = await diagrams(page);
  const time_s = await pointAt(0.87);
  assert.ok(Math.abs(time_s - 0.87 * 1800) < 4, `${time_s}`);
  const then = await diagrams(page);
  for (const part of Object.keys(then)) assert.notEqual(then[part], before_[part], part);
  await page.mouse.down();
  await page.mouse.up();
  assert.ok(Math.abs((await pointAt(0.3)) - time_s) < 2, "held");
  await page.keyboard.press("Escape");
  assert.ok((await pointAt(0.4)) < time_s, "released");
  await page.close();
});

test("the lever's points are the shaft speeds, on a straight line", async () => {
  const { page } = await open(browser, "one");
  const rows = traceOf(WLTC);
  for (const at of [300, 6320, 15670]) {
    await moveTo(page, Number(rows[at].time_s));
    const points = await page.locator("#lever circle").evaluateAll((discs) =>
      discs.map((disc) => [Number(disc.getAttribute("cx")), Number(disc.getAttribute("cy"))]));
    const [sun, carrier, ring] = points;
    const along = (carrier[0] - sun[0]) / (ring[0] - sun[0]);
    assert.ok(Math.abs(along - 78 / 108) < 2e-3, `${along}`);
    assert.ok(Math.abs(carrier[1] - (sun[1] + along * (ring[1] - sun[1]))) < 0.3);
    const words = await page.locator("#lever text").allTextContents();
    const rpm = words.filter((text) => /^[−\d].* rpm$/.test(text)).map(read);
    for (const [i, column] of ["mg1_rpm", "engine_rpm"].entries()) {
      assert.ok(Math.abs(rpm[i] - Number(rows[at][column])) <= 1.5, `${column}: ${rpm[i]}, not ${rows[at][column]}`);
    }
  }
  await page.close();
});

test("dragging zooms all traces, and a button shows all again", async () => {
  const { page } = await open(browser, "one");
  const labels = () => page.evaluate(() => document.querySelectorAll("#traces canvas")[3].toDataURL());
  await page.locator("#drive").scrollIntoViewIfNeeded();
  const box = await page.locator("#traces .u-over").nth(1).boundingBox();
  const whole = await labels();
  await page.mouse.move(box.x + 0.2 * box.width, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.4 * box.width, box.y + 40, { steps: 5 });
  await page.mouse.up();
  await drawn(page);
  assert.notEqual(await labels(), whole, "zoomed");
  await page.locator("#all").click();
  await page.mouse.move(5, 5);
  await drawn(page);
  assert.equal(await labels(), whole, "all again");
  await page.close();
});

test("it plays and stops", async () => {
  const { page } = await open(browser, "one");
  const clock = async () => read(await page.locator("#clock").textContent());
  await page.locator("#rate").selectOption("30");
  await page.locator("#play").click();
  await page.waitForTimeout(500);
  assert.equal(await page.locator("#play").textContent(), "Pause");
  await page.locator("#play").click();
  await drawn(page);
  const stopped = await clock();
  assert.ok(stopped > 3 && stopped < 40, `${stopped}`);
  await page.waitForTimeout(200);
  assert.equal(await clock(), stopped);
  await page.close();
});

test("a band of the Sankey says its energy to pointer and keyboard", async () => {
  const { page } = await open(browser, "one");
  const fuel = page.locator(".flow").first();
  await fuel.scrollIntoViewIfNeeded();
  await fuel.focus();
  assert.match(await page.locator(".tip").textContent(), /: [\d.]+ [MkJ]+/);
  await page.close();
});

test("several runs share their traces, and the diagrams show the one chosen", async () => {
  const { page, complaints } = await open(browser, "several");
  await moveTo(page, 200);
  const moment = () => page.locator("#moment").textContent();
  const first = await moment();
  await page.locator("#which").selectOption("1");
  await drawn(page);
  assert.notEqual(await moment(), first);
  assert.equal(await page.locator("#traces .strip").count(), 2);
  await page.locator("button.go").first().click({ force: true }).catch(() => {});
  assert.deepEqual(complaints, []);
  await shot(page, "#drive", "several-light");
  await shot(page, "#optimum", "optimum-light");
  await page.close();
});

test("names are shown as text", async () => {
  const { page, complaints } = await open(browser, "evil");
  await drawn(page);
  const heading = await page.locator("h1").textContent();
  assert.ok(heading.includes("<script>alert(2)</script>"), heading);
  assert.ok(heading.includes("<img src=x onerror=alert(1)>"), heading);
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("the picture of the documentation", { skip: !process.env.SHOTS }, async () => {
  const { page } = await open(browser, "one", { viewport: { width: 1360, height: 1180 } });
  await moveTo(page, 1567);
  await page.locator("#drive").evaluate((section) => section.scrollIntoView());
  await drawn(page);
  await page.screenshot({ path: `${process.env.SHOTS}/report.png` });
  await page.close();
});
