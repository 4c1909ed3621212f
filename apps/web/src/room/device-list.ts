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
      if (this.#lifetime.signal.aborted || isSame(devices, this.#devices.peek())) return;
      this.#devices.value = devices;
    } catch {
      // A browser that does not list its devices still opens the usual ones.
    }
  }

  close(): void {
    this.#lifetime.abort();
  }
}

/** An open menu asks again whenever it is drawn: it must not be drawn again for what it shows already. */
function isSame(some: readonly Device[], others: readonly Device[]): boolean {
  const isLike = (a: Device, b: Device | undefined) => a.id === b?.id && a.label === b.label && a.kind === b.kind;
  return some.length === others.length && some.every((device, index) => isLike(device, others[index]));
}
