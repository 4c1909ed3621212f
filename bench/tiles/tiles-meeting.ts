import { setTimeout as delay } from "node:timers/promises";
import type { Browser, Page } from "playwright";
import { CleanUps } from "../../test/support/clean-ups.ts";
import { joinMeeting } from "../../test/support/join-meeting.ts";
import { launchChromium } from "../../test/support/launch-chromium.ts";
import { startServer } from "../../test/support/start-server.ts";
import type { Recording } from "../capacity/recording.ts";
import { ReplaySenders } from "../capacity/replay-senders.ts";

/** A window of a laptop. */
const WINDOW = { width: 1280, height: 800 };
/** Who watches sends nothing: measured is what the others' tiles take. */
const SETTINGS = JSON.stringify({ microphoneOn: false, cameraOn: false, language: "en" });
const LOOK_MS = 250;

/** How many tiles are to show how many more pictures, and how long that is waited for. */
export interface ExpectedPlay {
  readonly tiles: number;
  readonly pictures: number;
  readonly patienceMs: number;
}

/** An encrypted meeting of people that send one recording, and a page that watches them and sends nothing. */
export class TilesMeeting implements AsyncDisposable {
  readonly browser: Browser;
  readonly page: Page;
  readonly senders: ReplaySenders;
  readonly #cleanUps: CleanUps;

  private constructor(parts: { browser: Browser; page: Page; senders: ReplaySenders; cleanUps: CleanUps }) {
    this.browser = parts.browser;
    this.page = parts.page;
    this.senders = parts.senders;
    this.#cleanUps = parts.cleanUps;
  }

  static async open(recording: Recording, tiles: number): Promise<TilesMeeting> {
    const cleanUps = new CleanUps();
    try {
      const { link } = cleanUps.use(await startServer());
      const senders = cleanUps.use(new ReplaySenders(link, recording));
      await senders.setCount(tiles);
      const browser = await launchChromium();
      cleanUps.defer(() => browser.close());
      const context = await browser.newContext({ viewport: WINDOW, locale: "en-US" });
      await context.addInitScript((text) => localStorage.setItem("mqtt-meet.settings", text), SETTINGS);
      const page = await context.newPage();
      await joinMeeting(page, { link, name: "Viewer" });
      return new TilesMeeting({ browser, page, senders, cleanUps });
    } catch (error) {
      await cleanUps[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** How many pictures each tile has shown, by its peer. */
  async shown(): Promise<ReadonlyMap<string, number>> {
    const entries = await this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLVideoElement>("li[data-peer] video")].map((video) => {
        const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
        const { peer = "" } = video.closest<HTMLElement>("li[data-peer]")?.dataset ?? {};
        return [peer, totalVideoFrames - droppedVideoFrames] as const;
      }),
    );
    return new Map(entries);
  }

  /** Resolves when so many tiles have each shown so many more pictures. Rejects when they do not, and says what they showed. */
  async play({ tiles, pictures, patienceMs }: ExpectedPlay): Promise<void> {
    const before = await this.shown();
    for (const endMs = performance.now() + patienceMs; ; await delay(LOOK_MS)) {
      const now = await this.shown();
      const more = [...now].map(([peer, count]) => count - (before.get(peer) ?? 0));
      if (more.filter((count) => count >= pictures).length >= tiles) return;
      if (performance.now() > endMs)
        throw new Error(`Of ${tiles} tiles, these pictures were shown: ${more.join(", ")}.`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanUps[Symbol.asyncDispose]();
  }
}
