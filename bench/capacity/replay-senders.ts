import { setTimeout as delay } from "node:timers/promises";
import { epochNowMs, type Picture } from "@mqtt-meet/media";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrls } from "@mqtt-meet/mqtt/node";
import { readLink, roomEntry } from "../../packages/sdk/src/room-access.ts";
import { RoomCore } from "../../packages/sdk/src/room-core.ts";
import { hollowPicture } from "../support/hollow-picture.ts";
import type { Recording } from "./recording.ts";
import { replayBackend } from "./replay-backend.ts";

const TICK_MS = 5;
const SOUND_MS = 20;
const SAMPLE_RATE = 48_000;
/** What is so old was missed: a machine that cannot keep up leaves pictures out, as cameras do, and has time for the rest. */
const MISSED_MS = 100;

/** One participant that sends a recording, or nothing. */
interface Sender {
  readonly core: RoomCore<Picture>;
  /** When its next picture and its next sound are due, in ms of the Unix epoch. */
  pictureMs: number;
  soundMs: number;
  readonly pushPicture: ((atMs: number) => void) | undefined;
  readonly pushSound: ((atMs: number) => void) | undefined;
}

const IDLE = { pictureMs: 0, soundMs: 0, pushPicture: undefined, pushSound: undefined };

/**
 * Participants of the room of a link that send a recording with camera and, where it has sound, microphone, and watch nobody: the
 * SDK's own room, with its control, encryption and connections, and without codecs.
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

  /** Pictures of all since the beginning, with those that were missed. */
  get sentPictures(): number {
    return this.#sentPictures;
  }

  /**
   * Lets so many take part from now on; those that come now send the recording unless told otherwise. Each waits for the key of the one
   * before: as many rooms as these in one process would else be so late with each other's words that they take each other for gone.
   */
  async setCount(count: number, { sending = true } = {}): Promise<void> {
    while (this.#senders.length > count) await this.#senders.pop()?.core.leave();
    while (this.#senders.length < count) {
      const core = await this.#join(`Sender ${this.#senders.length + 1}`);
      while (this.#senders.length > 0 && !core.encryption.value.ready) await delay(TICK_MS);
      this.#senders.push(sending ? this.#publish(core) : { core, ...IDLE });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.setCount(0);
  }

  async #join(name: string): Promise<RoomCore<Picture>> {
    const { room, peer, username, password, brokerUrls, encryption, rights } = await roomEntry(readLink(this.#link));
    const dial = dialUrls(brokerUrls);
    const core = new RoomCore<Picture>({
      ...{ room, peer, encryption, rights, name, kind: "person", backend: replayBackend(this.#recording) },
      encodable: ["h264"],
      decodes: { video: ["h264"], audio: ["opus"] },
      openLink: (options) => new Connection({ dial, username, password, now: epochNowMs, ...options }),
      clone: () => undefined,
    });
    await core.joined();
    return core;
  }

  #publish(core: RoomCore<Picture>): Sender {
    const { widthPx, heightPx, frameRate, bitrateBps, sounds } = this.#recording;
    const video = core.publishVideo({ source: "camera", codec: "h264", widthPx, heightPx, frameRate, bitrateBps });
    const audio = sounds.length > 0 ? core.publishAudio({ source: "microphone", channels: 1 }) : undefined;
    const samples = new Float32Array((SAMPLE_RATE * SOUND_MS) / 1000);
    const nowMs = epochNowMs();
    return {
      ...{ core, pictureMs: nowMs, soundMs: nowMs },
      pushPicture: (atMs) => video.push(hollowPicture(Math.round(atMs * 1000), this.#recording)),
      pushSound:
        audio &&
        ((atMs) => audio.push({ timestampUs: Math.round(atMs * 1000), sampleRate: SAMPLE_RATE, channels: 1, samples })),
    };
  }

  #tick(): void {
    const nowMs = epochNowMs();
    for (const sender of this.#senders) {
      this.#sendPictures(sender, nowMs);
      sendSounds(sender, nowMs);
    }
  }

  #sendPictures(sender: Sender, nowMs: number): void {
    const { pushPicture } = sender;
    const pictureMs = 1000 / this.#recording.frameRate;
    for (; pushPicture && sender.pictureMs <= nowMs; sender.pictureMs += pictureMs) {
      this.#sentPictures++;
      if (sender.pictureMs >= nowMs - MISSED_MS) pushPicture(sender.pictureMs);
    }
  }
}

function sendSounds(sender: Sender, nowMs: number): void {
  const { pushSound } = sender;
  for (; pushSound && sender.soundMs <= nowMs; sender.soundMs += SOUND_MS) {
    if (sender.soundMs >= nowMs - MISSED_MS) pushSound(sender.soundMs);
  }
}
