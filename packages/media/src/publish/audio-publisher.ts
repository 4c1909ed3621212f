import { writeFrameBody } from "@mqtt-meet/protocol";
import type { CodecBackend, EncodedFrame, PcmBlock, Picture } from "../codec.ts";
import type { FrameSealer } from "../e2ee/frame-cipher.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { firstFrameNumber, nextFrameNumber } from "../frame-number.ts";
import { MediaError } from "../media-error.ts";
import { fadeToEnd, samplesToUs } from "../sound.ts";
import { loudness, SILENCE_DBOV, soundLevelDbov } from "../sound-level.ts";
import type { MediaSender } from "../transport.ts";
import { FramesInside, type SoundNote } from "./frames-inside.ts";
import { type FrameHeader, packetize } from "./packetize.ts";
import { PAUSE_MS, type SilenceChoice, SilenceGate } from "./silence-gate.ts";
import { SoundEncoder } from "./sound-encoder.ts";
import { SoundTiers } from "./sound-tier.ts";

/** How a sound track is published. */
export interface AudioPublisherOptions {
  readonly backend: CodecBackend<Picture>;
  readonly sender: MediaSender;
  readonly topic: string;
  /** 1 when left out. */
  readonly channels?: 1 | 2;
  /** 32 kbit/s when left out. */
  readonly bitrateBps?: number;
  /**
   * Whether twice as many packets are affordable for everybody, as far as the connection bears them. Asked by {@link AudioPublisher.adapt}; they
   * never are when it is left out.
   */
  readonly affordsShortFrames?: () => boolean;
  /** Nothing is said of music: its silence is sent. False when left out. */
  readonly speech?: boolean;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /** The encoder failed too often; nothing more is sent. */
  readonly onError?: (error: MediaError) => void;
}

/** What a sound track has sent, under the names of webrtc-stats where they exist there. */
export interface OutboundAudioStatistics {
  readonly codec: "opus";
  readonly targetBitrate: number;
  readonly framesEncoded: number;
  /** Captured and silent: neither encoded nor sent. */
  readonly framesSilent: number;
  readonly packetsSent: number;
  readonly bytesSent: number;
  /** Encoded, but not sent: there was no connection, or too much waited. */
  readonly packetsDropped: number;
  readonly encoderErrors: number;
}

/** Speech is clear and music bearable at this rate. */
const BITRATE_BPS = 32_000;

/** Sound older than this comes too late for a conversation (docs/protocol.md, A8). */
const MAX_QUEUE_MS = 300;

/** A receiver that joins learns the codec within this time (F2). */
const CODEC_INTERVAL_MS = 1_000;

/** An encoder that fails more often will not recover. */
const MAX_FAILURES = 3;

/** One sound track on its way out: blocks of any size in, a packet every 10 to 60 ms out; in the pauses of speech, one every 400 ms. */
export class AudioPublisher {
  readonly #options: AudioPublisherOptions;
  readonly #nowMs: () => number;
  readonly #sealer: FrameSealer | undefined;
  readonly #tiers = new SoundTiers();
  readonly #encoder: SoundEncoder;
  #tier = this.#tiers.current;
  readonly #inside = new FramesInside();
  readonly #silence = new SilenceGate();
  #speech: boolean;
  #bitrateBps: number;
  #number: number;
  #lastUs = 0;
  #codecSentMs = Number.NEGATIVE_INFINITY;
  #levelDbov = SILENCE_DBOV;
  #muted = false;
  #closed = false;
  readonly #counts = {
    framesEncoded: 0,
    framesSilent: 0,
    packetsSent: 0,
    bytesSent: 0,
    packetsDropped: 0,
    encoderErrors: 0,
  };

  constructor(options: AudioPublisherOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#sealer = options.sender.sealer?.(options.topic);
    this.#bitrateBps = options.bitrateBps ?? BITRATE_BPS;
    this.#speech = options.speech ?? false;
    this.#number = firstFrameNumber(this.#nowMs());
    this.#encoder = new SoundEncoder({
      backend: options.backend,
      channels: options.channels ?? 1,
      encoding: this.#encoding,
      onFrame: ({ samples }) => {
        this.#levelDbov = soundLevelDbov(samples);
      },
      admits: (frame) => this.#admits(frame),
      onEncoded: (frame) => this.#send(frame),
      onError: (error) => this.#fail(error),
    });
  }

  /** Loudness of the last frame, 0 to 1; 0 while muted. */
  get level(): number {
    return this.#muted ? 0 : loudness(this.#levelDbov);
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** 48 kHz. Blocks of another number of channels are converted. */
  push(block: PcmBlock): void {
    if (!this.#muted && !this.#closed) this.#encoder.push(block);
  }

  /** While muted nothing is sent. */
  setMuted(muted: boolean): void {
    if (muted) this.#encoder.reset();
    this.#silence.reset();
    this.#levelDbov = SILENCE_DBOV;
    this.#muted = muted;
  }

  /** Another source may be music, or speech. */
  setSpeech(speech: boolean): void {
    this.#speech = speech;
    this.#silence.reset();
  }

  setBitrate(bitrateBps: number): void {
    this.#bitrateBps = bitrateBps;
    this.#encoder.change(this.#encoding);
  }

  /** Looks at the connection; to be called a few times a second. Sound costs less while it is held up. */
  adapt(): void {
    const { sender, affordsShortFrames } = this.#options;
    const nowMs = this.#nowMs();
    const path = sender.path?.();
    if (path === undefined || this.#closed || this.#counts.encoderErrors > MAX_FAILURES) return;
    const roundTripMs = Math.max(path.roundTripMs, path.waitedMs);
    const queueMs = Math.max(roundTripMs - path.minRoundTripMs, sender.oldestAgeMs?.(nowMs) ?? 0);
    const affordsShort = affordsShortFrames?.() === true && !sender.sendsCopies?.();
    const tier = this.#tiers.choose(queueMs, { nowMs, affordsShortFrames: affordsShort });
    if (tier === this.#tier) return;
    this.#tier = tier;
    this.#encoder.change(this.#encoding);
  }

  statistics(): OutboundAudioStatistics {
    return { codec: "opus", targetBitrate: this.#allowedBps, ...this.#counts };
  }

  close(): void {
    this.#closed = true;
    this.#encoder.close();
  }

  get #allowedBps(): number {
    return Math.round(this.#bitrateBps * this.#tier.part);
  }

  get #encoding() {
    return { bitrateBps: this.#allowedBps, frameDurationMs: this.#tier.frameDurationMs };
  }

  /** Whether `frame` is encoded, and what is to be said of it then. What is left out, the encoder knows no more of than the others' decoders. */
  #admits(frame: PcmBlock): boolean {
    const choice = this.#choose(frame);
    if (choice === "leave-out") {
      this.#counts.framesSilent++;
      return false;
    }
    // Who knows no pauses must hear none begin, nor anything in them.
    if (choice === "last") fadeToEnd(frame.samples, frame.channels);
    else if (choice === "sign") frame.samples.fill(0);
    this.#inside.begin(frame.timestampUs, noteOf(choice, this.#levelDbov));
    return true;
  }

  #choose({ samples, channels }: PcmBlock): SilenceChoice {
    // What is inside such an encoder would come out after the pause.
    if (!this.#speech || this.#encoder.holdsFrames) return "send";
    return this.#silence.choose(samples, { durationMs: samplesToUs(samples.length / channels) / 1000 });
  }

  #send(frame: EncodedFrame): void {
    if (this.#closed || this.#muted) return;
    this.#counts.framesEncoded++;
    const nowMs = this.#nowMs();
    const { sender } = this.#options;
    this.#lastUs = Math.max(this.#lastUs, Math.floor(frame.timestampUs));
    const withCodec = nowMs - this.#codecSentMs >= CODEC_INTERVAL_MS;
    const note = this.#inside.end(frame.timestampUs) ?? { levelDbov: this.#levelDbov };
    const body = writeFrameBody({
      ...(withCodec ? { codec: "opus" } : {}),
      audioLevel: note.levelDbov,
      ...(note.pauseMs === undefined ? {} : { pauseMs: note.pauseMs }),
      data: frame.data,
    });
    const number = this.#number;
    this.#number = nextFrameNumber(number);
    const tooLate = sender.oldestAgeMs !== undefined && sender.oldestAgeMs(nowMs) > MAX_QUEUE_MS;
    const header = { keyFrame: true, discardable: false, number, timestampUs: this.#lastUs };
    const post = (encrypted: boolean, bytes: Uint8Array | undefined) => {
      if (bytes === undefined || !this.#post({ ...header, encrypted }, bytes)) this.#counts.packetsDropped++;
      else if (withCodec) this.#codecSentMs = nowMs;
    };
    if (tooLate) this.#counts.packetsDropped++;
    else if (this.#sealer === undefined) post(false, body);
    else if (!this.#sealer.seal(header, body, (sealed) => post(true, sealed))) this.#counts.packetsDropped++;
  }

  #post(header: FrameHeader, body: Uint8Array): boolean {
    const { sender, topic } = this.#options;
    for (const packet of packetize(header, body)) {
      if (this.#closed || !sender.send(topic, packet)) return false;
      this.#counts.packetsSent++;
      this.#counts.bytesSent += packet.length;
    }
    return true;
  }

  #fail(error: unknown): void {
    // The frame that said that a pause begins may have been inside.
    this.#inside.clear();
    this.#silence.reset();
    this.#counts.encoderErrors++;
    const unsupported = error instanceof MediaError && error.code === "codec-unsupported";
    if (!unsupported && this.#counts.encoderErrors <= MAX_FAILURES) this.#encoder.reopen();
    else this.#options.onError?.(error instanceof MediaError ? error : failure(error));
  }
}

function noteOf(choice: "send" | "last" | "sign", levelDbov: number): SoundNote {
  if (choice === "send") return { levelDbov };
  return { levelDbov: choice === "sign" ? SILENCE_DBOV : levelDbov, pauseMs: PAUSE_MS };
}

function failure(cause: unknown): MediaError {
  return new MediaError("encoder-failed", "The sound encoder failed.", { cause });
}
