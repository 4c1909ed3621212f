import type { BrowserRoom } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, signal } from "@preact/signals";

/** How loud we hear each of the others, 0 to 1; nobody else learns of it. */
export class Volumes {
  readonly #room: Pick<BrowserRoom, "setVolume">;
  readonly #values = signal<ReadonlyMap<string, number>>(new Map());
  readonly values: ReadonlySignal<ReadonlyMap<string, number>> = this.#values;

  constructor(room: Pick<BrowserRoom, "setVolume">) {
    this.#room = room;
  }

  of(peer: string): number {
    return this.#values.value.get(peer) ?? 1;
  }

  set(peer: string, volume: number): void {
    const bounded = Math.min(1, Math.max(0, volume));
    this.#values.value = new Map([...this.#values.peek(), [peer, bounded]]);
    this.#room.setVolume(peer, bounded);
  }

  /** Silent, or as loud as it is sent. */
  toggle(peer: string): void {
    this.set(peer, (this.#values.peek().get(peer) ?? 1) > 0 ? 0 : 1);
  }
}
