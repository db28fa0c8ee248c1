// Pictures of the workshops for the docs: node wasm/web/test/pictures.mjs FOLDER, after the page is built.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = process.argv[2] ?? join(root, "docs");
const site = await serve(join(root, "wasm/web/dist"));
const browser = await launch();
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 780 } });
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  const shot = async (name) => {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(name);
  };
  await page.goto(site.url);
  await page.waitForSelector(".shop.print[data-ready]");
  await page.click(".print .main");
  await page.waitForSelector("text=Download G-code");
  await page.locator(".slider input").fill("24");
  await shot("workshop-print");

  await page.click("[data-shop=cut]");
  await page.waitForSelector(".shop.cut[data-ready]");
  await page.fill("#cut-seconds", "3");
  await page.click(".cut .main");
  await page.waitForSelector(".cut .downloads");
  await page.waitForSelector(".cut .paper img:not(.sketch)");
  await shot("workshop-nest");
  await page.click(".cut .main");
  await page.waitForSelector(".cut .main:has-text('Download G-code')");
  await page.locator(".cut .player input").fill("620");
  await shot("workshop-cut");

  await page.click("[data-shop=mill]");
  await page.waitForSelector(".shop.mill[data-ready]");
  await page.click(".mill .main");
  await page.waitForSelector(".mill .main:has-text('Download G-code')");
  await page.locator(".mill .player input").fill("560");
  await shot("workshop-mill");
} finally {
  await browser.close();
  site.close();
}
