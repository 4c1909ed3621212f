// npm run bench capacity: how many people this machine carries, and how that grows. First through the embedded broker, in shapes of
// meetings with frames of real sizes; then in one browser, which shows more and more senders. The load shares the machine: what it
// takes is printed beside what it measures. --only broker|browser measures one of the two. Needs ffmpeg, the sample clips, Linux.
import { parseArgs } from "node:util";
import { writeResult } from "../support/write-result.ts";
import { HOLDS, measureBroker } from "./broker-capacity.ts";
import { type BrowserResult, measureBrowser, SHOWN_PART, SIX } from "./browser-capacity.ts";
import { recordClip } from "./recording.ts";

const { values: options } = parseArgs({ options: { only: { type: "string" } } });
const parts = ["broker", "browser"].filter((part) => (options.only ?? part) === part);
if (parts.length === 0) throw new RangeError("--only takes broker or browser.");

const recordings = { "180p": await recordClip("180p"), "360p": await recordClip("360p") };
const broker = parts.includes("broker") ? await measureBroker(recordings) : undefined;
const browser = parts.includes("browser")
  ? [
      await measureBrowser(recordings, { size: "180p", encrypted: true, search: true, senders: [SIX] }),
      await measureBrowser(recordings, { size: "360p", encrypted: true, search: true, senders: [] }),
      await measureBrowser(recordings, { size: "180p", encrypted: false, search: false, senders: [SIX] }),
    ]
  : undefined;

console.log("");
for (const { shape, people } of broker ?? []) console.log(`${String(people).padStart(5)} people: ${shape}`);
for (const { size, encrypted, senders } of browser?.slice(0, 2) ?? []) {
  console.log(`${String(senders).padStart(5)} senders at ${size} in one browser${encrypted ? "" : ", not encrypted"}`);
}
if (browser) console.log(sixWay(browser));
writeResult("capacity", { thresholds: { broker: HOLDS, browser: { shownPart: SHOWN_PART } }, broker, browser });

/** What a picture of a meeting with six others costs, with and without encryption. */
function sixWay(results: readonly BrowserResult[]): string {
  const cost = (encrypted: boolean) =>
    results
      .filter((result) => result.size === "180p" && result.encrypted === encrypted)
      .flatMap(({ cells }) => cells)
      .find(({ senders }) => senders === SIX)?.cpuMsPerShownPicture;
  const [sealed, open] = [cost(true), cost(false)];
  return `six senders at 180p: ${sealed ?? "?"} ms of processor time for each displayed picture, ${open ?? "?"} ms without encryption`;
}
