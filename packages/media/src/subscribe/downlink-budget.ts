/** What is seen of our way from the broker. Times in milliseconds, on one clock. */
export interface DownlinkSample {
  readonly nowMs: number;
  /** Of all pictures, in the last second. */
  readonly receivedBps: number;
  /** How long what arrives has waited on our own way; undefined when nothing has arrived. */
  readonly queueMs: number | undefined;
  /** What our way carries where packets are lost, which no queue tells; undefined where none are. */
  readonly availableBps?: number | undefined;
  /** Publishers send no more than that to us once they know, as they have no other receivers. */
  readonly followed?: boolean | undefined;
  /** What all pictures take that are to be seen. */
  readonly wantedBps: number;
}

/** More, and people talk at once (docs/protocol.md, R4, says 150 to the publisher, who gives way first where it is the cause). */
const HIGH_MS = 200;
/** Below it there is room. */
const CLEAR_QUEUE_MS = 80;
/** A queue of a moment, behind a key frame or a lost packet, goes by itself. */
const STANDING_MS = 500;
/** So long it takes until less arrives, and the queue goes. */
const SETTLE_MS = 4_000;
/** A queue that has shrunk to this part in that time needs nothing but more of it. */
const SHRUNK = 0.85;
/** Of what arrives while something waits. */
const DECREASE = 0.85;
/** The smallest layer of one person. */
const MIN_BPS = 100_000;

/** More is tried after so long without a queue, and after twice as long when it was in vain, up to a minute. */
const CLEAR_MS = 6_000;
const MAX_CLEAR_MS = 60_000;
const PROVEN_MS = 20_000;
const GROWTH = 1.5;
/** So long publishers have to send no more than our way carries, before we ask for smaller pictures; and by so much it may be more. */
const UNHEARD_MS = 4_000;
const HEARD = 1.15;
/** With so much more than all is wanted, nothing limits. */
const PLENTY = 1.3;

/** How many bits of pictures our downlink carries; no limit as long as nothing waits. No clock, no timers. */
export class DownlinkBudget {
  #bps = Number.POSITIVE_INFINITY;
  #highSinceMs: number | undefined;
  #clearSinceMs: number | undefined;
  /** The last decrease or check, and the most since then: what was asked for less of still arrives for a while, uncounted. */
  #since = { atMs: Number.NEGATIVE_INFINITY, queueMs: 0, receivedBps: 0 };
  /** Packets are lost. */
  #isPaced = false;
  #exceededSinceMs: number | undefined;
  #grewMs = Number.NEGATIVE_INFINITY;
  #clearMs = CLEAR_MS;

  /** In bits a second; infinite while nothing limits. */
  get bps(): number {
    return this.#bps;
  }

  /** To be called a few times a second while pictures are received. */
  decide(sample: DownlinkSample): number {
    const { nowMs, queueMs, receivedBps } = sample;
    if (queueMs === undefined || queueMs <= HIGH_MS) this.#highSinceMs = undefined;
    else this.#highSinceMs ??= nowMs;
    if (queueMs === undefined || queueMs > CLEAR_QUEUE_MS) this.#clearSinceMs = undefined;
    else this.#clearSinceMs ??= nowMs;
    this.#since.queueMs = Math.max(this.#since.queueMs, queueMs ?? 0);
    this.#since.receivedBps = Math.max(this.#since.receivedBps, receivedBps);
    this.#forgetPace(sample);
    if (sample.availableBps !== undefined) this.#keepTo(sample.availableBps, sample);
    else if (this.#highSinceMs !== undefined && nowMs - this.#highSinceMs >= STANDING_MS) this.#fall(sample);
    else this.#grow(sample);
    return this.#bps;
  }

  /** Another connection, which may go another way. */
  reset(): void {
    this.#bps = Number.POSITIVE_INFINITY;
    this.#exceededSinceMs = undefined;
    this.#highSinceMs = undefined;
    this.#clearSinceMs = undefined;
  }

  #forgetPace({ availableBps }: DownlinkSample): void {
    if (availableBps !== undefined) return;
    this.#isPaced = false;
    this.#exceededSinceMs = undefined;
  }

  /** Publishers are told what our way carries; where they do not follow, we give way. */
  #keepTo(availableBps: number, { nowMs, receivedBps, wantedBps, followed = false }: DownlinkSample): void {
    // What a queue on one connection told is over.
    if (!this.#isPaced && followed) this.reset();
    this.#isPaced = true;
    if (receivedBps <= HEARD * availableBps) this.#exceededSinceMs = undefined;
    else this.#exceededSinceMs ??= nowMs;
    const unheard =
      this.#exceededSinceMs !== undefined && nowMs - this.#exceededSinceMs >= (followed ? UNHEARD_MS : STANDING_MS);
    if (!unheard && this.#bps === Number.POSITIVE_INFINITY) return;
    const isPlenty = availableBps >= PLENTY * wantedBps;
    this.#bps = isPlenty ? Number.POSITIVE_INFINITY : Math.max(MIN_BPS, availableBps);
  }

  #fall({ nowMs, receivedBps, queueMs = 0, wantedBps }: DownlinkSample): void {
    const limited = this.#bps < Number.POSITIVE_INFINITY;
    if (limited && nowMs - this.#since.atMs < SETTLE_MS) return;
    const shrinks = limited && queueMs <= SHRUNK * this.#since.queueMs;
    const carriedBps = limited ? this.#since.receivedBps : receivedBps;
    this.#since = { atMs: nowMs, queueMs, receivedBps: 0 };
    if (shrinks) return;
    const inVain = nowMs - this.#grewMs < PROVEN_MS;
    this.#clearMs = inVain ? Math.min(MAX_CLEAR_MS, 2 * this.#clearMs) : CLEAR_MS;
    this.#bps = Math.max(MIN_BPS, DECREASE * Math.min(this.#bps, wantedBps, carriedBps));
    this.#clearSinceMs = undefined;
  }

  #grow({ nowMs, wantedBps }: DownlinkSample): void {
    if (this.#bps === Number.POSITIVE_INFINITY || this.#clearSinceMs === undefined) return;
    if (nowMs - this.#clearSinceMs < this.#clearMs) return;
    this.#bps *= GROWTH;
    this.#grewMs = nowMs;
    this.#clearSinceMs = nowMs;
    if (this.#bps >= PLENTY * wantedBps) this.#bps = Number.POSITIVE_INFINITY;
  }
}
