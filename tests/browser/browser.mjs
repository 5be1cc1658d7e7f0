// Starts Chromium: env CHROMIUM, Debian's, or npm's @sparticuz/chromium. A missing browser is a failure, never a skip.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

async function executable() {
  const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].filter(Boolean);
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  try {
    const packed = (await import("@sparticuz/chromium")).default;
    return await packed.executablePath();
  } catch (error) {
    throw new Error(`no Chromium: install Debian's package chromium, set CHROMIUM, or npm install --no-save @sparticuz/chromium (${error.message})`);
  }
}

export async function launch() {
  return chromium.launch({ executablePath: await executable(), headless: true, args: FLAGS });
}
