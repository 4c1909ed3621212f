import type { SenderPath } from "@mqtt-meet/media";
import { pathWaitMs } from "../path-wait.ts";
import { Standstill } from "../standstill.ts";

/** How often to look. */
export const LOOK_INTERVAL_MS = 100;

/** A wait of less is jitter, a small queue, or a broker that lets an answer wait for an acknowledgement (Nagle), which TCP delays by 40 ms. */
const STALL_MS = 60;
/** TCP sends a lost packet again after one round trip at the soonest; half of one more is no jitter any more. */
const STALL_ROUND_TRIPS = 0.5;
/**
 * By as much of a stall the one must wait longer than the other. On a line that jitters, a busy connection always waits for nearly all of the
 * jitter, as its packets keep their order, and an idle one seldom.
 */
const CLEARLY = 0.75;
/** Two connections are not asked at the same moment: what one waited is beside what the other waited about then. */
const ABOUT_THEN_MS = 300;

/**
 * What is judged by, and how much of it there must be at least. Of ten packets that are lost at a round trip of 60 ms, one to four are seen: an
 * answer must come early enough in the stall to wait for long enough.
 */
const WINDOW_MS = 20_000;
const LEAST_MS = 3_000;
/** A line on which something waits so often, and for so much of the window, is worth a look: a cut, or a queue that stays, is one wait. */
const SUSPICIOUS_WAITS = 2;
const SUSPICIOUS_MS = 500;
/** So often a connection waited while another did not: packets were lost, there is no queue. */
const ALONE_MS = 300;
/** Where as much of the time both wait there is a queue, which more packets would only lengthen. */
const TOGETHER = 0.5;
/** What is sent over several connections should not overtake what was sent before, if that does not wait for so long all the time. */
const MAX_UNCALM_MS = 1_500;
/** Nothing was learnt in so long: not now. */
const MAX_WITNESSED_MS = 20_000;
/**
 * While several connections are used and all wait for so much of ten seconds, there is a queue, which they may make themselves: six do not lose a packet
 * at once. The bitrate follows what waits (LossyPace), so a queue that is there now and then is all that is seen of a narrow line.
 */
const CROWDED_MS = 1_000;
const CROWDED_WINDOW_MS = 10_000;
/** No packet was lost in so long: the line has become a good one. */
const CALM_MS = 60_000;
const REST_MS = 15_000;
const LONGEST_REST_MS = 240_000;
/** A look that comes so late was held up with everything else, by a machine that stood still. */
const LATE_MS = 150;

/**
 * "one": everything on one connection. "witnessed": so as well, beside an idle one that shows whether both wait for the same.
 * "several": everything twice, on several connections.
 */
export type LineUse = "one" | "witnessed" | "several";

/** A connection at a look. */
interface Way {
  readonly path: SenderPath | undefined;
  /** The round trip of the line while nothing waits. */
  readonly emptyMs: number;
  readonly nowMs: number;
}

interface Look {
  readonly atMs: number;
  /** The first connection waited lately. */
  readonly first: boolean;
  /** It waits. */
  readonly now: boolean;
  /** It waits, and did not at the look before. */
  readonly begins: boolean;
  /** It did, and another one did not, and clearly so. */
  readonly alone: boolean;
  /** All of them did all the time, and they are more than one. */
  readonly all: boolean;
}

/**
 * Tells loss from a queue. A packet that TCP sends again holds up everything behind it, but on its own connection only; a queue
 * holds up all connections over the line. No clock of its own.
 */
export class StallWatch {
  #use: LineUse = "one";
  #looks: Look[] = [];
  readonly #waits = new Map<number, { readonly atMs: number; readonly waitMs: number }[]>();
  #sinceMs = 0;
  readonly #standstill = new Standstill(LOOK_INTERVAL_MS + LATE_MS);
  #stalledMs = 0;
  #provenMs: number | undefined;
  #restUntilMs = 0;
  #restMs = REST_MS;

  get use(): LineUse {
    return this.#use;
  }

  /** To be called every {@link LOOK_INTERVAL_MS} with all connections over the line, the first one first. */
  look(paths: readonly (SenderPath | undefined)[], nowMs: number): LineUse {
    if (this.#standstill.endsAt(nowMs)) this.#waits.clear();
    else this.#see(paths, nowMs);
    this.#decide(nowMs);
    return this.#use;
  }

  #see(paths: readonly (SenderPath | undefined)[], nowMs: number): void {
    // They share the line: one that was opened while something waited does not know yet how fast it is when nothing does.
    const emptyMs = Math.min(...paths.map((path) => path?.minRoundTripMs ?? Number.POSITIVE_INFINITY));
    const stallMs = Math.max(STALL_MS, STALL_ROUND_TRIPS * emptyMs);
    const [first, ...others] = paths.map((path, index) => this.#lately(index, { path, emptyMs, nowMs }));
    if (first === undefined) return;
    const known = others.filter((waits) => waits !== undefined);
    const stalls = (waitMs: number | undefined) => waitMs !== undefined && waitMs > stallMs;
    if ([first, ...known].some((waits) => waits.some(stalls))) this.#stalledMs = nowMs;
    const calmMs = Math.min(...known.map((waits) => Math.max(...waits)));
    this.#looks.push({
      atMs: nowMs,
      first: first.some(stalls),
      now: stalls(first.at(-1)),
      begins: stalls(first.at(-1)) && first.length > 1 && !stalls(first.at(-2)),
      alone: first.some(stalls) && !stalls(calmMs) && Math.max(...first) - calmMs > CLEARLY * stallMs,
      all: known.length > 0 && [first, ...known].every((waits) => waits.every(stalls)),
    });
    this.#looks = this.#looks.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
  }

  /** What the connection waited, at every look of the last moment. Undefined while nothing is known of it. */
  #lately(index: number, { path, emptyMs, nowMs }: Way): readonly number[] | undefined {
    if (path === undefined) {
      this.#waits.delete(index);
      return undefined;
    }
    const waits = (this.#waits.get(index) ?? []).filter(({ atMs }) => atMs > nowMs - ABOUT_THEN_MS);
    waits.push({ atMs: nowMs, waitMs: pathWaitMs({ ...path, minRoundTripMs: emptyMs }) });
    this.#waits.set(index, waits);
    return waits.map(({ waitMs }) => waitMs);
  }

  #decide(nowMs: number): void {
    const forMs = nowMs - this.#sinceMs;
    if (this.#use === "one") {
      const often = this.#looks.filter(({ begins }) => begins).length >= SUSPICIOUS_WAITS;
      if (often && this.#forMs("first") > SUSPICIOUS_MS && nowMs >= this.#restUntilMs) this.#go("witnessed", nowMs);
    } else if (this.#use === "witnessed") this.#judge(forMs, nowMs);
    else if (forMs >= LEAST_MS && this.#forMs("all", nowMs - CROWDED_WINDOW_MS) > CROWDED_MS) this.#rest(nowMs);
    else if (nowMs - this.#stalledMs > CALM_MS) this.#go("one", nowMs);
  }

  #judge(forMs: number, nowMs: number): void {
    const aloneMs = this.#forMs("alone");
    const enough = aloneMs >= ALONE_MS && TOGETHER * aloneMs > this.#forMs("all");
    const proven = enough && forMs >= LEAST_MS;
    this.#provenMs = proven ? (this.#provenMs ?? nowMs) : undefined;
    const calm = !this.#looks.at(-1)?.now;
    if (this.#provenMs !== undefined && (calm || nowMs - this.#provenMs >= MAX_UNCALM_MS)) this.#go("several", nowMs);
    else if (forMs >= MAX_WITNESSED_MS) this.#rest(nowMs);
  }

  /** Of the window, or its end. */
  #forMs(which: "first" | "alone" | "all", sinceMs = 0): number {
    return this.#looks.filter((look) => look[which] && look.atMs > sinceMs).length * LOOK_INTERVAL_MS;
  }

  /** More and more seldom: each try costs connections, and bits on a line that may have none. */
  #rest(nowMs: number): void {
    this.#restUntilMs = nowMs + this.#restMs;
    this.#restMs = Math.min(LONGEST_REST_MS, 2 * this.#restMs);
    this.#go("one", nowMs);
  }

  #go(use: LineUse, nowMs: number): void {
    if (use === "several") this.#restMs = REST_MS;
    this.#use = use;
    this.#sinceMs = nowMs;
    this.#stalledMs = nowMs;
    this.#provenMs = undefined;
    this.#looks = [];
    this.#waits.clear();
  }
}
