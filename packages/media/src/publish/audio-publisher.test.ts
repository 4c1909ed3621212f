import { parseFrameBody, parsePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { codecFailure, FakeBackend } from "../testing/fake-backend.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { AudioPublisher, type AudioPublisherOptions } from "./audio-publisher.ts";

const START_MS = 1_790_000_000_000;

async function setUp(options: Partial<AudioPublisherOptions> = {}) {
  const backend = new FakeBackend();
  const transport = new MemoryTransport();
  const errors: string[] = [];
  let nowMs = START_MS;
  const publisher = new AudioPublisher({
    backend,
    sender: transport,
    topic: "a",
    nowMs: () => nowMs,
    onError: (error) => errors.push(error.code),
    ...options,
  });
  await settle();
  return {
    ...{ backend, transport, publisher, errors },
    /** 10 ms of a level. */
    capture(level: number, blocks = 1) {
      for (let i = 0; i < blocks; i++) {
        const samples = new Float32Array(480).fill(level);
        publisher.push({ timestampUs: nowMs * 1000, sampleRate: 48_000, channels: 1, samples });
        nowMs += 10;
      }
    },
    frames() {
      return transport.sent.map(({ payload }) => {
        const { header, body } = parsePacket(payload);
        return { ...header, ...parseFrameBody(body) };
      });
    },
  };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

test("AudioPublisher sends a key frame every 20 ms with its level (P4, F4)", async () => {
  const { capture, frames, publisher } = await setUp();
  capture(0.1, 4);
  const sent = frames();
  expect(sent.map(({ timestampUs }) => timestampUs - START_MS * 1000)).toEqual([0, 20_000]);
  expect(sent.every(({ keyFrame, lastFragment, audioLevel }) => keyFrame && lastFragment && audioLevel === 20)).toBe(
    true,
  );
  expect((sent[1]?.frame ?? 0) - (sent[0]?.frame ?? 0)).toBe(1);
  expect(publisher.level).toBeCloseTo(2 / 3, 5);
});

test("AudioPublisher names the codec on the first frame and once a second (F2)", async () => {
  const { capture, frames } = await setUp();
  capture(0.1, 220);
  const named = frames().flatMap(({ codec }, i) => (codec ? [i] : []));
  expect(named).toEqual([0, 50, 100]);
});

test("AudioPublisher sends nothing while it is muted", async () => {
  const { capture, frames, publisher } = await setUp();
  capture(0.1, 3);
  publisher.setMuted(true);
  capture(0.1, 10);
  expect(frames().length).toBe(1);
  expect([publisher.muted, publisher.level]).toEqual([true, 0]);
  publisher.setMuted(false);
  capture(0.1, 2);
  const sent = frames();
  expect(sent.length).toBe(2);
  // Silence that was meant is no loss.
  expect((sent[1]?.frame ?? 0) - (sent[0]?.frame ?? 0)).toBe(1);
});

test("AudioPublisher leaves out the pauses of speech, fades into them and says so (F9)", async () => {
  const { capture, frames, publisher } = await setUp({ speech: true });
  capture(0.1, 10);
  capture(0.0005, 200);
  capture(0.1, 4);
  const sent = frames();
  const timesMs = sent.map(({ timestampUs }) => timestampUs / 1000 - START_MS);
  expect(timesMs.slice(15)).toEqual([680, 1_080, 1_480, 1_880, 2_100, 2_120]);
  expect(sent.map(({ pauseMs }) => pauseMs)).toEqual([
    ...Array(14).fill(undefined),
    ...[420, 420, 420, 420, 420],
    ...[undefined, undefined],
  ]);
  // Numbered without gaps: to whoever knows no pauses it is sound that was muted.
  expect(sent.map(({ frame }) => frame - (sent[0]?.frame ?? 0))).toEqual(sent.map((_, i) => i));
  expect(sent.slice(15, 19).every(({ audioLevel, data }) => audioLevel === 127 && data[1] === 0)).toBe(true);
  expect(publisher.statistics()).toMatchObject({ framesEncoded: 21, packetsSent: 21, framesSilent: 86 });
  const announced = sent.slice(0, -1).map(({ pauseMs = 20 }) => pauseMs);
  expect(announced.every((ms, i) => (timesMs[i + 1] ?? 0) - (timesMs[i] ?? 0) <= ms)).toBe(true);
});

test("AudioPublisher sends the silence of music, and that of a source that turns out to be music (F9)", async () => {
  const { capture, frames, publisher } = await setUp({ speech: true });
  capture(0, 100);
  publisher.setSpeech(false);
  const before = frames().length;
  capture(0, 100);
  expect([before, frames().length - before]).toEqual([12, 50]);
});

test("AudioPublisher sends silence where the encoder holds frames until others follow", async () => {
  const backend = new FakeBackend();
  backend.holdsFrames = true;
  const { capture, frames } = await setUp({ backend, speech: true });
  capture(0, 100);
  expect(frames().length).toBe(50);
});

test("AudioPublisher goes over to short frames and back in a pause, says so of every frame in it, and brings nothing back from before it (F9)", async () => {
  const affordsShortFrames = () => few;
  const { backend, capture, frames, publisher, transport } = await setUp({ speech: true, affordsShortFrames });
  let few = true;
  const delivered = { bytes: 0, atMs: START_MS };
  Object.assign(transport, {
    path: () => ({ roundTripMs: 20, minRoundTripMs: 20, sentBytes: 0, waitedMs: 0, delivered }),
  });
  const run = async (turns: number, level: number) => {
    for (let i = 0; i < turns; i++) {
      publisher.adapt();
      await settle();
      capture(level, 25);
    }
  };
  await run(8, 0.1);
  await run(16, 0.0005);
  few = false;
  await run(8, 0.0005);
  await run(4, 0.1);
  const [first, short, usual] = backend.audioEncoders;
  expect(backend.audioEncoders.map(({ encoding }) => encoding.frameDurationMs)).toEqual([20, 10, 20]);
  // What is given to an encoder first is not what was said before the pause.
  for (const encoder of [short, usual]) expect(Math.max(...(encoder?.blocks[0]?.samples ?? [1]))).toBe(0);
  const sent = frames();
  expect(sent.length).toBe([first, short, usual].reduce((sum, encoder) => sum + (encoder?.blocks.length ?? 0), 0));
  const timesMs = sent.map(({ timestampUs }) => timestampUs / 1000 - START_MS);
  const inPause = sent.filter((_, i) => (timesMs[i] ?? 0) >= 2_180 && (timesMs[i] ?? 0) < 8_000);
  expect(inPause.length).toBeGreaterThan(14);
  expect(inPause.every(({ pauseMs }) => pauseMs === 420)).toBe(true);
  expect(sent.filter(({ pauseMs }) => pauseMs !== undefined).length).toBe(inPause.length);
  const announced = sent.slice(0, -1).map(({ pauseMs = 20 }) => pauseMs);
  expect(announced.every((ms, i) => (timesMs[i + 1] ?? 0) - (timesMs[i] ?? 0) <= ms)).toBe(true);
});

test("AudioPublisher says again that there is a pause when the encoder that was to say it failed (F9)", async () => {
  const { backend, capture, frames } = await setUp({ speech: true });
  capture(0, 30);
  const before = frames().length;
  backend.audioOutputs.encoder.at(-1)?.onError(codecFailure("encoder-failed"));
  await settle();
  capture(0, 30);
  expect(
    frames()
      .slice(before)
      .map(({ pauseMs }) => pauseMs),
  ).toEqual([...Array(9).fill(undefined), 420]);
});

test("AudioPublisher drops sound that would come too late, and the receiver can tell (A8)", async () => {
  const { capture, frames, publisher, transport } = await setUp();
  capture(0.1, 2);
  transport.queueAgeMs = 301;
  capture(0.1, 2);
  transport.queueAgeMs = 0;
  capture(0.1, 2);
  const sent = frames();
  expect(sent.map(({ frame }) => frame - (sent[0]?.frame ?? 0))).toEqual([0, 2]);
  expect(publisher.statistics()).toMatchObject({ framesEncoded: 3, packetsSent: 2, packetsDropped: 1 });
});

test("AudioPublisher opens another encoder after a failure, and gives up after four", async () => {
  const { backend, capture, errors, frames } = await setUp();
  for (let i = 0; i < 3; i++) {
    backend.audioOutputs.encoder.at(-1)?.onError(codecFailure("encoder-failed"));
    await settle();
  }
  capture(0.1, 2);
  expect(frames().length).toBe(1);
  backend.audioOutputs.encoder.at(-1)?.onError(codecFailure("encoder-failed"));
  await settle();
  expect(errors).toEqual(["encoder-failed"]);
  capture(0.1, 2);
  expect(frames().length).toBe(1);
});

test("AudioPublisher says at once where there is no Opus", async () => {
  const backend = new FakeBackend();
  backend.failure = codecFailure("codec-unsupported");
  const { errors } = await setUp({ backend });
  expect(errors).toEqual(["codec-unsupported"]);
});

test("AudioPublisher changes the bitrate and closes its encoder", async () => {
  const { backend, capture, frames, publisher } = await setUp();
  publisher.setBitrate(16_000);
  expect(backend.audioEncoders[0]).toMatchObject({ bitrateBps: 16_000, closed: false });
  publisher.close();
  expect(backend.audioEncoders[0]?.closed).toBe(true);
  capture(0.1, 4);
  expect(frames()).toEqual([]);
});

test("AudioPublisher costs less while its own connection holds it up, and recovers", async () => {
  const { backend, capture, frames, publisher, transport } = await setUp();
  let roundTripMs = 20;
  const delivered = { bytes: 0, atMs: START_MS };
  const path = () => ({ roundTripMs, minRoundTripMs: 20, sentBytes: 0, waitedMs: 0, delivered });
  Object.assign(transport, { path });
  const run = async (seconds: number) => {
    for (let i = 0; i < 4 * seconds; i++) {
      publisher.adapt();
      await settle();
      capture(0.1, 25);
    }
  };
  const spacingUs = () => {
    const [before, last] = frames().slice(-2);
    return (last?.timestampUs ?? 0) - (before?.timestampUs ?? 0);
  };
  await run(5);
  expect([publisher.statistics().targetBitrate, spacingUs()]).toEqual([32_000, 20_000]);
  roundTripMs = 500;
  await run(2.5);
  expect([publisher.statistics().targetBitrate, spacingUs()]).toEqual([24_000, 40_000]);
  await run(3);
  expect([publisher.statistics().targetBitrate, spacingUs()]).toEqual([16_000, 60_000]);
  roundTripMs = 30;
  await run(11);
  expect([publisher.statistics().targetBitrate, spacingUs()]).toEqual([32_000, 20_000]);
  expect(backend.audioEncoders.map(({ closed }) => closed)).toEqual([true, true, true, true, false]);
  expect(publisher.statistics().encoderErrors).toBe(0);
});

test("AudioPublisher goes over to short frames and back in the middle of a word, and nothing of it is missing or comes twice, and to none where packets are lost", async () => {
  const { backend, capture, frames, publisher, transport } = await setUp({ affordsShortFrames: () => few });
  let [few, copies] = [true, false];
  const delivered = { bytes: 0, atMs: START_MS };
  Object.assign(transport, {
    sendsCopies: () => copies,
    path: () => ({ roundTripMs: 20, minRoundTripMs: 20, sentBytes: 0, waitedMs: 0, delivered }),
  });
  /** An odd number of blocks: a frame is begun when its length changes. */
  const run = async (turns: number) => {
    for (let i = 0; i < turns; i++) {
      publisher.adapt();
      await settle();
      capture(0.1, 25);
    }
  };
  await run(30);
  few = false;
  await run(3);
  few = true;
  copies = true;
  await run(30);
  const sent = frames();
  const starts = sent.map(({ timestampUs }) => (timestampUs - START_MS * 1000) / 1000);
  const lengths = starts.slice(1).map((startMs, i) => startMs - (starts[i] ?? 0));
  const [toShort, toUsual] = [lengths.indexOf(10), lengths.lastIndexOf(10) + 1];
  expect(toShort * 20).toBe(4_000);
  expect(lengths.slice(0, toShort).every((ms) => ms === 20)).toBe(true);
  expect(lengths.slice(toShort, toUsual).every((ms) => ms === 10)).toBe(true);
  expect(lengths.slice(toUsual).every((ms) => ms === 20)).toBe(true);
  expect(sent.map(({ frame }) => frame - (sent[0]?.frame ?? 0))).toEqual(sent.map((_, i) => i));
  expect(backend.audioEncoders.map(({ encoding }) => encoding.frameDurationMs)).toEqual([20, 10, 20]);
  expect(backend.audioEncoders.map(({ closed }) => closed)).toEqual([true, true, false]);
});
