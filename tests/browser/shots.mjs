// node shots.mjs REPORT.html FOLDER: pictures for the eye (desktop, phone, dark) and the printed PDF.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "./browser.mjs";

const [report, folder] = process.argv.slice(2);
const browser = await launch();
const views = [
  ["desktop", 1280, 900, "light"], ["dark", 1280, 900, "dark"], ["phone", 390, 844, "light"],
];
for (const [name, width, height, colorScheme] of views) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  await page.close();
}
const page = await browser.newPage();
await page.goto(pathToFileURL(resolve(report)).href);
await page.pdf({ path: `${folder}/print.pdf`, format: "A4" });
await browser.close();
