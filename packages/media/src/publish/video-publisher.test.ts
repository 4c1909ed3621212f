import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakePicture } from "../testing/fake-backend.ts";
import { publisherRig, SIZE, START_MS, settle } from "../testing/publisher-rig.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("VideoPublisher sends what it encodes, the codec on key frames, numbers without gaps (P3, F2)", async () => {
  const { capture, encoder, frames, publisher, pictures } = publisherRig();
  await settle();
  for (let i = 0; i < 5; i++) {
    capture();
    encoder().deliver();
  }
  const sent = frames();
  expect(sent.map(({ keyFrame }) => keyFrame)).toEqual([true, false, false, false, false]);
  expect(sent.map(({ codec }) => codec)).toEqual(["vp8", undefined, undefined, undefined, undefined]);
  expect(sent.map(({ frame }) => frame - (sent[0]?.frame ?? 0))).toEqual([0, 1, 2, 3, 4]);
  expect(sent.map(({ timestampUs }) => timestampUs)).toEqual(pictures.map(({ timestamp }) => timestamp));
  expect(pictures.every(({ closed }) => closed)).toBe(true);
  expect(publisher.statistics()).toMatchObject({ framesCaptured: 5, framesEncoded: 5, framesSent: 5, packetsSent: 5 });
});

test("VideoPublisher skips pictures until the encoder is open", async () => {
  const { capture, publisher, pictures } = publisherRig();
  capture();
  expect(pictures[0]?.closed).toBe(true);
  expect(publisher.statistics()).toMatchObject({ framesSkippedEncoder: 1, qualityLimitationReason: "none" });
});

test("VideoPublisher skips pictures while the encoder is behind", async () => {
  const { capture, encoder, publisher } = publisherRig();
  await settle();
  for (let i = 0; i < 5; i++) capture();
  // The third comes when the first has been inside for 66 ms.
  expect(encoder().pendingFrames).toBe(2);
  expect(publisher.statistics()).toMatchObject({ framesSkippedEncoder: 3, qualityLimitationReason: "cpu" });
  encoder().deliver();
  capture();
  expect(encoder().pendingFrames).toBe(1);
});

test("VideoPublisher skips pictures while the oldest unsent byte is older than one and a half intervals", async () => {
  const { capture, encoder, publisher, transport, frames } = publisherRig();
  await settle();
  capture();
  encoder().deliver();
  transport.queueAgeMs = 49;
  capture();
  transport.queueAgeMs = 51;
  capture();
  encoder().deliver();
  expect(publisher.statistics()).toMatchObject({ framesSkippedConnection: 1, qualityLimitationReason: "bandwidth" });
  transport.queueAgeMs = 0;
  capture();
  encoder().deliver();
  // What was never encoded is not missed: no key frame is needed.
  expect(frames().map(({ keyFrame }) => keyFrame)).toEqual([true, false, false]);
});

test("VideoPublisher goes on with a key frame when the connection is back, and tries little until then", async () => {
  const { capture, encoder, publisher, transport, frames } = publisherRig();
  await settle();
  capture();
  encoder().deliver();
  transport.connected = false;
  for (let i = 0; i < 30; i++) {
    capture();
    encoder().deliver();
  }
  // One delta frame fails, then one key frame every 200 ms.
  expect(publisher.statistics().framesEncoded).toBeLessThanOrEqual(8);
  transport.connected = true;
  for (let i = 0; i < 10; i++) {
    capture();
    encoder().deliver();
  }
  const [, afterwards] = frames();
  expect(afterwards?.keyFrame).toBe(true);
});

test("VideoPublisher answers a request with a key frame, three in a row and then once in 500 ms (R2)", async () => {
  const { capture, encoder, frames, publisher } = publisherRig();
  await settle();
  for (let i = 0; i < 40; i++) {
    if (i > 0) publisher.requestKeyFrame();
    capture();
    encoder().deliver();
  }
  const keys = frames().filter(({ keyFrame }) => keyFrame);
  expect(keys.length).toBe(6); // at 0, 33, 133, 233, 533 and 1,033 ms
  expect(publisher.statistics().pliCount).toBe(39);
});

test("VideoPublisher cuts large frames into packets of 32 KiB", async () => {
  const { capture, encoder, transport } = publisherRig();
  await settle();
  capture();
  encoder().deliver(100_000);
  expect(transport.sent.length).toBe(4);
  expect(Math.max(...transport.sent.map(({ payload }) => payload.length))).toBe(32 * 1024);
});

test("VideoPublisher encodes nothing while it is disabled, and begins with a key frame", async () => {
  const { capture, encoder, frames, publisher, pictures } = publisherRig();
  await settle();
  capture();
  encoder().deliver();
  publisher.setEnabled(false);
  capture();
  expect(encoder().pendingFrames).toBe(0);
  expect(pictures.every(({ closed }) => closed)).toBe(true);
  publisher.setEnabled(true);
  capture();
  encoder().deliver();
  expect(frames().map(({ keyFrame }) => keyFrame)).toEqual([true, true]);
});

test("VideoPublisher sends the last picture of a screen again for who asks, and every two seconds", async () => {
  const repeat = (picture: FakePicture, timestampUs: number) =>
    new FakePicture(timestampUs, { widthPx: picture.displayWidth, heightPx: picture.displayHeight });
  const { capture, encoder, frames, publisher, wait } = publisherRig({ source: "screen", repeat }, (ms) =>
    vi.advanceTimersByTime(ms),
  );
  await settle();
  expect(encoder().encoding.content).toBe("detail");
  capture();
  encoder().deliver();
  wait(1_000);
  expect(encoder().pendingFrames).toBe(0);
  publisher.requestKeyFrame();
  wait(100);
  encoder().deliver();
  expect(frames().map(({ keyFrame }) => keyFrame)).toEqual([true, true]);
  wait(2_100);
  encoder().deliver();
  expect(frames().map(({ keyFrame }) => keyFrame)).toEqual([true, true, false]);
  publisher.close();
  wait(10_000);
  expect(frames().length).toBe(3);
});

test("VideoPublisher sends a screen that stands still without key frames that nobody asks for", async () => {
  const repeat = (picture: FakePicture, timestampUs: number) =>
    new FakePicture(timestampUs, { widthPx: picture.displayWidth, heightPx: picture.displayHeight });
  const { capture, encoder, frames, wait } = publisherRig({ source: "screen", repeat }, (ms) =>
    vi.advanceTimersByTime(ms),
  );
  await settle();
  capture();
  encoder().deliver();
  for (let i = 0; i < 10; i++) {
    wait(2_100);
    encoder().deliver();
  }
  expect(frames().map(({ keyFrame }) => keyFrame)).toEqual([true, ...Array(10).fill(false)]);
});

test("VideoPublisher keeps a shared film smooth, and what it is told to keep sharp sharp", async () => {
  const film = publisherRig({ source: "screen", content: "motion" });
  const board = publisherRig({ source: "camera", content: "detail" });
  await settle();
  expect(film.encoder().encoding.content).toBe("motion");
  expect(board.encoder().encoding.content).toBe("detail");
});

test("VideoPublisher tells how far a picture is to be turned, and never runs backwards (F3, P8)", async () => {
  const { capture, encoder, frames, publisher } = publisherRig();
  await settle();
  capture(SIZE, 90);
  encoder().deliver();
  publisher.push(new FakePicture(START_MS * 1000, SIZE));
  expect(encoder().pendingFrames).toBe(0);
  expect(frames()[0]?.rotation).toBe(90);
});

test("VideoPublisher closes whatever comes after its end", async () => {
  const { capture, encoder, frames, pictures, publisher } = publisherRig();
  await settle();
  capture();
  publisher.close();
  publisher.close();
  capture();
  expect(pictures.every(({ closed }) => closed)).toBe(true);
  expect(encoder().closed).toBe(true);
  encoder().deliver();
  expect(frames()).toEqual([]);
});

test("VideoPublisher tells an encoder less often of its bitrate that makes a key frame of each change", async () => {
  const { capture, encoder, publisher, wait } = publisherRig();
  await settle();
  const told = (bitrateBps: number) => {
    publisher.follow({ bitrateBps, paused: false });
    return encoder().bitrateBps === bitrateBps;
  };
  capture();
  encoder().deliver();
  expect(told(800_000)).toBe(true);
  wait(33);
  capture();
  for (const { timestampUs } of encoder().pending.splice(0)) {
    encoder().output.onOutput({ keyFrame: true, discardable: false, timestampUs, data: new Uint8Array(900) });
  }
  wait(1_500);
  expect(told(1_000_000)).toBe(false);
  wait(3_500);
  expect(told(1_000_000)).toBe(true);
  expect(publisher.statistics().keyFramesEncoded).toBe(2);
});

test("VideoPublisher follows its budget: bitrate at once, size where it is too little, nothing while paused", async () => {
  const { capture, encoder, backend, publisher, wait, layers } = publisherRig();
  await settle();
  capture();
  encoder().deliver();
  publisher.follow({ bitrateBps: 800_000, paused: false });
  expect(encoder().bitrateBps).toBe(800_000);
  publisher.follow({ bitrateBps: 780_000, paused: false });
  expect(encoder().bitrateBps).toBe(800_000); // not worth a change
  wait(400);
  publisher.follow({ bitrateBps: 300_000, paused: true });
  capture();
  expect(encoder().pendingFrames).toBe(0);
  expect(publisher.statistics()).toMatchObject({ framesSkippedConnection: 1, qualityLimitationReason: "bandwidth" });
  publisher.follow({ bitrateBps: 300_000, paused: false });
  capture(); // asks for a smaller encoder
  await settle();
  expect(encoder().encoding).toMatchObject({ widthPx: 640, heightPx: 360, bitrateBps: 300_000 });
  capture();
  encoder().deliver();
  expect(publisher.statistics()).toMatchObject({ frameHeight: 360, targetBitrate: 300_000, framesSent: 2 });
  // The catalog says how the layer is when nothing limits it.
  expect(layers.every(({ heightPx, bitrateBps }) => heightPx === 720 && bitrateBps === 1_000_000)).toBe(true);
  wait(1_000);
  publisher.follow({ bitrateBps: 1_000_000, paused: false });
  expect(encoder().bitrateBps).toBe(1_000_000);
  expect(backend.videoEncoders.length).toBe(2);
});
