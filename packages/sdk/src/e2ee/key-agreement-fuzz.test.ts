// T-E2EE-6: the agreement on keys as a model in random trouble. `npm run fuzz` does the same 100,000 times and more, 300 to 400 a
// second.
import { expect, test } from "vitest";
import { KeyAgreementModel } from "../testing/key-agreement-model.ts";
import { disturb, seededRandom } from "../testing/random-trouble.ts";

/** Seconds, instead of a short run. */
const FUZZ_S = Number(process.env["MQTT_MEET_FUZZ_S"] ?? 0);
const RUNS = FUZZ_S > 0 ? 100_000 : 1_000;

test(
  "everybody comes to one epoch and one secret, whatever was lost, doubled, overtaken or divided (T-E2EE-6, E6 to E8)",
  () => {
    const endMs = performance.now() + FUZZ_S * 1000;
    let ties = 0;
    let runs = 0;
    // A long run goes where no other has been; a short one is the same each time.
    const firstSeed = FUZZ_S > 0 ? Math.floor(Math.random() * 2 ** 31) : 0;
    while (runs < RUNS || performance.now() < endMs) {
      runs++;
      const seed = firstSeed + runs;
      const random = seededRandom(seed);
      const model = new KeyAgreementModel(random);
      expect(() => disturb(model, random), `seed ${seed}`).not.toThrow();
      expect(model.disagreement(), `seed ${seed}`).toBeUndefined();
      ties += model.ties;
    }
    // Without two that lead at once nothing would be said about the rule that decides between them.
    expect(ties).toBeGreaterThan(runs);
    if (FUZZ_S > 0) process.stdout.write(`${runs} runs of the model, ${ties} ties\n`);
  },
  FUZZ_S * 1000 + (FUZZ_S > 0 ? 1_800_000 : 60_000),
);
