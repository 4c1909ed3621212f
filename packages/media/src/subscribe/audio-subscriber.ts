import type { FrameBody } from "@mqtt-meet/protocol";
import type { AudioDecoderPort, CodecBackend, PcmBlock, Picture } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { MediaError } from "../media-error.ts";
import { opusDurationUs } from "../opus-duration.ts";
import { loudness, SILENCE_DBOV, soundLevelDbov } from "../sound-level.ts";
import type { MediaSource } from "../transport.ts";
import { FrameMarks } from "./frame-marks.ts";
import { FrameOrder } from "./frame-order.ts";
import { FrameReceiver } from "./frame-receiver.ts";
import { LatencyWindow } from "./latency-window.ts";
import type { PcmSink } from "./pcm-sink.ts";
import type { PlayoutClock } from "./playout-clock.ts";
import type { ReceivedFrame } from "./reassembler.ts";
import { SoundPlayout } from "./sound-playout.ts";

/** How a sound track is received. */
export interface AudioSubscriberOptions {
  readonly backend: CodecBackend<Picture>;
  readonly source: MediaSource;
  readonly filter: string;
  readonly clock: PlayoutClock;
  /** Closed with the subscriber, unless `keepSink`. */
  readonly sink: PcmSink;
  /** The sink is its owner's, who closes it. */
  readonly keepSink?: boolean;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /** What to add to a time of the publisher's clock to have it on ours; undefined while unknown. For statistics only. */
  readonly clockOffsetUs?: () => number | undefined;
  /** This codec cannot be decoded here, or the decoder failed too often. */
  readonly onError?: (error: MediaError) => void;
}

/** What a sound track has received, under the names of webrtc-stats. Times in seconds, samples per channel. */
export interface InboundAudioStatistics {
  readonly codec: "opus";
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  readonly packetsMalformed: number;
  /** Whole frames whose key never came, or that somebody changed, made up or sent again. */
  readonly framesUndecryptable: number;
  /** In an encrypted room: packets in the clear, which are dropped. */
  readonly packetsUnencrypted: number;
  readonly packetsLost: number;
  readonly totalSamplesReceived: number;
  readonly concealedSamples: number;
  /** Pauses that the publisher left out; part of all that were received, and not concealed. */
  readonly silentSamples: number;
  readonly concealmentEvents: number;
  readonly insertedSamplesForDeceleration: number;
  readonly removedSamplesForAcceleration: number;
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmittedCount: number;
  readonly jitterBufferTargetDelay: number;
  readonly decoderErrors: number;
  readonly playoutDelayMs: number;
  /** From the microphone's block to the ear over the last seconds; null while unknown. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
}

/** Frames waiting for a decoder that is being opened; above it, the oldest go. */
const MAX_WAITING = 50;

/** Nobody is heard after this without a packet. */
const LEVEL_MEMORY_MS = 300;

/** A decoder that fails more often in a row, without sound between, will not recover. */
const MAX_FAILURES = 10;

/** Somebody's sound on its way in: packets in, a sink that never falls behind out. */
export class AudioSubscriber {
  readonly #options: AudioSubscriberOptions;
  readonly #nowMs: () => number;
  readonly #lifetime = new AbortController();
  readonly #receiver: FrameReceiver;
  readonly #order = new FrameOrder();
  readonly #playout: SoundPlayout;
  readonly #latency = new LatencyWindow();
  readonly #waiting: { readonly timestampUs: number; readonly data: Uint8Array }[] = [];
  readonly #marks = new FrameMarks();
  #decoder: AudioDecoderPort | undefined;
  #opening = false;
  #failures = 0;
  #decoderErrors = 0;
  /** The publisher tells how loud it is (docs/protocol.md, F4). */
  #levelOnWire = false;
  #level = { dbov: SILENCE_DBOV, atMs: 0 };

  constructor(options: AudioSubscriberOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#playout = new SoundPlayout({ sink: options.sink });
    const removeSound = options.clock.addSound({ heardUs: (nowUs) => this.#playout.heardUs(nowUs) });
    const stopListening = options.clock.onRerouted(() => this.#playout.forgetArrivals());
    this.#receiver = new FrameReceiver({
      source: options.source,
      filter: options.filter,
      nowMs: this.#nowMs,
      onFrame: (frame, content) => this.#receive(frame, content),
      signal: this.#lifetime.signal,
    });
    this.#lifetime.signal.addEventListener("abort", removeSound, { once: true });
    this.#lifetime.signal.addEventListener("abort", stopListening, { once: true });
    this.#open();
  }

  /** Loudness of the last frame, 0 to 1; 0 when nothing has come for a while. */
  get level(): number {
    return this.#nowMs() - this.#level.atMs > LEVEL_MEMORY_MS ? 0 : loudness(this.#level.dbov);
  }

  statistics(): InboundAudioStatistics {
    return {
      codec: "opus",
      ...this.#receiver.counts,
      packetsLost: this.#order.framesLost,
      ...this.#playout.counts,
      decoderErrors: this.#decoderErrors,
      playoutDelayMs: this.#playout.targetUs / 1000,
      latencyMs: this.#latency.percentiles(),
    };
  }

  close(): void {
    if (this.#lifetime.signal.aborted) return;
    this.#lifetime.abort();
    this.#decoder?.close();
    if (!this.#options.keepSink) this.#options.sink.close();
  }

  #receive(frame: ReceivedFrame, content: FrameBody): void {
    const lostBefore = this.#order.framesLost;
    if (this.#order.push(frame) === "late") return;
    this.#levelOnWire = content.audioLevel !== undefined;
    if (content.audioLevel !== undefined) this.#level = { dbov: content.audioLevel, atMs: this.#nowMs() };
    const { timestampUs } = frame;
    const { data, pauseMs } = content;
    const lost = this.#order.framesLost > lostBefore;
    this.#marks.begin({ timestampUs, durationUs: opusDurationUs(data) }, { lost, pauseMs });
    this.#decode({ timestampUs, data });
  }

  #decode(frame: { readonly timestampUs: number; readonly data: Uint8Array }): void {
    if (this.#decoder) this.#decoder.decode({ keyFrame: true, discardable: false, ...frame });
    else {
      this.#waiting.push(frame);
      if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
      this.#open();
    }
  }

  #open(): void {
    if (this.#opening || this.#failures > MAX_FAILURES) return;
    this.#opening = true;
    const failed = (error: unknown) => this.#fail(error);
    const output = { onOutput: (block: PcmBlock) => this.#play(block), onError: failed };
    this.#options.backend.openAudioDecoder("opus", output).then((decoder) => {
      this.#opening = false;
      if (this.#lifetime.signal.aborted) return decoder.close();
      this.#decoder = decoder;
      for (const frame of this.#waiting.splice(0)) this.#decode(frame);
    }, failed);
  }

  #play(block: PcmBlock): void {
    if (this.#lifetime.signal.aborted) return;
    this.#failures = 0;
    const nowUs = this.#nowMs() * 1000;
    if (!this.#levelOnWire) this.#level = { dbov: soundLevelDbov(block.samples), atMs: this.#nowMs() };
    const delayUs = this.#playout.push(block, {
      nowUs,
      ...this.#marks.at(block.timestampUs),
      minimumDelayUs: this.#options.clock.soundDelayUs(nowUs),
    });
    const offsetUs = this.#options.clockOffsetUs?.();
    if (delayUs !== undefined && offsetUs !== undefined) this.#latency.push((delayUs - offsetUs) / 1000);
  }

  #fail(error: unknown): void {
    this.#opening = false;
    this.#decoder = undefined;
    if (this.#lifetime.signal.aborted) return;
    this.#decoderErrors++;
    this.#failures++;
    const failure = asMediaError(error);
    if (failure.code === "codec-unsupported") this.#failures = MAX_FAILURES + 1;
    if (this.#failures > MAX_FAILURES) this.#options.onError?.(failure);
  }
}

function asMediaError(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  return new MediaError("decoder-failed", "The sound decoder failed.", { cause: error });
}
