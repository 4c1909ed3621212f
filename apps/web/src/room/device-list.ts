import { type Device, listDevices } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, signal } from "@preact/signals";

/** The cameras, microphones and speakers that are there now. */
export class DeviceList {
  readonly #devices = signal<readonly Device[]>([]);
  readonly devices: ReadonlySignal<readonly Device[]> = this.#devices;
  readonly #lifetime = new AbortController();

  constructor() {
    const refresh = () => void this.refresh();
    navigator.mediaDevices?.addEventListener("devicechange", refresh, { signal: this.#lifetime.signal });
    refresh();
  }

  /** To be called after a permission was given too: only then do devices have names. */
  async refresh(): Promise<void> {
    try {
      const devices = await listDevices();
      if (!this.#lifetime.signal.aborted) this.#devices.value = devices;
    } catch {
      // A browser that does not list its devices still opens the usual ones.
    }
  }

  close(): void {
    this.#lifetime.abort();
  }
}
