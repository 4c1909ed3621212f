import type { BrowserRoom, Participant } from "@mqtt-meet/sdk/browser";
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import { ActiveSpeaker } from "../model/active-speaker.ts";
import type { StageView } from "../model/arrange-stage.ts";
import type { OwnChoice } from "../model/own-place.ts";
import { StageOrder } from "../model/stage-order.ts";

/** What the stage shows, and what the user wants of it. Lasts as long as the meeting. */
export class StageState {
  readonly view = signal<StageView>("grid");
  /** The id of the tile that is kept large. */
  readonly pinned = signal<string | undefined>(undefined);
  /** From 0. */
  readonly page = signal(0);
  readonly ownPicture = signal<OwnChoice>("auto");
  /** Tiles that are cropped although pictures are shown whole, or the other way round. */
  readonly otherwiseFitted = signal<ReadonlySet<string>>(new Set());
  /** The keys of tracks that we receive and cannot decrypt, or that are not encrypted as they should be. */
  readonly undecryptable: ReadonlySignal<ReadonlySet<string>>;
  /** The others in the order of the stage. */
  readonly people: ReadonlySignal<readonly Participant[]>;
  /** Who has the word. */
  readonly speaker: ReadonlySignal<string | undefined>;
  readonly #firstPage = signal(Number.POSITIVE_INFINITY);
  #shown: readonly string[] = [];

  constructor(options: {
    readonly room: Pick<BrowserRoom, "participants" | "levels" | "encryption">;
    readonly speaking: ReadonlySignal<ReadonlySet<string>>;
    readonly nowMs: () => number;
  }) {
    const { room, speaking, nowMs } = options;
    this.undecryptable = computed(() => new Set(room.encryption.value.troubles.keys()));
    const order = new StageOrder();
    let people: readonly Participant[] = [];
    this.people = computed(() => {
      const participants = room.participants.value;
      const firstPage = this.#firstPage.value;
      const byPeer = new Map(participants.map((participant) => [participant.peer, participant]));
      const now = { speaking: speaking.value, firstPage, nowMs: nowMs() };
      const next = order.update([...byPeer.keys()], now).flatMap((peer) => byPeer.get(peer) ?? []);
      // Somebody who begins to speak changes nobody's tile but the own: the same people are the same list.
      if (!isSame(next, people)) people = next;
      return people;
    });
    const active = new ActiveSpeaker();
    this.speaker = computed(() => {
      void room.levels.value; // time passes with every level
      const present = room.participants.value.map(({ peer }) => peer);
      return active.update(present, { speaking: speaking.value, nowMs: nowMs() });
    });
  }

  /** Told by the view: the ids on the page that is shown, and how many the first page holds. */
  shows(ids: readonly string[], firstPage: number): void {
    this.#shown = ids;
    this.#firstPage.value = firstPage;
  }

  toggleView(): void {
    batch(() => {
      this.view.value = this.view.peek() === "grid" ? "speaker" : "grid";
      this.page.value = 0;
    });
  }

  togglePin(id: string): void {
    batch(() => {
      this.pinned.value = this.pinned.peek() === id ? undefined : id;
      this.page.value = 0;
    });
  }

  /** The tile at a place of the page, from 1. */
  togglePinAt(place: number): void {
    const id = this.#shown[place - 1];
    if (id !== undefined) this.togglePin(id);
  }

  /** The view takes a page that there is. */
  turnPage(by: number): void {
    this.page.value = Math.max(0, this.page.peek() + by);
  }

  toggleFit(id: string): void {
    const ids = new Set(this.otherwiseFitted.peek());
    if (!ids.delete(id)) ids.add(id);
    this.otherwiseFitted.value = ids;
  }
}

function isSame(a: readonly Participant[], b: readonly Participant[]): boolean {
  return a.length === b.length && a.every((participant, index) => participant === b[index]);
}
