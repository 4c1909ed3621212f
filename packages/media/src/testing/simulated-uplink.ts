import { DECISION_INTERVAL_MS, RateController, type RateDecision } from "../publish/rate-controller.ts";
import type { SenderPath } from "../transport.ts";

/** A line, as the simulation sees it. */
export interface SimulatedLine {
  readonly roundTripMs: number;
  /** What it carries at a time, in bits a second; 0 while nothing moves. */
  readonly capacityBps: (atMs: number) => number;
  /** Added to the round trip of what is asked at a time. */
  readonly jitterMs?: (atMs: number) => number;
  /** The queue of others that everything waits in, at a time. */
  readonly foreignQueueMs?: (atMs: number) => number;
}

/** What is published over it, and on what. */
export interface SimulatedCamera {
  readonly durationMs: number;
  /** 100 kbit/s when left out. */
  readonly minBps?: number;
  /** 2.5 Mbit/s when left out. */
  readonly maxBps?: number;
  /** What the encoder makes at most of a bitrate at a time, in bits a second; all of it when left out. */
  readonly encodes?: (atMs: number, bitrateBps: number) => number;
  /** The whole machine stands still at a time: nothing is captured, asked, read or decided. */
  readonly stands?: (atMs: number) => boolean;
  /** Somebody watches, at a time: without, nothing is sent and nothing decided. */
  readonly watched?: (atMs: number) => boolean;
  /** What most receivers see, at a time and a bitrate. */
  readonly receivers?: (
    atMs: number,
    bitrateBps: number,
  ) => { readonly queueMs: number; readonly receivedBps: number } | undefined;
}

/** One decision of the simulation. */
export interface SimulatedMoment extends RateDecision {
  readonly atMs: number;
  /** How long what is sent now waits. */
  readonly queueMs: number;
  /** What was sent so far. */
  readonly sentBits: number;
}

const STEP_MS = 10;
const FRAME_MS = 33;
const PING_MS = 100;
const PING_BITS = 8 * 2;
const KEY_FRAME_MS = 5_000;
/** A key frame is about so many times as large as others, which are smaller for half a second after it. */
const KEY_FRAME_WEIGHT = 6;
const AFTER_KEY_FRAME_MS = 500;
const AFTER_KEY_FRAME_WEIGHT = 0.7;

interface Ping {
  readonly sentMs: number;
  readonly bits: number;
  answeredMs: number;
}

/**
 * Pictures of a camera over a line that keeps everything until it is sent, as TCP does, and the controller that sees
 * nothing of it but the answers to PINGREQ.
 */
export function simulateUplink(line: SimulatedLine, camera: SimulatedCamera): readonly SimulatedMoment[] {
  const simulation = new Simulation(line, camera);
  const moments: SimulatedMoment[] = [];
  let decisionDueMs = 0;
  for (let atMs = 0; atMs < camera.durationMs; atMs += STEP_MS) {
    simulation.carry(atMs);
    if (camera.stands?.(atMs)) continue;
    simulation.read(atMs);
    simulation.ask(atMs);
    if (camera.watched !== undefined && !camera.watched(atMs)) {
      simulation.interrupt();
      continue;
    }
    simulation.capture(atMs);
    if (atMs < decisionDueMs) continue;
    decisionDueMs = Math.max(decisionDueMs + DECISION_INTERVAL_MS, atMs); // a timer that is late fires once
    moments.push(simulation.decide(atMs));
  }
  return moments;
}

class Simulation {
  readonly #line: SimulatedLine;
  readonly #camera: SimulatedCamera;
  readonly #controller: RateController;
  readonly #asked: Ping[] = [];
  readonly #answers: { readonly atMs: number; readonly roundTripMs: number }[];
  #decision: RateDecision | undefined;
  #sentBits = 0;
  #carriedBits = 0;
  #keyFrameMs = Number.NEGATIVE_INFINITY;
  #frameDueMs = 0;
  #pingDueMs = 0;
  #earliestAnswerMs = 0;
  #delivered = { bytes: 0, atMs: 0 };

  constructor(line: SimulatedLine, camera: SimulatedCamera) {
    this.#line = line;
    this.#camera = camera;
    this.#controller = new RateController({ minBps: camera.minBps ?? 100_000, maxBps: camera.maxBps ?? 2_500_000 });
    this.#answers = [{ atMs: 0, roundTripMs: line.roundTripMs }];
  }

  capture(atMs: number): void {
    if (atMs < this.#frameDueMs || this.#decision === undefined) return;
    this.#frameDueMs = Math.max(this.#frameDueMs + FRAME_MS, atMs);
    if (this.#decision.paused) return;
    const key = atMs - this.#keyFrameMs >= KEY_FRAME_MS;
    if (key) this.#keyFrameMs = atMs;
    const { bitrateBps } = this.#decision;
    const encodedBps = Math.min(bitrateBps, this.#camera.encodes?.(atMs, bitrateBps) ?? bitrateBps);
    const after = atMs - this.#keyFrameMs < AFTER_KEY_FRAME_MS ? AFTER_KEY_FRAME_WEIGHT : 1;
    this.#sentBits += ((encodedBps * FRAME_MS) / 1000) * (key ? KEY_FRAME_WEIGHT : after);
  }

  carry(atMs: number): void {
    const { roundTripMs, jitterMs, foreignQueueMs, capacityBps } = this.#line;
    const bits = (capacityBps(atMs) * STEP_MS) / 1000;
    this.#carriedBits = Math.min(this.#sentBits, this.#carriedBits + bits);
    for (const ping of this.#asked) {
      if (ping.answeredMs < Number.POSITIVE_INFINITY || this.#carriedBits < ping.bits) continue;
      const extraMs = (jitterMs?.(ping.sentMs) ?? 0) + (foreignQueueMs?.(atMs) ?? 0);
      this.#earliestAnswerMs = Math.max(this.#earliestAnswerMs, atMs + roundTripMs + extraMs); // in order
      ping.answeredMs = this.#earliestAnswerMs;
    }
  }

  /** What a machine that stood still finds afterwards, it reads at once. */
  read(atMs: number): void {
    while (atMs >= (this.#asked[0]?.answeredMs ?? Number.POSITIVE_INFINITY)) {
      const { bits, sentMs } = this.#asked.shift() as Ping;
      this.#delivered = { bytes: bits / 8, atMs };
      this.#answers.push({ atMs, roundTripMs: atMs - sentMs });
    }
  }

  ask(atMs: number): void {
    if (atMs < this.#pingDueMs) return;
    this.#pingDueMs = Math.max(this.#pingDueMs + PING_MS, atMs);
    this.#asked.push({ sentMs: atMs, bits: this.#sentBits, answeredMs: Number.POSITIVE_INFINITY });
    this.#sentBits += PING_BITS;
  }

  interrupt(): void {
    this.#controller.interrupt();
  }

  decide(atMs: number): SimulatedMoment {
    this.#decision = this.#controller.decide({
      nowMs: atMs,
      queueAgeMs: 0,
      path: this.#path(atMs),
      receivers: this.#camera.receivers?.(atMs, this.#decision?.bitrateBps ?? 0),
      sinceKeyFrameMs: atMs - this.#keyFrameMs,
    });
    const capacityBps = Math.max(1, this.#line.capacityBps(atMs));
    const queueMs = (1000 * (this.#sentBits - this.#carriedBits)) / capacityBps;
    return { atMs, queueMs, sentBits: this.#sentBits, ...this.#decision };
  }

  #path(atMs: number): SenderPath {
    const newest = this.#answers.at(-1)?.roundTripMs ?? this.#line.roundTripMs;
    const recent = this.#answers.filter((answer) => answer.atMs > atMs - 30_000);
    return {
      roundTripMs: newest,
      minRoundTripMs: Math.min(newest, ...recent.map(({ roundTripMs }) => roundTripMs)),
      waitedMs: atMs - (this.#asked[0]?.sentMs ?? atMs),
      sentBytes: this.#sentBits / 8,
      delivered: this.#delivered,
    };
  }
}
