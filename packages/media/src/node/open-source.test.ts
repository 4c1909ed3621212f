import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { PcmBlock } from "../codec.ts";
import { findFfmpeg } from "./ffmpeg/ffmpeg-backend.ts";
import type { MediaClock } from "./media-clock.ts";
import type { NodeBackend } from "./node-backend.ts";
import { type OpenSourceOptions, openSource } from "./open-source.ts";
import { packPlanes } from "./pack-planes.ts";

const CLIP = "/usr/share/forensics-samples/original-files/movie2/movie-hello.mp4";
const START_MS = 1_760_000_000_000;

/** Time that passes only while all `tracks` of a source wait, and then at once: decoding takes no time at all. */
function virtualClock(tracks: number): MediaClock {
  let nowMs = START_MS;
  let waiting: { readonly untilMs: number; readonly resolve: () => void }[] = [];
  const advance = () => {
    const untilMs = Math.min(...waiting.map((sleeper) => sleeper.untilMs));
    nowMs = Math.max(nowMs, untilMs);
    const due = waiting.filter((sleeper) => sleeper.untilMs <= nowMs);
    waiting = waiting.filter((sleeper) => sleeper.untilMs > nowMs);
    for (const { resolve } of due) resolve();
  };
  return {
    nowMs: () => nowMs,
    sleep(ms, { signal }) {
      return new Promise((resolve, reject) => {
        const aborted = () => reject(signal.reason);
        signal.addEventListener("abort", aborted, { once: true });
        const wake = () => {
          signal.removeEventListener("abort", aborted);
          resolve();
        };
        waiting.push({ untilMs: nowMs + ms, resolve: wake });
        if (waiting.length >= tracks) setImmediate(advance);
      });
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-source-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Seen {
  readonly timestamp: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly luma: number;
}

/** Plays a source until `pictures` have come or it has ended. */
async function play(spec: string, options: Partial<OpenSourceOptions> & { pictures?: number }) {
  const { pictures = Number.POSITIVE_INFINITY, ...rest } = options;
  const clock = virtualClock(rest.audio ? 2 : 1);
  const source = await openSource(spec, { widthPx: 1280, heightPx: 720, frameRate: 30, clock, ...rest });
  const seen: Seen[] = [];
  const blocks: PcmBlock[] = [];
  let enough = () => {};
  const done = new Promise<void>((resolve) => {
    enough = resolve;
  });
  if (source.audio) source.audio.onBlock = (block) => void blocks.push(block);
  if (source.video) {
    source.video.onPicture = (picture) => {
      const luma = packPlanes(picture)[0] ?? 0;
      seen.push({ timestamp: picture.timestamp, widthPx: picture.displayWidth, heightPx: picture.displayHeight, luma });
      picture.close();
      if (seen.length >= pictures) enough();
    };
  }
  await Promise.race([source.ended, done]);
  await source.close();
  await source.close();
  return { source, seen, blocks };
}

const intervals = (values: readonly number[]) => values.slice(1).map((value, i) => value - (values[i] ?? 0));

function describeSources(prefer: NodeBackend["name"]): void {
  describe(`the sources of ${prefer}`, { timeout: 60_000 }, () => {
    test("the test picture moves at the wanted size and rate, with a beep each second", async () => {
      const { seen, blocks, source } = await play("test", {
        prefer,
        widthPx: 640,
        heightPx: 360,
        frameRate: 25,
        audio: true,
        pictures: 60,
      });
      expect(source.video).toMatchObject({ widthPx: 640, heightPx: 360, frameRate: 25 });
      expect(seen[0]).toMatchObject({ widthPx: 640, heightPx: 360 });
      for (const us of intervals(seen.map(({ timestamp }) => timestamp))) expect(us).toBeCloseTo(40_000, -2);
      expect(seen[0]?.timestamp).toBeGreaterThanOrEqual(START_MS * 1000);
      const loud = blocks.map(({ samples }) => samples.some((sample) => Math.abs(sample) > 0.2));
      expect(loud.slice(0, 5)).toEqual([true, true, true, true, true]);
      expect(loud.slice(6, 50)).not.toContain(true);
      expect(loud[51]).toBe(true);
      expect(blocks[0]).toMatchObject({ sampleRate: 48_000, channels: source.audio?.channels });
      expect(blocks.every(({ samples, channels }) => samples.length === 960 * channels)).toBe(true);
    });

    test("pictures above the wanted rate are left out evenly, larger ones scaled down", async () => {
      const { seen } = await play("test", { prefer, frameRate: 10, widthPx: 322, heightPx: 200, pictures: 12 });
      for (const us of intervals(seen.map(({ timestamp }) => timestamp))) expect(us).toBeCloseTo(100_000, -3);
      expect(seen[0]).toMatchObject({ widthPx: 322, heightPx: 200 });
    });

    test("a file that is no video, a missing one and a folder are told in one sentence", async () => {
      const text = join(folder, "notes.mp4");
      writeFileSync(text, "These are only words.\n".repeat(200));
      const options = { widthPx: 640, heightPx: 360, frameRate: 30, prefer };
      await expect(openSource(text, options)).rejects.toMatchObject({
        code: "source-unreadable",
        message: "The file notes.mp4 is no video.",
      });
      await expect(openSource(join(folder, "absent.mp4"), options)).rejects.toMatchObject({
        code: "device-missing",
        message: "The file absent.mp4 does not exist.",
      });
      await expect(openSource(folder, options)).rejects.toThrow(/is a folder|is no video/);
    });

    test("a missing camera, a screen without a display and a foreign scheme are told in one sentence", async () => {
      const options = { widthPx: 640, heightPx: 360, frameRate: 30, prefer };
      await expect(openSource("camera:99", options)).rejects.toMatchObject({
        code: "device-missing",
        message: "The camera /dev/video99 does not exist.",
      });
      await expect(openSource("gopher://host/x", options)).rejects.toMatchObject({ code: "source-unreadable" });
      await expect(openSource("rtsp://127.0.0.1:9/x", options)).rejects.toMatchObject({ code: "source-unreadable" });
    });

    test("an aborted signal ends a source that runs", async () => {
      const controller = new AbortController();
      const source = await openSource("test", {
        widthPx: 320,
        heightPx: 180,
        frameRate: 30,
        clock: virtualClock(1),
        prefer,
        signal: controller.signal,
      });
      if (source.video) {
        source.video.onPicture = (picture) => {
          picture.close();
          controller.abort();
        };
      }
      await source.ended;
    });

    const present = existsSync(CLIP) || process.env["MQTT_MEET_REQUIRE_ALL"] === "1";
    describe.skipIf(!present)("a real clip (forensics-samples-files)", () => {
      test("plays all its pictures once, at their times, and ends", async () => {
        const { seen } = await play(CLIP, { prefer });
        expect(seen).toHaveLength(249);
        expect(seen[0]).toMatchObject({ widthPx: 1280, heightPx: 720 });
        expect(((seen.at(-1)?.timestamp ?? 0) - (seen[0]?.timestamp ?? 0)) / 1e6).toBeCloseTo(8.26, 1);
      });

      test("plays picture and sound in step", async () => {
        const { seen, blocks } = await play(CLIP, { prefer, audio: true, pictures: 240 });
        expect(blocks[0]).toMatchObject({ channels: 2, sampleRate: 48_000 });
        expect(Math.abs((blocks[0]?.timestampUs ?? 0) - (seen[0]?.timestamp ?? 0))).toBeLessThan(60_000);
        expect(Math.abs((blocks.at(-1)?.timestampUs ?? 0) - (seen.at(-1)?.timestamp ?? 0))).toBeLessThan(60_000);
        for (const us of intervals(blocks.map(({ timestampUs }) => timestampUs))) expect(us).toBeCloseTo(20_000, -2);
      });

      test("begins again without a gap when it loops", async () => {
        const { seen } = await play(CLIP, { prefer, loop: true, pictures: 400, widthPx: 320, heightPx: 180 });
        expect(seen[0]).toMatchObject({ widthPx: 320, heightPx: 180 });
        const gaps = intervals(seen.map(({ timestamp }) => timestamp));
        expect(Math.max(...gaps)).toBeLessThan(130_000);
        expect(Math.min(...gaps)).toBeGreaterThan(0);
      });
    });
  });
}

describeSources("node-av");

if ((await findFfmpeg()) || process.env["MQTT_MEET_REQUIRE_ALL"] === "1") describeSources("ffmpeg");
else test.skip("the sources of ffmpeg: the program is not installed", () => {});
