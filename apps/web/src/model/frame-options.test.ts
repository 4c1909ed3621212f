import { expect, test } from "vitest";
import { readFrameOptions, splitAddress } from "./frame-options.ts";

test.each([
  ["https://a/r/x#1.S&name=Ada&join", "https://a/r/x#1.S", "name=Ada&join"],
  ["https://a/r/x?broker=ws%3A&y=1#p&theme=dark", "https://a/r/x?broker=ws%3A&y=1#p", "theme=dark"],
  ["https://a/r/x#&join", "https://a/r/x", "join"],
  ["https://a/r/x?a=1&b=2", "https://a/r/x?a=1&b=2", ""],
  ["https://a/r/x#1.S", "https://a/r/x#1.S", ""],
])("the options of %s stand behind the link", (href, link, options) => {
  expect(splitAddress(href)).toEqual({ link, options });
});

test("frame options are read, and what is not known says nothing", () => {
  expect(readFrameOptions("name=%20Ada+L%20&language=zh&theme=dark&camera=off&microphone=on&join")).toEqual({
    settings: { name: "Ada L", language: "zh", theme: "dark", cameraOn: false, microphoneOn: true },
    joins: true,
  });
  expect(readFrameOptions("name=&language=xx&theme=&keysOn=1&join=off")).toEqual({ settings: {}, joins: false });
  expect(readFrameOptions("")).toEqual({ settings: {}, joins: false });
});
