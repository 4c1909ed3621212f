import { type ChatMessage, topicLevel } from "@mqtt-meet/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ChatLog } from "./chat-log.ts";
import { MAX_KEPT_MESSAGES, OwnMessages } from "./own-messages.ts";

const ada = topicLevel("ada");
const bob = topicLevel("bob");

function message(number: number, sentAtMs = number): ChatMessage {
  return { number, id: topicLevel(`m${number}`), sentAtMs, text: `text ${number}` };
}

function texts(log: ChatLog): readonly string[] {
  return log.lines.map((line) => line.message.text);
}

test("ChatLog shows a message that overtook another in the sender's order, each once", () => {
  const log = new ChatLog();
  for (const number of [1, 3, 3, 2, 1, 2, 4]) log.receive(ada, message(number), { nowMs: number, again: false });
  expect(texts(log)).toEqual(["text 1", "text 2", "text 3", "text 4"]);
});

test("ChatLog asks for a gap after a moment, again with back-off, and not once it is closed", () => {
  const log = new ChatLog();
  log.receive(ada, message(1), { nowMs: 0, again: false });
  log.receive(ada, message(4), { nowMs: 0, again: false });
  expect(log.check(299)).toEqual([]);
  expect(log.check(300)).toEqual([{ peer: ada, from: 2, to: 3 }]);
  expect(log.check(599)).toEqual([]);
  expect(log.check(600)).toEqual([{ peer: ada, from: 2, to: 3 }]);
  expect(log.check(1_199)).toEqual([]);
  expect(log.check(1_200)).toHaveLength(1);
  log.receive(ada, message(2), { nowMs: 1_300, again: true });
  log.receive(ada, message(3), { nowMs: 1_300, again: true });
  expect(log.check(100_000)).toEqual([]);
  expect(texts(log)).toEqual(["text 1", "text 2", "text 3", "text 4"]);
});

test("ChatLog notices a last message that was lost, from what the sender's state says", () => {
  const log = new ChatLog();
  log.receive(ada, message(1), { nowMs: 0, again: false });
  log.sent(ada, 2, 1_000);
  expect(log.check(1_300)).toEqual([{ peer: ada, from: 2, to: 2 }]);
});

test("ChatLog skips what the sender no longer keeps", () => {
  const log = new ChatLog();
  log.receive(ada, message(MAX_KEPT_MESSAGES + 10), { nowMs: 0, again: false });
  expect(log.check(300)).toEqual([{ peer: ada, from: 11, to: MAX_KEPT_MESSAGES + 9 }]);
  log.skipTo(ada, MAX_KEPT_MESSAGES + 10, 400);
  expect(texts(log)).toEqual([`text ${MAX_KEPT_MESSAGES + 10}`]);
  expect(log.check(100_000)).toEqual([]);
});

test("ChatLog shows what waits for a lost message when the sender leaves, or never answers", () => {
  const left = new ChatLog();
  left.receive(ada, message(2), { nowMs: 0, again: false });
  left.end(ada, { nowMs: 10, reason: "left" });
  expect(texts(left)).toEqual(["text 2"]);
  expect(left.check(100_000)).toEqual([]);

  const silent = new ChatLog();
  silent.receive(ada, message(2), { nowMs: 0, again: false });
  for (let nowMs = 0; nowMs < 30_000; nowMs += 100) silent.check(nowMs);
  expect(texts(silent)).toEqual(["text 2"]);
});

test("ChatLog asks nobody who cannot be reached, and gives nothing up meanwhile", () => {
  const log = new ChatLog();
  log.receive(ada, message(2), { nowMs: 0, again: false });
  for (let nowMs = 0; nowMs < 60_000; nowMs += 100) expect(log.check(nowMs, () => false)).toEqual([]);
  expect(texts(log)).toEqual([]);
  expect(log.check(60_000)).toEqual([{ peer: ada, from: 1, to: 1 }]);
});

test("ChatLog puts earlier messages where their senders' clocks say, never before an older one of the same sender", () => {
  const log = new ChatLog();
  log.receive(bob, message(1, 5_000), { nowMs: 5_010, again: false });
  log.receive(ada, message(1, 1_000), { nowMs: 6_000, again: true });
  log.receive(ada, message(2, 500), { nowMs: 6_000, again: true });
  log.receive(ada, message(3, 90_000), { nowMs: 6_000, again: true });
  expect(log.lines.map((line) => `${line.from} ${line.message.number}`)).toEqual(["ada 1", "ada 2", "bob 1", "ada 3"]);
});

test("ChatLog keeps room for new senders, whatever the number of those that left", () => {
  const log = new ChatLog();
  for (let i = 0; i < 1_000; i++) {
    const peer = topicLevel(`peer${i}`);
    log.receive(peer, message(1), { nowMs: i, again: false });
    log.end(peer, { nowMs: i, reason: "lost" });
  }
  expect(texts(log)).toHaveLength(1_000);
  expect(Object.keys(log.lastSeen()).length).toBeLessThanOrEqual(300);
});

test("OwnMessages keeps the last 500 and cuts them into batches that fit into a request", () => {
  const own = new OwnMessages();
  for (let i = 0; i < 600; i++) own.add({ id: topicLevel(`m${i}`), sentAtMs: i, text: "😀".repeat(2_000) });
  expect(own.oldest).toBe(101);
  const batches = own.batches(1);
  expect(batches.flat().map(({ number }) => number)).toEqual(Array.from({ length: 500 }, (_, i) => i + 101));
  for (const batch of batches) {
    expect(new TextEncoder().encode(JSON.stringify(batch)).length).toBeLessThan(32 * 1024);
  }
  expect(own.batches(599, 599).flat()).toHaveLength(1);
});

const stepArbitrary = fc.record({
  say: fc.boolean(),
  lose: fc.boolean(),
  repeat: fc.boolean(),
  overtake: fc.nat(3),
  /** Everything in flight is lost, and both ends greet each other again. */
  reconnect: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** A sender, a receiver and what is on the way between them. */
class LossyChat {
  readonly own = new OwnMessages();
  readonly log = new ChatLog();
  #nowMs = 0;
  #inFlight: { readonly message: ChatMessage; readonly again: boolean }[] = [];

  step(step: Step): void {
    this.#nowMs += 200;
    if (step.say) this.#say((step.repeat ? 2 : 1) - (step.lose ? 1 : 0), step.overtake);
    if (step.reconnect) {
      this.#inFlight = [];
      this.log.restart(this.#nowMs);
      this.#sendAgain((this.log.lastSeen()[ada] ?? 0) + 1);
    }
    for (const { from, to } of this.log.check(this.#nowMs)) this.#sendAgain(from, to);
    this.#deliver(2);
  }

  settle(): void {
    for (let i = 0; i < 40; i++) {
      this.#nowMs += 1_000;
      this.log.sent(ada, this.own.last, this.#nowMs);
      for (const { from, to } of this.log.check(this.#nowMs)) this.#sendAgain(from, to);
      this.#deliver(Number.POSITIVE_INFINITY);
    }
  }

  #say(times: number, overtake: number): void {
    const number = this.own.last + 1;
    const said = this.own.add({ id: topicLevel(`m${number}`), sentAtMs: this.#nowMs, text: `text ${number}` });
    for (let i = 0; i < times; i++) {
      this.#inFlight.splice(Math.max(0, this.#inFlight.length - overtake), 0, { message: said, again: false });
    }
  }

  #sendAgain(from: number, to?: number): void {
    for (const message of this.own.batches(from, to).flat()) this.#inFlight.push({ message, again: true });
  }

  #deliver(count: number): void {
    for (const { message, again } of this.#inFlight.splice(0, count)) {
      this.log.receive(ada, message, { nowMs: this.#nowMs, again });
    }
  }
}

test("Chat arrives completely, once and in order over a channel that loses, repeats, reorders and disconnects", () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 120 }), (steps) => {
      const chat = new LossyChat();
      for (const step of steps) chat.step(step);
      chat.settle();
      expect(texts(chat.log)).toEqual(Array.from({ length: chat.own.last }, (_, i) => `text ${i + 1}`));
    }),
    { numRuns: 300 },
  );
});
