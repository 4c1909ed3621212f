import type { EncodedFrame, Output, VideoDecoderPort } from "../codec.ts";
import { MediaError } from "../media-error.ts";
import type { BrowserPicture } from "./browser-picture.ts";
import { PendingTimes } from "./pending-times.ts";

/** Opens a `VideoDecoder`. Rejects with a MediaError "codec-unsupported" where there is none for `codec`. */
export async function openWebVideoDecoder(codec: string, output: Output<BrowserPicture>): Promise<VideoDecoderPort> {
  const config: VideoDecoderConfig = { codec, optimizeForLatency: true, hardwareAcceleration: "no-preference" };
  if (await canDecode(config)) return new WebVideoDecoder(config, output);
  throw new MediaError("codec-unsupported", `This browser does not decode "${codec}".`);
}

/** Whether there is a `VideoDecoder` for `config`. */
export async function canDecode(config: VideoDecoderConfig): Promise<boolean> {
  if (typeof VideoDecoder === "undefined") return false;
  try {
    const { supported } = await VideoDecoder.isConfigSupported(config);
    return supported === true;
  } catch {
    // A TypeError: the string, which may come from the network, is no codec at all.
    return false;
  }
}

class WebVideoDecoder implements VideoDecoderPort {
  readonly #decoder: VideoDecoder;
  readonly #output: Output<BrowserPicture>;
  readonly #pending = new PendingTimes();

  constructor(config: VideoDecoderConfig, output: Output<BrowserPicture>) {
    this.#output = output;
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        this.#pending.end(frame.timestamp);
        output.onOutput(frame);
      },
      error: (cause) => this.#fail(cause),
    });
    this.#decoder.configure(config);
  }

  get pendingFrames(): number {
    return this.#pending.count;
  }

  decode({ keyFrame, timestampUs, data }: EncodedFrame): void {
    if (this.#decoder.state !== "configured") return;
    this.#pending.begin(timestampUs);
    try {
      this.#decoder.decode(new EncodedVideoChunk({ type: keyFrame ? "key" : "delta", timestamp: timestampUs, data }));
    } catch (cause) {
      // What is no key frame although it says so; it comes from the network.
      this.close();
      this.#fail(cause);
    }
  }

  close(): void {
    if (this.#decoder.state !== "closed") this.#decoder.close();
  }

  #fail(cause: unknown): void {
    this.#output.onError(new MediaError("decoder-failed", "The decoder failed.", { cause }));
  }
}
