import type { BrowserLocalTrack, BrowserRoom, PublishOptions, TrackSource } from "@mqtt-meet/sdk/browser";
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

/** What the room cannot see of a track. */
type Made = Pick<PublishOptions, "latencyMs" | "frameRate">;

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
      const { latencyMs, frameRate } = options.device;
      const made = { latencyMs, ...(frameRate === undefined ? {} : { frameRate }) };
      this.#queue = this.#queue.then(() => this.#follow(wanted, made));
    });
  }

  close(): void {
    this.#closed = true;
    this.#dispose();
  }

  async #follow(wanted: MediaStreamTrack | undefined, made: Made): Promise<void> {
    if (this.#closed) return;
    if (!wanted) {
      this.#published?.setMuted(true);
      return;
    }
    try {
      await this.#send(wanted, made);
    } catch (error) {
      if (!this.#closed) this.#options.onError(error);
    }
  }

  async #send(track: MediaStreamTrack, made: Made): Promise<void> {
    if (!this.#published) {
      this.#published = await this.#options.room.publishTrack(track, { source: this.#options.source, ...made });
    } else if (this.#sent !== track) {
      await this.#published.replaceTrack(track, made);
    }
    this.#sent = track;
    this.#published.setMuted(false);
  }
}
