import { expect, test } from "vitest";
import { codecFailure, FakeBackend } from "../testing/fake-backend.ts";
import { publisherRig, settle } from "../testing/publisher-rig.ts";

test("VideoPublisher opens another encoder when the source changes its size, and says so (F7)", async () => {
  const { backend, capture, encoder, frames, layers } = publisherRig();
  await settle();
  capture();
  encoder().deliver();
  capture({ widthPx: 640, heightPx: 480 });
  expect(backend.videoEncoders[0]?.closed).toBe(true);
  await settle();
  capture({ widthPx: 640, heightPx: 480 });
  encoder().deliver();
  expect(layers.at(-1)).toMatchObject({ widthPx: 640, heightPx: 480 });
  expect(frames().at(-1)).toMatchObject({ keyFrame: true });
});

test("VideoPublisher scales sources down into its bounds", async () => {
  const { capture, encoder, layers } = publisherRig({ widthPx: 640, heightPx: 360 });
  await settle();
  capture({ widthPx: 1920, heightPx: 1080 });
  expect(encoder().encoding).toMatchObject({ widthPx: 640, heightPx: 360 });
  expect(layers).toEqual([]);
});

test("VideoPublisher changes the codec at a key frame, without a pause (F7)", async () => {
  const { backend, capture, encoder, frames, layers, publisher } = publisherRig();
  await settle();
  capture();
  encoder().deliver();
  publisher.setCodec("h264");
  capture();
  backend.videoEncoders[0]?.deliver();
  expect(frames().length).toBe(2);
  await settle();
  capture();
  encoder().deliver();
  expect(frames().at(-1)).toMatchObject({ keyFrame: true, codec: "h264" });
  expect(layers.map(({ codec }) => codec)).toEqual(["h264"]);
  expect(backend.videoEncoders[0]?.closed).toBe(true);
});

test("VideoPublisher replaces an encoder that fails, three times, then gives up until the codec changes", async () => {
  const { backend, capture, encoder, errors, frames, publisher } = publisherRig();
  await settle();
  for (let failures = 1; failures <= 3; failures++) {
    capture();
    encoder().output.onError(codecFailure("encoder-failed"));
    await settle();
    expect(backend.videoEncoders.length).toBe(1 + failures);
    capture();
    encoder().deliver();
    expect(frames().at(-1)?.keyFrame).toBe(true);
  }
  encoder().output.onError(codecFailure("encoder-failed"));
  await settle();
  expect(errors.map(({ code }) => code)).toEqual(["encoder-failed"]);
  expect(publisher.statistics().encoderErrors).toBe(4);
  capture();
  expect(backend.videoEncoders.length).toBe(4);
  publisher.setCodec("vp8");
  await settle();
  capture();
  encoder().deliver();
  expect(frames().at(-1)?.keyFrame).toBe(true);
});

test("VideoPublisher replaces an encoder that delivers nothing any more", async () => {
  const { backend, capture, wait } = publisherRig();
  await settle();
  for (let i = 0; i < 4; i++) capture();
  wait(5_000);
  capture();
  await settle();
  expect(backend.videoEncoders.length).toBe(2);
  expect(backend.videoEncoders[0]?.closed).toBe(true);
});

test("VideoPublisher says when there is no such encoder", async () => {
  const backend = new FakeBackend();
  backend.failure = codecFailure("codec-unsupported");
  const { errors } = publisherRig({ backend });
  await settle();
  expect(errors.map(({ code }) => code)).toEqual(["codec-unsupported"]);
});

test("VideoPublisher changes the bitrate of the open encoder and says so", async () => {
  const { encoder, layers, publisher } = publisherRig();
  publisher.setBitrate(500_000);
  await settle();
  expect(encoder().bitrateBps).toBe(500_000);
  publisher.setBitrate(300_000);
  expect(encoder().bitrateBps).toBe(300_000);
  expect(layers.map(({ bitrateBps }) => bitrateBps)).toEqual([500_000, 300_000]);
});
