import { readdirSync, readFileSync } from "node:fs";
import { WireTraceRecorder } from "@mqtt-meet/media";
import { writePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { quantile } from "../support/statistics.ts";
import { freezesWith, type WholeFrame } from "./least-freezes.ts";
import { readTrace } from "./read-trace.ts";
import { type Replayed, type ReplayedSecond, replayTrace } from "./replay-trace.ts";

/** What pictures are held back beyond 19 of 20 (PICTURE_DELAY): its margin, half a bucket of its histogram, and a tick of the replay. */
const MARGIN_MS = 15;
/** The most that pictures are ever held back for late ones (PICTURE_DELAY). */
const MOST_PATIENT_MS = 400;
/** How far pictures may be ahead of their sound (PlayoutClock). */
const PICTURE_LEAD_MS = 90;

const folder = new URL("./traces/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(".jsonl", ""));
const replays = new Map<string, Promise<Replayed>>();

/** What becomes of a recorded trace, which is always the same. */
function replayOf(name: string): Promise<Replayed> {
  const replay = replays.get(name) ?? replayTrace(readTrace(readFileSync(new URL(`${name}.jsonl`, folder), "utf8")));
  replays.set(name, replay);
  return replay;
}

/** The frames of the one camera of a trace. */
function framesOf({ frames }: Replayed): readonly WholeFrame[] {
  const [only = []] = frames.values();
  return only;
}

/** The medians of the seconds, of which there are some. */
function medians(seconds: readonly ReplayedSecond[], kind: "pictureMs" | "soundMs"): readonly number[] {
  return seconds.flatMap((second) => second[kind]?.p50 ?? []);
}

test.each(names)(
  "pictures of the line %s stand still less than if each were shown as it comes, and wait no longer than 19 of 20, or their sound, need",
  async (name) => {
    const replayed = await replayOf(name);
    const frames = framesOf(replayed);
    expect(frames.length).toBeGreaterThan(400);
    expect(replayed.pictures).toBeGreaterThan(0.95 * frames.length);
    const atOnce = freezesWith(frames, 0);
    expect(replayed.freezes.count).toBeLessThanOrEqual(atOnce.count);
    expect(replayed.freezes.ms).toBeLessThanOrEqual(atOnce.ms + MARGIN_MS);
    const neededMs = quantile(
      frames.map(({ atMs, capturedMs }) => atMs - capturedMs),
      0.95,
    );
    const pictureMs = quantile(medians(replayed.seconds, "pictureMs"), 0.5);
    const soundMs = quantile(medians(replayed.seconds, "soundMs"), 0.5);
    expect(pictureMs).toBeLessThanOrEqual(Math.max(neededMs, soundMs - PICTURE_LEAD_MS) + MARGIN_MS);
  },
);

test.each([
  ["60ms-1percent", 3],
  ["100ms-3percent", 6],
])("sound of the line %s is hardly concealed: less than %i %", async (name, percent) => {
  const { concealedShare, seconds } = await replayOf(name);
  expect(100 * concealedShare).toBeLessThan(percent);
  expect(medians(seconds, "soundMs").length).toBeGreaterThan(20);
});

test("after a cut of one second nothing stands still that did not have to, and the delays come down to what they were", async () => {
  const replayed = await replayOf("cut-1s");
  const forced = freezesWith(framesOf(replayed), MOST_PATIENT_MS);
  expect(forced.count).toBeGreaterThan(0);
  expect(replayed.freezes.count).toBe(forced.count);
  const [before, after] = [replayed.seconds.slice(2, 7), replayed.seconds.slice(8)];
  const usual = { picture: Math.max(...medians(before, "pictureMs")), sound: Math.max(...medians(before, "soundMs")) };
  expect(Math.max(...medians(after, "pictureMs"))).toBeGreaterThan(5 * usual.picture);
  // What stood in the line is jumped over: from two seconds after the cut on, pictures are live.
  expect(Math.max(...medians(after.slice(3), "pictureMs"))).toBeLessThan(MOST_PATIENT_MS);
  expect(medians(after, "pictureMs").at(-1)).toBeLessThanOrEqual(usual.picture + MARGIN_MS);
  // Sound is drawn in more slowly, so that nobody hears it.
  const sound = medians(after, "soundMs");
  expect(sound.at(-1)).toBeLessThan(Math.max(...sound));
  expect(sound.at(-1)).toBeLessThanOrEqual(usual.sound + 100);
});

/** 25 pictures a second of 4 kB for 30 s, which wait for `queueMs` on the viewer's own line. */
function congested(queueMs: (atMs: number) => number): string {
  let text = "";
  const recorder = new WireTraceRecorder({
    write: (lines) => {
      text += lines;
    },
  });
  const flags = {
    encrypted: false,
    discardable: false,
    rootKeyed: false,
    will: false,
    lastFragment: true,
    fragment: 0,
  };
  for (let frame = 0; frame < 750; frame++) {
    const capturedMs = frame * 40;
    const arrivesMs = capturedMs + 20 + queueMs(capturedMs);
    const header = { ...flags, keyFrame: frame === 0, frame, timestampUs: capturedMs * 1000 };
    recorder.packet("mm/1/room/peer/v/camera/0/0", writePacket(header, new Uint8Array(4_000)), arrivesMs);
    if (frame % 25 === 0) recorder.roundTrip(40 + queueMs(capturedMs), arrivesMs);
  }
  return text;
}

test("a queue on our own line is taken for a narrow one while it stands, and for none when it is gone", async () => {
  const queue = (atMs: number) => (atMs > 5_000 && atMs < 9_000 ? Math.min(400, (atMs - 5_000) / 3) : 0);
  const { seconds } = await replayTrace(readTrace(congested(queue)));
  const limits = seconds.map(({ downlinkBps }) => downlinkBps);
  expect(limits.slice(0, 5)).toEqual([null, null, null, null, null]);
  // Of 800 kbit/s.
  expect(Math.min(...limits.flatMap((each) => each ?? []))).toBeLessThan(700_000);
  expect(limits.at(-1)).toBeNull();
  const free = await replayTrace(readTrace(congested(() => 0)));
  expect(free.seconds.every(({ downlinkBps }) => downlinkBps === null)).toBe(true);
});

test("a viewer of every second picture sees all that came", async () => {
  const lines = Array.from({ length: 100 }, (_, i) =>
    JSON.stringify([66.7, 0, i === 0 ? 0 : 2, 20, 500, 0, i === 0 ? 3 : 2]),
  );
  const track = { track: 0, participant: 0, stream: 0, kind: "video", layer: 0, temporal: 0 };
  const { pictures, freezes } = await replayTrace(
    readTrace(['{"trace":1}', JSON.stringify(track), ...lines].join("\n")),
  );
  expect(pictures).toBeGreaterThan(97);
  expect(freezes.count).toBe(0);
});
