import type {
  Caption,
  ChatMessage,
  Participant,
  Poll,
  Reaction,
  RoomDoorState,
  RoomEncryptionState,
  RoomStatistics,
} from "@mqtt-meet/sdk";
import { type Signal, signal } from "@preact/signals-core";
import { NO_DOOR } from "../door/room-door-state.ts";
import { NO_STATISTICS } from "../room-meter.ts";
import { NO_KEYS_YET } from "./initial-encryption.ts";
import type { Mirrored } from "./worker-messages.ts";

/** What the window knows of the room in the worker without doing anything about it. */
export class RoomMirror {
  readonly participants = signal<readonly Participant[]>([]);
  readonly messages = signal<readonly ChatMessage[]>([]);
  readonly statistics = signal<RoomStatistics>(NO_STATISTICS);
  readonly levels = signal<ReadonlyMap<string, number>>(new Map());
  readonly encryption = signal<RoomEncryptionState>(NO_KEYS_YET);
  readonly captions = signal<readonly Caption[]>([]);
  readonly reactions = signal<readonly Reaction[]>([]);
  readonly polls = signal<readonly Poll[]>([]);
  readonly downloads = signal<ReadonlyMap<string, number>>(new Map());
  readonly door = signal<RoomDoorState>(NO_DOOR);

  /** Takes over what is in `change`. */
  apply(change: Partial<Mirrored>): void {
    set(this.participants, change.participants);
    set(this.messages, change.messages);
    set(this.statistics, change.statistics);
    set(this.levels, change.levels);
    set(this.encryption, change.encryption);
    set(this.captions, change.captions);
    set(this.reactions, change.reactions);
    set(this.polls, change.polls);
    set(this.downloads, change.downloads);
    set(this.door, change.door);
  }
}

function set<T>(target: Signal<T>, value: T | undefined): void {
  if (value !== undefined) target.value = value;
}
