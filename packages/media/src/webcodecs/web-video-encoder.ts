import type { EncodedFrame, Output, TemporalLayers, VideoEncoderPort, VideoEncoding } from "../codec.ts";
import { MediaError } from "../media-error.ts";
import { BitmapPicture, type BrowserPicture } from "./browser-picture.ts";
import { codecString } from "./codec-strings.ts";
import { PendingTimes } from "./pending-times.ts";

/** Opens a `VideoEncoder`. Rejects with a MediaError "codec-unsupported" where there is none for `encoding`. */
export async function openWebVideoEncoder(
  encoding: VideoEncoding,
  output: Output<EncodedFrame>,
): Promise<VideoEncoderPort<BrowserPicture>> {
  const config = videoEncoderConfig(encoding);
  const supported = typeof VideoEncoder !== "undefined" && (await isSupported(config));
  if (supported) return new WebVideoEncoder((await layeredInTime(config, encoding)) ?? config, output);
  throw new MediaError("codec-unsupported", `This browser does not encode ${encoding.codec}.`);
}

/** What a `VideoEncoder` is asked for: live, in a form that needs no description out of band. */
export function videoEncoderConfig(
  encoding: VideoEncoding,
  hardwareAcceleration: HardwareAcceleration = "no-preference",
): VideoEncoderConfig {
  const { codec, widthPx, heightPx, frameRate, bitrateBps, content } = encoding;
  return {
    codec: codecString(codec, encoding),
    width: widthPx,
    height: heightPx,
    framerate: frameRate,
    bitrate: bitrateBps,
    bitrateMode: "variable",
    latencyMode: "realtime",
    hardwareAcceleration,
    ...(codec === "h264" ? { avc: { format: "annexb" } } : {}),
    ...(content === "detail" ? { contentHint: "detail" } : {}),
  };
}

/** What these codecs pay for so many layers in time cannot be measured (docs/decisions/0013-temporal-layers.md, 0028). */
const AT_NO_COST: Partial<Record<VideoEncoding["codec"], TemporalLayers>> = { h264: 3, vp8: 2 };

/** The same in layers in time; undefined where it is not wanted, costs something, or would take the work off the hardware. */
async function layeredInTime(
  config: VideoEncoderConfig,
  { codec, temporalLayers = 1 }: VideoEncoding,
): Promise<VideoEncoderConfig | undefined> {
  const layers = Math.min(temporalLayers, AT_NO_COST[codec] ?? 1);
  if (layers === 1) return undefined;
  const layered = { ...config, scalabilityMode: `L1T${layers}` };
  const hardware = { hardwareAcceleration: "prefer-hardware" } as const;
  const [inSoftware, plainly, inHardware] = await Promise.all([
    isSupported(layered),
    isSupported({ ...config, ...hardware }),
    isSupported({ ...layered, ...hardware }),
  ]);
  return inSoftware && (inHardware || !plainly) ? layered : undefined;
}

async function isSupported(config: VideoEncoderConfig): Promise<boolean> {
  const { supported } = await VideoEncoder.isConfigSupported(config);
  return supported === true;
}

class WebVideoEncoder implements VideoEncoderPort<BrowserPicture> {
  readonly #encoder: VideoEncoder;
  readonly #output: Output<EncodedFrame>;
  readonly #pending = new PendingTimes();
  #config: VideoEncoderConfig;

  constructor(config: VideoEncoderConfig, output: Output<EncodedFrame>) {
    this.#config = config;
    this.#output = output;
    this.#encoder = new VideoEncoder({
      output: (chunk, metadata) => this.#deliver(chunk, metadata),
      error: (cause) => this.#fail(cause),
    });
    this.#encoder.configure(config);
  }

  get codecString(): string {
    return this.#config.codec;
  }

  get temporalLayers(): TemporalLayers {
    const { scalabilityMode } = this.#config;
    if (scalabilityMode === undefined) return 1;
    return scalabilityMode === "L1T3" ? 3 : 2;
  }

  get pendingFrames(): number {
    return this.#pending.count;
  }

  encode(picture: BrowserPicture, options: { readonly keyFrame: boolean }): void {
    if (this.#encoder.state !== "configured") {
      picture.close();
      return;
    }
    const frame = picture instanceof BitmapPicture ? frameOf(picture) : picture;
    this.#orFail(() => {
      this.#encoder.encode(frame, { keyFrame: options.keyFrame });
      this.#pending.begin(frame.timestamp);
    });
    frame.close();
  }

  setBitrate(bitrateBps: number): void {
    if (this.#encoder.state !== "configured") return;
    this.#config = { ...this.#config, bitrate: bitrateBps };
    this.#orFail(() => this.#encoder.configure(this.#config));
  }

  close(): void {
    if (this.#encoder.state !== "closed") this.#encoder.close();
  }

  /** What an encoder does not accept ends this encoder, never the whole worker. */
  #orFail(ask: () => void): void {
    try {
      ask();
    } catch (cause) {
      this.close();
      this.#fail(cause);
    }
  }

  #fail(cause: unknown): void {
    this.#output.onError(new MediaError("encoder-failed", "The encoder failed.", { cause }));
  }

  #deliver(chunk: EncodedVideoChunk, metadata: EncodedVideoChunkMetadata | undefined): void {
    this.#pending.end(chunk.timestamp);
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    const keyFrame = chunk.type === "key";
    const temporal = keyFrame ? 0 : (metadata?.svc?.temporalLayerId ?? 0);
    this.#output.onOutput({
      keyFrame,
      discardable: temporal > 0,
      between: temporal === 1 && this.temporalLayers === 3,
      timestampUs: chunk.timestamp,
      data,
    });
  }
}

function frameOf(picture: BitmapPicture): VideoFrame {
  const frame = new VideoFrame(picture.bitmap, { timestamp: picture.timestamp });
  picture.close();
  return frame;
}
