/** What is known when layers are planned. Arrays are by layer, the smallest first. */
export interface LayerFacts {
  readonly nowMs: number;
  /** What each layer takes when nothing limits it. */
  readonly wantedBps: readonly number[];
  /** Whether somebody watches it. */
  readonly watched: readonly boolean[];
  /** For all of them; what the connection carries. */
  readonly bitrateBps: number;
  /** This machine does not encode in time what it is given. */
  readonly overloaded: boolean;
  /** The part of the pictures that it left out lately, 0 to 1. */
  readonly behind: number;
}

/** What becomes of the layers until the next plan. */
export interface LayerShares {
  /** How many of the layers, from the smallest on, are offered. At least one. */
  readonly offered: number;
  /** By layer; 0 for those that nobody gets. */
  readonly bitratesBps: readonly number[];
  /** Why not all are offered, or not with all that they want. */
  readonly limitedBy: "none" | "bandwidth" | "cpu";
}

/** With this part of what the next layer takes left over, it is worth having. */
const ENOUGH = 0.8;
/** So much of what the only layer takes that is watched is worth more than that layer: whoever watches it may want the next one instead. */
const INSTEAD = 1.5;

/** Every step is seen: better only after so long with enough, and so long after the last step. */
const CLEAR_MS = 5_000;
/** A step up that was taken back makes the next one wait twice as long, up to this. */
const MAX_CLEAR_MS = 60_000;
/** A step up that lasts this long was right. */
const PROVEN_MS = 20_000;
/** A line may stop for a moment, and who changes to another layer watches both until that has a picture; what is too little for so long is too little. */
const SHORT_MS = 2_500;
/** What a step down spares a machine shows after this, and in this part of what was left out before. */
const SETTLE_MS = 4_000;
const HELPED = 0.75;
/** A machine that is as slow with less to encode is busy with something else: it is not spared again for so long. */
const FOREIGN_MS = 60_000;

/** A single layer for a slow machine: of its bitrate, so that its pictures become smaller. */
const SLOW_PARTS = [1, 0.5, 0.25] as const;
/** What 180 lines take: smaller pictures spare a machine nothing. */
const MIN_SLOW_BPS = 180_000;

/**
 * Which layers of a track are offered, and with how many bits. The smallest get theirs first: every line and every
 * machine can do with them. A layer that would get no more than the next smaller one wants would look no better than
 * that one, and is not offered; whoever watches it takes the smaller one. A single layer that is watched stays whole and
 * gives way by itself. Where a machine is too slow: first fewer layers, then smaller pictures; what it still leaves out makes
 * them fewer.
 */
export class LayerPlan {
  #held: "none" | "bandwidth" | "cpu" = "none";
  #offered = Number.POSITIVE_INFINITY;
  #slowness = 0;
  /** Before the last step for a slow machine: what it left out, and what it had to do. */
  #spared: { readonly behind: number; readonly offered: number; readonly slowness: number } | undefined;
  #foreignUntilMs = Number.NEGATIVE_INFINITY;
  #movedMs = Number.NEGATIVE_INFINITY;
  #upMs = Number.NEGATIVE_INFINITY;
  #clearSinceMs: number | undefined;
  #shortSinceMs: number | undefined;
  #clearMs = CLEAR_MS;

  /** To be called a few times a second. */
  decide(facts: LayerFacts): LayerShares {
    const { wantedBps } = facts;
    this.#offered = Math.min(this.#offered, wantedBps.length);
    if (!facts.watched.some(Boolean)) this.#forget(wantedBps.length);
    else if (facts.overloaded && facts.nowMs >= this.#foreignUntilMs) this.#slowDown(facts);
    else if (!this.#isShort(facts)) this.#tryMore(facts);
    const { bitratesBps, limited } = this.#share(facts);
    const held = this.#offered < wantedBps.length || this.#slowness > 0;
    return { offered: this.#offered, bitratesBps, limitedBy: held ? this.#held : limited };
  }

  /** What the track wants of the connection: that of the layers that are watched, and of the next one that is held back. */
  wantedBps({ wantedBps, watched }: Pick<LayerFacts, "wantedBps" | "watched">): number {
    const live = sum(wantedBps.filter((_, layer) => layer < this.#offered && watched[layer]));
    return live === 0 ? 0 : live + (wantedBps[this.#offered] ?? 0);
  }

  #share({ wantedBps, watched, bitrateBps }: LayerFacts): { bitratesBps: number[]; limited: "none" | "bandwidth" } {
    let leftBps = bitrateBps;
    const part = SLOW_PARTS[this.#slowness] ?? 1;
    const slowed = (wanted: number) => Math.min(wanted, Math.max(wanted * part, MIN_SLOW_BPS));
    const bitratesBps = wantedBps.map((wanted, layer) => {
      if (layer >= this.#offered || !watched[layer]) return 0;
      const share = Math.max(0, Math.min(slowed(wanted), leftBps));
      leftBps -= share;
      return share;
    });
    const short = bitratesBps.some((share, layer) => share > 0 && share < 0.95 * slowed(wantedBps[layer] ?? 0));
    return { bitratesBps, limited: short ? "bandwidth" : "none" };
  }

  /** The largest of several gets too little: after a while it is held back. */
  #isShort(facts: LayerFacts): boolean {
    const { nowMs, wantedBps } = facts;
    const live = liveLayers(facts, this.#offered);
    const [largest = 0] = live.slice(-1);
    const share = this.#share(facts).bitratesBps[largest] ?? 0;
    if (live.length < 2 || share >= (wantedBps[largest - 1] ?? 0)) {
      this.#shortSinceMs = undefined;
      return false;
    }
    this.#shortSinceMs ??= nowMs;
    if (nowMs - this.#shortSinceMs >= SHORT_MS) this.#step(largest, "bandwidth", nowMs);
    return true;
  }

  #slowDown(facts: LayerFacts): void {
    const { nowMs, behind, wantedBps } = facts;
    this.#clearSinceMs = undefined;
    if (nowMs - this.#movedMs < SETTLE_MS) return;
    const before = this.#spared;
    if (before !== undefined && behind > HELPED * before.behind) {
      this.#giveBack(before, nowMs);
      return;
    }
    const live = liveLayers(facts, this.#offered);
    const [largest = 0] = live.slice(-1);
    const part = SLOW_PARTS[this.#slowness + 1];
    const smaller = part !== undefined && (wantedBps[largest] ?? 0) * (SLOW_PARTS[this.#slowness] ?? 1) > MIN_SLOW_BPS;
    if (live.length < 2 && !smaller) return;
    this.#spared = { behind, offered: this.#offered, slowness: this.#slowness };
    if (live.length < 2) this.#slowness++;
    this.#step(live.length < 2 ? this.#offered : largest, "cpu", nowMs);
  }

  #giveBack({ offered, slowness }: { readonly offered: number; readonly slowness: number }, nowMs: number): void {
    this.#offered = offered;
    this.#slowness = slowness;
    this.#spared = undefined;
    this.#movedMs = nowMs;
    this.#foreignUntilMs = nowMs + FOREIGN_MS;
  }

  #step(offered: number, reason: "bandwidth" | "cpu", nowMs: number): void {
    this.#clearMs = nowMs - this.#upMs < PROVEN_MS ? Math.min(MAX_CLEAR_MS, 2 * this.#clearMs) : CLEAR_MS;
    this.#offered = offered;
    this.#held = reason;
    this.#movedMs = nowMs;
    this.#clearSinceMs = undefined;
    this.#shortSinceMs = undefined;
  }

  #tryMore(facts: LayerFacts): void {
    const { nowMs, wantedBps, bitrateBps } = facts;
    const live = liveLayers(facts, this.#offered).map((layer) => wantedBps[layer] ?? 0);
    const liveBps = sum(live);
    const next = this.#slowness > 0 ? 0 : wantedBps[this.#offered];
    const instead = live.length === 1 && bitrateBps >= INSTEAD * liveBps;
    if (next === undefined || (bitrateBps - liveBps < ENOUGH * next && !instead)) {
      this.#clearSinceMs = undefined;
      return;
    }
    this.#clearSinceMs ??= nowMs;
    if (nowMs - this.#clearSinceMs < this.#clearMs || nowMs - this.#movedMs < this.#clearMs) return;
    this.#spared = undefined;
    if (this.#slowness > 0) this.#slowness--;
    else this.#offered++;
    this.#movedMs = nowMs;
    this.#upMs = nowMs;
    this.#clearSinceMs = undefined;
  }

  /** Nobody watches: who comes is offered everything, and what is too much shows. */
  #forget(layers: number): void {
    this.#offered = layers;
    this.#slowness = 0;
    this.#spared = undefined;
    this.#clearSinceMs = undefined;
  }
}

function liveLayers({ watched }: LayerFacts, offered: number): readonly number[] {
  return watched.flatMap((is, layer) => (is && layer < offered ? [layer] : []));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
