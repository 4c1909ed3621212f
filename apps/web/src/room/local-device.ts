import { MediaError } from "@mqtt-meet/sdk/browser";
import { batch, type ReadonlySignal, signal } from "@preact/signals";

/** Why there is no picture or sound of our own. */
export type DeviceProblem = "permission-denied" | "device-missing" | "device-busy" | "device-lost" | "failed";

/** What the user sees of a device. */
export type DeviceState =
  | { readonly status: "off" }
  | { readonly status: "opening" }
  | { readonly status: "on" }
  | { readonly status: "problem"; readonly problem: DeviceProblem };

/** How to open a device. */
export interface LocalDeviceOptions {
  readonly kind: "camera" | "microphone";
  /** `deviceId` is undefined for the system's choice. */
  readonly open: (deviceId: string | undefined) => Promise<MediaStreamTrack>;
  /** "" is the system's choice. */
  readonly deviceId: string;
}

/**
 * The camera or the microphone of this browser. A camera that is turned off is closed, so that its light goes out; a
 * microphone stays open, so that it is back at once.
 */
export class LocalDevice {
  readonly kind: "camera" | "microphone";
  readonly #open: LocalDeviceOptions["open"];
  readonly #state = signal<DeviceState>({ status: "off" });
  readonly state: ReadonlySignal<DeviceState> = this.#state;
  readonly #track = signal<MediaStreamTrack | undefined>(undefined);
  /** Open, though perhaps muted. */
  readonly track: ReadonlySignal<MediaStreamTrack | undefined> = this.#track;
  readonly #deviceId;
  /** The chosen one, "" for the system's choice. */
  readonly deviceId: ReadonlySignal<string>;
  #turn = 0;

  constructor(options: LocalDeviceOptions) {
    this.kind = options.kind;
    this.#open = options.open;
    this.#deviceId = signal(options.deviceId);
    this.deviceId = this.#deviceId;
  }

  /** Never rejects: what went wrong is the state. */
  async turnOn(): Promise<void> {
    if (this.#track.peek()?.readyState === "live") {
      this.#turn += 1;
      this.#state.value = { status: "on" };
      return;
    }
    await this.#reopen();
  }

  turnOff(): void {
    this.#turn += 1;
    this.#state.value = { status: "off" };
    if (this.kind === "camera") this.#stop();
  }

  async toggle(): Promise<void> {
    const { status } = this.#state.peek();
    if (status === "on" || status === "opening") this.turnOff();
    else await this.turnOn();
  }

  /** Takes another device, and turns it on. */
  async choose(deviceId: string): Promise<void> {
    this.#deviceId.value = deviceId;
    await this.#reopen();
  }

  /** It is wanted otherwise: opens it anew if it is on, and else when it is turned on. */
  async renew(): Promise<void> {
    if (this.#state.peek().status === "on") await this.#reopen();
    else this.#stop();
  }

  close(): void {
    this.turnOff();
    this.#stop();
  }

  async #reopen(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#state.value = { status: "opening" };
    // A device that is still open under another choice is "busy" for some systems.
    this.#stop();
    try {
      const track = await this.#openChosen();
      if (turn === this.#turn) this.#take(track);
      else track.stop();
    } catch (error) {
      if (turn === this.#turn) this.#state.value = { status: "problem", problem: problemOf(error) };
    }
  }

  /** A device that was chosen long ago and is not there today gives way to the system's choice. */
  async #openChosen(): Promise<MediaStreamTrack> {
    const deviceId = this.#deviceId.peek() || undefined;
    try {
      return await this.#open(deviceId);
    } catch (error) {
      if (deviceId === undefined || problemOf(error) !== "device-missing") throw error;
      const track = await this.#open(undefined);
      this.#deviceId.value = "";
      return track;
    }
  }

  #take(track: MediaStreamTrack): void {
    batch(() => {
      this.#track.value = track;
      this.#state.value = { status: "on" };
    });
    track.addEventListener("ended", () => {
      if (this.#track.peek() !== track) return;
      const wasOn = this.#state.peek().status === "on";
      batch(() => {
        this.#track.value = undefined;
        if (wasOn) this.#state.value = { status: "problem", problem: "device-lost" };
      });
    });
  }

  #stop(): void {
    const track = this.#track.peek();
    this.#track.value = undefined;
    track?.stop();
  }
}

function problemOf(error: unknown): DeviceProblem {
  if (!(error instanceof MediaError)) return "failed";
  const { code } = error;
  return code === "permission-denied" || code === "device-missing" || code === "device-busy" ? code : "failed";
}
