import { signal } from "@preact/signals";
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input } from "mediabunny";
import { afterEach, expect, test } from "vitest";
import { fakeCamera } from "../dev/fake-meeting.ts";
import { fakeParticipant } from "../dev/fake-room.ts";
import { Recording, type RecordingProblem } from "../room/recording.ts";
import { keptRecordings, openRecording, removeRecording } from "./kept-recordings.ts";
import { Recorder, type RecorderSource } from "./recorder.ts";

const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  for (const { name } of await keptRecordings()) await removeRecording(name);
});

/** A tone, as somebody's voice comes out of the speaker. */
function voice(): MediaStreamTrack {
  const context = new AudioContext();
  const output = context.createMediaStreamDestination();
  const tone = new OscillatorNode(context, { frequency: 440 });
  tone.connect(output);
  tone.start();
  closing.push(() => void context.close());
  return output.stream.getAudioTracks()[0] as MediaStreamTrack;
}

async function source(): Promise<RecorderSource> {
  const camera = await fakeCamera();
  closing.push(() => camera.stop());
  const participants = [fakeParticipant("ada", { name: "Ada" }), fakeParticipant("ben", { name: "Ben" })];
  const own = { peer: "me", name: "Me", camera: true, screen: false, microphone: true };
  return {
    room: {
      name: "test room",
      attachVideo: () => () => undefined,
      captureAudio: async () => {
        const track = voice();
        return { track, close: () => track.stop() };
      },
    },
    scene: () => ({ participants, own, undecryptable: new Set(), speaking: new Set(["ada"]) }),
    ownCamera: () => camera,
    ownScreen: () => undefined,
    ownSound: () => [],
  };
}

/** What a player would find in a file. */
async function read(file: Blob) {
  const input = new Input({ formats: ALL_FORMATS, source: new BlobSource(file) });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  if (!video || !audio) throw new Error("A track is missing.");
  const times = {
    video: await timesOf(new EncodedPacketSink(video)),
    audio: await timesOf(new EncodedPacketSink(audio)),
  };
  return { size: [video.displayWidth, video.displayHeight], ...times };
}

async function timesOf(sink: EncodedPacketSink): Promise<number[]> {
  const times: number[] = [];
  for await (const { timestamp } of sink.packets()) times.push(timestamp);
  return times;
}

test("a recording is a file with picture and sound that begin together and grow while it lasts", async () => {
  const failures: unknown[] = [];
  const recorder = await Recorder.start(await source(), { onFailure: (error) => failures.push(error) });
  await expect.poll(() => recorder.bytes, { timeout: 20_000 }).toBeGreaterThan(30_000);
  expect(await keptRecordings(), "what grows is not offered as kept").toEqual([]);
  const { file, name } = await recorder.stop();
  expect(failures).toEqual([]);
  expect(name).toMatch(/^test room \d{4}-\d\d-\d\d [\d.]+\.(mp4|webm)$/);
  const { size, video, audio } = await read(file);
  expect(size).toEqual([1280, 720]);
  expect(video.length).toBeGreaterThan(5);
  expect(video).toEqual(video.toSorted((a, b) => a - b));
  expect(new Set(video).size).toBe(video.length);
  expect(audio.length).toBeGreaterThan(20);
  expect(Math.abs(audio[0] ?? 1)).toBeLessThan(0.1);
  expect(video[0]).toBeGreaterThanOrEqual(0);
  expect(await keptRecordings(), "what was saved goes").toEqual([]);
  await expect(openRecording(name)).rejects.toThrow();
});

test("what was recorded can be read although nobody ended it, and is offered until it is deleted", async () => {
  const recorder = await Recorder.start(await source(), { onFailure: () => undefined });
  await expect.poll(() => recorder.bytes, { timeout: 20_000 }).toBeGreaterThan(60_000);
  await recorder.abandon();
  const [kept, ...others] = await keptRecordings();
  expect(others).toEqual([]);
  expect(kept?.bytes).toBeGreaterThan(60_000);
  const { video, audio } = await read(await openRecording(kept?.name ?? ""));
  expect(video.length).toBeGreaterThan(5);
  expect(audio.length).toBeGreaterThan(20);
  await removeRecording(kept?.name ?? "");
  expect(await keptRecordings()).toEqual([]);
});

test("everybody is told before the first picture is kept, and a browser that cannot record says so", async () => {
  const told: boolean[] = [];
  const problems: RecordingProblem[] = [];
  const recording = new Recording({
    room: { participants: signal([]), setRecording: (is) => told.push(is) },
    source: await source(),
    save: () => undefined,
    onProblem: (problem) => problems.push(problem),
    nowMs: Date.now,
    load: () => Promise.reject(new DOMException("No encoder.", "NotSupportedError")),
  });
  await recording.start();
  expect(told).toEqual([true, false]);
  expect(problems).toEqual(["unsupported"]);
  expect(recording.status.value).toBe("off");
});
