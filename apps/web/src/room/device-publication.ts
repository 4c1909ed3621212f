import type { BrowserLocalTrack, BrowserRoom, TrackSource } from "@mqtt-meet/sdk/browser";
import { effect } from "@preact/signals";
import type { LocalDevice } from "./local-device.ts";

/** What to keep in step with what. */
export interface DevicePublicationOptions {
  readonly room: Pick<BrowserRoom, "publishTrack">;
  readonly device: LocalDevice;
  readonly source: TrackSource;
  /** The device works, but the others do not get it. */
  readonly onError: (error: unknown) => void;
}

/** Publishes a device from the first time it is on, mutes it while it is off, and follows it to another one. */
export class DevicePublication {
  readonly #options: DevicePublicationOptions;
  readonly #dispose: () => void;
  #published: BrowserLocalTrack | undefined;
  #sent: MediaStreamTrack | undefined;
  #queue: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: DevicePublicationOptions) {
    this.#options = options;
    const { state, track } = options.device;
    this.#dispose = effect(() => {
      const wanted = state.value.status === "on" ? track.value : undefined;
      this.#queue = this.#queue.then(() => this.#follow(wanted));
    });
  }

  close(): void {
    this.#closed = true;
    this.#dispose();
  }

  async #follow(wanted: MediaStreamTrack | undefined): Promise<void> {
    if (this.#closed) return;
    if (!wanted) {
      this.#published?.setMuted(true);
      return;
    }
    try {
      await this.#send(wanted);
    } catch (error) {
      if (!this.#closed) this.#options.onError(error);
    }
  }

  async #send(track: MediaStreamTrack): Promise<void> {
    if (!this.#published) {
      this.#published = await this.#options.room.publishTrack(track, { source: this.#options.source });
    } else if (this.#sent !== track) {
      await this.#published.replaceTrack(track);
    }
    this.#sent = track;
    this.#published.setMuted(false);
  }
}
