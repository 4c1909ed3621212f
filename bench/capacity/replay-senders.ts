import { epochNowMs } from "@mqtt-meet/media";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrls } from "@mqtt-meet/mqtt/node";
import { readLink, roomEntry } from "../../packages/sdk/src/room-access.ts";
import { RoomCore } from "../../packages/sdk/src/room-core.ts";
import type { Recording } from "./recording.ts";
import { ReplayPicture, replayBackend } from "./replay-backend.ts";

const TICK_MS = 5;
const SOUND_MS = 20;
const SAMPLE_RATE = 48_000;

/** One participant that sends a recording. */
interface Sender {
  readonly core: RoomCore<ReplayPicture>;
  /** When its next picture and its next sound are due, in ms of the Unix epoch. */
  pictureMs: number;
  soundMs: number;
  readonly push: { readonly picture: (atMs: number) => void; readonly sound: (atMs: number) => void };
}

/**
 * Participants of the room of a link that send a recording with camera and microphone and watch nobody: the SDK's own room,
 * with its control, encryption and connections, and without codecs.
 */
export class ReplaySenders implements AsyncDisposable {
  readonly #link: string;
  readonly #recording: Recording;
  readonly #senders: Sender[] = [];
  readonly #timer = setInterval(() => this.#tick(), TICK_MS);
  #sentPictures = 0;

  constructor(link: string, recording: Recording) {
    this.#link = link;
    this.#recording = recording;
  }

  /** Pictures of all that were captured since the beginning. */
  get sentPictures(): number {
    return this.#sentPictures;
  }

  /** Lets so many take part from now on. */
  async setCount(count: number): Promise<void> {
    while (this.#senders.length > count) await this.#senders.pop()?.core.leave();
    while (this.#senders.length < count) this.#senders.push(await this.#join(`Sender ${this.#senders.length + 1}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.setCount(0);
  }

  async #join(name: string): Promise<Sender> {
    const { room, peer, username, password, brokerUrls, encryption, rights } = await roomEntry(readLink(this.#link));
    const dial = dialUrls(brokerUrls);
    const core = new RoomCore<ReplayPicture>({
      ...{ room, peer, encryption, rights, name, kind: "person", backend: replayBackend(this.#recording) },
      encodable: ["h264"],
      decodes: { video: ["h264"], audio: ["opus"] },
      openLink: (options) => new Connection({ dial, username, password, now: epochNowMs, ...options }),
      clone: () => undefined,
    });
    await core.joined();
    const { widthPx, heightPx, frameRate, bitrateBps } = this.#recording;
    const video = core.publishVideo({ source: "camera", codec: "h264", widthPx, heightPx, frameRate, bitrateBps });
    const audio = core.publishAudio({ source: "microphone", channels: 1 });
    const samples = new Float32Array((SAMPLE_RATE * SOUND_MS) / 1000);
    const nowMs = epochNowMs();
    const push = {
      picture: (atMs: number) => {
        this.#sentPictures++;
        video.push(new ReplayPicture(Math.round(atMs * 1000), this.#recording));
      },
      sound: (atMs: number) =>
        audio.push({ timestampUs: Math.round(atMs * 1000), sampleRate: SAMPLE_RATE, channels: 1, samples }),
    };
    return { core, push, pictureMs: nowMs, soundMs: nowMs };
  }

  #tick(): void {
    const nowMs = epochNowMs();
    const pictureMs = 1000 / this.#recording.frameRate;
    for (const sender of this.#senders) {
      for (; sender.pictureMs <= nowMs; sender.pictureMs += pictureMs) sender.push.picture(sender.pictureMs);
      for (; sender.soundMs <= nowMs; sender.soundMs += SOUND_MS) sender.push.sound(sender.soundMs);
    }
  }
}
