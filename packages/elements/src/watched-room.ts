import { type BrowserRoom, type JoinOptions, joinRoom, type RoomConnection } from "@mqtt-meet/sdk/browser";
import { effect } from "@preact/signals-core";
import { chooseTrack, type WantedTrack } from "./choose-track.ts";

/** What is to be seen and heard, and whom to tell. */
export interface WatchOptions {
  readonly video: HTMLVideoElement;
  readonly onChange: (state: WatchedState) => void;
}

/** What a {@link WatchedRoom} shows now. */
export interface WatchedState {
  readonly connection: RoomConnection;
  readonly showing: boolean;
  readonly people: number;
  /** Sound is wanted, and the browser waits for a gesture. */
  readonly silenced: boolean;
}

/** Joins as a viewer. Rejects with an SdkError, or the signal's reason. */
export async function watchRoom(link: string, options: JoinOptions & WatchOptions): Promise<WatchedRoom> {
  const { video, onChange, ...join } = options;
  return new WatchedRoom(await joinRoom(link, join), { video, onChange });
}

/** A room of which one picture is shown on one element. Made by {@link watchRoom}. */
export class WatchedRoom {
  readonly #room: BrowserRoom;
  readonly #options: WatchOptions;
  readonly #dispose: () => void;
  #wanted: WantedTrack = {};
  #sound = false;
  #shown: string | undefined;
  #detach: (() => void) | undefined;

  /** Takes `room` over. */
  constructor(room: BrowserRoom, options: WatchOptions) {
    this.#room = room;
    this.#options = options;
    this.#dispose = effect(() => {
      void [room.connection.value, room.participants.value, room.audioBlocked.value];
      this.#update();
    });
  }

  want(wanted: WantedTrack, options: { readonly sound: boolean }): void {
    this.#wanted = wanted;
    this.#sound = options.sound;
    this.#update();
  }

  /** To be called by a gesture of the user. */
  async resumeAudio(): Promise<void> {
    await this.#room.resumeAudio();
  }

  async close(): Promise<void> {
    this.#dispose();
    this.#show(undefined);
    await this.#room.leave();
  }

  #update(): void {
    const { connection, participants, audioBlocked } = this.#room;
    const people = participants.peek();
    for (const { peer } of people) this.#room.setVolume(peer, this.#sound ? 1 : 0);
    this.#show(chooseTrack(people, { wanted: this.#wanted, shown: this.#shown }));
    this.#options.onChange({
      connection: connection.peek(),
      showing: this.#shown !== undefined,
      people: people.length + 1,
      silenced: this.#sound && audioBlocked.peek(),
    });
  }

  #show(key: string | undefined): void {
    if (key === this.#shown) return;
    this.#shown = key;
    this.#detach?.();
    this.#detach = key === undefined ? undefined : this.#room.attachVideo(key, this.#options.video);
  }
}
