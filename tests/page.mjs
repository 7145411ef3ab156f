// The page of `huizong report` in a real browser: node tests/page.mjs OUT MODULES [PICTURES]
//
// OUT holds published results with pages, MODULES is a node_modules with playwright-core and axe-core.
// CHROMIUM names the browser, /usr/bin/chromium unless set. Pictures are kept where a folder for them is named.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [out, modules, pictures] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "nothing.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const index = resolve(out, "publish/year=2020/index.html");
const scratch = mkdtempSync(join(tmpdir(), "huizong-page-"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

// Opens a page; whatever the browser complains of, and whatever it wants of a network, fails the test.
async function opened(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.complaints.push(message.text()); });
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("dialog", (dialog) => { page.complaints.push("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url().split("#")[0] !== "file://" + encodeURI(file)) page.complaints.push("request: " + request.url()); });
  await page.goto("file://" + file);
  return page;
}
const closed = async (page) => { assert.deepEqual(page.complaints, []); await page.context().close(); };
const texts = (page, selector) => page.locator(selector).allTextContents();
const column = (page, table, n) => texts(page, `#${table} tbody tr > :nth-child(${n})`);
const picture = async (page, name, more) => { if (pictures) await page.screenshot({ path: join(pictures, name + ".png"), ...more }); };

// What a keyboard and a screen reader meet: no violation that axe calls serious or critical.
async function accessible(page, where) {
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const bad = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  assert.deepEqual(bad.map((v) => `${where}: ${v.id} ${v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join(" | ")}`), []);
}

const tests = {
  async "the figures are those of the data, and each opens its parts"() {
    const page = await opened(index);
    const data = await page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
    const received = data.items.findIndex((item) => item.id === "applications.received" && item.applicantEn.startsWith("total"));
    const row = page.locator("#figures tbody tr", { hasText: "新收" });
    const total = data.divisions[0].totals.find((t) => t[0] === (received < 0 ? data.main[3] : received))[1];
    assert.equal(await row.locator("button").textContent(), total.toLocaleString("zh-CN"));
    await row.locator("button").click();
    assert.ok(await page.locator("#parts").evaluate((dialog) => dialog.open));
    const parts = (await column(page, "parts", 2)).map((text) => Number(text.replaceAll(",", "")));
    assert.equal(parts.reduce((a, b) => a + b, 0), total, "the parts add up to the total");
    await accessible(page, "dialog");
    await picture(page, "dialog");
    await page.keyboard.press("Escape");
    assert.ok(!(await page.locator("#parts").evaluate((dialog) => dialog.open)));
    assert.equal(await page.evaluate(() => document.activeElement.className), "number", "the focus is back where it was");
    await closed(page);
  },
  async "offices are sorted, filtered and searched"() {
    const page = await opened(index);
    const all = await column(page, "offices", 1);
    assert.ok(all.length > 10);
    const numbers = async () => (await column(page, "offices", 5)).map((t) => (t === "—" ? -1 : Number(t.replaceAll(",", ""))));
    const head = page.locator("#offices th button").nth(4);
    await head.press("Enter");
    const falling = await numbers();
    assert.deepEqual(falling, [...falling].sort((a, b) => b - a));
    assert.equal(await page.locator("#offices th").nth(4).getAttribute("aria-sort"), "descending");
    assert.equal(await page.evaluate(() => document.activeElement.closest("th")?.getAttribute("aria-sort")), "descending", "the focus stays");
    await page.keyboard.press("Enter");
    const rising = await numbers();
    assert.deepEqual(rising, [...rising].sort((a, b) => a - b));
    await page.focus("#office-status");
    await page.selectOption("#office-status", "missing");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "office-status", "the focus stays");
    assert.deepEqual(await column(page, "offices", 2), ["未收到"]);
    await page.selectOption("#office-status", "");
    // The field into which someone types stays the same element, so that an input method is not cut short.
    await page.evaluate(() => { document.getElementById("office-search").mark = true; });
    await page.locator("#office-search").pressSequentially("柳溪");
    assert.ok(await page.evaluate(() => document.getElementById("office-search").mark));
    assert.equal((await column(page, "offices", 1)).length, 1);
    await page.fill("#office-search", "没有这样的单位");
    assert.equal((await column(page, "offices", 1)).length, 0);
    assert.match(await page.locator("#offices [role=status]").textContent(), /没有符合条件/);
    await closed(page);
  },
  async "findings are filtered, and the table of offices and rules leads to them"() {
    const page = await opened(index);
    const severities = await column(page, "findings", 1);
    assert.deepEqual([...new Set(severities)], ["错误", "警告", "提示"], "the worst come first");
    await page.selectOption("#finding-severity", "error");
    assert.ok((await column(page, "findings", 1)).every((text) => text === "错误"));
    const cell = page.locator("#heat button").first();
    const [office, wanted] = [await page.locator("#heat tbody th").first().textContent(), Number(await cell.textContent())];
    await cell.click();
    const found = await column(page, "findings", 2);
    assert.equal(found.length, wanted);
    assert.ok(found.every((text) => text === office));
    assert.ok(office.includes(await page.inputValue("#finding-search")));
    await page.fill("#finding-search", "");
    await page.selectOption("#finding-rule", "");
    assert.equal((await column(page, "findings", 1)).length, severities.length);
    await closed(page);
  },
  async "a part of the whole can be chosen"() {
    const page = await opened(index);
    const province = (await column(page, "offices", 1)).length;
    const options = await page.locator("#division option").allTextContents();
    await page.selectOption("#division", { label: options.at(-1) });
    const district = await column(page, "offices", 1);
    assert.ok(district.length < province && district.every((name) => name.startsWith(options.at(-1))));
    await closed(page);
  },
  async "the language can be switched"() {
    const page = await opened(index);
    await page.fill("#office-search", "镇");
    await page.click("#language");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.match(await page.title(), /2020/);
    assert.match(await page.locator("h1").innerText(), /^Disclosure reports/);
    assert.equal(await page.inputValue("#office-search"), "镇", "what was typed stays");
    const visible = await page.evaluate(() => ["h2", "figcaption", "label", "th[scope=col]"].flatMap((s) => [...document.querySelectorAll(s)].map((e) => (e.cloneNode(true), e.innerText))));
    const chinese = visible.filter((text) => /[\u4e00-\u9fff]/.test(text.split("\n")[0]) && !/省|市|区|县/.test(text));
    assert.deepEqual(chinese, [], "headings in English");
    await accessible(page, "English");
    await page.click("#language");
    assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
    await closed(page);
  },
  async "light and dark are accessible"() {
    for (const colorScheme of ["light", "dark"]) {
      const page = await opened(index, { colorScheme });
      await accessible(page, colorScheme);
      await picture(page, colorScheme);
      await closed(page);
    }
  },
  async "a phone shows it without sideways scrolling"() {
    const page = await opened(index, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    for (const lang of ["zh", "en"]) {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${lang}: ${width} pixels wide`);
      await accessible(page, "phone " + lang);
      await picture(page, "phone-" + lang);
      await page.click("#language");
    }
    await closed(page);
  },
  async "on paper there are no controls, and all rows"() {
    const page = await opened(index, { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".bar:visible, button.more:visible").count(), 0);
    const pdf = await page.pdf({ format: "A4", path: pictures && join(pictures, "print.pdf") });
    assert.ok(pdf.length > 10_000);
    const [rows, shown] = [await page.evaluate(() => area().totals.length), (await column(page, "totals", 1)).length];
    assert.equal(shown, rows);
    await closed(page);
  },
  async "hostile texts stay texts"() {
    const name = `</script><img src=x onerror=alert(1)><b>"'&`;
    const page = await opened(changed((data) => {
      data.offices[0].name = name;
      data.offices[0].districtName = "";
      data.findings[0].zh = name;
      data.findings[0].severity = "error";
    }));
    assert.ok((await column(page, "offices", 1)).some((text) => text.startsWith(name)));
    assert.ok((await column(page, "findings", 3)).some((text) => text.startsWith(name)));
    assert.equal(await page.locator("main img").count(), 0);
    await closed(page);
  },
  async "5,000 offices are quick"() {
    const many = changed((data) => {
      const { offices, findings } = data;
      const times = Math.ceil(5000 / offices.length);
      data.offices = Array.from({ length: 5000 }, (_, i) => ({ ...offices[i % offices.length], name: offices[i % offices.length].name + i, code: String(990101000000 + i) }));
      data.findings = Array.from({ length: findings.length * times }, (_, i) => {
        const found = findings[i % findings.length];
        return { ...found, office: found.office === null ? null : Math.min(4999, found.office + offices.length * Math.floor(i / findings.length)) };
      });
    });
    const started = Date.now();
    const page = await opened(many);
    await page.click("#offices th button >> nth=4");
    const interactive = Date.now() - started;
    const typed = Date.now();
    await page.fill("#office-search", "4999");
    assert.equal((await column(page, "offices", 1)).length, 1);
    const searched = Date.now() - typed;
    console.log(`  sorted ${interactive} ms after opening, searched in ${searched} ms`);
    assert.ok(interactive < 2000, `${interactive} ms`);
    assert.ok(searched < 1000, `${searched} ms`);
    await page.click("#figures button >> nth=3");
    assert.ok((await column(page, "parts", 1)).length > 4000);
    await closed(page);
  },
};

// The page with other data.
function changed(change) {
  const html = readFileSync(index, "utf8");
  const [before, rest] = html.split('id="data">');
  const end = rest.indexOf("</script>");
  const data = JSON.parse(rest.slice(0, end));
  change(data);
  const file = join(scratch, "changed.html");
  writeFileSync(file, before + 'id="data">' + JSON.stringify(data).replaceAll("<", "\\u003c") + rest.slice(end));
  return file;
}

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}\n${error.message}`);
  }
}
await browser.close();
rmSync(scratch, { recursive: true });
process.exit(failed ? 1 : 0);
