// node check.mjs REPORT.html [MORE.html …]: opens each report in Chromium, light and dark, desktop and phone, and prints it.
// A report or a comparison, told apart by what stands in it. In each voice (for the person, a clinician, a researcher). Fails on any network request, console message, script, dialog, accessibility violation, sideways scroll, overlap on the
// map, or a first printed page without summary and map. A missing tool is a failure.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { launch } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LARGEST = 2_000_000;
const VOICES = ["person", "clinician", "researcher"];
const VIEWS = [
  { name: "desktop, light", width: 1280, height: 900, colorScheme: "light" },
  { name: "desktop, dark", width: 1280, height: 900, colorScheme: "dark" },
  { name: "phone, light", width: 390, height: 844, colorScheme: "light" },
  { name: "phone, dark", width: 390, height: 844, colorScheme: "dark" },
];

async function open(browser, url, view) {
  const context = await browser.newContext({ viewport: { width: view.width, height: view.height }, colorScheme: view.colorScheme });
  const page = await context.newPage();
  const seen = { requests: [], messages: [] };
  page.on("request", (request) => request.url() !== url && seen.requests.push(request.url()));
  page.on("console", (message) => seen.messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.messages.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { seen.messages.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(url, { waitUntil: "load" });
  return { context, page, seen };
}

/** Boxes and notes of the visible map that overlap each other, or leave the picture. */
const overlaps = () => {
  const map = [...document.querySelectorAll("svg.map")].find((svg) => svg.getBoundingClientRect().width > 0);
  if (!map) return document.querySelector("svg.map") ? ["no map is visible"] : [];
  const parts = [...map.querySelectorAll(".box:not(.holds) rect, .note, .box.holds text, .heading")].map((e) => ({
    text: e.textContent || e.parentNode.textContent, r: e.getBoundingClientRect(),
  }));
  const whole = map.getBoundingClientRect();
  const found = parts.filter(({ r }) => r.left < whole.left - 1 || r.right > whole.right + 1 || r.bottom > whole.bottom + 1).map((p) => `${p.text} leaves the picture`);
  parts.forEach((a, i) => parts.slice(i + 1).forEach((b) => {
    const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
    const down = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
    if (across > 1 && down > 3) found.push(`${a.text} over ${b.text}`);
  }));
  return found;
};

/** Panels of courses: each holds its marks, and its numbers stay inside it. */
const panels = () => [...document.querySelectorAll("svg.panel:not(.swatch)")].flatMap((svg) => {
  const whole = svg.getBoundingClientRect();
  const out = [...svg.querySelectorAll("text")].map((e) => ({ text: e.textContent, r: e.getBoundingClientRect() }))
    .filter(({ r }) => r.left < whole.left - 2 || r.right > whole.right + 2 || r.bottom > whole.bottom + 2);
  const label = svg.getAttribute("aria-label") ?? "";
  const marks = svg.querySelectorAll(".dose, .worn").length;
  const lacking = /\d doses/.test(label) && marks === 0 ? [`${label}: no mark for a dose`] : [];
  return [...out.map(({ text }) => `${text} leaves its panel`), ...lacking];
});

/** The chosen voice shows its own parts and hides the others'. */
const shown = () => [...document.querySelectorAll(".voice")].map((e) => [e.className.replace("voice ", ""), e.getBoundingClientRect().height > 0]);

async function look(browser, url, view) {
  const { context, page, seen } = await open(browser, url, view);
  assert.equal(await page.evaluate(() => document.scripts.length), 0, `${view.name}: holds a script`);
  const flat = await page.evaluate(() => getComputedStyle(document.querySelector("#summary")).borderTopWidth);
  assert.equal(flat, "1px", `${view.name}: the style sheet did not apply (content security policy?)`);
  // the page's policy forbids scripts, so axe runs in the tool's own world
  await page.evaluate(axe);
  for (const voice of VOICES) {
    const where = `${view.name}, ${voice}`;
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = false; }));
    await page.check(`#voice-${voice}`);
    for (const [own, visible] of await page.evaluate(shown)) assert.equal(visible, own === voice, `${where}: part of the ${own}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${where}: scrolls ${wide} px sideways`);
    assert.deepEqual(await page.evaluate(overlaps), [], `${where}: map`);
    assert.deepEqual(await page.evaluate(panels), [], `${where}: courses`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    const opened = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(opened <= 0, `${where}: scrolls ${opened} px sideways with everything opened`);
    const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const violations = result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`);
    assert.deepEqual(violations, [], `${where}: accessibility`);
    assert.ok(result.passes.length > 10, `${where}: axe looked at nothing`);
  }
  assert.equal(await page.evaluate(() => window.__pwned), undefined, `${view.name}: hostile text ran`);
  assert.deepEqual(seen, { requests: [], messages: [] }, `${view.name}: requests and console`);
  await context.close();
}

/** The record inside the page comes out whole, without a request. */
async function download(browser, url) {
  const { context, page, seen } = await open(browser, url, VIEWS[0]);
  await page.check("#voice-researcher");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("#researcher a[download]")]);
  const record = JSON.parse(readFileSync(await file.path(), "utf8"));
  assert.equal(file.suggestedFilename(), record.record === "Comparison" ? "compare.json" : "report.json");
  const readouts = record.readouts ?? Object.values(record.scenarios)[0].readouts;
  assert.ok(readouts.length > 0, "the record inside the page holds no readouts");
  assert.deepEqual(seen.messages, [], "download: console");
  await context.close();
}

const firstPage = {
  person: () => [
    document.querySelector("#summary-title").textContent, "not a medical device", document.querySelector("#map-title")?.textContent ?? "",
    ...[...document.querySelectorAll(".map.wide .box text:first-of-type")].map((e) => e.textContent),
    ...[...document.querySelectorAll("#summary .findings > li > p")].map((e) => e.textContent.slice(0, 24)),
  ],
  clinician: () => [
    document.querySelector("#clinician-title").textContent, "not a medical device",
    ...[...document.querySelectorAll("#clinician th, #clinician caption")].map((e) => e.textContent.slice(0, 24)),
    ...[...document.querySelectorAll("#clinician .findings > li > p")].map((e) => e.textContent.slice(0, 24)),
  ],
  researcher: () => [document.querySelector("#researcher-title").textContent, document.querySelector("#researcher caption").textContent],
};

async function print(browser, url) {
  const page = await browser.newPage();
  await page.goto(url);
  const squash = (text) => text.replace(/\s+/g, "");
  for (const voice of VOICES) {
    await page.check(`#voice-${voice}`);
    const must = await page.evaluate(firstPage[voice]);
    for (const format of ["A4", "Letter"]) {
      const file = await getDocument({ data: new Uint8Array(await page.pdf({ format })), verbosity: 0 }).promise;
      const content = await (await file.getPage(1)).getTextContent();
      const text = squash(content.items.map((item) => item.str).join(" "));
      const lacking = must.filter((words) => !text.includes(squash(words)));
      assert.deepEqual(lacking, [], `${format}, ${voice}: first page lacks`);
      assert.ok(file.numPages <= 30, `${format}, ${voice}: ${file.numPages} pages`);
    }
  }
  await page.close();
}

// --screen-only FILE: a report whose texts are too long for one printed page
const words = process.argv.slice(2);
const screenOnly = new Set(words.flatMap((word, i) => (word === "--screen-only" ? [words[i + 1]] : [])));
const reports = words.filter((word) => word !== "--screen-only");
assert.ok(reports.length > 0, "give at least one report.html");
const browser = await launch();
let failed = 0;
for (const report of reports) {
  const url = pathToFileURL(resolve(report)).href;
  try {
    assert.ok(readFileSync(report).length <= LARGEST, `${report}: larger than 2 MB`);
    for (const view of VIEWS) await look(browser, url, view);
    await download(browser, url);
    if (!screenOnly.has(report)) await print(browser, url);
    console.log(`ok ${report}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED ${report}\n${error.message}`);
  }
}
await browser.close();
process.exit(failed ? 1 : 0);
