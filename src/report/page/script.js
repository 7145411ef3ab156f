"use strict";
// Shows the data of this page. Every text goes through textContent, so nothing in a report can become markup.
const data = JSON.parse(document.getElementById("data").textContent);
const state = { lang: "zh", division: 0, sort: ["errors", -1], office: "", status: "", find: "", severity: "", rule: "", text: "", total: "" };
const [FIRST, STEP] = [50, 200];
const NARROW = matchMedia("(max-width: 44rem)");
const zh = () => state.lang === "zh";
const say = (chinese, english) => (zh() ? chinese : english);
const byId = (id) => document.getElementById(id);

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") { for (const [event, run] of Object.entries(value)) element.addEventListener(event, run); }
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) element.append(child);
  return element;
}
function drawn(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  for (const child of children.flat()) element.append(child);
  return element;
}

const QUALIFIER = { at_least: ["至少 ", "at least "], at_most: ["至多 ", "at most "], approx: ["约 ", "about "] };
const SEVERITY = { error: ["错误", "error"], warning: ["警告", "warning"], info: ["提示", "info"] };
const STATUS = { read: ["收到", "received"], partly_read: ["收到，有缺", "received, parts missing"], unreadable: ["收到，不能读取", "received, unreadable"], missing: ["未收到", "missing"] };
const DECISION = { accepted: ["已认可", "accepted"], confirmed: ["已确认属实", "confirmed"] };
const word = (table, id) => (table[id] ? say(...table[id]) : id);
function shown(value, unit) {
  if (value === null || value === undefined) return "—";
  if (unit === "ratio") return (value * 100).toLocaleString("zh-CN", { maximumFractionDigits: 2 }) + "%";
  return value.toLocaleString("zh-CN", { maximumFractionDigits: 4 });
}
const itemName = (item) => say(item.zh, item.en);
const area = () => data.divisions[state.division];
const inside = (code) => code !== null && code.startsWith(area().stem);
const officesHere = () => data.offices.filter((office) => inside(office.district) || (office.district === null && state.division === 0));
const totalOf = (division, item) => division.totals.find((total) => total[0] === item);

function numberButton(text, item) {
  return make("button", { type: "button", class: "number", on: { click: () => openParts(item) }, title: say("看由哪些单位相加", "See the offices that add up to it") }, text);
}
function scrolling(label, table) {
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}
function headings(names) {
  return make("thead", {}, make("tr", {}, names.map(([text, n]) => make("th", { scope: "col", class: n ? "n" : null }, text))));
}

function showReceived() {
  const here = officesHere();
  const registered = here.filter((office) => office.code !== null);
  const missing = registered.filter((office) => office.status === "missing");
  const count = (name) => here.reduce((sum, office) => sum + office[name], 0);
  const card = (value, text, style) => make("div", { class: "card" }, make("b", { class: style }, value.toLocaleString("zh-CN")), text);
  const parts = [make("div", { class: "cards" },
    card(registered.length, say("应报单位", "offices expected")),
    card(registered.length - missing.length, say("已收到", "received"), "good"),
    card(missing.length, say("缺报", "missing"), missing.length ? "error" : "good"),
    card(count("errors"), say("错误", "errors"), count("errors") ? "error" : "good"),
    card(count("warnings"), say("警告", "warnings"), count("warnings") ? "warning" : "good"))];
  if (missing.length) parts.push(make("p", {}, make("b", {}, say("缺报：", "Missing: ")), missing.slice(0, 60).map((o) => o.districtName + o.name).join(say("、", ", ")) + (missing.length > 60 ? say(` 等 ${missing.length} 个`, ` and others, ${missing.length} in all`) : "")));
  byId("received").replaceChildren(...parts);
}

function showFigures() {
  const rows = data.main.map((item) => {
    const now = totalOf(area(), item);
    if (!now) return null;
    const before = data.before ? (data.before[area().code] || {})[item] : undefined;
    const change = now[1] !== null && before !== undefined && before !== null ? now[1] - before : null;
    const unit = data.items[item].unit;
    const text = (now[2] && QUALIFIER[now[2]] ? say(...QUALIFIER[now[2]]) : "") + shown(now[1], unit);
    const points = (rate) => (rate * 100).toLocaleString("zh-CN", { maximumFractionDigits: 2 }) + say(" 个百分点", " points");
    const moved = change === null ? "—" : (change > 0 ? "+" : "") + (unit === "ratio" ? points(change) : shown(change, unit));
    return make("tr", {}, make("th", { scope: "row" }, itemName(data.items[item])), make("td", { class: "n" }, numberButton(text, item)),
      make("td", { class: "n" }, shown(before, unit)), make("td", { class: "n" }, moved), make("td", { class: "n" }, `${now[3]} / ${area().expected}`));
  });
  const names = [[say("指标", "Indicator")], [data.year + say(" 年", ""), true], [data.lastYear ? data.lastYear + say(" 年", "") : say("上年", "last year"), true], [say("增减", "change"), true], [say("有数单位 / 应报单位", "offices with a value / expected"), true]];
  byId("figures").replaceChildren(scrolling(say("主要数字", "Main figures"), make("table", {}, headings(names), make("tbody", {}, rows))));
}

function figure(title, ...content) { return make("figure", {}, make("figcaption", {}, title), ...content); }
function legend(names) {
  return make("div", { class: "legend" }, names.map((name, i) => make("span", {}, drawn("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, drawn("rect", { width: 10, height: 10, class: "k" + (i % 7 + 1) })), name)));
}
// Level bars; each row is [name, [values of the stack], total]. On a narrow screen the name stands above its bar.
function bars(title, rows, names, wide) {
  const kept = rows.filter((row) => row[1].some((v) => v) || row[2]);
  if (!kept.length) return figure(title, make("p", { class: "soft" }, say("没有数据", "no data")));
  const sum = (values) => values.reduce((a, b) => a + (b || 0), 0);
  const most = Math.max(...kept.map((row) => sum(row[1])), 1);
  const beside = wide && !NARROW.matches;
  const [whole, step, from, top] = beside ? [900, 26, 380, 5] : [420, 44, 0, 20];
  const svg = drawn("svg", { viewBox: `0 0 ${whole} ${kept.length * step + 6}`, role: "img", "aria-label": title + say("：", ": ") + kept.map((r) => r[0] + " " + shown(r[2])).join(say("，", ", ")) });
  kept.forEach(([name, values, total], i) => {
    let x = from;
    svg.append(drawn("text", { x: beside ? from - 6 : 0, y: i * step + (beside ? 18 : 15), "text-anchor": beside ? "end" : "start" }, cut(name, beside ? 58 : 64)));
    values.forEach((value, k) => {
      const width = (whole - from - 70) * (value || 0) / most;
      if (width <= 0) return;
      const tip = drawn("title", {}, name + (names ? " · " + names[k] : "") + " " + shown(value));
      svg.append(drawn("rect", { x: x, y: i * step + top, width: Math.max(width, 1), height: 18, class: "k" + (k % 7 + 1) }, tip));
      x += width;
    });
    svg.append(drawn("text", { x: x + 4, y: i * step + top + 13 }, shown(total)));
  });
  return make("figure", { class: wide ? "wide" : null }, make("figcaption", {}, title), svg, ...(names ? [legend(names)] : []));
}
// As much of a text as fits in so many half-width characters.
function cut(text, room) {
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    used += text.charCodeAt(i) > 255 ? 2 : 1;
    if (used > room) return text.slice(0, i - 1) + "…";
  }
  return text;
}
function trend(title, series) {
  const years = data.trend.years;
  const points = series.map(([name, item]) => [name, years.map((year) => ((data.trend.values[area().code] || {})[year] || {})[item])]);
  const most = Math.max(1, ...points.flatMap((p) => p[1].filter((v) => v !== undefined && v !== null)));
  if (years.length < 2) return figure(title, make("p", { class: "soft" }, say("只有一年的数据", "data of one year only")));
  const x = (i) => 40 + i * (350 / (years.length - 1)), y = (v) => 170 - 140 * v / most;
  const svg = drawn("svg", { viewBox: "0 0 420 200", role: "img", "aria-label": title + say("：", ": ") + points.map((p) => p[0] + " " + years.map((year, i) => year + " " + shown(p[1][i])).join(", ")).join("; ") }, drawn("line", { x1: 36, y1: 170, x2: 400, y2: 170, class: "axis" }));
  years.forEach((year, i) => { const t = drawn("text", { x: x(i), y: 188, "text-anchor": "middle" }); t.textContent = year; svg.append(t); });
  points.forEach(([, values], k) => {
    const known = values.map((v, i) => [i, v]).filter((p) => p[1] !== undefined && p[1] !== null);
    svg.append(drawn("polyline", { class: `line l${k + 1}`, points: known.map(([i, v]) => `${x(i)},${y(v)}`).join(" ") }));
    for (const [i, v] of known) { const t = drawn("text", { x: x(i), y: y(v) + (k % 2 ? 16 : -7), "text-anchor": "middle" }); t.textContent = shown(v); svg.append(drawn("circle", { cx: x(i), cy: y(v), r: 3, class: "k" + (k + 1) }), t); }
  });
  return figure(title, svg, legend(points.map((p) => p[0])));
}
function showCharts() {
  const value = (item) => (item === null ? null : (totalOf(area(), item) || [])[1]);
  const outcomes = data.outcomes.map((row) => [say(row.zh, row.en), row.items.map(value), value(row.total)]);
  const channels = data.channels.map((item) => [say(data.items[item].channelZh, data.items[item].channelEn), [value(item)], value(item)]);
  byId("charts").replaceChildren(
    bars(say("办理结果（按申请人）", "Outcomes by applicant"), outcomes, data.applicants.map((a) => say(a.zh, a.en)), true),
    bars(say("主动公开（按渠道）", "Information disclosed by channel"), channels),
    trend(say("历年申请", "Applications over the years"), data.trend.items.map((item) => [itemName(data.items[item]), item])));
}

function showHeat() {
  const here = officesHere().filter((o) => o.errors + o.warnings > 0);
  const counts = new Map();
  for (const found of data.findings) {
    if (found.severity === "info" || found.office === null) continue;
    const key = found.office + " " + found.rule;
    counts.set(key, (counts.get(key) || 0) + 1);
  }
  const offices = here.sort((a, b) => b.errors - a.errors || b.warnings - a.warnings).slice(0, 60);
  const rules = [...new Set(data.findings.filter((f) => f.severity !== "info" && offices.some((o) => o.index === f.office)).map((f) => f.rule))];
  if (!offices.length) return byId("heat").replaceChildren(make("p", { class: "good" }, say("没有错误和警告。", "No errors, no warnings.")));
  const most = Math.max(...counts.values());
  const rows = offices.map((office) => make("tr", {}, make("th", { scope: "row" }, office.districtName + office.name), rules.map((rule) => {
    const n = counts.get(office.index + " " + rule) || 0;
    const cell = make("td", { class: "heat" }, n ? make("button", { type: "button", class: "number", on: { click: () => openFindings(office.name, rule) } }, String(n)) : "");
    if (n) cell.style.backgroundColor = `rgba(var(--heat), ${(0.15 + 0.3 * n / most).toFixed(2)})`;
    return cell;
  })));
  const names = [[say("单位", "Office")], ...rules.map((rule) => [say(data.rules[rule].zh, data.rules[rule].en)])];
  const note = here.length > offices.length ? [make("p", { class: "soft" }, say(`只列问题最多的 ${offices.length} 个单位，共 ${here.length} 个。`, `The ${offices.length} offices with most findings of ${here.length}.`))] : [];
  byId("heat").replaceChildren(scrolling(say("单位与规则", "Offices and rules"), make("table", {}, headings(names), make("tbody", {}, rows))), ...note);
}

function choice(id, label, value, options, change) {
  const select = make("select", { id: id, on: { change: (e) => change(e.target.value) } }, options.map(([id, text]) => make("option", { value: id, selected: id === value }, text)));
  return make("label", {}, label, " ", select);
}
function search(id, label, value, change) {
  const input = make("input", { type: "search", value: value, id: id, on: { input: (e) => change(e.target.value) } });
  return make("label", {}, label, " ", input);
}
// Whether one of the texts holds what is looked for, given in lower case.
const holds = (wanted, ...texts) => !wanted || texts.some((text) => text && text.toLowerCase().includes(wanted));
// A list that shows its first rows and more on demand. Its bar stays while its language does, so that
// whoever types a word, by an input method too, is not disturbed.
function list(id, bar, names, rows, row, label, empty) {
  const target = byId(id);
  if (target.lang !== document.documentElement.lang) {
    target.lang = document.documentElement.lang;
    target.replaceChildren(bar(), make("p", { class: "soft", role: "status" }), make("div"));
  }
  const [, status, body] = target.children;
  const cells = make("tbody");
  let next = 0;
  const more = make("button", { type: "button", class: "more", on: { click: () => add() } });
  const add = () => {
    const to = Math.min(next + (next ? STEP : FIRST), rows.length);
    cells.append(...rows.slice(next, to).map(row));
    next = to;
    status.textContent = !rows.length ? empty : next < rows.length ? say(`${rows.length} 行，显示前 ${next} 行`, `${rows.length} rows, the first ${next} shown`) : say(`${rows.length} 行`, `${rows.length} rows`);
    more.textContent = say(`再显示 ${Math.min(STEP, rows.length - next)} 行`, `Show ${Math.min(STEP, rows.length - next)} more`);
    more.hidden = next >= rows.length;
  };
  add();
  const focused = body.contains(document.activeElement) ? document.activeElement.id : "";
  body.replaceChildren(...(rows.length ? [scrolling(label, make("table", {}, names, cells)), more] : []));
  if (focused && byId(focused)) byId(focused).focus();
}

function showOffices() {
  const wanted = state.office.trim().toLowerCase();
  const rows = officesHere().filter((o) => (!state.status || o.status === state.status) && holds(wanted, o.districtName + o.name, o.code, o.file));
  const [by, direction] = state.sort;
  const key = (o) => (by === "name" ? o.districtName + o.name : by === "status" ? o.status : typeof by === "number" ? (o.values.get(by) ?? -1) : o[by] ?? "");
  rows.sort((a, b) => { const x = key(a), y = key(b); return direction * (x < y ? -1 : x > y ? 1 : 0) || a.index - b.index; });
  const head = (id, text, n) => make("th", { scope: "col", class: n ? "n" : null, "aria-sort": by === id ? (direction > 0 ? "ascending" : "descending") : "none" },
    make("button", { type: "button", id: "sort-" + id, on: { click: () => { state.sort = [id, by === id ? -direction : (n ? -1 : 1)]; showOffices(); } } }, text + (by === id ? (direction > 0 ? " ▲" : " ▼") : "")));
  const items = data.officeItems;
  const names = make("thead", {}, make("tr", {}, head("name", say("单位", "Office")), head("status", say("报告", "Report")), head("errors", say("错误", "Errors"), true), head("warnings", say("警告", "Warnings"), true), items.map((item) => head(item, itemName(data.items[item]), true))));
  const row = (o) => make("tr", {}, make("td", { class: "who" }, o.districtName + o.name, make("div", { class: "soft from" }, o.file || "")), make("td", { class: "short" + (o.status === "missing" || o.status === "unreadable" ? " error" : "") }, word(STATUS, o.status)),
    make("td", { class: "n" + (o.errors ? " error" : "") }, String(o.errors)), make("td", { class: "n" + (o.warnings ? " warning" : "") }, String(o.warnings)), items.map((item) => make("td", { class: "n" }, shown(o.values.get(item), data.items[item].unit))));
  const bar = () => make("div", { class: "bar" }, search("office-search", say("查找", "Search"), state.office, (v) => { state.office = v; showOffices(); }),
    choice("office-status", say("报告", "Report"), state.status, [["", say("全部", "all")], ...Object.keys(STATUS).map((s) => [s, word(STATUS, s)])], (v) => { state.status = v; showOffices(); }));
  list("offices", bar, names, rows, row, say("各单位", "Offices"), say("没有符合条件的单位。", "No such office."));
}

function place(found) {
  if (!found.file) return "";
  const where = found.page ? say(`第${found.page}页`, `page ${found.page}`) : found.line ? say(`第${found.line}行`, `line ${found.line}`) : "";
  return found.file + (where ? say("，", ", ") + where : "");
}
const RANK = Object.keys(SEVERITY);
function showFindings() {
  const wanted = state.text.trim().toLowerCase();
  const rows = data.findings.filter((f) => {
    const office = f.office === null ? null : data.offices[f.office];
    if (office ? !(inside(office.district) || (office.district === null && state.division === 0)) : state.division !== 0) return false;
    if ((state.severity && f.severity !== state.severity) || (state.rule && f.rule !== state.rule)) return false;
    return holds(wanted, office && office.districtName + office.name, f.zh, f.en, f.file);
  }).sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
  const rules = [...new Set(data.findings.map((f) => f.rule))];
  const bar = () => make("div", { class: "bar" }, search("finding-search", say("查找", "Search"), state.text, (v) => { state.text = v; showFindings(); }),
    choice("finding-severity", say("程度", "Severity"), state.severity, [["", say("全部", "all")], ...Object.keys(SEVERITY).map((s) => [s, word(SEVERITY, s)])], (v) => { state.severity = v; showFindings(); }),
    choice("finding-rule", say("规则", "Rule"), state.rule, [["", say("全部", "all")], ...rules.map((r) => [r, say(data.rules[r].zh, data.rules[r].en)])], (v) => { state.rule = v; showFindings(); }));
  const names = headings([[say("程度", "Severity")], [say("单位", "Office")], [say("说明", "What was found")], [say("应为", "Expected"), true], [say("实为", "Actual"), true], [say("位置", "Place")]]);
  const row = (f) => {
    const office = f.office === null ? null : data.offices[f.office];
    return make("tr", {}, make("td", { class: "short " + f.severity }, word(SEVERITY, f.severity)), make("td", { class: "who" }, office ? office.districtName + office.name : ""), make("td", { class: "said" }, say(f.zh, f.en), f.suggestion ? make("div", { class: "soft" }, say("可能的改法：", "would fit: ") + f.suggestion) : null, f.decision ? make("div", { class: "soft" }, word(DECISION, f.decision) + (f.note ? say("：", ": ") + f.note : "")) : null),
      make("td", { class: "n" }, shown(f.expected)), make("td", { class: "n" }, shown(f.actual)), make("td", { class: "from" }, place(f)));
  };
  list("findings", bar, names, rows, row, say("问题", "Findings"), say("没有问题。", "No findings."));
}

// The findings of an office by one rule.
function openFindings(name, rule) {
  Object.assign(state, { text: name, severity: "", rule: rule });
  showFindings();
  byId("finding-search").value = name;
  byId("finding-severity").value = "";
  byId("finding-rule").value = rule;
  byId("h-findings").scrollIntoView();
  byId("finding-search").focus({ preventScroll: true });
}

function showTotals() {
  const wanted = state.total.trim().toLowerCase();
  const rows = area().totals.filter((t) => holds(wanted, data.items[t[0]].zh, data.items[t[0]].en, data.items[t[0]].id));
  const names = headings([[say("指标", "Indicator")], [say("申请人", "Applicant")], [say("合计", "Total"), true], [say("单位（计量）", "Unit")], [say("有数单位", "Offices with a value"), true]]);
  const row = ([item, value, qualifier, offices]) => {
    const of = data.items[item];
    const text = (qualifier && QUALIFIER[qualifier] ? say(...QUALIFIER[qualifier]) : "") + shown(value, of.unit);
    return make("tr", {}, make("td", { class: "who" }, itemName(of)), make("td", {}, of.applicantZh ? say(of.applicantZh, of.applicantEn) : ""), make("td", { class: "n" }, numberButton(text, item)), make("td", {}, of.unit === "ratio" ? "" : of.unit), make("td", { class: "n" }, String(offices)));
  };
  const bar = () => make("div", { class: "bar" }, search("total-search", say("查找", "Search"), state.total, (v) => { state.total = v; showTotals(); }));
  list("totals", bar, names, rows, row, say("全部合计", "All totals"), say("没有符合条件的指标。", "No such indicator."));
}

function openParts(item) {
  const of = data.items[item];
  const total = totalOf(area(), item);
  const parts = officesHere().filter((o) => o.code !== null);
  const states = (o) => o.values.has(item) || (of.sumOf || []).some((i) => o.values.has(i));
  const stated = parts.filter(states);
  const value = (o) => (o.values.has(item) ? o.values.get(item) : of.sumOf.reduce((sum, i) => sum + (o.values.get(i) || 0), 0));
  stated.sort((a, b) => value(b) - value(a));
  const silent = parts.filter((o) => !states(o));
  byId("parts-title").textContent = area().name + " · " + itemName(of) + (of.applicantZh ? " · " + say(of.applicantZh, of.applicantEn) : "") + say("：", ": ") + shown(total ? total[1] : null, of.unit);
  const rows = stated.map((o) => make("tr", {}, make("td", { class: "who" }, o.districtName + o.name), make("td", { class: "n" }, shown(value(o), of.unit)), make("td", { class: "from" }, o.file || "")));
  const names = headings([[say("单位", "Office")], [say("数", "Number"), true], [say("来源文件", "Source file")]]);
  const none = silent.length ? [make("p", { class: "soft" }, say("没有填数：", "No number from: ") + silent.slice(0, 80).map((o) => o.districtName + o.name + (o.status === "missing" ? say("（缺报）", " (missing)") : "")).join(say("、", ", ")) + (silent.length > 80 ? say(` 等 ${silent.length} 个`, ` and others, ${silent.length} in all`) : ""))] : [];
  byId("parts-body").replaceChildren(scrolling(say("组成", "Parts"), make("table", {}, names, make("tbody", {}, rows))), ...none);
  byId("parts").showModal();
}

function showAll() {
  document.documentElement.lang = zh() ? "zh-CN" : "en";
  document.title = document.querySelector(`h1 .${state.lang}`).textContent;
  const button = byId("language");
  button.textContent = zh() ? "English" : "中文";
  button.lang = zh() ? "en" : "zh-CN";
  byId("division").replaceChildren(...data.divisions.map((d, i) => make("option", { value: i, selected: i === state.division }, d.name)));
  for (const show of [showReceived, showFigures, showCharts, showHeat, showOffices, showFindings, showTotals]) show();
}

data.offices.forEach((office, index) => {
  office.index = index;
  const values = new Map();
  for (let i = 0; i < office.stated.length; i += 2) values.set(office.stated[i], office.stated[i + 1]);
  for (const item of office.zeros.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))) values.set(item, 0);
  office.values = values;
});
byId("division").addEventListener("change", (event) => { state.division = Number(event.target.value); showAll(); });
byId("language").addEventListener("click", () => { state.lang = zh() ? "en" : "zh"; showAll(); });
// Paper has no button: what follows is shown, up to some thousand rows.
addEventListener("beforeprint", () => {
  for (let times = 0; times < 5; times++) for (const more of document.querySelectorAll(".more:not([hidden])")) more.click();
});
NARROW.addEventListener("change", showCharts);
byId("parts-close").addEventListener("click", () => byId("parts").close());
showAll();
