import {
  type DoorOrder,
  type DoorRules,
  MAX_MUTED_PEERS,
  type MutableKind,
  NO_RULES,
  type PeerId,
  type Standing,
} from "@mqtt-meet/protocol";
import { setBounded } from "./set-bounded.ts";
import { standingOf } from "./standing-of.ts";

/** Who came, with what, and what that says. */
export interface Holder {
  readonly peer: PeerId;
  /** The same for all that came with one invitation, or as one peer with a token. */
  readonly ticket: string;
  readonly isAdmin: boolean;
  readonly mustWait: boolean;
  readonly expiresAtS: number;
}

/** Who was inside, or was let in; of whom only the order was heard, only until when. */
type Known = Pick<Holder, "expiresAtS"> & Partial<Pick<Holder, "ticket" | "isAdmin">>;

/** Five times as many as a room holds. When more were inside, the first are forgotten, and wait again where one waits. */
const MAX_KNOWN = 500;

/** The door of one room: its rules, and who was inside. The time is an argument, in seconds since the Unix epoch. */
export class RoomDoor {
  readonly #known = new Map<PeerId, Known>();
  /** Until when it is remembered with what somebody came in. */
  readonly #tickets = new Map<string, number>();
  /** What single people may not publish, by what they came with: who loads its page anew is another peer. */
  readonly #mutedTickets = new Map<string, readonly MutableKind[]>();
  #rules: DoorRules = NO_RULES;

  get rules(): DoorRules {
    return this.#rules;
  }

  standing({ peer, ticket, isAdmin, mustWait }: Holder): Standing {
    const isKnown = this.#known.has(peer);
    return standingOf({ isAdmin, mustWait, isKnown, isTicketKnown: this.#tickets.has(ticket) }, this.#rules);
  }

  /** Whether a host has forbidden `holder` to publish this; hosts never are. */
  isMuted({ peer, ticket, isAdmin }: Holder, kind: MutableKind): boolean {
    if (isAdmin) return false;
    const { muted, mutedPeers } = this.#rules;
    return [muted, mutedPeers.get(peer), this.#mutedTickets.get(ticket)].some((kinds) => kinds?.includes(kind));
  }

  /** Somebody came in; `inside` are all that are there. Returns whether the rules have changed: who was muted as another peer still is. */
  entered({ peer, ticket, isAdmin, expiresAtS }: Holder, inside: ReadonlySet<PeerId>): boolean {
    setBounded(this.#known, [peer, { ticket, isAdmin, expiresAtS }], MAX_KNOWN);
    setBounded(this.#tickets, [ticket, expiresAtS], MAX_KNOWN);
    if (isAdmin) return false;
    const named = this.#rules.mutedPeers.get(peer);
    const kinds = named ?? this.#mutedTickets.get(ticket);
    if (!kinds) return false;
    setBounded(this.#mutedTickets, [ticket, kinds], MAX_KNOWN);
    if (named) return false;
    // What it was before makes room: coming again and again pushes nobody else out.
    const gone = [...this.#rules.mutedPeers.keys()].filter(
      (other) => !inside.has(other) && this.#known.get(other)?.ticket === ticket,
    );
    return this.#mute({ peers: [peer], gone, kinds });
  }

  /** A host lets `peer` in, whatever the rules say, until `untilS` at most. */
  admit(peer: PeerId, untilS: number): void {
    if (!this.#known.has(peer)) setBounded(this.#known, [peer, { expiresAtS: untilS }], MAX_KNOWN);
  }

  /** A host forbids `peer` these kinds, and nothing else; of hosts it is ignored. Returns whether the rules have changed. */
  mute(peer: PeerId, kinds: readonly MutableKind[], inside: ReadonlySet<PeerId>): boolean {
    const { ticket, isAdmin } = this.#known.get(peer) ?? {};
    if (isAdmin) return false;
    if (ticket === undefined) return this.#mute({ peers: [peer], kinds });
    if (kinds.length > 0) setBounded(this.#mutedTickets, [ticket, kinds], MAX_KNOWN);
    else this.#mutedTickets.delete(ticket);
    const same = [...inside].filter((other) => other !== peer && this.#known.get(other)?.ticket === ticket);
    return this.#mute({ peers: [...same, peer], kinds });
  }

  /** What a host says to everybody. Returns whether the rules have changed. */
  rule({ locked, waiting, muted }: DoorOrder): boolean {
    const rules = this.#rules;
    const next = { locked: locked ?? rules.locked, waiting: waiting ?? rules.waiting, muted: muted ?? rules.muted };
    const isSame =
      next.locked === rules.locked && next.waiting === rules.waiting && next.muted.join() === rules.muted.join();
    if (!isSame) this.#change(next);
    return !isSame;
  }

  /** Rules that a server has published: an older set than ours is late. */
  heard(rules: DoorRules): void {
    if (rules.number > 0 && rules.number >= this.#rules.number) this.#rules = rules;
  }

  /** Nobody has been inside for long. Returns whether there was anything to forget. */
  forgetRules(): boolean {
    const { number } = this.#rules;
    this.#rules = NO_RULES;
    this.#mutedTickets.clear();
    return number > 0;
  }

  /** Forgets who could not come in any more. Returns whether nothing is left to know. */
  expire(nowS: number): boolean {
    for (const [peer, { expiresAtS }] of this.#known) if (expiresAtS <= nowS) this.#known.delete(peer);
    for (const [ticket, expiresAtS] of this.#tickets) if (expiresAtS <= nowS) this.#tickets.delete(ticket);
    return this.#known.size === 0 && this.#rules.number === 0;
  }

  /** The newest are at the end; when more are named than fit, the first are not named any more. */
  #mute(change: {
    readonly peers: readonly PeerId[];
    readonly gone?: readonly PeerId[];
    readonly kinds: readonly MutableKind[];
  }): boolean {
    const { peers, gone = [], kinds } = change;
    const { mutedPeers } = this.#rules;
    const isSame = peers.every((peer) => (mutedPeers.get(peer) ?? []).join() === kinds.join());
    if (isSame && gone.length === 0) return false;
    const next = new Map(mutedPeers);
    for (const peer of [...gone, ...peers]) next.delete(peer);
    if (kinds.length > 0) for (const peer of peers) setBounded(next, [peer, kinds], MAX_MUTED_PEERS);
    this.#change({ mutedPeers: next });
    return true;
  }

  #change(changes: Partial<DoorRules>): void {
    const number = Math.min(this.#rules.number + 1, Number.MAX_SAFE_INTEGER);
    this.#rules = { ...this.#rules, ...changes, number };
  }
}
