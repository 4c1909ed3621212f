import type { KeyAgreementModel } from "./key-agreement-model.ts";

/** After the last trouble: presence needs 20 s, and everybody may miss one epoch and its repetition. */
const SETTLE_MS = 45_000;
/** Agreement that lasts longer than any wait of the agreement on keys, but for those that silence begins, stays. */
const PEACE_MS = 8_000;
const LOOK_MS = 1_000;

/** Repeatable random numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Some steps of random trouble, and then peace. */
export function disturb(model: KeyAgreementModel, random: () => number): void {
  const steps = 3 + Math.floor(random() * 8);
  for (let i = 0; i < 1 + random() * 3; i++) model.join();
  for (let i = 0; i < steps; i++) {
    model.trouble = { lose: random() * 0.4, double: random() * 0.3, maxDelayMs: 20 + random() * 1_500 };
    step(model, random);
    model.run(random() * 4_000);
  }
  model.trouble = { lose: 0, double: 0.2, maxDelayMs: 100 };
  model.divide(1);
  if (model.nodes.length < 2) model.join();
  for (let settledMs = 0, peaceMs = 0; settledMs < SETTLE_MS && peaceMs < PEACE_MS; settledMs += LOOK_MS) {
    model.run(LOOK_MS);
    peaceMs = model.disagreement() === undefined ? peaceMs + LOOK_MS : 0;
  }
}

function step(model: KeyAgreementModel, random: () => number): void {
  const { nodes } = model;
  const victim = nodes[Math.floor(random() * nodes.length)];
  const kind = Math.floor(random() * 5);
  if (kind <= 1 && nodes.length < 7) model.join();
  else if (kind === 2 && victim) model.remove(victim.peer, { crash: random() < 0.5 });
  else if (kind === 3) model.divide(1 + Math.floor(random() * 3));
  else model.divide(1);
}
