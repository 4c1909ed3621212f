import type { OtherPublishStep, PacketCase } from "./packet-cases.ts";
import { packetBytes } from "./packet-text.ts";
import { firstPacket, isParting, meansTheSame } from "./same-meaning.ts";
import { Wire } from "./wire.ts";

/** "exact": byte for byte; "held": otherwise, as the standard allows it. */
export type Verdict = { readonly outcome: "exact" | "held" } | { readonly outcome: "failed"; readonly because: string };

/** What a server may take for an answer, or to close. */
const ANSWER_MS = 2000;

const PING = packetBytes("C0 00");
const PONG = packetBytes("D0 00");

type Expectation = "exact" | "held" | { readonly because: string };

/** Plays one case against the server on `port` of this machine. */
export async function runPacketCase(port: number, packetCase: PacketCase): Promise<Verdict> {
  const { closes, connects, level } = packetCase;
  using wire = await Wire.open(port);
  if (connects) wire.send(connectBytes(level));
  const outcomes = await play(packetCase, { wire, port });
  if (!outcomes.some(isFailure)) outcomes.push(await (closes ? expectEnd(wire) : expectAlive(wire)));
  const failure = outcomes.find(isFailure);
  if (failure) return { outcome: "failed", ...failure };
  return { outcome: outcomes.includes("held") ? "held" : "exact" };
}

/** Takes the steps up to the first failure. */
async function play(
  { level, steps, connects }: PacketCase,
  { wire, port }: { readonly wire: Wire; readonly port: number },
): Promise<Expectation[]> {
  const expected = steps.flatMap((step) => (step.type === "recv" ? [step.bytes] : []));
  const answers = new Answers(wire, { level, expected: connects ? [connackBytes(level), ...expected] : expected });
  const outcomes: Expectation[] = connects ? [await answers.next()] : [];
  for (const step of steps) {
    if (outcomes.some(isFailure)) break;
    if (step.type === "send") wire.send(step.bytes);
    else if (step.type === "external_publish") await publishElsewhere(port, step);
    else outcomes.push(await answers.next());
  }
  return outcomes;
}

function isFailure(outcome: Expectation): outcome is { readonly because: string } {
  return typeof outcome === "object";
}

function connectBytes(level: 3 | 4 | 5): Uint8Array {
  const name = level === 3 ? "s6 'MQIsdp' 03" : `s4 'MQTT' 0${level}`;
  const rest = packetBytes(`${name} 02 k60 ${level === 5 ? "v3 21 H20" : ""} s9 'test-case'`);
  return Buffer.concat([packetBytes(`10 r${rest.length}`), rest]);
}

function connackBytes(level: 3 | 4 | 5): Uint8Array {
  return packetBytes(level === 5 ? "20 r14 00 00 v11 22 H10 27 L2000000 21 H20" : "20 r2 00 00");
}

/** Compares what a server sends with what a case expects, in its order or in another that MQTT leaves free. */
class Answers {
  readonly #wire: Wire;
  readonly #level: 3 | 4 | 5;
  /** Undefined for what came before its time. */
  readonly #expected: (Uint8Array | undefined)[];

  constructor(wire: Wire, options: { readonly level: 3 | 4 | 5; readonly expected: readonly Uint8Array[] }) {
    this.#wire = wire;
    this.#level = options.level;
    this.#expected = [...options.expected];
  }

  /** Takes what the next step expects, which may be several packets. */
  async next(): Promise<Expectation> {
    const wire = this.#wire;
    const wanted = this.#expected.shift();
    if (!wanted) return "held";
    await wire.until(() => wire.waiting.length >= wanted.length || differs(wire.waiting, wanted), ANSWER_MS);
    if (wire.waiting.length >= wanted.length && !differs(wire.waiting, wanted)) {
      wire.take(wanted.length);
      return "exact";
    }
    await wire.until(() => firstPacket(wire.waiting) !== undefined, ANSWER_MS);
    return this.#takeOther(wanted);
  }

  async #takeOther(wanted: Uint8Array): Promise<Expectation> {
    const wire = this.#wire;
    const actual = firstPacket(wire.waiting);
    const first = firstPacket(wanted);
    if (actual && first && meansTheSame(actual, first, this.#level)) {
      wire.take(actual.length);
      if (first.length < wanted.length) this.#expected.unshift(wanted.subarray(first.length));
      return first.length < wanted.length ? worse("held", await this.next()) : "held";
    }
    if (actual && first && this.#takeEarly(actual, first)) {
      this.#expected.unshift(wanted);
      return worse("held", await this.next());
    }
    return { because: `instead of ${hex(wanted)} came ${describe(wire)}` };
  }

  /** A message may overtake the answers to its publisher, and they it. */
  #takeEarly(actual: Uint8Array, wanted: Uint8Array): boolean {
    if (isPublish(actual) === isPublish(wanted)) return false;
    const index = this.#expected.findIndex((later) => later && Buffer.compare(later, actual) === 0);
    if (index < 0) return false;
    this.#expected[index] = undefined;
    this.#wire.take(actual.length);
    return true;
  }
}

function isPublish(packet: Uint8Array): boolean {
  return (packet[0] as number) >> 4 === 3;
}

function worse(one: Expectation, other: Expectation): Expectation {
  return isFailure(other) ? other : one;
}

async function expectEnd(wire: Wire): Promise<Expectation> {
  await wire.until(() => false, ANSWER_MS);
  if (!wire.hasEnded) return { because: `the connection stays open, after ${describe(wire)}` };
  if (wire.waiting.length === 0) return "exact";
  const last = firstPacket(wire.waiting);
  if (last && last.length === wire.waiting.length && isParting(last)) return "held";
  return { because: `before the end came ${describe(wire)}` };
}

/** Nothing else may be waiting. */
async function expectAlive(wire: Wire): Promise<Expectation> {
  wire.send(PING);
  await wire.until(() => wire.waiting.length >= PONG.length, ANSWER_MS);
  if (Buffer.compare(wire.waiting, PONG) === 0) return "exact";
  return { because: `instead of the answer to a ping came ${describe(wire)}` };
}

/** A client of 3.1.1 publishes, ends the handshake and is gone. */
async function publishElsewhere(port: number, step: OtherPublishStep): Promise<void> {
  const { topic, qos, retain, payload } = step;
  using wire = await Wire.open(port);
  const take = async (size: number) => {
    await wire.until(() => wire.waiting.length >= size, ANSWER_MS);
    wire.take(size);
  };
  wire.send(packetBytes("10 r18 s4 'MQTT' 04 02 k60 s6 'helper'"));
  await take(4);
  const body = Buffer.concat([
    packetBytes(`s${Buffer.byteLength(topic)} '${topic}'`),
    packetBytes(qos > 0 ? "m1" : ""),
    Buffer.from(payload),
  ]);
  wire.send(Buffer.concat([Uint8Array.of(0x30 | (qos << 1) | (retain ? 1 : 0)), packetBytes(`r${body.length}`), body]));
  if (qos > 0) await take(4);
  if (qos === 2) {
    wire.send(packetBytes("62 02 m1"));
    await take(4);
  }
}

function differs(actual: Uint8Array, expected: Uint8Array): boolean {
  const size = Math.min(actual.length, expected.length);
  return Buffer.compare(actual.subarray(0, size), expected.subarray(0, size)) !== 0;
}

function describe(wire: Wire): string {
  return `${wire.waiting.length === 0 ? "nothing" : hex(wire.waiting)}${wire.hasEnded ? " and the end" : ""}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
