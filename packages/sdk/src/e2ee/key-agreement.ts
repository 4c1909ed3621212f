import type { EpochId, PeerId } from "@mqtt-meet/protocol";
import { replaces, sameEpoch } from "./epoch-id.ts";
import { EpochSuccession } from "./epoch-succession.ts";
import type { EpochOf, KeyAction } from "./key-action.ts";

/** Who leaves within this is left out together. It is how long a leaver still reads. */
const LEAVE_DEBOUNCE_MS = 1_000;
/** At most one epoch of new randomness in this time. */
const FRESH_INTERVAL_MS = 2_000;
/** Who joins within this shares one ratchet. */
const JOIN_INTERVAL_MS = 100;
/** Everybody waits so long for each live participant that joined before it, then acts itself. */
const FALLBACK_MS = 1_500;
/** Those behind so many follow each other faster, that nobody can hold up a meeting, and not all at once. */
const MAX_FALLBACK_RANK = 6;
const FAST_FALLBACK_MS = 200;
/** Between two looks, which are 100 ms apart: more, and this machine stood still, and what others said meanwhile is still to be read. */
const STANDSTILL_MS = 300;
const RESEND_MS = { first: 500, next: 1_000 } as const;
const MAX_RESENDS = 20;
/** A state that is said every 5 s names another epoch: its sender missed ours, or we missed its. */
const LAGGING_MS = 7_000;
/** A wrap for us may still be under way. */
const MISSED_MS = 2_000;

/** Somebody else in the room, as its presence shows. */
export interface Member {
  readonly peer: PeerId;
  readonly joinedAtMs: number;
  /** Heard of lately: only such a participant is waited for. */
  readonly live: boolean;
  /** The newest epoch that it said it has. */
  readonly epoch: EpochId | undefined;
}

interface Resend {
  atMs: number;
  count: number;
}

/**
 * Decides who makes which epoch when (docs/protocol.md, E6 to E8), without a server that orders anything. Whoever
 * joined first of those that live makes the epochs; when it does not, the next one does; of two epochs with one number
 * that of the smaller peer stays. Values in, actions out: the secrets are the caller's.
 */
export class KeyAgreement {
  readonly #own: PeerId;
  readonly #joinedAtMs: number;
  readonly #members = new Map<PeerId, Member>();
  readonly #epochs = new EpochSuccession();
  #lastFreshMs = Number.NEGATIVE_INFINITY;
  #lastMadeMs = Number.NEGATIVE_INFINITY;
  /** Who has not acknowledged the epoch that we made. */
  readonly #unacknowledged = new Map<PeerId, Resend>();
  /** Since when nothing is under way and somebody is there without the epoch, or has it and is not there. */
  #joinSinceMs: number | undefined;
  #leaveSinceMs: number | undefined;
  #missedSinceMs: number | undefined;
  #lookedMs = Number.POSITIVE_INFINITY;
  /** A key of ours has been used so often that it needs a successor. */
  #isWorn = false;

  constructor(options: { readonly own: PeerId; readonly joinedAtMs: number }) {
    this.#own = options.own;
    this.#joinedAtMs = options.joinedAtMs;
  }

  /** The newest epoch that we have. */
  get current(): EpochOf | undefined {
    return this.#epochs.current;
  }

  /** The epoch that we send with. */
  get using(): EpochId | undefined {
    return this.#epochs.using;
  }

  /** Who is there besides us, and whether a key of ours under the epoch that is used has been used too often. */
  setMembers(
    members: readonly Member[],
    nowMs: number,
    { isWorn = false }: { readonly isWorn?: boolean } = {},
  ): readonly KeyAction[] {
    this.#isWorn = isWorn;
    this.#members.clear();
    for (const member of members) this.#members.set(member.peer, member);
    for (const peer of this.#unacknowledged.keys()) if (!this.#members.has(peer)) this.#unacknowledged.delete(peer);
    return this.tick(nowMs);
  }

  /** Whether the secret of `epoch`, which somebody has brought us, would be of use. */
  wants(epoch: EpochId): boolean {
    return replaces(epoch, this.current);
  }

  /** We have the secret of `epoch` now, made by somebody else; `fresh`: of new randomness. */
  adopt(epoch: EpochOf, options: { readonly nowMs: number; readonly fresh: boolean }): readonly KeyAction[] {
    if (sameEpoch(epoch, this.current)) return [{ type: "acknowledge", epoch }];
    if (!this.wants(epoch)) return [];
    if (options.fresh) this.#lastFreshMs = options.nowMs;
    this.#unacknowledged.clear();
    const actions = this.#replace(epoch, { nowMs: options.nowMs, atOnce: this.#members.size === 0 });
    return [...actions, { type: "acknowledge", epoch }, ...this.tick(options.nowMs)];
  }

  /** `from` has the epoch that we made. */
  acknowledged(from: PeerId, epoch: EpochId): readonly KeyAction[] {
    if (!sameEpoch(epoch, this.current) || !this.#unacknowledged.delete(from)) return [];
    return this.#unacknowledged.size > 0 ? [] : this.#allAcknowledged();
  }

  /** The maker of the epoch says that everybody has it. */
  announced(epoch: EpochId): readonly KeyAction[] {
    return this.#epochs.use(epoch);
  }

  /** To be called every 100 ms or so. */
  tick(nowMs: number): readonly KeyAction[] {
    return [...this.#pass(nowMs), ...this.#make(nowMs), ...this.#resend(nowMs)];
  }

  /** What we made is used by everybody who has it when we use it: the next one may follow at once. */
  #pass(nowMs: number): readonly KeyAction[] {
    return this.#epochs
      .tick(nowMs)
      .flatMap((action): KeyAction[] =>
        action.type === "use" && action.epoch.by === this.#own
          ? [{ type: "announce-use", epoch: action.epoch }, action]
          : [action],
      );
  }

  /** What we slept through is held against nobody whom we wait for. */
  #look(nowMs: number): void {
    const stoodStillMs = Math.max(0, nowMs - this.#lookedMs - STANDSTILL_MS);
    this.#lookedMs = nowMs;
    this.#missedSinceMs = later(this.#missedSinceMs, stoodStillMs);
    if (this.#fallbackMs() === 0) return;
    this.#joinSinceMs = later(this.#joinSinceMs, stoodStillMs);
    this.#leaveSinceMs = later(this.#leaveSinceMs, stoodStillMs);
  }

  #make(nowMs: number): readonly KeyAction[] {
    this.#look(nowMs);
    const { current } = this;
    const { underWay } = this.#epochs;
    if (this.#members.size === 0 && current === undefined) return [];
    const joined = this.#withoutEpoch(nowMs);
    const left = this.#someoneLeft();
    const missed = this.#missedOne(nowMs);
    this.#joinSinceMs = since(this.#joinSinceMs, !underWay && (joined.length > 0 || missed), nowMs);
    this.#leaveSinceMs = since(this.#leaveSinceMs, left, nowMs);
    const { joinDue, leaveDue, mayBeFresh } = this.#due(nowMs);
    // Nobody else knows how often we have used a key. While an epoch is on its way, another is of no use.
    const wornOut = this.#isWorn && mayBeFresh && !underWay;
    if (leaveDue || wornOut || (joinDue && left && mayBeFresh)) return this.#makeFresh(nowMs);
    if (!joinDue) return [];
    return current === undefined || missed ? this.#makeFresh(nowMs) : this.#ratchet(current, joined, nowMs);
  }

  #withoutEpoch(nowMs: number): readonly Member[] {
    const without: Member[] = [];
    for (const member of this.#members.values()) if (this.#lacksEpoch(member, nowMs)) without.push(member);
    return without;
  }

  #someoneLeft(): boolean {
    for (const peer of this.current?.members ?? []) if (peer !== this.#own && !this.#members.has(peer)) return true;
    return false;
  }

  #due(nowMs: number): { readonly joinDue: boolean; readonly leaveDue: boolean; readonly mayBeFresh: boolean } {
    const fallbackMs = this.#fallbackMs();
    const joinAtMs = (this.#joinSinceMs ?? Number.POSITIVE_INFINITY) + fallbackMs;
    const leaveAtMs = (this.#leaveSinceMs ?? Number.POSITIVE_INFINITY) + LEAVE_DEBOUNCE_MS + fallbackMs;
    const mayBeFresh = nowMs >= this.#lastFreshMs + FRESH_INTERVAL_MS;
    const joinDue = nowMs >= Math.max(joinAtMs, this.#lastMadeMs + JOIN_INTERVAL_MS);
    return { joinDue, leaveDue: mayBeFresh && nowMs >= leaveAtMs, mayBeFresh };
  }

  /** We act so much later than whoever comes first of those that live. */
  #fallbackMs(): number {
    let rank = 0;
    for (const { peer, joinedAtMs, live } of this.#members.values()) {
      const before = joinedAtMs < this.#joinedAtMs || (joinedAtMs === this.#joinedAtMs && peer < this.#own);
      if (live && before) rank++;
    }
    return Math.min(rank, MAX_FALLBACK_RANK) * FALLBACK_MS + Math.max(0, rank - MAX_FALLBACK_RANK) * FAST_FALLBACK_MS;
  }

  #lacksEpoch({ peer, live, epoch }: Member, nowMs: number): boolean {
    if (this.current === undefined || !this.current.members.has(peer)) return true;
    const settled = nowMs - this.#epochs.currentSinceMs > LAGGING_MS && !this.#unacknowledged.has(peer);
    return live && settled && !sameEpoch(epoch, this.current);
  }

  /** Somebody has an epoch that replaces ours and that nobody has given us. */
  #missedOne(nowMs: number): boolean {
    let missed = false;
    for (const { epoch } of this.#members.values()) missed ||= epoch !== undefined && this.wants(epoch);
    this.#missedSinceMs = missed ? (this.#missedSinceMs ?? nowMs) : undefined;
    return nowMs - (this.#missedSinceMs ?? nowMs) >= MISSED_MS;
  }

  #nextNumber(): number {
    const announced = [...this.#members.values()].map(({ epoch }) => epoch?.number ?? 0);
    return Math.max(this.current?.number ?? 0, ...announced) + 1;
  }

  #makeFresh(nowMs: number): readonly KeyAction[] {
    const wrapTo = [...this.#members.keys()];
    const epoch = { number: this.#nextNumber(), by: this.#own, members: new Set([...wrapTo, this.#own]) };
    this.#lastFreshMs = nowMs;
    return this.#made({ epoch, base: undefined, wrapTo }, nowMs);
  }

  /** Those who left are still among the members: that they must be left out is not forgotten. */
  #ratchet(base: EpochOf, joined: readonly Member[], nowMs: number): readonly KeyAction[] {
    const wrapTo = joined.map(({ peer }) => peer);
    const epoch = { number: this.#nextNumber(), by: this.#own, members: new Set([...base.members, ...wrapTo]) };
    return this.#made({ epoch, base, wrapTo }, nowMs);
  }

  #made(
    made: { readonly epoch: EpochOf; readonly base: EpochId | undefined; readonly wrapTo: readonly PeerId[] },
    nowMs: number,
  ): readonly KeyAction[] {
    this.#lastMadeMs = nowMs;
    this.#unacknowledged.clear();
    for (const peer of this.#members.keys()) {
      this.#unacknowledged.set(peer, { atMs: nowMs + RESEND_MS.first, count: 0 });
    }
    return [{ type: "make", ...made }, ...this.#replace(made.epoch, { nowMs, atOnce: !this.#isFollowed() })];
  }

  /** Somebody present opens what we send now, and could not go on without the next epoch. Who comes opens nothing before. */
  #isFollowed(): boolean {
    const { using } = this.#epochs;
    for (const peer of this.#members.keys()) if (using?.members.has(peer)) return true;
    return false;
  }

  /** An epoch came: whoever makes them is there, and nobody else needs to yet. */
  #replace(epoch: EpochOf, options: { readonly nowMs: number; readonly atOnce: boolean }): readonly KeyAction[] {
    this.#joinSinceMs = undefined;
    this.#missedSinceMs = undefined;
    return this.#epochs.replace(epoch, options);
  }

  #allAcknowledged(): readonly KeyAction[] {
    const { current } = this;
    if (current === undefined) return [];
    return [{ type: "announce-use", epoch: current }, ...this.#epochs.use(current)];
  }

  #resend(nowMs: number): readonly KeyAction[] {
    const { current } = this;
    if (current === undefined) return [];
    const to: PeerId[] = [];
    for (const [peer, resend] of this.#unacknowledged) {
      if (nowMs < resend.atMs || !this.#members.get(peer)?.live) continue;
      resend.atMs = nowMs + RESEND_MS.next;
      resend.count++;
      if (resend.count > MAX_RESENDS) this.#unacknowledged.delete(peer);
      else to.push(peer);
    }
    return to.length > 0 ? [{ type: "wrap", epoch: current, to }] : [];
  }
}

function later(sinceMs: number | undefined, byMs: number): number | undefined {
  return sinceMs === undefined ? undefined : sinceMs + byMs;
}

/** Since when `now` is so. */
function since(beforeMs: number | undefined, now: boolean, nowMs: number): number | undefined {
  return now ? (beforeMs ?? nowMs) : undefined;
}
