import type { Frame, SoftwareResampleContext } from "node-av/lib";
import type { PcmBlock } from "../../codec.ts";
import { PcmFramer } from "../pcm-framer.ts";
import type { AudioOutlet } from "../source-outlet.ts";
import type { AvLibrary } from "./av-library.ts";
import type { AvTrackOptions } from "./av-track-options.ts";
import { channelLayout } from "./channel-layout.ts";

const SAMPLE_RATE = 48_000;
const BLOCK_SAMPLES = 960;

/** The sound of one source: from packets to the outlet, 48 kHz in blocks of 20 ms, at their time. */
export class AvAudioTrack {
  readonly #av: AvLibrary;
  readonly #options: AvTrackOptions<AudioOutlet>;
  readonly #framer: PcmFramer;
  readonly #tickUs: number;
  #resampler: SoftwareResampleContext | undefined;
  #inputKey = "";
  #lastEndUs = 0;

  constructor(av: AvLibrary, options: AvTrackOptions<AudioOutlet>) {
    this.#av = av;
    this.#options = options;
    const { channels } = options.outlet;
    this.#framer = new PcmFramer({ channels, frameSamples: BLOCK_SAMPLES, sampleRate: SAMPLE_RATE });
    this.#tickUs = (1_000_000 * options.stream.timeBase.num) / options.stream.timeBase.den;
  }

  /** Ends with the queue. */
  async run(): Promise<void> {
    const { decoder, queue } = this.#options;
    let offsetUs = 0;
    for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
      if (item !== "flush") offsetUs = item.offsetUs;
      await decoder.decode(item === "flush" ? null : item.packet, (frame) => this.#play(frame, offsetUs));
    }
  }

  close(): void {
    this.#resampler?.free();
    this.#options.decoder.close();
  }

  async #play(frame: Frame, offsetUs: number): Promise<void> {
    const samples = this.#resample(frame);
    const mediaUs = this.#mediaUs(frame) + offsetUs;
    this.#lastEndUs = mediaUs - offsetUs + (samples.length / this.#options.outlet.channels / SAMPLE_RATE) * 1_000_000;
    frame.free();
    const blocks: PcmBlock[] = [];
    const { channels } = this.#options.outlet;
    this.#framer.push({ timestampUs: mediaUs, sampleRate: SAMPLE_RATE, channels, samples }, (block) => {
      blocks.push(block);
    });
    const { timing, outlet, signal } = this.#options;
    for (const block of blocks) {
      await timing.wait(block.timestampUs).catch(() => undefined);
      if (signal.aborted) return;
      outlet.push({ ...block, timestampUs: timing.stampUs(block.timestampUs) });
    }
  }

  #resample(frame: Frame): Float32Array {
    const { lib, constants } = this.#av;
    this.#configure(frame);
    const output = new lib.Frame();
    output.alloc();
    try {
      output.format = constants.AV_SAMPLE_FMT_FLT;
      output.sampleRate = SAMPLE_RATE;
      output.channelLayout = channelLayout(this.#options.outlet.channels);
      lib.FFmpegError.throwIfError(this.#resampler?.convertFrame(output, frame) ?? -1);
      const samples = new Float32Array(output.nbSamples * this.#options.outlet.channels);
      const bytes = output.data?.[0];
      if (bytes) samples.set(new Float32Array(bytes.buffer, bytes.byteOffset, samples.length));
      return samples;
    } finally {
      output.free();
    }
  }

  #configure(frame: Frame): void {
    const { lib, constants } = this.#av;
    const key = `${frame.format} ${frame.sampleRate} ${frame.channels}`;
    if (this.#resampler && key === this.#inputKey) return;
    this.#resampler?.free();
    const resampler = new lib.SoftwareResampleContext();
    const layout = frame.channels <= 2 ? channelLayout(frame.channels) : frame.channelLayout;
    if (frame.channels <= 2) frame.channelLayout = layout;
    const target = channelLayout(this.#options.outlet.channels);
    const format = frame.format as Parameters<typeof resampler.allocSetOpts2>[4];
    const { AV_SAMPLE_FMT_FLT } = constants;
    const set = resampler.allocSetOpts2(target, AV_SAMPLE_FMT_FLT, SAMPLE_RATE, layout, format, frame.sampleRate);
    lib.FFmpegError.throwIfError(set);
    lib.FFmpegError.throwIfError(resampler.init());
    this.#resampler = resampler;
    this.#inputKey = key;
  }

  #mediaUs(frame: Frame): number {
    const pts = frame.bestEffortTimestamp;
    if (pts === this.#av.constants.AV_NOPTS_VALUE) return this.#lastEndUs;
    return Number(pts) * this.#tickUs - this.#options.startUs;
  }
}
