// The noise of a fan behind real speech, in the built page under the server's own policy.
import type { Page } from "playwright";
import { expect, test } from "vitest";
import { ffmpeg, made, REAL_SPEECH } from "../support/clips.ts";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { describeWith } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

/** A machine that others share compiles and starts slowly. */
const WITHIN = { timeout: 120_000 };

/** Somebody speaking in front of white noise, and pauses between. Chromium plays it over and over. */
function noisySpeech(): Promise<string> {
  const noise = ["-f", "lavfi", "-i", "anoisesrc=color=white:amplitude=0.01:sample_rate=48000:seed=7:duration=8"];
  const speech =
    "[0:a]aresample=48000,pan=mono|c0=c0,volume=1.5,apad[s];[s][1:a]amix=inputs=2:duration=shortest:normalize=0";
  return made("noisy-speech.wav", (path) =>
    ffmpeg(["-i", REAL_SPEECH, ...noise, "-filter_complex", speech, "-c:a", "pcm_s16le", "-f", "wav", path]),
  );
}

/** What stands in the page of this test. */
interface Heard {
  /** What the page opened, and what it made of sound, newest last. */
  readonly opened: { readonly track: MediaStreamTrack; readonly noiseSuppression: boolean | undefined }[];
  readonly made: MediaStreamTrack[];
}

/** Remembers the page's microphones and the tracks that it makes, before anything of it runs. */
async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard: Heard = { opened: [], made: [] };
    Object.assign(globalThis, { heard });
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      for (const track of stream.getAudioTracks())
        heard.opened.push({ track, noiseSuppression: track.getSettings().noiseSuppression });
      return stream;
    };
    const make = AudioContext.prototype.createMediaStreamDestination;
    AudioContext.prototype.createMediaStreamDestination = function (this: AudioContext) {
      const node = make.call(this);
      heard.made.push(...node.stream.getAudioTracks());
      return node;
    };
  });
}

/** In dB of full scale, of 20 ms each. */
interface Levels {
  /** Of the quietest fifth, the loudest: nobody speaks. */
  readonly pause: number;
  /** Of the loudest twentieth, the quietest. */
  readonly speech: number;
}

/** Both sides of RNNoise through one clock, twice as long as the clip. */
function bothSides(page: Page): Promise<readonly [Levels, Levels] | undefined> {
  return page.evaluate(async () => {
    const { opened, made } = (globalThis as unknown as { heard: Heard }).heard;
    const [before, after] = [opened.at(-1)?.track, made.at(-1)];
    if (!before || !after) return undefined;
    const context = new AudioContext({ sampleRate: 48_000 });
    const levels = async (track: MediaStreamTrack): Promise<Levels> => {
      const meter = new AnalyserNode(context, { fftSize: 1024 });
      context.createMediaStreamSource(new MediaStream([track])).connect(meter);
      const samples = new Float32Array(960);
      const found: number[] = [];
      while (found.length < 800) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        meter.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
        found.push(10 * Math.log10(power + 1e-12));
      }
      found.sort((a, b) => a - b);
      return { pause: found[160] ?? 0, speech: found[760] ?? 0 };
    };
    return await Promise.all([levels(before), levels(after)]);
  });
}

/** Chooses who takes the noise out, as a person does. */
async function choose(page: Page, label: string): Promise<void> {
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByLabel("Noise in my microphone").selectOption(label);
}

const opened = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { heard: Heard }).heard.opened.map((one) => one.noiseSuppression));

describeWith(["Chromium", "ffmpeg", "the sample clips"], "noise in the microphone", () => {
  async function inMeeting(use: (page: Page, link: string) => Promise<void>): Promise<void> {
    const microphone = await noisySpeech();
    await using server = await startServer();
    const browser = await launchChromium({ args: [`--use-file-for-fake-audio-capture=${microphone}`] });
    try {
      const page = await (await browser.newContext()).newPage();
      await listenIn(page);
      await joinMeeting(page, { link: server.link, name: "Ada" });
      await use(page, server.link);
    } finally {
      await browser.close();
    }
  }

  test("is gone from the pauses, and the voice stays as loud as it was", async () => {
    await inMeeting(async (page) => {
      await choose(page, "Much less of it, by RNNoise");
      const made = () => page.evaluate(() => (globalThis as unknown as { heard: Heard }).heard.made.length);
      await expect.poll(made, WITHIN).toBe(1);
      expect((await opened(page)).at(-1)).toBe(false);
      const [before, after] = (await bothSides(page)) ?? [];
      if (!before || !after) throw new Error("Nothing is heard.");
      expect(before.speech - before.pause).toBeGreaterThan(10);
      expect(before.pause - after.pause).toBeGreaterThan(10);
      expect(Math.abs(before.speech - after.speech)).toBeLessThan(3);
    });
  });

  test("is left to the browser where RNNoise does not come, and the page says so", async () => {
    await inMeeting(async (page) => {
      await page.context().route(/rnnoise.*\.wasm$/, (route) => route.abort());
      await choose(page, "Much less of it, by RNNoise");
      await page.getByText("RNNoise does not work here. The browser takes the noise out instead.").waitFor(WITHIN);
      expect((await opened(page)).slice(-2)).toEqual([false, true]);
    });
  });
});
