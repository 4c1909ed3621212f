import fc from "fast-check";
import { expect, test } from "vitest";
import { IvfSplitter, ivfFrameHeader, ivfHeader } from "./ivf.ts";
import { MultipartSplitter } from "./multipart.ts";
import { OggOpusSplitter, OggOpusWriter } from "./ogg.ts";

const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 700 }), { minLength: 1, maxLength: 6 });
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

/** Gives a splitter the stream in pieces, and compares what comes out with what went in. */
function expectAnySplit(
  open: () => { push(chunk: Buffer): Buffer[] },
  join: (frames: readonly Uint8Array[]) => Buffer,
): void {
  fc.assert(
    fc.property(frames, cuts, (sent, places) => {
      const stream = join(sent);
      const edges = [0, ...places.map((place) => Math.floor(place * stream.length)).sort((a, b) => a - b)];
      const splitter = open();
      const got = [...edges, stream.length].slice(1).flatMap((end, i) => splitter.push(stream.subarray(edges[i], end)));
      expect(got.map((frame) => [...frame])).toEqual(sent.map((frame) => [...frame]));
    }),
  );
}

test("IvfSplitter: any split gives the frames", () => {
  expectAnySplit(
    () => new IvfSplitter(),
    (sent) =>
      Buffer.concat([
        ivfHeader("VP80", { widthPx: 64, heightPx: 48 }),
        ...sent.flatMap((frame, i) => [ivfFrameHeader(frame.length, i), frame]),
      ]),
  );
});

test("MultipartSplitter: any split gives the parts, also such that look like boundaries", () => {
  const part = (data: Uint8Array) =>
    Buffer.concat([
      Buffer.from(`--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${data.length}\r\n\r\n`),
      data,
      Buffer.from("\r\n"),
    ]);
  expectAnySplit(
    () => new MultipartSplitter(),
    (sent) => Buffer.concat(sent.map(part)),
  );
  const nasty = Buffer.from("\r\n--ffmpeg\r\nContent-length: 3\r\n\r\n");
  expect(new MultipartSplitter().push(Buffer.concat([part(nasty), part(nasty)]))).toEqual([nasty, nasty]);
});

test("OggOpusSplitter: any split gives the packets, also such of more than one segment", () => {
  expectAnySplit(
    () => new OggOpusSplitter(),
    (sent) => {
      const writer = new OggOpusWriter();
      return Buffer.concat([writer.header(1), ...sent.map((packet) => writer.write(packet, 960))]);
    },
  );
});

test("foreign data are refused", () => {
  const junk = Buffer.alloc(5_000, "no stream of ours");
  expect(() => new IvfSplitter().push(junk)).toThrow(RangeError);
  expect(() => new MultipartSplitter().push(junk)).toThrow(RangeError);
  expect(() => new OggOpusSplitter().push(junk)).toThrow(RangeError);
  const huge = Buffer.concat([ivfHeader("VP80", { widthPx: 1, heightPx: 1 }), ivfFrameHeader(0xffffffff, 0)]);
  expect(() => new IvfSplitter().push(huge)).toThrow(RangeError);
});
