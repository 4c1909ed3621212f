import { type PeerId, REACTIONS, type ReactionKind, type RoomMessage } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { dropShownFor } from "./drop-shown-for.ts";
import type { OwnState } from "./own-state.ts";
import type { Reaction } from "./room.ts";
import { RoomCaptions, type RoomCaptionsOptions } from "./room-captions.ts";

/** Long enough to be seen by who looks elsewhere for a moment. */
const SHOWN_MS = 4_000;
/** Of one sender at once, ourselves included: applause, not a drum. What is more is dropped. */
const MAX_OF_ONE = 6;
/** Of everybody at once; the oldest go. */
const MAX_SHOWN = 60;

/** What the signs need of their room. */
export interface RoomSignsOptions extends RoomCaptionsOptions {
  readonly own: PeerId;
  readonly self: Pick<OwnState, "name" | "rename" | "update">;
}

/** What people show each other for a moment or as long as it holds: their name, raised hands, that they record, reactions, captions. */
export class RoomSigns {
  readonly #options: RoomSignsOptions;
  readonly #reactions = signal<readonly Reaction[]>([]);
  #lastId = 0;
  readonly reactions: ReadonlySignal<readonly Reaction[]> = this.#reactions;
  readonly captions: RoomCaptions;

  constructor(options: RoomSignsOptions) {
    this.#options = options;
    this.captions = new RoomCaptions(options);
  }

  /** Throws a TypeError for a name without a visible character. */
  setName(name: string): void {
    const { self, presence } = this.#options;
    self.rename(name);
    presence.sayState();
  }

  setHand(raised: boolean): void {
    const { self, presence, nowMs } = this.#options;
    self.update({ handAtMs: raised ? nowMs() : undefined });
    presence.sayState();
  }

  /** Says that we keep what we see and hear, or no longer. */
  setRecording(recording: boolean): void {
    const { self, presence } = this.#options;
    self.update({ recording });
    presence.sayState();
  }

  /** Shows it to everybody, unless there were too many of ours just now. */
  react(kind: ReactionKind): void {
    const { own, self, control } = this.#options;
    if (this.#show(own, { kind, name: self.name })) void control.say({ type: "reaction", kind });
  }

  /** Somebody reacted; kinds that this version does not know are dropped. */
  receive(from: PeerId, { kind: word }: Extract<RoomMessage, { type: "reaction" }>): void {
    const kind = REACTIONS.find((known) => known === word);
    const name = this.#options.directory.nameOf(from);
    // What a stranger shows is dropped.
    if (kind !== undefined && name !== undefined) this.#show(from, { kind, name });
  }

  /** Takes away what was shown long enough; to be called a few times a second. */
  check(): void {
    this.captions.check();
    dropShownFor(this.#reactions, { shownMs: SHOWN_MS, nowMs: this.#options.nowMs() });
  }

  #show(from: PeerId, { kind, name }: { readonly kind: ReactionKind; readonly name: string }): boolean {
    this.check();
    const shown = this.#reactions.peek();
    if (shown.filter((reaction) => reaction.from === from).length >= MAX_OF_ONE) return false;
    this.#lastId++;
    const { own, nowMs } = this.#options;
    const reaction: Reaction = { id: this.#lastId, from, name, own: from === own, kind, atMs: nowMs() };
    this.#reactions.value = [...shown, reaction].slice(-MAX_SHOWN);
    return true;
  }
}
