import { setTimeout as delay } from "node:timers/promises";
import { CleanUps } from "../../test/support/clean-ups.ts";
import { ProcessorShare } from "../../test/support/machine.ts";
import { cpuSeconds, descendants } from "../../test/support/processes.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { BenchBrowser, type BenchPage } from "./browsers.ts";
import { Lab } from "./lab.ts";
import { type MeetingFigures, meetingFiguresOf } from "./meeting-figures.ts";
import { processorSeconds } from "./observe.ts";
import type { ContenderName } from "./page/contender.ts";
import type { Order } from "./page/harness.ts";
import type { BenchFiles } from "./prepare-files.ts";
import { profilesNamed } from "./profiles.ts";
import { PAGE_URL, startService } from "./start-service.ts";

/** One meeting of many through one contender. */
export interface MeetingCell extends BenchFiles {
  readonly contender: Exclude<ContenderName, "webrtc">;
  /** Each sends a camera and a microphone and watches all others. */
  readonly people: number;
  /** So many of them speak all the time; the others listen, with their microphones on. */
  readonly speaking: number;
  /** A WAV file: what those microphones hear. */
  readonly quiet: string;
  readonly seconds: number;
  readonly settleSeconds: number;
  readonly codec: "vp8" | "h264";
  readonly bitrateBps: number;
}

/** Five tiles of 320 × 180 in two rows. */
const WINDOW = { width: 960, height: 360 };

/** Everybody in one browser, each with a page and a process of its own, beside the server: two cores carry no six browsers. */
export async function runMeeting(cell: MeetingCell): Promise<MeetingFigures> {
  await using cleanUps = new CleanUps();
  const { contender, bitrateBps, people, output } = cell;
  const folder = cleanUps.use(temporaryFolder());
  const [profile] = profilesNamed(["P0"]);
  if (profile === undefined) throw new Error("There is no P0.");
  const lab = cleanUps.use(await Lab.open({ profile, on: "uplink", hubCongestion: "cubic", seed: 1 }));
  const { hub } = lab;
  const { address, pid } = cleanUps.use(await startService(contender, { hub, folder: folder.path, bitrateBps }));
  const browser = cleanUps.use(
    await BenchBrowser.open({ namespace: hub, folder: folder.path, url: PAGE_URL, output, viewport: WINDOW }),
  );
  const pages: BenchPage[] = [];
  while (pages.length < people) pages.push(await browser.openPage());
  await meet(pages, { cell, address });
  await delay(cell.settleSeconds * 1000);
  const share = new ProcessorShare();
  const before = await moment({ pages, lab, server: pid });
  await delay(cell.seconds * 1000);
  const after = await moment({ pages, lab, server: pid });
  return meetingFiguresOf({ before, after, machineShare: share.value });
}

/** All come in and send; then all watch all others. */
async function meet(
  pages: readonly BenchPage[],
  { cell, address }: { cell: MeetingCell; address: string },
): Promise<void> {
  const { contender, codec, bitrateBps, fps, beepHz, clip } = cell;
  const { widthPx, heightPx } = clip;
  const order: Order = { contender, address, codec, bitrateBps, widthPx, heightPx, fps, beepHz };
  for (const [i, { page }] of pages.entries()) {
    await page.setInputFiles("input", [clip.path, i < cell.speaking ? cell.sound : cell.quiet]);
  }
  for (const page of pages) await page.do("join", order);
  await Promise.all(pages.map((page) => page.do("watchOthers", pages.length - 1)));
}

async function moment({
  pages,
  lab,
  server,
}: {
  readonly pages: readonly BenchPage[];
  readonly lab: Lab;
  readonly server: number | undefined;
}) {
  const looks = await Promise.all(pages.map((page) => page.do("meetingLook")));
  const ofServer = server === undefined ? [] : descendants(server);
  return {
    looks,
    atMs: performance.now(),
    cpuSeconds: processorSeconds(lab),
    serverCpuSeconds: ofServer.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
  };
}
