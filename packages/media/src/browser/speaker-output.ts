import { Alarm } from "../alarm.ts";
import { every } from "../every.ts";
import { isFirefox } from "../is-firefox.ts";
import { MediaError } from "../media-error.ts";
import { SAMPLE_RATE } from "../sound.ts";
import { ringBytes } from "../webcodecs/sample-ring.ts";
import type { SinkConnection } from "../webcodecs/speaker-sink.ts";
import { outputLatencyUs } from "./output-latency.ts";
import { wakeSound } from "./wake-sound.ts";

/** How the speaker is opened. */
export interface SpeakerOptions {
  readonly deviceId?: string;
  /** Where the compiled `playout-worklet.ts` is; beside this module when left out. */
  readonly workletUrl?: URL | string;
  /** `blocked` changed: browsers play nothing before the user touched the page. */
  readonly onBlockedChange?: (blocked: boolean) => void;
  /** `missing` changed: the browser may play, and has nothing to play on. */
  readonly onMissingChange?: (missing: boolean) => void;
}

/** One voice of the speaker. */
export interface SpeakerStream {
  /** To be posted to the worker, once, with {@link transfer}; opened there with `openSpeakerSink`. */
  readonly connection: SinkConnection;
  readonly transfer: Transferable[];
  /** 0 to 1 (2 at most). */
  setVolume(volume: number): void;
  close(): void;
}

/** What the speaker plays, as a track. */
export interface SpeakerCapture {
  readonly track: MediaStreamTrack;
  /** Ends the track. */
  close(): void;
}

/** Devices change their latency, for example when headphones are plugged in. */
const LATENCY_INTERVAL_MS = 1_000;

const MAX_VOLUME = 2;

/** A loudspeaker that is there runs within a fraction of this, also on a machine that does much else. */
const MISSING_AFTER_MS = 8_000;

/** Opens the speaker. Works before a gesture of the user, but then stays silent until one, or {@link SpeakerOutput.resume} in one. */
export async function openSpeaker(options: SpeakerOptions = {}): Promise<SpeakerOutput> {
  const { workletUrl = new URL("./playout-worklet.js", import.meta.url), deviceId } = options;
  // Firefox takes out of the microphone what a page plays at the rate of the device, and nothing that it plays at another.
  const rate = isFirefox(navigator.userAgent) ? {} : { sampleRate: SAMPLE_RATE };
  const context = new AudioContext({ ...rate, latencyHint: "interactive" });
  try {
    await context.audioWorklet.addModule(workletUrl);
    const output = new SpeakerOutput(context, options);
    if (deviceId) await output.setDevice(deviceId);
    return output;
  } catch (error) {
    if (context.state !== "closed") context.close().catch(() => undefined);
    throw error;
  }
}

/** The page's loudspeaker: one AudioContext and one worklet that mixes all streams. Made by {@link openSpeaker}. */
export class SpeakerOutput {
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #lifetime = new AbortController();
  readonly #onMissingChange: (missing: boolean) => void;
  readonly #missingAlarm: Alarm;
  #nextId = 0;
  #latencyUs = 0;
  #missing = false;

  /** `context` has the playout worklet; it is taken over. */
  constructor(context: AudioContext, options: Pick<SpeakerOptions, "onBlockedChange" | "onMissingChange"> = {}) {
    const { signal } = this.#lifetime;
    this.#context = context;
    this.#onMissingChange = options.onMissingChange ?? (() => undefined);
    this.#missingAlarm = new Alarm(() => this.#setMissing(context.state === "suspended"), { signal });
    this.#node = new AudioWorkletNode(context, "mqtt-meet-playout", {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [2],
    });
    this.#node.connect(context.destination);
    const onStateChange = () => {
      this.#measureLatency();
      if (!this.blocked) this.#setMissing(false);
      options.onBlockedChange?.(this.blocked);
    };
    context.addEventListener("statechange", onStateChange, { signal });
    every(LATENCY_INTERVAL_MS, () => this.#measureLatency(), { signal });
    wakeSound(context);
    if (needsNoGesture()) this.#awaitDevice();
  }

  /** The browser waits for a gesture of the user, or for a loudspeaker: see {@link missing}. */
  get blocked(): boolean {
    return this.#context.state !== "running" && !this.#lifetime.signal.aborted;
  }

  /** The browser may play, and has had no loudspeaker for seconds. Firefox then lets nobody read a microphone, either. */
  get missing(): boolean {
    return this.#missing;
  }

  addStream(options: { readonly channels: 1 | 2 }): SpeakerStream {
    const { channels } = options;
    const id = this.#nextId++;
    const methods = {
      setVolume: (volume: number) =>
        this.#post({ type: "volume", id, volume: Math.min(MAX_VOLUME, Math.max(0, volume)) }),
      close: () => this.#post({ type: "remove", id }),
    };
    if (typeof SharedArrayBuffer !== "undefined" && crossOriginIsolated) {
      const memory = new SharedArrayBuffer(ringBytes(channels));
      this.#post({ type: "add", id, channels, memory });
      return { connection: { kind: "shared", channels, memory }, transfer: [], ...methods };
    }
    const { port1, port2: port } = new MessageChannel();
    this.#node.port.postMessage({ type: "add", id, channels, port: port1 }, [port1]);
    return { connection: { kind: "port", channels, port }, transfer: [port], ...methods };
  }

  /** What is played from now on, as it goes to the device. The speaker's end is the track's end. */
  capture(): SpeakerCapture {
    const destination = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 2 });
    this.#node.connect(destination);
    const [track] = destination.stream.getAudioTracks() as [MediaStreamTrack];
    const close = () => {
      track.stop();
      this.#node.disconnect(destination);
    };
    this.#lifetime.signal.addEventListener("abort", () => track.stop(), { once: true });
    return { track, close };
  }

  /** To be called by a gesture of the user. */
  async resume(): Promise<void> {
    this.#awaitDevice();
    await this.#context.resume();
  }

  /** "" is the system's choice. Rejects with a MediaError "device-missing" where it cannot be used. */
  async setDevice(deviceId: string): Promise<void> {
    const context: AudioContext & { setSinkId?: (id: string) => Promise<void> } = this.#context;
    try {
      if (context.setSinkId) await context.setSinkId(deviceId);
      else if (deviceId !== "") throw new TypeError("This browser chooses the speaker itself.");
    } catch (cause) {
      throw new MediaError("device-missing", "This speaker cannot be used.", { cause });
    }
    this.#measureLatency();
  }

  close(): void {
    if (this.#lifetime.signal.aborted) return;
    this.#post({ type: "close" });
    this.#lifetime.abort();
    this.#node.disconnect();
    if (this.#context.state !== "closed") this.#context.close().catch(() => undefined);
  }

  /** Without a device, Firefox neither resumes nor says why. */
  #awaitDevice(): void {
    const nowMs = performance.now();
    if (this.blocked) this.#missingAlarm.set(nowMs + MISSING_AFTER_MS, nowMs);
  }

  #setMissing(missing: boolean): void {
    if (!missing) this.#missingAlarm.clear();
    if (missing === this.#missing) return;
    this.#missing = missing;
    this.#onMissingChange(missing);
  }

  #measureLatency(): void {
    const latencyUs = outputLatencyUs(this.#context, navigator.userAgent);
    if (Math.abs(latencyUs - this.#latencyUs) < 1_000) return;
    this.#latencyUs = latencyUs;
    this.#post({ type: "latency", latencyUs });
  }

  #post(message: object): void {
    if (!this.#lifetime.signal.aborted) this.#node.port.postMessage(message);
  }
}

/** Firefox tells; others do not, and wait for a gesture or play at once. */
function needsNoGesture(): boolean {
  const getPolicy: unknown = Reflect.get(navigator, "getAutoplayPolicy");
  return typeof getPolicy === "function" && getPolicy.call(navigator, "audiocontext") === "allowed";
}
