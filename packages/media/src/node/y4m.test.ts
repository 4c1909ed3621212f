import fc from "fast-check";
import { expect, test } from "vitest";
import { BufferPicture } from "./buffer-picture.ts";
import { packPlanes } from "./pack-planes.ts";
import { Y4mReader, Y4mWriter } from "./y4m.ts";

function picture(seed: number, widthPx = 6, heightPx = 4): BufferPicture {
  const chroma = Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2);
  const data = Uint8Array.from({ length: widthPx * heightPx + 2 * chroma }, (_, i) => (i * 7 + seed) & 255);
  return new BufferPicture(data, { timestamp: seed, widthPx, heightPx });
}

test("Y4mWriter: one header, then a line and the planes for each picture", () => {
  const writer = new Y4mWriter({ frameRate: 30 });
  const first = writer.write(picture(1));
  expect(first.toString("latin1")).toMatch(
    /^YUV4MPEG2 W6 H4 F30000:1000 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\nFRAME\n/,
  );
  expect(writer.write(picture(2)).subarray(0, 6).toString()).toBe("FRAME\n");
  expect(writer.write(picture(2))).toHaveLength(6 + 36);
});

test("Y4mWriter: bytes that are given back are used for the next picture", () => {
  const writer = new Y4mWriter({ frameRate: 30 });
  writer.recycle(writer.write(picture(1))); // with the header: of another length, and not used again
  const bytes = writer.write(picture(2));
  writer.recycle(bytes);
  const next = writer.write(picture(9));
  expect(next).toBe(bytes);
  expect(next.subarray(6)).toEqual(Buffer.from(packPlanes(picture(9))));
});

test("Y4mWriter: later sizes are scaled to the first, flat areas stay what they are", () => {
  const writer = new Y4mWriter({ frameRate: 30 });
  writer.write(picture(1));
  const grey = new BufferPicture(new Uint8Array(64 * 48 * 1.5).fill(77), { timestamp: 0, widthPx: 64, heightPx: 48 });
  expect([...writer.write(grey).subarray(6)]).toEqual(new Array(36).fill(77));
});

test("Y4mReader: any split of the stream gives the pictures that were written", () => {
  const writer = new Y4mWriter({ frameRate: 12.5 });
  const pictures = [picture(3), picture(4), picture(5)];
  const stream = Buffer.concat(pictures.map((one) => writer.write(one)));
  const whole = new Y4mReader().push(stream);
  expect(whole).toHaveLength(3);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 12 }), (cuts) => {
      const reader = new Y4mReader();
      const edges = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
      const got = edges.slice(1).flatMap((end, i) => reader.push(stream.subarray(edges[i], end)));
      expect(got).toEqual(whole);
      expect(reader.header).toEqual({ widthPx: 6, heightPx: 4, frameRate: 12.5, fullRange: false });
    }),
  );
});

test("Y4mReader: foreign data are refused, also without a line end", () => {
  expect(() => new Y4mReader().push(Buffer.from("RIFF....AVI LIST\n"))).toThrow(RangeError);
  expect(() => new Y4mReader().push(Buffer.alloc(2_000, 65))).toThrow(RangeError);
  expect(() => new Y4mReader().push(Buffer.from("YUV4MPEG2 W6 H4 F30:1 C444\n"))).toThrow(RangeError);
});
