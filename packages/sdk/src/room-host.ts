import {
  encodeBase64Url,
  HOST_COMMANDS,
  type HostMessage,
  type HostRole,
  type HostSigner,
  isHostCommand,
  isTopicLevel,
  type PeerId,
  signHostCommand,
  type TopicLevel,
} from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ControlChannel } from "./control-channel.ts";
import type { Directory } from "./directory.ts";
import type { PeerKeys } from "./e2ee/peer-keys.ts";
import { type HostAct, type HostCommand, type HostSeat, NO_HOST, type RoomHostState, silencedBy } from "./host.ts";
import { HostLine } from "./host-line.ts";
import type { OwnState } from "./own-state.ts";
import type { Presence } from "./presence.ts";
import type { LocalTrack } from "./room.ts";
import { SdkError } from "./sdk-error.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

/** More are no history that anybody reads. */
const MAX_ACTS = 20;
/** Commands that came and were not checked yet; a flood is dropped at its end. */
const MAX_UNCHECKED = 64;

/** What the host's commands need of their room. */
export interface RoomHostOptions {
  readonly room: TopicLevel;
  readonly own: PeerId;
  /** Undefined where nobody is the host, and nobody's commands are obeyed. */
  readonly seat: HostSeat | undefined;
  readonly self: Pick<OwnState, "name">;
  readonly control: Pick<ControlChannel, "post">;
  readonly directory: Pick<Directory, "nameOf" | "leave">;
  /** Undefined in an open room, which has no host. */
  readonly encryption: { readonly peers: Pick<PeerKeys, "exclude" | "get">; readonly identity: HostSigner } | undefined;
  readonly tracks: () => readonly LocalTrack[];
  /** Our stay is over. */
  readonly dismiss: (error: SdkError) => void;
  /** Our state says something else. */
  readonly presence: Pick<Presence, "sayState">;
  readonly nowMs: () => number;
}

/** What the host of a link room asks, signed with its key, and what we do about it (docs/protocol.md, H). */
export class RoomHost {
  readonly #options: RoomHostOptions;
  readonly #seat: HostSeat | undefined;
  readonly #state;
  readonly state: ReadonlySignal<RoomHostState>;
  readonly #line: HostLine | undefined;
  /** By key, the number of the last command that was obeyed or said: none is obeyed twice, or after a later one. */
  readonly #lastNumbers = new Map<string, number>();
  #lastId = 0;
  #unchecked = 0;
  #checked: Promise<void> = Promise.resolve();

  constructor(options: RoomHostOptions) {
    const seat = options.encryption && options.seat;
    this.#options = options;
    this.#seat = seat;
    this.#state = signal<RoomHostState>({ ...NO_HOST, named: seat !== undefined, own: seat?.key !== undefined });
    this.state = this.#state;
    this.#line = seat && this.#createLine(seat);
  }

  /** What our state says of the role. */
  get role(): HostRole | undefined {
    return this.#line?.role;
  }

  /** See {@link Room.command}. */
  async command(order: HostCommand): Promise<void> {
    const { room, own, control, nowMs } = this.#options;
    const [line, hostKey] = [this.#line, this.#line?.signer];
    if (!line || !hostKey) throw new SdkError("not-authorized", "Only the host of the meeting can do this.");
    const peer = "peer" in order ? order.peer : undefined;
    if (peer !== undefined && !isTopicLevel(peer)) throw new TypeError("This is no peer.");
    if (order.command === "take-back") return await line.takeBack();
    if (order.command === "hand-over" && peer !== undefined) return await line.handOver(peer, order);
    const key = encodeBase64Url(hostKey.publicBytes);
    const number = Math.max((this.#lastNumbers.get(key) ?? 0) + 1, Math.floor(nowMs()));
    this.#lastNumbers.set(key, number);
    const target = peer === undefined ? {} : { target: peer };
    const unsigned = { command: order.command as TopicLevel, number, ...target };
    const message = await signHostCommand(unsigned, { hostKey, room, from: own });
    try {
      await control.post(message);
    } catch (error) {
      throw sdkErrorOf(error);
    }
    this.#obey(own, message);
  }

  /** Resolves when it was obeyed or dropped; in the order in which they came. */
  receive(from: PeerId, message: HostMessage): Promise<void> {
    return this.#queue(() => this.#check(from, message));
  }

  /** What the state of `from` says of the role. Resolves when it is believed or dropped. */
  hear(from: PeerId, role: HostRole): Promise<void> {
    return this.#queue(async () => this.#line?.hear(from, role));
  }

  /** Who left is no host. */
  departed(peer: PeerId): void {
    this.#line?.forget(peer);
  }

  #createLine(seat: HostSeat): HostLine | undefined {
    const { room, own, encryption, directory, presence, nowMs } = this.#options;
    if (encryption === undefined) return undefined;
    const keyOf = (peer: PeerId) => {
      const known = encryption.peers.get(peer);
      return known && directory.nameOf(peer) !== undefined ? encodeBase64Url(known.signing) : undefined;
    };
    const isHere = (peer: string) => isTopicLevel(peer) && directory.nameOf(peer) !== undefined;
    const say = () => presence.sayState();
    const { identity } = encryption;
    return new HostLine({ room, own, seat, identity, keyOf, isHere, say, nowMs, onChange: () => this.#show() });
  }

  #show(): void {
    const line = this.#line;
    if (line === undefined) return;
    const { own, heir, hosts } = line;
    const state = this.#state.peek();
    const isSame = own === state.own && heir === state.heir && hosts.join() === state.hosts.join();
    if (!isSame) this.#state.value = { ...state, own, heir, hosts };
  }

  #queue(check: () => Promise<void>): Promise<void> {
    if (this.#line === undefined || this.#unchecked >= MAX_UNCHECKED) return this.#checked;
    this.#unchecked++;
    this.#checked = this.#checked.then(() => {
      this.#unchecked--;
      return check();
    });
    return this.#checked;
  }

  async #check(from: PeerId, message: HostMessage): Promise<void> {
    const { room } = this.#options;
    const [seat, line] = [this.#seat, this.#line];
    if (!seat || !line || message.number <= (this.#lastNumbers.get(message.key) ?? 0)) return;
    const { fingerprint } = seat;
    if (!(await isHostCommand(message, { room, from, fingerprint, heirs: line.heirs }))) return;
    this.#lastNumbers.set(message.key, message.number);
    this.#obey(from, message);
  }

  #obey(from: PeerId, { command: word, target, key }: HostMessage): void {
    const command = HOST_COMMANDS.find((known) => known === word);
    const isForAll = command === "mute" || command === "end";
    if (command === undefined || (target === undefined && !isForAll)) return;
    if (command === "remove" && target !== undefined && this.#line?.isAbove(target, key)) return;
    const { own, self, directory, encryption } = this.#options;
    const isOwn = from === own;
    this.#lastId++;
    const forUs = target === undefined ? !isOwn : target === own;
    const targetName = target === own ? self.name : target && directory.nameOf(target);
    const act: HostAct = { id: this.#lastId, command, target, targetName, own: isOwn, forUs };
    const state = this.#state.peek();
    this.#state.value = { ...state, acts: [...state.acts, act].slice(-MAX_ACTS) };
    if (forUs) this.#submit(act);
    else if (command === "remove" && target !== undefined) {
      encryption?.peers.exclude(target);
      directory.leave(target);
    }
  }

  #submit(act: HostAct): void {
    const { tracks, dismiss } = this.#options;
    for (const track of silencedBy(act, tracks())) track.setMuted(true);
    if (act.command === "remove") dismiss(new SdkError("removed", "The host has removed you from this meeting."));
    if (act.command === "end") dismiss(new SdkError("ended", "The host has ended this meeting."));
  }
}
