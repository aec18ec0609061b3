// Opens a site made by `gannet catalog html` in headless Chromium, as a reader would from a folder, and fails where a
// part of it does not work: expandable rules, filters, the search, links to lines, accessibility (axe-core), dark and
// light, wide and narrow.
//
//   npm install axe-core playwright-core
//   node check.mjs SITE [SCREENSHOTS]
//
// Chromium is looked for at CHROMIUM, /usr/bin/chromium where that is not set.

import { chromium } from "playwright-core";
import { createRequire } from "node:module";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [site, screenshots] = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve("axe-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const failures = [];
const expect = (holds, what) => { if (!holds) failures.push(what); };

async function accessible(page, name) {
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run());
  for (const { id, impact, nodes } of violations.filter(found => ["serious", "critical"].includes(found.impact))) {
    failures.push(`${name}: ${impact} ${id}: ${nodes.slice(0, 3).map(node => node.html).join(" ")}`);
  }
}

async function open(file, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("pageerror", error => failures.push(`${file}: ${error.message}`));
  page.on("request", request => expect(request.url().startsWith("file:"), `${file} asks the network for ${request.url()}`));
  await page.goto(pathToFileURL(path.join(site, file)).href);
  return page;
}

async function search(page, text, name) {
  await page.fill("#search", text);
  await page.waitForFunction(() => /hits/.test(document.getElementById("hits-count").textContent), null, { timeout: 10000 });
  expect(await page.locator("#hits li a").count() > 0, `${name}: the search for ${text} finds nothing`);
}

async function technique(file, options, name) {
  const page = await open(file, options);
  await accessible(page, name);
  const rules = await page.locator("details.rule").count();
  expect(rules > 0, `${name}: no rules`);
  for (const rule of (await page.locator("details.rule > summary").all()).slice(0, 50)) await rule.press("Enter");
  expect(await page.locator("details.rule[open]").count() === Math.min(rules, 50), `${name}: a rule does not open`);
  await accessible(page, `${name}, rules open`);
  const vendor = page.locator("[name=vendor]").first();
  const of = await page.locator(`details.rule[data-vendor="${await vendor.inputValue()}"]`).count();
  await vendor.uncheck();
  const shown = await page.textContent("#shown");
  expect(shown === `${rules - of} rules`, `${name}: ${shown} shown without ${of} of ${rules}`);
  await vendor.check();
  const line = page.locator("details.rule td a").first();
  if (await line.count()) {
    await line.click();
    expect(await page.locator(".source span:target").count() === 1, `${name}: a predicate does not lead to its line`);
  }
  await search(page, "powershell", name);
  if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: false });
  await page.context().close();
}

const wide = { viewport: { width: 1400, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };
const pages = readdirSync(path.join(site, "technique"));
const largest = pages.map(name => [statSync(path.join(site, "technique", name)).size, name]).sort((a, b) => b[0] - a[0])[0][1];

for (const [name, options] of [["index", wide], ["index-dark", { ...wide, colorScheme: "dark" }], ["index-phone", phone]]) {
  const page = await open("index.html", options);
  await accessible(page, name);
  if (screenshots) await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  await search(page, "dns", name);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
  expect(!wider, `${name}: the page scrolls sideways`);
  await page.context().close();
}
for (const file of new Set(["T1071.004.html", largest].filter(name => pages.includes(name)))) {
  await technique(`technique/${file}`, wide, file.replace(".html", ""));
  await technique(`technique/${file}`, phone, `${file.replace(".html", "")}-phone`);
}
await browser.close();
console.log(failures.length ? failures.join("\n") : "the site works");
process.exit(failures.length ? 1 : 0);
