import type { PeerId, State } from "@mqtt-meet/protocol";

/** Participants that are kept besides ourselves; more are not let in. */
export const MAX_PARTICIPANTS = 100;
/** A heartbeat comes every 5 s; so long after the last sign of life a participant counts as "reconnecting". */
export const QUIET_MS = 8_000;
/** So long after the last sign of life a participant is gone. */
export const SILENCE_MS = 20_000;
/** So long after a will that was not delayed by the broker its sender may come back. */
export const WILL_GRACE_MS = 8_000;
/** Peers are never numbered again, so those that left are remembered against late messages only. */
const MAX_LEFT = 256;

/** Somebody in the room. */
export interface RosterEntry {
  readonly peer: PeerId;
  readonly state: State;
  readonly status: "live" | "reconnecting";
}

interface Entry {
  state: State;
  heardMs: number;
  status: "live" | "reconnecting";
  /** Set by a will: when the participant is gone unless a newer state comes. */
  goneAtMs: number | undefined;
}

/** What a message did to the roster. */
export type RosterChange = "joined" | "changed" | "left" | "none" | "full";

/**
 * Who is in the room, from states, wills, heartbeats and silence. The broker's retained states may be stale or
 * missing, messages may come twice or late: only a newer incarnation, or a later heartbeat of the same one, counts.
 */
export class Roster {
  readonly #own: PeerId;
  readonly #entries = new Map<PeerId, Entry>();
  readonly #left = new Map<PeerId, State>();

  constructor(own: PeerId) {
    this.#own = own;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(peer: PeerId): boolean {
    return this.#entries.has(peer);
  }

  state(peer: PeerId): State | undefined {
    return this.#entries.get(peer)?.state;
  }

  /** Everybody, in the order of joining. */
  entries(): readonly RosterEntry[] {
    return [...this.#entries]
      .map(([peer, { state, status }]) => ({ peer, state, status }))
      .sort((a, b) => a.state.joinedAtMs - b.state.joinedAtMs || (a.peer < b.peer ? -1 : 1));
  }

  /** A state of `peer` arrived; "gone" is its will. */
  apply(peer: PeerId, state: State, nowMs: number): RosterChange {
    if (peer === this.#own) return "none";
    return state.status === "gone" ? this.#applyWill(peer, state, nowMs) : this.#applyState(peer, state, nowMs);
  }

  /** Something other than a state came from `peer`. A will is only taken back by a newer state. */
  heard(peer: PeerId, nowMs: number): RosterChange {
    const entry = this.#entries.get(peer);
    if (entry === undefined || entry.goneAtMs !== undefined) return "none";
    entry.heardMs = Math.max(entry.heardMs, nowMs);
    if (entry.status === "live") return "none";
    entry.status = "live";
    return "changed";
  }

  /** The broker no longer retains a state of `peer`: after a "gone" it has left, otherwise it says nothing. */
  cleared(peer: PeerId): RosterChange {
    return this.#entries.get(peer)?.goneAtMs === undefined ? "none" : this.leave(peer);
  }

  /** `peer` said that it leaves. */
  leave(peer: PeerId): RosterChange {
    const entry = this.#entries.get(peer);
    if (entry === undefined) return "none";
    this.#entries.delete(peer);
    if (this.#left.size >= MAX_LEFT) for (const oldest of [...this.#left.keys()].slice(0, 1)) this.#left.delete(oldest);
    this.#left.set(peer, entry.state);
    return "left";
  }

  /** Time has passed while our own connection was up. Returns the peers that are gone, and whether a status changed. */
  expire(nowMs: number): { readonly gone: readonly PeerId[]; readonly changed: boolean } {
    const gone: PeerId[] = [];
    let changed = false;
    for (const [peer, entry] of this.#entries) {
      const quietMs = nowMs - entry.heardMs;
      if (quietMs > SILENCE_MS || (entry.goneAtMs !== undefined && nowMs >= entry.goneAtMs)) {
        this.#entries.delete(peer);
        gone.push(peer);
      } else if (entry.status === "live" && quietMs > QUIET_MS) {
        entry.status = "reconnecting";
        changed = true;
      }
    }
    return { gone, changed: changed || gone.length > 0 };
  }

  /** Our own connection is back: what we could not hear is held against nobody. */
  refresh(nowMs: number): void {
    for (const entry of this.#entries.values()) {
      entry.heardMs = nowMs;
      if (entry.goneAtMs !== undefined) entry.goneAtMs = nowMs + WILL_GRACE_MS;
    }
  }

  #applyState(peer: PeerId, state: State, nowMs: number): RosterChange {
    const left = this.#left.get(peer);
    if (left !== undefined && !isNewer(state, left)) return "none";
    const entry = this.#entries.get(peer);
    if (entry === undefined) {
      if (this.#entries.size >= MAX_PARTICIPANTS) return "full";
      this.#left.delete(peer);
      this.#entries.set(peer, { state, heardMs: nowMs, status: "live", goneAtMs: undefined });
      return "joined";
    }
    if (!isNewer(state, entry.state)) return "none";
    const changed = entry.status !== "live" || !looksSame(entry.state, state);
    Object.assign(entry, { state, heardMs: nowMs, status: "live", goneAtMs: undefined });
    return changed ? "changed" : "none";
  }

  #applyWill(peer: PeerId, will: State, nowMs: number): RosterChange {
    const entry = this.#entries.get(peer);
    if (entry === undefined || will.incarnation < entry.state.incarnation) return "none";
    // A broker with MQTT 5 has held the will back already; one with 3.1.1 sends it at once.
    entry.goneAtMs = Math.min(entry.goneAtMs ?? Number.POSITIVE_INFINITY, entry.heardMs + WILL_GRACE_MS);
    if (nowMs >= entry.goneAtMs) {
      this.#entries.delete(peer);
      return "left";
    }
    if (entry.status === "reconnecting") return "none";
    entry.status = "reconnecting";
    return "changed";
  }
}

function isNewer(state: State, known: State): boolean {
  if (state.incarnation !== known.incarnation) return state.incarnation > known.incarnation;
  return state.heartbeat > known.heartbeat;
}

/** Whether two states differ in nothing but the heartbeat and the like. */
function looksSame(a: State, b: State): boolean {
  return (
    a.name === b.name &&
    a.kind === b.kind &&
    a.joinedAtMs === b.joinedAtMs &&
    a.hand === b.hand &&
    a.handAtMs === b.handAtMs &&
    a.recording === b.recording &&
    a.captions === b.captions &&
    a.decodes.video.join() === b.decodes.video.join()
  );
}
