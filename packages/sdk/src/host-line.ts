import {
  type HostClaim,
  type HostRole,
  type HostSigner,
  isHostClaim,
  isHostPath,
  MAX_HAND_OVERS,
  type PeerId,
  signHandOver,
  signHostClaim,
  type TopicLevel,
} from "@mqtt-meet/protocol";
import type { HostSeat } from "./host.ts";
import {
  giversTo,
  type HostHeir,
  type HostPath,
  heirsOf,
  livePath,
  newerPath,
  placeIn,
  shownHosts,
} from "./live-hosts.ts";
import { SdkError } from "./sdk-error.ts";

/** What handing over needs of the room. */
export interface HostLineOptions {
  readonly room: TopicLevel;
  readonly own: PeerId;
  readonly seat: HostSeat;
  /** The key of our start, with which we command when the role came to us. */
  readonly identity: HostSigner;
  /** The key of a participant's start, in base64url. */
  readonly keyOf: (peer: PeerId) => string | undefined;
  readonly isHere: (peer: string) => boolean;
  /** Something is to be shown otherwise. */
  readonly onChange: () => void;
  /** Our state says something else. */
  readonly say: () => void;
  readonly nowMs: () => number;
}

/** Who has the host's role: what is known of it, and what we give and take (docs/protocol.md, H6 to H9). */
export class HostLine {
  readonly #options: HostLineOptions;
  readonly #claimants = new Map<PeerId, HostClaim>();
  #path: HostPath = [];
  #claim: HostClaim | undefined;

  constructor(options: HostLineOptions) {
    this.#options = options;
    const { seat, room, own, say, onChange } = options;
    if (seat.key === undefined) return;
    signHostClaim(seat.key, { room, peer: own }).then(
      (claim) => {
        this.#claim = claim;
        this.#claimants.set(own, claim);
        say();
        onChange();
      },
      () => undefined, // without, it is only not shown who the host is
    );
  }

  get #live(): HostPath {
    const { own, isHere } = this.#options;
    return livePath(this.#path, (peer) => peer === own || isHere(peer));
  }

  get #place(): number | undefined {
    const { own, seat } = this.#options;
    return placeIn(this.#live, { own, hasKey: seat.key !== undefined });
  }

  /** Those to whom the role was given, and who may command. */
  get heirs(): readonly HostHeir[] {
    return heirsOf(this.#live);
  }

  /** The peers that are shown as hosts. Who is not here any more is among them. */
  get hosts(): readonly string[] {
    return shownHosts(this.#live, this.#claimants.keys());
  }

  /** Whether we lead: we may command, and have not given it away. */
  get own(): boolean {
    const place = this.#place;
    return place !== undefined && (this.#live[place]?.keep ?? true);
  }

  /** To whom we gave the role, and from whom we can take it back. */
  get heir(): string | undefined {
    const place = this.#place;
    return place === undefined ? undefined : this.#live[place]?.to?.peer;
  }

  /** With what we command; undefined: we may not. */
  get signer(): HostSigner | undefined {
    const { seat, identity } = this.#options;
    return this.#place === undefined ? undefined : (seat.key ?? identity);
  }

  /** What our state says of it; undefined where it does not concern us. */
  get role(): HostRole | undefined {
    const { own, seat } = this.#options;
    const concerned = seat.key !== undefined || this.#path.some(({ from, to }) => from === own || to?.peer === own);
    const path = concerned && this.#path.length > 0 ? { path: this.#path } : undefined;
    const claim = this.#claim && { claim: this.#claim };
    return path || claim ? { ...claim, ...path } : undefined;
  }

  /** Whether whoever has `key` must leave `peer` alone. */
  isAbove(peer: string, key: string): boolean {
    return giversTo(this.#live, key).includes(peer);
  }

  /** Rejects with an SdkError "not-authorized" when the role is not ours, or cannot go on to `peer`. `keep`: we stay a host, too. */
  async handOver(peer: PeerId, { keep }: { readonly keep: boolean }): Promise<void> {
    const key = this.#options.keyOf(peer);
    if (key === undefined) throw new SdkError("not-authorized", "Only somebody in the meeting can become its host.");
    if (this.#place === MAX_HAND_OVERS) {
      throw new SdkError("not-authorized", "The host's role has gone through too many hands to be handed on.");
    }
    await this.#step({ to: { peer, key }, keep });
  }

  /** As {@link handOver}. */
  async takeBack(): Promise<void> {
    await this.#step({ keep: true });
  }

  /** What the state of `peer` says of the role. */
  async hear(peer: PeerId, { claim, path = [] }: HostRole): Promise<void> {
    const { room, seat, onChange, say } = this.#options;
    const { fingerprint } = seat;
    if (claim !== undefined && this.#claimants.get(peer)?.signature !== claim.signature) {
      if (await isHostClaim(claim, { room, peer, fingerprint })) this.#claimants.set(peer, claim);
    }
    // What we know already costs no check of its signatures.
    if (newerPath(this.#path, path) === this.#path || !(await isHostPath(path, { room, fingerprint })))
      return onChange();
    const before = this.role;
    this.#path = newerPath(this.#path, path);
    if (before !== undefined || this.role !== undefined) say();
    onChange();
  }

  /** Who left may be forgotten. */
  forget(peer: PeerId): void {
    this.#claimants.delete(peer);
    this.#options.onChange();
  }

  async #step({ to, keep }: { readonly to?: HostHeir; readonly keep: boolean }): Promise<void> {
    const { own, room, nowMs, say, onChange } = this.#options;
    const [place, signer, live] = [this.#place, this.signer, this.#live];
    if (place === undefined || signer === undefined) {
      throw new SdkError("not-authorized", "Only the host of the meeting can do this.");
    }
    const number = Math.max(Math.floor(nowMs()), (this.#path[place]?.number ?? 0) + 1);
    const step = await signHandOver({ from: own, number, keep, ...(to && { to }) }, { signer, room });
    this.#path = newerPath(this.#path, [...live.slice(0, place), step]);
    say();
    onChange();
  }
}
