import { expect, test } from "vitest";
import { chooseCodec } from "./choose-codec.ts";

test("chooseCodec takes the first that everybody decodes (S2)", () => {
  const receivers = [["h264", "vp8", "vp9"] as const, ["vp8", "vp9", "jpeg"] as const];
  expect(chooseCodec({ encodable: ["h264", "vp8", "vp9", "jpeg"], receivers })).toBe("vp8");
  expect(chooseCodec({ encodable: ["vp9", "h264", "vp8"], receivers })).toBe("vp9");
});

test("chooseCodec takes the best of all while nobody is there", () => {
  expect(chooseCodec({ encodable: ["h264", "vp8"], receivers: [] })).toBe("h264");
});

test("chooseCodec takes JPEG last, wherever it stands", () => {
  expect(chooseCodec({ encodable: ["jpeg", "vp8"], receivers: [["jpeg", "vp8"]] })).toBe("vp8");
  expect(chooseCodec({ encodable: ["vp8", "jpeg"], receivers: [["jpeg"]] })).toBe("jpeg");
});

test("chooseCodec does not ask who decodes no video", () => {
  expect(chooseCodec({ encodable: ["h264", "vp8"], receivers: [[], ["vp8"]] })).toBe("vp8");
});

test("chooseCodec serves most where it cannot serve everybody", () => {
  const receivers = [["h264"] as const, ["vp8"] as const, ["vp8"] as const];
  expect(chooseCodec({ encodable: ["h264", "vp8"], receivers })).toBe("vp8");
});

test("chooseCodec has nothing to choose from without an encoder", () => {
  expect(chooseCodec({ encodable: [], receivers: [["vp8"]] })).toBeUndefined();
});
