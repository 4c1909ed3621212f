import {
  HOST_COMMANDS,
  type HostMessage,
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
import type { OwnState } from "./own-state.ts";
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
  readonly encryption: { readonly peers: Pick<PeerKeys, "exclude"> } | undefined;
  readonly tracks: () => readonly LocalTrack[];
  /** Our stay is over. */
  readonly dismiss: (error: SdkError) => void;
  readonly nowMs: () => number;
}

/** What the host of a link room asks, signed with its key, and what we do about it (docs/protocol.md, H). */
export class RoomHost {
  readonly #options: RoomHostOptions;
  readonly #seat: HostSeat | undefined;
  readonly #state;
  readonly state: ReadonlySignal<RoomHostState>;
  /** The number of the last command that was obeyed or said: none is obeyed twice, or after a later one. */
  #lastNumber = 0;
  #lastId = 0;
  #unchecked = 0;
  #checked: Promise<void> = Promise.resolve();

  constructor(options: RoomHostOptions) {
    const seat = options.encryption && options.seat;
    this.#options = options;
    this.#seat = seat;
    this.#state = signal<RoomHostState>({ ...NO_HOST, named: seat !== undefined, own: seat?.key !== undefined });
    this.state = this.#state;
  }

  /** See {@link Room.command}. */
  async command(order: HostCommand): Promise<void> {
    const { room, own, control, nowMs } = this.#options;
    const key = this.#seat?.key;
    if (key === undefined) throw new SdkError("not-authorized", "Only the host of the meeting can do this.");
    const peer = "peer" in order ? order.peer : undefined;
    if (peer !== undefined && !isTopicLevel(peer)) throw new TypeError("This is no peer.");
    this.#lastNumber = Math.max(this.#lastNumber + 1, Math.floor(nowMs()));
    const target = peer === undefined ? {} : { target: peer };
    const unsigned = { command: order.command as TopicLevel, number: this.#lastNumber, ...target };
    const message = await signHostCommand(unsigned, { hostKey: key, room, from: own });
    try {
      await control.post(message);
    } catch (error) {
      throw sdkErrorOf(error);
    }
    this.#obey(own, message);
  }

  /** Resolves when it was obeyed or dropped; in the order in which they came. */
  receive(from: PeerId, message: HostMessage): Promise<void> {
    if (this.#seat === undefined || this.#unchecked >= MAX_UNCHECKED) return this.#checked;
    this.#unchecked++;
    this.#checked = this.#checked.then(() => this.#check(from, message));
    return this.#checked;
  }

  async #check(from: PeerId, message: HostMessage): Promise<void> {
    this.#unchecked--;
    const { room } = this.#options;
    const seat = this.#seat;
    if (seat === undefined || message.number <= this.#lastNumber) return;
    if (!(await isHostCommand(message, { room, from, fingerprint: seat.fingerprint }))) return;
    this.#lastNumber = message.number;
    this.#obey(from, message);
  }

  #obey(from: PeerId, { command: word, target }: HostMessage): void {
    const command = HOST_COMMANDS.find((known) => known === word);
    const isForAll = command === "mute" || command === "end";
    if (command === undefined || (target === undefined && !isForAll)) return;
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
