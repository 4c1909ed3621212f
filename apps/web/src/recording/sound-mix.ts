import type { BrowserRoom } from "@mqtt-meet/sdk/browser";

/** As everything in a meeting. */
const SAMPLE_RATE = 48_000;

/** The others, our microphone and the sound of what we share, as one track. */
export class SoundMix {
  readonly #context = new AudioContext({ sampleRate: SAMPLE_RATE });
  readonly #output = new MediaStreamAudioDestinationNode(this.#context, { channelCount: 2 });
  readonly #sources = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();
  readonly #capture: Awaited<ReturnType<BrowserRoom["captureAudio"]>>;

  private constructor(capture: Awaited<ReturnType<BrowserRoom["captureAudio"]>>) {
    this.#capture = capture;
  }

  static async open(room: Pick<BrowserRoom, "captureAudio">): Promise<SoundMix> {
    const mix = new SoundMix(await room.captureAudio());
    await mix.#context.resume();
    mix.follow([]);
    return mix;
  }

  get track(): MediaStreamTrack {
    return this.#output.stream.getAudioTracks()[0] as MediaStreamTrack;
  }

  /** What of ours is heard from now on besides the others. */
  follow(own: readonly MediaStreamTrack[]): void {
    const wanted = new Set([...own, ...(this.#capture ? [this.#capture.track] : [])]);
    for (const [track, source] of this.#sources) {
      if (wanted.has(track)) continue;
      this.#sources.delete(track);
      source.disconnect();
    }
    for (const track of wanted) {
      if (this.#sources.has(track)) continue;
      const source = new MediaStreamAudioSourceNode(this.#context, { mediaStream: new MediaStream([track]) });
      source.connect(this.#output);
      this.#sources.set(track, source);
    }
  }

  close(): void {
    this.#capture?.close();
    this.track.stop();
    void this.#context.close();
  }
}
