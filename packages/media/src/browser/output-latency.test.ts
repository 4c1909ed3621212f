import { expect, test } from "vitest";
import { outputLatencyUs } from "./output-latency.ts";

const CHROMIUM =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

test("The latency of the loudspeaker is what the browser says", () => {
  expect(outputLatencyUs({ outputLatency: 0.042, baseLatency: 0.01 }, CHROMIUM)).toBe(42_000);
});

test("The latency of the loudspeaker is at least the audio context's", () => {
  expect(outputLatencyUs({ outputLatency: 0, baseLatency: 0.01 }, CHROMIUM)).toBe(10_000);
});

test("Firefox is not asked for the latency of the loudspeaker, which may stop the page for ever", () => {
  const context = {
    baseLatency: 0.003,
    get outputLatency(): number {
      throw new Error("Asked.");
    },
  };
  expect(outputLatencyUs(context, FIREFOX)).toBe(30_000);
});
