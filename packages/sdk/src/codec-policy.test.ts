import { expect, test } from "vitest";
import { CodecPolicy } from "./codec-policy.ts";

test("CodecPolicy leaves a codec at once that a newcomer cannot decode, and comes back to it after 10 s", () => {
  const policy = new CodecPolicy(["vp9", "h264", "vp8"]);
  expect(policy.choose([["vp9", "vp8"]], 0)).toBe("vp9");
  expect(
    policy.choose(
      [
        ["vp9", "vp8"],
        ["h264", "vp8"],
      ],
      1_000,
    ),
  ).toBe("vp8");
  expect(policy.choose([["vp9", "vp8"]], 2_000)).toBe("vp8");
  expect(policy.choose([["vp9", "vp8"]], 11_999)).toBe("vp8");
  expect(policy.choose([["vp9", "vp8"]], 12_000)).toBe("vp9");
});

test("CodecPolicy: whoever comes back in between starts the wait again", () => {
  const policy = new CodecPolicy(["vp9", "vp8"]);
  policy.choose([["vp8"]], 0);
  policy.choose([], 1_000);
  policy.choose([["vp8"]], 9_000);
  expect(policy.choose([], 10_000)).toBe("vp8");
  expect(policy.choose([], 19_999)).toBe("vp8");
  expect(policy.choose([], 20_000)).toBe("vp9");
});

test("CodecPolicy does without a codec that failed, and says when none is left", () => {
  const policy = new CodecPolicy(["vp9", "vp8"]);
  policy.choose([], 0);
  policy.exclude("vp9");
  expect(policy.choose([], 1)).toBe("vp8");
  policy.exclude("vp8");
  expect(policy.choose([], 2)).toBeUndefined();
});

test("CodecPolicy lets receivers without any video have no say", () => {
  expect(new CodecPolicy(["h264", "vp8"]).choose([[], ["h264"]], 0)).toBe("h264");
});
