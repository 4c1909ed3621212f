import { cleanChatText, MAX_CAPTION_CHARACTERS, type PeerId, type RoomMessage } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ControlChannel } from "./control-channel.ts";
import type { Directory } from "./directory.ts";
import { dropShownFor } from "./drop-shown-for.ts";
import type { OwnState } from "./own-state.ts";
import type { Presence } from "./presence.ts";
import type { Caption } from "./room.ts";

/** Time to read two lines. */
const SHOWN_MS = 6_000;
/** Of the last who spoke; what more say at once nobody can read. */
const MAX_SHOWN = 4;

type CaptionMessage = Extract<RoomMessage, { type: "caption" }>;

/** What captions need of their room. */
export interface RoomCaptionsOptions {
  readonly self: Pick<OwnState, "update">;
  readonly presence: Pick<Presence, "sayState">;
  readonly control: Pick<ControlChannel, "say">;
  readonly directory: Pick<Directory, "nameOf">;
  readonly nowMs: () => number;
}

/** What people say, as text, for those who want it (M10): the last sentence of each, while it grows and a moment longer. */
export class RoomCaptions {
  readonly #options: RoomCaptionsOptions;
  readonly #captions = signal<readonly Caption[]>([]);
  readonly captions: ReadonlySignal<readonly Caption[]> = this.#captions;

  constructor(options: RoomCaptionsOptions) {
    this.#options = options;
  }

  /** Tells everybody that we read captions, or no longer. */
  setWanted(captions: boolean): void {
    const { self, presence } = this.#options;
    self.update({ captions });
    presence.sayState();
    if (!captions) this.#captions.value = [];
  }

  /** Says the sentence with this number as far as it is understood; a later one of the same number takes its place. */
  say({ number, text }: { readonly number: number; readonly text: string }): void {
    const { control } = this.#options;
    const clean = cleanChatText(text).slice(-MAX_CAPTION_CHARACTERS);
    if (clean !== "") void control.say({ type: "caption", number, text: clean });
  }

  /** Somebody said something. What a stranger says, or said before, is dropped. */
  receive(from: PeerId, { number, text }: CaptionMessage): void {
    const name = this.#options.directory.nameOf(from);
    const shown = this.#captions.peek();
    const before = shown.find((caption) => caption.from === from);
    if (name === undefined || (before !== undefined && before.number > number)) return;
    const caption: Caption = { from, name, number, text, atMs: this.#options.nowMs() };
    const others = shown.filter((other) => other !== before);
    // A sentence that grows stays where it is.
    this.#captions.value =
      before?.number === number
        ? shown.map((other) => (other === before ? caption : other))
        : [...others, caption].slice(-MAX_SHOWN);
  }

  /** Takes away what was shown long enough; to be called a few times a second. */
  check(): void {
    dropShownFor(this.#captions, { shownMs: SHOWN_MS, nowMs: this.#options.nowMs() });
  }
}
