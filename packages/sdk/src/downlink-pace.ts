import { LossyPace, type SenderPath } from "@mqtt-meet/media";

/** As often as what is watched is looked at. */
const INTERVAL_MS = 250;
/** What came in one second is no rate where a lost packet holds up all behind it: of every look so much counts, which is about four seconds. */
const SMOOTHING = 0.06;
/** It begins with the most that came, of which so much is remembered at every look: half after ten seconds. */
const FORGETTING = 0.985;
/** But where publishers follow, with no less than this, which makes a picture of 360 lines: what is too much shows within seconds, what is too little after half a minute. */
const LEAST_BEGINNING_BPS = 500_000;
/** What comes may be less than may come; that so much less waits says little of the rest. */
const TESTED = 0.8;

/** What comes in any case, and what our way carries of it where packets are lost, in bits a second. */
interface Paced {
  readonly receivedBps: number;
  readonly availableBps: number;
}

/** What our way from the broker carries where packets are lost, which no queue tells: as much as keeps most pictures from waiting. */
export class DownlinkPace {
  readonly #pace = new LossyPace({ intervalMs: INTERVAL_MS });
  #receivedBps = 0;
  #mostBps = 0;
  #availableBps: number | undefined;

  /** For all pictures, in bits a second; undefined where no packets are lost. */
  get availableBps(): number | undefined {
    return this.#availableBps;
  }

  /** To be called four times a second while pictures are received. `followed`: publishers keep to it. Returns nothing where no packets are lost. */
  look({
    nowMs,
    path,
    receivedBps,
    followed,
  }: {
    readonly nowMs: number;
    readonly path: SenderPath | undefined;
    readonly receivedBps: number;
    readonly followed: boolean;
  }): Paced | undefined {
    this.#receivedBps += SMOOTHING * (receivedBps - this.#receivedBps);
    this.#mostBps = Math.max(receivedBps, FORGETTING * this.#mostBps);
    const waitingMs = path?.worstWaitMs;
    if (waitingMs === undefined) {
      this.#end();
      return undefined;
    }
    const before = this.#availableBps;
    const sentBps =
      before === undefined
        ? Math.max(followed ? LEAST_BEGINNING_BPS : 0, this.#mostBps)
        : Math.max(receivedBps, this.#receivedBps, TESTED * before);
    const availableBps = this.#pace.decide({ nowMs, waitingMs, sentBps });
    this.#availableBps = availableBps;
    return { receivedBps: Math.min(receivedBps, this.#receivedBps), availableBps };
  }

  /** Another connection, which may go another way. */
  reset(): void {
    this.#receivedBps = 0;
    this.#mostBps = 0;
    this.#end();
  }

  #end(): void {
    this.#pace.end();
    this.#availableBps = undefined;
  }
}
