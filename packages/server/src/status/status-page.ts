import { niceTop, type PlotLine, plotSvg } from "./plot.ts";
import type { StatusPoint } from "./status-history.ts";
import type { StatusWords } from "./status-words.ts";

/** What the status page shows. */
export interface StatusFacts {
  readonly version: string;
  readonly isReady: boolean;
  readonly uptimeS: number;
  readonly points: readonly StatusPoint[];
  /** How far back the plots go. */
  readonly spanMs: number;
}

interface Series {
  readonly name: string;
  readonly read: (point: StatusPoint) => number;
}

interface Figure {
  /** One or two; the second is drawn in grey. */
  readonly series: readonly [Series, Series?];
  /** A number and its unit. */
  readonly format: (value: number) => readonly [string, string];
  /** The top of the plot is not lower. */
  readonly least: number;
}

/** The page as HTML, without a word from outside but the version. */
export function statusPage(facts: StatusFacts, words: StatusWords): string {
  const { language, other, title, numbers, lost } = words;
  return `<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · mqtt-meet</title>
<link rel="stylesheet" href="status.css">
<link rel="icon" href="data:,">
<script src="status.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>
<body>
<header><h1>${title}</h1><nav><a href="metrics">${numbers}</a><a href="?lang=${other.language}" hreflang="${other.language}">${other.name}</a></nav></header>
<main>
<p id="lost" role="status" hidden>${lost}</p>
<div id="live">${liveHtml(facts, words)}</div>
</main>
</body>
</html>
`;
}

function liveHtml(facts: StatusFacts, words: StatusWords): string {
  const { version, isReady, uptimeS } = facts;
  const state = isReady ? `<span class="ready">${words.ready}</span>` : `<span class="away">${words.away}</span>`;
  const about = `<span>${words.version} ${escaped(version)}${words.running}${durationText(uptimeS, words)}</span>`;
  const figures = figuresIn(words).map((figure) => figureHtml(figure, facts, words));
  return `<p class="state">${state}${about}</p><div class="plots">${figures.join("\n")}</div>`;
}

function figuresIn(words: StatusWords): Figure[] {
  const { clients, meetings, traffic, messages, dropped, waiting, processor, memory } = words;
  const whole = (value: number) => [String(Math.round(value)), ""] as const;
  const perS = (value: number) => [value > 0 && value < 10 ? value.toFixed(1) : whole(value)[0], "/s"] as const;
  const percent = (value: number) => [(100 * value).toFixed(value < 0.1 ? 1 : 0), "%"] as const;
  return [
    {
      series: [
        { name: meetings[0], read: (point) => point.participants },
        { name: meetings[1], read: (point) => point.rooms },
      ],
      ...{ format: whole, least: 5 },
    },
    { series: [{ name: clients, read: (point) => point.connections }], format: whole, least: 5 },
    {
      series: [
        { name: traffic[0], read: (point) => point.outBps },
        { name: traffic[1], read: (point) => point.inBps },
      ],
      ...{ format: bitrateText, least: 10_000 },
    },
    {
      series: [
        { name: messages[0], read: (point) => point.messagesOutPerS },
        { name: messages[1], read: (point) => point.messagesInPerS },
      ],
      ...{ format: perS, least: 10 },
    },
    { series: [{ name: dropped, read: (point) => point.droppedPerS }], format: perS, least: 10 },
    { series: [{ name: waiting, read: (point) => point.queueAgeMs }], format: ageText, least: 100 },
    { series: [{ name: processor, read: (point) => point.cpuShare }], format: percent, least: 1 },
    { series: [{ name: memory, read: (point) => point.residentBytes / 1e6 }], format: megabytes, least: 200 },
  ];
}

function figureHtml({ series, format, least }: Figure, { points, spanMs }: StatusFacts, words: StatusWords): string {
  const present = series.filter((each) => each !== undefined);
  const last = points.at(-1);
  const highest = Math.max(0, ...present.flatMap(({ read }) => points.map(read)));
  const top = niceTop(highest, least);
  const nowMs = last?.atMs ?? 0;
  const lines = present.map(({ read }, index): PlotLine => {
    const places = points.map((point) => ({ x: 1 - (nowMs - point.atMs) / spanMs, y: read(point) }));
    return { name: index === 0 ? "first" : "second", points: places };
  });
  const values = present.map(({ name, read }) => ({ name, text: last ? format(read(last)) : ["–", ""] }));
  const spoken = values.map(({ name, text }) => `${name} ${text.join(" ")}`.trim()).join(", ");
  const label = `${spoken}; ${words.atMost} ${format(highest).join(" ").trim()}`;
  const heads = values.map(
    ({ name, text: [number, unit] }, index) =>
      `<div class="${index === 0 ? "first" : "second"}"><div class="name">${name}</div>` +
      `<div class="value">${number}${unit ? ` <span class="unit">${unit}</span>` : ""}</div></div>`,
  );
  const scale = `<span>${words.ago}</span><span>${words.now}</span>`;
  return (
    `<figure><figcaption${present.length > 1 ? ' class="pair"' : ""}>${heads.join("")}</figcaption>` +
    `<div class="top" aria-hidden="true">${format(top).join(" ").trim()}</div>${plotSvg(lines, { top, label })}<div class="scale" aria-hidden="true">${scale}</div></figure>`
  );
}

function bitrateText(bps: number): readonly [string, string] {
  if (bps >= 999_500) return [(bps / 1e6).toFixed(bps < 9_950_000 ? 1 : 0), "Mbit/s"];
  return [String(Math.round(bps / 1000)), "kbit/s"];
}

function ageText(ageMs: number): readonly [string, string] {
  return ageMs >= 1000 ? [(ageMs / 1000).toFixed(1), "s"] : [String(Math.round(ageMs)), "ms"];
}

function megabytes(value: number): readonly [string, string] {
  return [String(Math.round(value)), "MB"];
}

/** The two largest units. */
function durationText(seconds: number, { language }: StatusWords): string {
  const units = [
    { s: 86_400, en: "d", zh: "天" },
    { s: 3600, en: "h", zh: "小时" },
    { s: 60, en: "min", zh: "分钟" },
    { s: 1, en: "s", zh: "秒" },
  ];
  const first = units.findIndex(({ s }) => seconds >= s);
  const shown = units.slice(first < 0 ? units.length - 1 : first).slice(0, 2);
  const counts = shown.map((unit, index) => {
    const above = index === 0 ? seconds : seconds % (shown[0]?.s ?? 1);
    return `${Math.floor(above / unit.s)} ${unit[language]}`;
  });
  return counts.join(" ");
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
