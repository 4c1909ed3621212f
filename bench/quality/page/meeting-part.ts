import type { StampedCamera } from "../../latency/page/camera.ts";
import type { ContenderName } from "./contender.ts";
import { type DeviceOptions, openDevices } from "./devices.ts";
import { joinInJanus } from "./janus-meeting.ts";
import { joinInRoom } from "./room-meeting.ts";

/** What a page is told of a meeting. */
export interface MeetingOrder extends DeviceOptions {
  readonly contender: ContenderName;
  readonly address: string;
}

/** What has come to one person of a meeting since the beginning. */
export interface MeetingLook {
  /** Frames of the own camera. */
  readonly captured: number;
  /** Of each of the others, in one order. */
  readonly tiles: readonly TileLook[];
  /** Payload of all pictures that arrived. */
  readonly videoBytes: number;
  /** Samples of sound that were played, of all the others. */
  readonly totalSamples: number;
}

/** What one of the others' elements has shown. */
export interface TileLook {
  readonly shown: number;
  readonly heightPx: number;
}

/** A meeting as one of its stacks holds it. */
export interface MeetingStack {
  /** Shows everybody else, so many, on an element each, which `addTile` makes. */
  watch(others: number, addTile: () => HTMLVideoElement): Promise<void>;
  received(): Promise<{ readonly videoBytes: number; readonly totalSamples: number }>;
}

const SEEN_EVERY_MS = 100;

/** One person of a meeting of many: sends a camera and a microphone, and sees everybody else. */
export class MeetingPart {
  readonly #camera: StampedCamera;
  readonly #stack: MeetingStack;
  readonly #tiles: HTMLVideoElement[] = [];

  private constructor(camera: StampedCamera, stack: MeetingStack) {
    this.#camera = camera;
    this.#stack = stack;
  }

  static async join(order: MeetingOrder): Promise<MeetingPart> {
    const { stamped, sending } = await openDevices(order);
    if (order.contender === "webrtc") throw new Error("Peer connections without a server are no meeting of many.");
    const join = order.contender === "janus" ? joinInJanus : joinInRoom;
    return new MeetingPart(stamped, await join(order.address, sending));
  }

  /** Resolves once all of the others, so many, are seen. */
  async watchOthers(others: number): Promise<void> {
    document.body.replaceChildren();
    document.body.className = "meeting";
    await this.#stack.watch(others, () => this.#addTile());
    while (this.#tiles.some((tile) => shownOn(tile) === 0)) {
      await new Promise((resolve) => setTimeout(resolve, SEEN_EVERY_MS));
    }
  }

  async look(): Promise<MeetingLook> {
    const tiles = this.#tiles.map((tile) => ({ shown: shownOn(tile), heightPx: tile.videoHeight }));
    return { captured: this.#camera.capturedMs.length, tiles, ...(await this.#stack.received()) };
  }

  #addTile(): HTMLVideoElement {
    const tile = document.createElement("video");
    Object.assign(tile, { autoplay: true, playsInline: true });
    document.body.append(tile);
    this.#tiles.push(tile);
    return tile;
  }
}

/** As the browser counts it, which takes nothing of the processor. */
function shownOn(tile: HTMLVideoElement): number {
  const { totalVideoFrames, droppedVideoFrames } = tile.getVideoPlaybackQuality();
  return totalVideoFrames - droppedVideoFrames;
}
