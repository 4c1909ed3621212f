import { MediaError } from "@mqtt-meet/sdk/browser";
import { batch, type ReadonlySignal, signal } from "@preact/signals";

/** Why there is no picture or sound of our own. */
export type DeviceProblem =
  | "permission-denied"
  | "device-missing"
  | "device-busy"
  | "device-lost"
  /** The device works; what was to be put behind the person could not be. */
  | "background-failed"
  | "failed";

/** What a device gives, after something was done to it. */
export interface ProcessedTrack {
  readonly track: MediaStreamTrack;
  /** What was opened. */
  readonly device: MediaStreamTrack;
  /** How much later than the device's own what comes out is. */
  readonly latencyMs: number;
  /** Asked when `track` ended by itself. */
  readonly lostBecause: () => DeviceProblem;
  /** Stops the device too. */
  close(): void;
}

/** A device that works, but cannot be used as it is wanted. */
export class UnusableDevice extends Error {
  override readonly name = "UnusableDevice";
  readonly problem: DeviceProblem;

  constructor(problem: DeviceProblem, options: { readonly cause: unknown }) {
    super(`The device cannot be used as it is wanted: ${problem}.`, options);
    this.problem = problem;
  }
}

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
  readonly open: (deviceId: string | undefined) => Promise<MediaStreamTrack | ProcessedTrack>;
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
  #processed: ProcessedTrack | undefined;
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

  /** The device that is open, or else the chosen one; changes with {@link track}. */
  get usedId(): string {
    const device = this.#processed?.device ?? this.#track.value;
    return device?.getSettings().deviceId ?? this.deviceId.value;
  }

  /** How much later than the device's own what {@link track} gives is. */
  get latencyMs(): number {
    return this.#processed?.latencyMs ?? 0;
  }

  /** Of a device whose track was made anew, and cannot tell before it has run for a while. */
  get frameRate(): number | undefined {
    return this.#processed?.device.getSettings().frameRate;
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
    const { status } = this.#state.peek();
    if (status === "on" || status === "opening") await this.#reopen();
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
    // A device that is still open under another choice is "busy" for some systems, and stays for others as it was opened.
    const wasOpen = this.#track.peek() !== undefined;
    this.#stop();
    try {
      if (wasOpen) await othersLetGo();
      if (turn !== this.#turn) return;
      const opened = await this.#openChosen();
      if (turn === this.#turn) this.#take(opened);
      else stop(opened);
    } catch (error) {
      if (turn === this.#turn) this.#state.value = { status: "problem", problem: problemOf(error) };
    }
  }

  /** A device that was chosen long ago and is not there today gives way to the system's choice. */
  async #openChosen(): Promise<MediaStreamTrack | ProcessedTrack> {
    const deviceId = this.#deviceId.peek() || undefined;
    try {
      return await this.#open(deviceId);
    } catch (error) {
      if (deviceId === undefined || problemOf(error) !== "device-missing") throw error;
      const opened = await this.#open(undefined);
      this.#deviceId.value = "";
      return opened;
    }
  }

  #take(opened: MediaStreamTrack | ProcessedTrack): void {
    const processed = "track" in opened ? opened : undefined;
    const track = "track" in opened ? opened.track : opened;
    batch(() => {
      this.#processed = processed;
      this.#track.value = track;
      this.#state.value = { status: "on" };
    });
    track.addEventListener("ended", () => {
      if (this.#track.peek() !== track) return;
      const wasOn = this.#state.peek().status === "on";
      const problem = processed?.lostBecause() ?? "device-lost";
      batch(() => {
        this.#stop();
        if (wasOn) this.#state.value = { status: "problem", problem };
      });
    });
  }

  #stop(): void {
    const [processed, track] = [this.#processed, this.#track.peek()];
    this.#processed = undefined;
    this.#track.value = undefined;
    processed?.close();
    track?.stop();
  }
}

/** Whoever follows the track hears at once that it is gone, and lets go of it before the next task. */
function othersLetGo(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function stop(opened: MediaStreamTrack | ProcessedTrack): void {
  if ("track" in opened) opened.close();
  else opened.stop();
}

function problemOf(error: unknown): DeviceProblem {
  if (error instanceof UnusableDevice) return error.problem;
  if (!(error instanceof MediaError)) return "failed";
  const { code } = error;
  return code === "permission-denied" || code === "device-missing" || code === "device-busy" ? code : "failed";
}
