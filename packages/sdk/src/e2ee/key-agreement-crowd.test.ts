// Many who join a meeting at once, or one behind the other: the agreement on keys as a model on a line that is slow enough for the
// next one to come before everybody has the key of the last.
import type { PeerId } from "@mqtt-meet/protocol";
import { describe, expect, test } from "vitest";
import { KeyAgreementModel } from "../testing/key-agreement-model.ts";
import { seededRandom } from "../testing/random-trouble.ts";

const LOOK_MS = 100;
const SETTLE_MS = 10_000;
/** Of a message: with its answer more than an epoch waits for its use, so that not even one is acknowledged by all in time. */
const MAX_DELAY_MS = 700;
/** A second until the epoch before is used, one until ours is, and the way of both. */
const WAIT_MS = 3_500;

/** Lets `people` join, one every `gapMs`, and says how long it took until each could open what those before it send. */
function crowd(people: number, gapMs: number) {
  const model = new KeyAgreementModel(seededRandom(people));
  model.trouble = { lose: 0, double: 0, maxDelayMs: MAX_DELAY_MS };
  model.clockSkewMs = 200;
  const beganMs = model.nowMs;
  const waiting = new Map<PeerId, { readonly sinceMs: number; readonly others: readonly PeerId[] }>();
  let [longestMs, joined] = [0, 0];
  while (model.nowMs < beganMs + people * gapMs + SETTLE_MS) {
    for (; joined < people && model.nowMs >= beganMs + joined * gapMs; joined++) {
      const others = model.nodes.map(({ peer }) => peer);
      waiting.set(model.join(), { sinceMs: model.nowMs, others });
    }
    model.run(LOOK_MS);
    for (const [peer, { sinceMs, others }] of waiting) {
      if (!model.hears(peer, others)) continue;
      waiting.delete(peer);
      longestMs = Math.max(longestMs, model.nowMs - sinceMs);
    }
  }
  return { model, longestMs: waiting.size > 0 ? Number.POSITIVE_INFINITY : longestMs };
}

describe.each([17, 25, 50])("of %i people that join", (people) => {
  test.each([0, 100, 300, 700])(
    "one every %i ms, each soon hears all, with at most one epoch each (E7, E8)",
    (gapMs) => {
      const { model, longestMs } = crowd(people, gapMs);
      expect(longestMs).toBeLessThanOrEqual(WAIT_MS);
      expect(model.counts.epochs).toBeLessThanOrEqual(people);
      // Each epoch goes to everybody, is acknowledged, may be brought again, and is announced.
      expect(model.counts.messages).toBeLessThan(model.counts.epochs * people * 5);
      expect(model.disagreement()).toBeUndefined();
    },
  );
});
