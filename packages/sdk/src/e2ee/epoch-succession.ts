import type { EpochId } from "@mqtt-meet/protocol";
import { sameEpoch } from "./epoch-id.ts";
import type { EpochOf, KeyAction } from "./key-action.ts";

/** So long for everybody to have a new epoch before it is used. */
const USE_AFTER_MS = 1_000;
/** What is under way in the epoch before can still be opened. */
const KEEP_PREVIOUS_MS = 10_000;

/** The epochs that we have, from the newest, which is not used at once, to those that are kept to receive with (E8). */
export class EpochSuccession {
  #current: EpochOf | undefined;
  #currentSinceMs = 0;
  #using: EpochOf | undefined;
  /** Newer than the one that is used, the newest last. One that was replaced stays: while many join, each is. */
  readonly #coming: { readonly epoch: EpochOf; readonly useAtMs: number }[] = [];
  readonly #previous: { readonly epoch: EpochId; readonly untilMs: number }[] = [];

  /** The newest epoch that we have. */
  get current(): EpochOf | undefined {
    return this.#current;
  }

  /** When {@link current} came. */
  get currentSinceMs(): number {
    return this.#currentSinceMs;
  }

  /** The epoch that we send with. */
  get using(): EpochOf | undefined {
    return this.#using;
  }

  /** There is an epoch that is not used yet. It takes a second at the most. */
  get underWay(): boolean {
    return !sameEpoch(this.#using, this.#current);
  }

  /** `epoch` is the newest from now on. Who has nothing to send with, or nobody to wait for (`atOnce`), uses it at once. */
  replace(
    epoch: EpochOf,
    { nowMs, atOnce }: { readonly nowMs: number; readonly atOnce: boolean },
  ): readonly KeyAction[] {
    if (this.#current !== undefined) {
      const { number, by } = this.#current;
      this.#previous.push({ epoch: { number, by }, untilMs: nowMs + KEEP_PREVIOUS_MS });
    }
    this.#current = epoch;
    this.#currentSinceMs = nowMs;
    this.#coming.push({ epoch, useAtMs: nowMs + USE_AFTER_MS });
    return this.#using === undefined || atOnce ? this.use(epoch) : [];
  }

  /** Everybody has `epoch`. Nothing happens when we have it not, or are past it. */
  use(epoch: EpochId): readonly KeyAction[] {
    const at = this.#coming.findIndex((coming) => sameEpoch(coming.epoch, epoch));
    const [used] = this.#coming.splice(0, at + 1).slice(-1);
    if (used === undefined) return [];
    this.#using = used.epoch;
    return [{ type: "use", epoch: used.epoch }];
  }

  /** Time has passed. */
  tick(nowMs: number): readonly KeyAction[] {
    const due = this.#coming.findLast(({ useAtMs }) => nowMs >= useAtMs);
    return [...this.#forgetOld(nowMs), ...(due ? this.use(due.epoch) : [])];
  }

  #forgetOld(nowMs: number): readonly KeyAction[] {
    const actions: KeyAction[] = [];
    while (this.#previous[0] !== undefined && nowMs >= this.#previous[0].untilMs) {
      const [oldest] = this.#previous.splice(0, 1);
      if (oldest !== undefined) actions.push({ type: "forget", epoch: oldest.epoch });
    }
    return actions;
  }
}
