import { expect, test } from "vitest";
import { type InboundFacts, inboundQuality, outboundQuality } from "./participant-quality.ts";

const fine: InboundFacts = { kind: "video", latencyMs: 40, lostShare: 0, missingShare: 0, droppedShare: 0, queueMs: 5 };
const frozen: InboundFacts = { ...fine, lostShare: 0.3 };
const idle = { downlinkQueueMs: 10, stalledShare: 0 };

test("who comes through well is limited by nothing, and nobody is rated without tracks", () => {
  expect(inboundQuality([fine], idle)).toEqual({ score: 4.4, level: "good", limitedBy: "none" });
  expect(inboundQuality([], idle)).toBeUndefined();
  expect(outboundQuality([])).toBeUndefined();
});

test("the worst track decides", () => {
  expect(inboundQuality([fine, frozen, fine], idle)?.level).toBe("bad");
  expect(inboundQuality([fine, { ...fine, kind: "audio", lostShare: 0.1 }], idle)?.level).toBe("fair");
  expect(inboundQuality([{ ...fine, latencyMs: 600 }], idle)?.level).toBe("bad");
});

test("what limits: a machine that stands still, what was left out for us, our queue, theirs, our decoder", () => {
  const limit = (facts: Partial<InboundFacts>, own = idle) => inboundQuality([{ ...frozen, ...facts }], own)?.limitedBy;
  expect(limit({ missingShare: 0.2 }, { downlinkQueueMs: 900, stalledShare: 0.5 })).toBe("my-computer");
  expect(limit({ missingShare: 0.2 })).toBe("my-downlink");
  expect(limit({ queueMs: 300 }, { downlinkQueueMs: 300, stalledShare: 0 })).toBe("my-downlink");
  expect(limit({ queueMs: 300 })).toBe("their-uplink");
  expect(limit({ droppedShare: 0.5 })).toBe("my-computer");
  expect(limit({})).toBe("their-uplink");
});

test("our own: fewer and smaller pictures, by the reason that webrtc-stats names", () => {
  const sent = { skippedShare: 0, sizeShare: 1, qualityLimitationReason: "none" } as const;
  expect(outboundQuality([sent])).toMatchObject({ level: "good", limitedBy: "none" });
  const narrow = { skippedShare: 0.3, sizeShare: 0.5, qualityLimitationReason: "bandwidth" } as const;
  expect(outboundQuality([sent, narrow])).toMatchObject({ level: "bad", limitedBy: "my-uplink" });
  const slow = { skippedShare: 0.3, sizeShare: 1, qualityLimitationReason: "cpu" } as const;
  expect(outboundQuality([slow])).toMatchObject({ level: "fair", limitedBy: "my-computer" });
});
