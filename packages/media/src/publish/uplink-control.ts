import { epochNowMs } from "../epoch-clock.ts";
import { every } from "../every.ts";
import { LossyPace } from "../lossy-pace.ts";
import type { MediaSender, SenderPath } from "../transport.ts";
import { DECISION_INTERVAL_MS, RateController } from "./rate-controller.ts";
import { shareBitrate } from "./share-bitrate.ts";

/** What one track may send until it is told otherwise. */
export interface TrackBudget {
  readonly bitrateBps: number;
  /** Nothing is to be encoded. */
  readonly paused: boolean;
  /** The bitrate is what this machine encodes in time, not what the connection carries. */
  readonly byMachine?: boolean;
}

/** A track whose bitrate follows its connection. */
export interface ControlledTrack {
  /** Pictures are sent: somebody watches, and it is not muted. */
  readonly active: boolean;
  /** More makes nothing better. */
  readonly wantedBps: number;
  /** When a key frame was last sent, on the clock of the control. */
  readonly keyFrameMs: number;
  follow(budget: TrackBudget): void;
}

/** What most receivers of the tracks say; undefined while most have nothing to complain about. */
export interface ReceiversView {
  readonly queueMs: number;
  readonly receivedBps: number;
  /** What their ways carry that lose packets; undefined where they lose none. */
  readonly availableBps?: number | undefined;
}

/** A picture of less cannot be recognized. */
const MIN_TRACK_BPS = 80_000;

/**
 * All video tracks on one connection: finds out what it carries, and shares it among those that are watched. On a
 * connection that tells nothing of its way, all have what they want.
 */
export class UplinkControl {
  readonly #sender: MediaSender;
  readonly #nowMs: () => number;
  readonly #receivers: () => ReceiversView | undefined;
  readonly #tracks = new Set<ControlledTrack>();
  readonly #lifetime = new AbortController();
  #controller: RateController | undefined;
  readonly #pace = new LossyPace();
  #bitrateBps = Number.POSITIVE_INFINITY;
  /** What each track was told last. */
  readonly #budgets = new Map<ControlledTrack, TrackBudget>();

  constructor(options: {
    readonly sender: MediaSender;
    readonly receivers: () => ReceiversView | undefined;
    /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
    readonly nowMs?: () => number;
  }) {
    this.#sender = options.sender;
    this.#receivers = options.receivers;
    this.#nowMs = options.nowMs ?? epochNowMs;
    if (options.sender.path !== undefined) {
      every(DECISION_INTERVAL_MS, () => this.#decide(), { signal: this.#lifetime.signal });
    }
  }

  add(track: ControlledTrack): void {
    this.#tracks.add(track);
  }

  remove(track: ControlledTrack): void {
    this.#tracks.delete(track);
    this.#budgets.delete(track);
  }

  close(): void {
    this.#lifetime.abort();
    this.#tracks.clear();
    this.#budgets.clear();
  }

  #decide(): void {
    const active = [...this.#tracks].filter((track) => track.active);
    const path = this.#sender.path?.();
    if (active.length === 0 || path === undefined) {
      this.#interrupt();
      return;
    }
    const nowMs = this.#nowMs();
    const maxBps = active.reduce((sum, track) => sum + track.wantedBps, 0);
    const minBps = Math.min(maxBps, active.length * MIN_TRACK_BPS);
    const receivers = this.#receivers();
    const carriedBps = Math.min(this.#paceBps(path, nowMs), receivers?.availableBps ?? Number.POSITIVE_INFINITY);
    const bounds = { minBps, maxBps: Math.max(minBps, Math.min(maxBps, carriedBps)) };
    this.#controller ??= new RateController(bounds);
    this.#controller.setBounds(bounds);
    const { bitrateBps, paused } = this.#controller.decide({
      nowMs,
      path,
      queueAgeMs: this.#sender.oldestAgeMs?.(nowMs) ?? 0,
      receivers,
      sinceKeyFrameMs: nowMs - Math.max(...active.map((track) => track.keyFrameMs)),
    });
    this.#bitrateBps = bitrateBps;
    const wanted = active.map((track) => track.wantedBps);
    const shares = shareBitrate(bitrateBps, wanted);
    for (const [i, track] of active.entries()) this.#tell(track, { bitrateBps: shares[i] ?? bitrateBps, paused });
  }

  #paceBps(path: SenderPath, nowMs: number): number {
    const { worstWaitMs: waitingMs } = path;
    if (waitingMs !== undefined) return this.#pace.decide({ nowMs, waitingMs, sentBps: this.#bitrateBps });
    this.#pace.end();
    return Number.POSITIVE_INFINITY;
  }

  /** Nothing is known of the way: nothing waits for it. */
  #interrupt(): void {
    this.#controller?.interrupt();
    for (const [track, budget] of this.#budgets) if (budget.paused) this.#tell(track, { ...budget, paused: false });
  }

  #tell(track: ControlledTrack, budget: TrackBudget): void {
    this.#budgets.set(track, budget);
    track.follow(budget);
  }
}
