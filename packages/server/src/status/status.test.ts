import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { expect, test } from "vitest";
import { serverRig } from "../testing/server-rig.ts";
import { niceTop, plotSvg } from "./plot.ts";
import { StatusHistory, type StatusSample } from "./status-history.ts";
import { statusPage } from "./status-page.ts";
import { STATUS_STYLE } from "./status-style.ts";
import { EN, wordsFor, ZH } from "./status-words.ts";

const rig = serverRig();

function sample(atMs: number, change: Partial<StatusSample> = {}): StatusSample {
  return {
    ...{ atMs, connections: 0, rooms: 0, participants: 0, queueAgeMs: 0, residentBytes: 0, bytesIn: 0, bytesOut: 0 },
    ...{ messagesIn: 0, messagesOut: 0, dropped: 0, cpuS: 0, ...change },
  };
}

test("StatusHistory makes rates of counters, and forgets what is older than its span", () => {
  const history = new StatusHistory({ spanMs: 10_000 });
  history.push(sample(0));
  expect(history.points).toEqual([]);
  history.push(sample(2000, { bytesOut: 1000, cpuS: 0.5, connections: 3, dropped: 4 }));
  expect(history.points[0]).toMatchObject({ atMs: 2000, outBps: 4000, cpuShare: 0.25, connections: 3, droppedPerS: 2 });
  for (let atMs = 4000; atMs <= 60_000; atMs += 2000) history.push(sample(atMs, { bytesOut: 1000 }));
  expect(history.points.map(({ atMs }) => atMs)).toEqual([50_000, 52_000, 54_000, 56_000, 58_000, 60_000]);
  history.push(sample(60_000)); // the same moment again has no rate
  expect(history.points).toHaveLength(6);
});

test("niceTop is the next of 1, 2, 5 and 10", () => {
  expect([0, 1, 1.1, 2, 3, 6, 51, 0.3].map((value) => niceTop(value, 0.1))).toEqual([0.1, 1, 2, 2, 5, 10, 100, 0.5]);
  expect(niceTop(3, 200)).toBe(200);
});

test("plotSvg draws from left to right within its bounds, and nothing from one point", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0.5, y: 5 },
    { x: 1, y: 99 },
  ];
  const svg = plotSvg([{ name: "first", points }], { top: 10, label: "L" });
  expect(svg).toContain('class="line first" d="M0 71L150 36L300 1"');
  expect(svg).toContain('role="img" aria-label="L"');
  expect(plotSvg([{ name: "first", points: points.slice(0, 1) }], { top: 10, label: "L" })).not.toContain("line first");
});

test("statusPage says the last numbers, each plot also in words, and lets nothing from outside become HTML", () => {
  const history = new StatusHistory({ spanMs: 300_000 });
  history.push(sample(0));
  history.push(sample(1000, { connections: 42, participants: 14, rooms: 3, bytesOut: 1_250_000, queueAgeMs: 1500 }));
  const facts = { version: "<1&2>", isReady: false, uptimeS: 90_061, points: history.points, spanMs: 300_000 };
  const page = statusPage(facts, EN);
  expect(page).toContain("Version &#60;1&#38;2&#62;, running for 1 d 1 h");
  expect(page).toContain('aria-label="Participants 14, meetings 3; at most 14"');
  expect(page).toContain('aria-label="Sent 10 Mbit/s, received 0 kbit/s; at most 10 Mbit/s"');
  expect(page).toContain('aria-label="Longest wait in a queue 1.5 s; at most 1.5 s"');
  expect(page).toContain("The broker is away");
  expect(page).not.toMatch(/style=|<script>| on\w+=|NaN|undefined|Infinity/);
  expect(statusPage({ ...facts, points: [] }, ZH)).toContain(ZH.away);
  expect(statusPage({ ...facts, points: [], isReady: true }, ZH)).toContain('<html lang="zh-CN">');
});

test("the language is the one of the address, else the first of the browser's", () => {
  expect(wordsFor({ query: null, accept: "zh-CN,zh;q=0.9,en;q=0.8" })).toBe(ZH);
  expect(wordsFor({ query: null, accept: "de,zh;q=0.5" })).toBe(EN);
  expect(wordsFor({ query: "en", accept: "zh" })).toBe(EN);
  expect(Object.keys(ZH)).toEqual(Object.keys(EN));
});

test("the status page has the tokens of the meeting page", async () => {
  const theirs = await readFile(new URL("../../../../apps/web/src/styles/tokens.css", import.meta.url), "utf8");
  const tokens = (css: string) => css.replace(/\s+/g, " ").match(/--[a-z-]+: [^;{}]+;/g) ?? [];
  const known = new Set(tokens(theirs));
  const root = STATUS_STYLE.slice(0, STATUS_STYLE.indexOf("\n}"));
  expect(tokens(root).length).toBeGreaterThan(8);
  for (const token of tokens(root)) expect(known).toContain(token);
});

test("the status page is there with the metrics, under a policy that runs its own script only, and nowhere else", async () => {
  const { metricsPort, sites } = await rig.start({ metricsPort: 0 });
  const at = (path: string) => fetch(`http://127.0.0.1:${metricsPort}${path}`);
  const page = await at("/?lang=zh");
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'/,
  );
  const html = await page.text();
  expect(html).toContain(ZH.title);
  const files = [...html.matchAll(/(?:src|href)="([^"?:]+)"/g)].map(([, path]) => path);
  expect(files).toEqual(["status.css", "status.js", "metrics"]);
  for (const path of files) expect((await at(`/${path}`)).status, path).toBe(200);
  expect((await fetch(`http://127.0.0.1:${metricsPort}/`, { method: "POST" })).status).toBe(404);
  expect(await (await fetch(`${sites[0]}/`)).text()).not.toContain(EN.title);
});

test("a page that had its own name point to this machine learns nothing", async () => {
  const { metricsPort = 0 } = await rig.start({ metricsPort: 0 });
  const statusFor = (host: string) =>
    new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: metricsPort, path: "/metrics", headers: { host } });
      asked.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
      asked.end();
    });
  expect(await statusFor(`evil.example:${metricsPort}`)).toBe(403);
  expect(await statusFor("localhost.evil.example")).toBe(403);
  expect(await statusFor(`localhost:${metricsPort}`)).toBe(200);
});
