// Whether everybody can use a report: contrast, labels, order of focus, narrow screens, paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { drawn, launch, moveTo, open, shot } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Texts whose contrast with what is behind them is below 4.5 (3 where they are large). */
const faint = (page) => page.evaluate(() => {
  const parse = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
      if (a > 0.5 && r !== undefined) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const node = text.parentElement;
    if (!text.data.trim() || !node.checkVisibility() || ["SCRIPT", "NOSCRIPT", "OPTION"].includes(node.tagName)) continue;
    // Marks of causes are shapes, for which a contrast of 3 is enough.
    if (node.closest("[aria-hidden]")) continue;
    // Words on a band of the Sankey are held by a test of the pictures.
    if (node.closest("svg") && node.classList.contains("t")) continue;
    const style = getComputedStyle(node);
    const front = parse(node.namespaceURI.endsWith("svg") ? style.fill : style.color);
    if (front.length < 3) continue;
    const [a, b] = [luminance(front), luminance(behind(node))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const least = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
    if (contrast < least) found.push(`${text.data.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return [...new Set(found)];
});

for (const colorScheme of ["light", "dark"]) {
  test(`words can be read, ${colorScheme}`, async () => {
    const { page } = await open(browser, "one", { colorScheme });
    await moveTo(page, 1567);
    assert.deepEqual(await faint(page), []);
    for (const section of ["summary", "drive", "energy", "maps"]) await shot(page, `#${section}`, `${section}-${colorScheme}`);
    // The button turns it round.
    await page.locator("#theme").click();
    await drawn(page);
    assert.deepEqual(await faint(page), []);
    await page.close();
  });
}

test("everything that can be used has a name, and is reached in the order of the page", async () => {
  const { page } = await open(browser, "several");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("a, button, input, select, [tabindex='0'], svg[role]")]
      .filter((node) => node.checkVisibility())
      .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length || node.title))
      .map((node) => node.outerHTML.slice(0, 90)));
  assert.deepEqual(nameless, []);
  const seen = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const all = [...document.querySelectorAll("*")];
      const node = document.activeElement;
      const style = getComputedStyle(node);
      return { order: all.indexOf(node), shown: style.outlineStyle !== "none" || node.classList.contains("flow"), what: node.outerHTML.slice(0, 60) };
    });
    assert.ok(at.shown, `focus cannot be seen on ${at.what}`);
    seen.push(at.order);
  }
  for (let i = 1; i < seen.length; i++) assert.ok(seen[i] > seen[i - 1], `step ${i} goes back`);
  await page.close();
});

test("arrow keys move the moment, and it is said in words", async () => {
  const { page } = await open(browser, "one");
  await moveTo(page, 100);
  await page.locator("#traces .plot").nth(1).focus();
  const said = page.locator("#moment");
  assert.match(await said.textContent(), /^100\.0 s: /);
  await page.keyboard.press("ArrowRight");
  await drawn(page);
  assert.match(await said.textContent(), /^101\.0 s: .*engine .*MG1 .*MG2 .*battery .*SOC/);
  await page.keyboard.press("Shift+ArrowLeft");
  await drawn(page);
  assert.match(await said.textContent(), /^91\.0 s: /);
  assert.equal(await said.getAttribute("aria-live"), "polite");
  assert.match(await page.locator("#time").getAttribute("aria-valuetext"), /^91\.0 seconds, /);
  await page.close();
});

test("a narrow screen shows all without scrolling sideways", async () => {
  const { page } = await open(browser, "one", { viewport: { width: 390, height: 800 } });
  await moveTo(page, 1567);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `${widths}`);
  await shot(page, "#summary", "summary-narrow");
  await shot(page, "#drive", "drive-narrow");
  await page.close();
});

test("nothing that is jumped to lies beneath the bar at the top", async () => {
  for (const width of [390, 1000, 1440]) {
    const { page } = await open(browser, "one", { viewport: { width, height: 800 } });
    await drawn(page);
    const bar = () => page.locator("header").evaluate((node) => node.getBoundingClientRect().bottom);
    for (const link of await page.locator("header a[href^='#']").all()) {
      const to = await link.getAttribute("href");
      await link.click();
      await drawn(page);
      const top = await page.locator(to).evaluate((node) => node.getBoundingClientRect().top);
      assert.ok(top >= (await bar()), `${to} at a width of ${width}: ${top} under ${await bar()}`);
    }
    const plots = page.locator("#traces .plot");
    await plots.last().focus();
    await plots.first().focus();
    const seen = await page.evaluate(() => {
      const { top, left, width } = document.activeElement.getBoundingClientRect();
      return document.activeElement.contains(document.elementFromPoint(left + width / 2, top + 2));
    });
    assert.ok(seen, `the first plot at a width of ${width}`);
    await page.close();
  }
});

test("no word of a diagram is cut off or lies on another", async () => {
  const { page } = await open(browser, "one");
  for (const time_s of [0, 700, 1567]) {
    await moveTo(page, time_s);
    const wrong = await page.evaluate(() => {
      const found = [];
      for (const drawing of document.querySelectorAll("#lever svg, #gears svg, #monitor svg")) {
        const { width, height } = drawing.viewBox.baseVal;
        const boxes = [...drawing.querySelectorAll("text")].filter((text) => text.textContent).map((text) => [text.textContent, text.getBBox()]);
        for (const [words, box] of boxes) {
          if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height) found.push(`cut off: ${words}`);
        }
        for (const [i, [words, a]] of boxes.entries()) {
          for (const [others, b] of boxes.slice(i + 1)) {
            const x = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const y = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            if (x > 1 && y > 4) found.push(`${words} on ${others}`);
          }
        }
      }
      return found;
    });
    assert.deepEqual(wrong, [], `at ${time_s} s`);
  }
  await page.close();
});

test("on paper it is light and open", async () => {
  const { page } = await open(browser, "one", { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(paper, "rgb(255, 255, 255)");
  assert.equal(await page.locator("details:not([open])").count(), 0);
  assert.ok(!(await page.locator(".player").isVisible()));
  assert.deepEqual(await faint(page), []);
  await page.close();
});
