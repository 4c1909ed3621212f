import type { SenderPath } from "../transport.ts";
import { type LineFacts, LineView } from "./line-view.ts";

/** The bounds of what a {@link RateController} decides, in bits a second for all pictures on one connection. */
export interface RateBounds {
  /** Less than this is not worth looking at. */
  readonly minBps: number;
  /** More than this makes nothing better. */
  readonly maxBps: number;
}

/** What a decision is made of. Times in milliseconds, on one clock. */
export interface RateSample {
  readonly nowMs: number;
  /** How long the oldest byte has been waiting in this program. */
  readonly queueAgeMs: number;
  readonly path: SenderPath;
  /** What most receivers see; undefined while most have nothing to complain about, or say nothing. */
  readonly receivers: { readonly queueMs: number; readonly receivedBps: number } | undefined;
  /** Since a key frame was last sent. */
  readonly sinceKeyFrameMs: number;
}

/** What becomes of the pictures until the next decision. */
export interface RateDecision {
  readonly bitrateBps: number;
  /** Nothing is to be encoded: every picture would only wait behind others. */
  readonly paused: boolean;
  /** The network keeps the bitrate below its upper bound. */
  readonly limited: boolean;
}

/** How often to decide: as often as PINGREQ is sent while pictures are. */
export const DECISION_INTERVAL_MS = 100;

/** Where a connection begins: enough for 720p; what does not carry it shows within half a second. */
const START_BPS = 1_500_000;

/** A key frame is several times as large as others; the queue behind it goes by itself. */
const KEY_FRAME_MS = 900;
const KEY_FRAME_QUEUE_MS = 300;

/** Below the first queue there is room; above the second too much waits. People notice from 150 ms on (ITU-T G.114). */
const CLEAR_MS = 60;
const HIGH_MS = 130;

/** A picture behind more than the first is not encoded, until no more than the second is left. */
const PAUSE_MS = 250;
const RESUME_MS = 150;
/** Pictures stand still no longer, as long as anything arrives; a viewer takes more for a freeze. */
const MAX_PAUSE_MS = 1_300;

/** GCC falls to 0.85 of what arrives. */
const DECREASE = 0.85;
/** One measure may be wrong, by a packet that was sent again or a machine that was busy: not all at once. */
const MAX_FALL = 0.5;
/** Nor as much for a queue that is still short. */
const MAX_SHORT_FALL = 0.75;
/** What arrives below this part of what is sent is what the line carries; above it, it is what was sent. */
const CLEARLY_LESS = 0.92;

/** So long a decrease has to show before another one, beside the round trip; to receivers, who report once a second. */
const SETTLE_MS = 600;
const RECEIVERS_SETTLE_MS = 3_000;
/** A queue that should have gone in this time and has not is somebody else's. */
const PATIENCE_MS = 1_500;

/** A queue that is gone tells what the line carried in its whole time, if it lasted no longer than this after a decrease. */
const REVISION_MS = 4_000;
const REVISED = 0.95;

/** Nothing grows for so long after a decrease, nor before so many decisions in a row saw no queue. */
const HOLD_MS = 1_000;
const CLEAR_DECISIONS = 5;

/** Growth a second. Near what was too much before, carefully; elsewhere there is much to find. */
const NEAR_GROWTH = 1.05;
const GROWTH = 1.35;
const NEAR = 0.12;
/** What was too much may be too little after this. */
const KNEE_MEMORY_MS = 12_000;
/**
 * Until then nothing grows beyond this part of what is sent, as in GCC (draft-ietf-rmcat-gcc-02, 5.5): that a line carries what no encoder made of the
 * bitrate yet is not known. Encoders that are told of more only now and then would make all of it at once.
 */
const TESTED = 1.5;
const TESTED_BPS = 10_000;

/** A queue of ours holds what is sent in so long, at least; what holds less is somebody else's, or a machine that is busy. */
const OWN_QUEUE_S = 0.08;

/** Finds the bitrate that a connection carries without a queue. Ten decisions a second; no clock, no timers. */
export class RateController {
  #bounds: RateBounds;
  readonly #view = new LineView({ intervalMs: DECISION_INTERVAL_MS });
  /**
   * What the connection is held to carry. It may be more than is wanted now: pictures that are added do not have to find it out
   * again, and begin with what a connection begins with where nothing spoke against it.
   */
  #capacityBps: number;
  #paused = false;
  #pausedSinceMs = Number.NEGATIVE_INFINITY;
  #pausableMs = Number.NEGATIVE_INFINITY;
  #fall = { atMs: Number.NEGATIVE_INFINITY, kneeBps: Number.POSITIVE_INFINITY, queueMs: 0 };
  /** Of every queue, what stays whatever we send. */
  #foreignMs = 0;
  #clearDecisions = 0;
  /** Most receivers see a queue that is not on our way. */
  #lateSinceMs: number | undefined;
  /** The most our own way waited lately: receivers see that, too. */
  #pathMs = 0;

  constructor(bounds: RateBounds) {
    this.#bounds = bounds;
    this.#capacityBps = Math.max(bounds.minBps, START_BPS);
  }

  /** Other pictures are sent. */
  setBounds(bounds: RateBounds): void {
    this.#bounds = bounds;
    this.#capacityBps = Math.max(bounds.minBps, this.#capacityBps);
  }

  /** The connection was lost, or nothing is sent: what was seen on it is over, what was learnt stays. */
  interrupt(): void {
    this.#view.reset();
    this.#paused = false;
    this.#foreignMs = 0;
    this.#clearDecisions = 0;
  }

  /** To be called every {@link DECISION_INTERVAL_MS} while pictures are sent. */
  decide(sample: RateSample): RateDecision {
    const { nowMs, path } = sample;
    this.#foreignMs = Math.min(this.#foreignMs, Math.max(0, path.roundTripMs - path.minRoundTripMs));
    const line = this.#view.look(path, { nowMs, sending: !this.#paused, ignoreMs: this.#foreignMs });
    const excused = sample.sinceKeyFrameMs <= KEY_FRAME_MS && line.waitingMs <= KEY_FRAME_QUEUE_MS;
    this.#pathMs = Math.max(line.standingMs, this.#pathMs * 0.95);
    if (!line.stalled) {
      this.#clearDecisions = line.standingMs <= CLEAR_MS && line.waitingMs <= HIGH_MS ? this.#clearDecisions + 1 : 0;
      this.#pause(line, sample);
      this.#revise(line, nowMs);
      if (line.standingMs > HIGH_MS && !excused) this.#giveWay(line, sample);
      else if (!this.#hear(sample.receivers, line, nowMs) && this.#clearDecisions >= CLEAR_DECISIONS)
        this.#grow(line, nowMs);
    }
    const limited = this.#paused || this.#bitrateBps < this.#bounds.maxBps * 0.99;
    return { bitrateBps: this.#bitrateBps, paused: this.#paused, limited };
  }

  #pause(line: LineFacts, { nowMs, queueAgeMs }: RateSample): void {
    const waitingMs = Math.max(line.waitingMs, queueAgeMs);
    if (!this.#paused) {
      if (waitingMs <= PAUSE_MS || nowMs < this.#pausableMs) return;
      this.#paused = true;
      this.#pausedSinceMs = nowMs;
    } else if (waitingMs <= RESUME_MS) this.#paused = false;
    else if (nowMs - this.#pausedSinceMs >= MAX_PAUSE_MS && line.waitingMs < MAX_PAUSE_MS) {
      this.#paused = false;
      this.#pausableMs = nowMs + RESUME_MS;
    }
  }

  #giveWay(line: LineFacts, { nowMs, path }: RateSample): void {
    const sinceMs = nowMs - this.#fall.atMs;
    const { carriedBps, standingMs, sentBps } = line;
    const ours = 8 * line.inFlightBytes >= OWN_QUEUE_S * Math.min(this.#bitrateBps, 2 * sentBps);
    if (!ours) this.#foreignMs += standingMs;
    else if (carriedBps !== undefined && carriedBps < CLEARLY_LESS * sentBps) {
      if (sinceMs >= SETTLE_MS + path.minRoundTripMs) this.#fallTo(carriedBps, line, nowMs);
    } else if (sinceMs >= PATIENCE_MS + path.minRoundTripMs) {
      const stays = sinceMs < 2 * PATIENCE_MS && standingMs >= 0.8 * this.#fall.queueMs;
      if (stays) this.#foreignMs += standingMs;
      else this.#fallTo(Math.min(sentBps, this.#bitrateBps), line, nowMs);
    }
  }

  /** Returns whether receivers have something to say. */
  #hear(receivers: RateSample["receivers"], line: LineFacts, nowMs: number): boolean {
    const late = receivers !== undefined && receivers.queueMs - this.#pathMs > HIGH_MS;
    this.#lateSinceMs = late ? (this.#lateSinceMs ?? nowMs) : undefined;
    if (!late) return false;
    const sinceMs = nowMs - Math.max(this.#lateSinceMs ?? nowMs, this.#fall.atMs);
    if (sinceMs >= RECEIVERS_SETTLE_MS) this.#fallTo(Math.min(receivers.receivedBps, line.sentBps), line, nowMs);
    return true;
  }

  #fallTo(carriedBps: number, { standingMs }: LineFacts, nowMs: number): void {
    const leastBps = (standingMs > PAUSE_MS ? MAX_FALL : MAX_SHORT_FALL) * this.#bitrateBps;
    this.#fall = { atMs: nowMs, kneeBps: carriedBps, queueMs: standingMs };
    this.#clearDecisions = 0;
    const fallenBps = Math.min(this.#bitrateBps, Math.max(leastBps, DECREASE * carriedBps));
    this.#capacityBps = Math.max(this.#bounds.minBps, Math.round(fallenBps));
  }

  /** What a moment in a queue told may have been too little: a lost packet holds up all behind it, and then they come at once. */
  #revise({ clearedBps }: LineFacts, nowMs: number): void {
    if (clearedBps === undefined || nowMs - this.#fall.atMs > REVISION_MS) return;
    this.#capacityBps = Math.max(this.#capacityBps, Math.round(REVISED * clearedBps));
    this.#fall = { ...this.#fall, kneeBps: Math.max(this.#fall.kneeBps, clearedBps) };
  }

  #grow({ sentBps }: LineFacts, nowMs: number): void {
    const sinceMs = nowMs - this.#fall.atMs;
    if (sinceMs < HOLD_MS || this.#capacityBps >= this.#bounds.maxBps) return;
    const remembered = sinceMs < KNEE_MEMORY_MS;
    if (remembered && this.#capacityBps > TESTED * sentBps + TESTED_BPS) return;
    const near = Math.abs(this.#bitrateBps / this.#fall.kneeBps - 1) <= NEAR && remembered;
    const grownBps = this.#capacityBps * (near ? NEAR_GROWTH : GROWTH) ** (DECISION_INTERVAL_MS / 1000);
    this.#capacityBps = Math.min(this.#bounds.maxBps, Math.round(grownBps));
  }

  get #bitrateBps(): number {
    return Math.min(this.#bounds.maxBps, this.#capacityBps);
  }
}
