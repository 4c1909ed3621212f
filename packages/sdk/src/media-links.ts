import type { MediaSender, SenderPath } from "@mqtt-meet/media";
import type { PeerId } from "@mqtt-meet/protocol";
import { BacklogWatch } from "./backlog-watch.ts";
import { DownlinkLines } from "./lines/downlink-lines.ts";
import { SoundLines } from "./lines/sound-lines.ts";
import { sendTo, UplinkLines } from "./lines/uplink-lines.ts";
import type { OpenLink, RoomLink } from "./room-link.ts";

/** What {@link MediaLinks} need of their room. */
export interface MediaLinksOptions {
  readonly open: OpenLink;
  readonly own: PeerId;
  /** The connection for sound. */
  readonly sound: RoomLink;
  /** The connection for pictures is there, or there again. */
  readonly onUplink: () => void;
  readonly onDownlink: () => void;
  /** What is received comes over several connections from now on, as packets are lost. */
  readonly onDownlinkSpread: () => void;
  readonly nowMs: () => number;
}

/** The connections for pictures, up and down, each opened when it is first needed. Their sessions are clean. */
export class MediaLinks {
  readonly #options: MediaLinksOptions;
  readonly #backlog = new BacklogWatch();
  #up: UplinkLines | undefined;
  readonly #down: DownlinkLines;
  readonly #sound: SoundLines;

  constructor(options: MediaLinksOptions) {
    this.#options = options;
    const { open, own, nowMs, sound: first, onDownlink, onDownlinkSpread } = options;
    this.#sound = new SoundLines({ first, open, own });
    this.#down = new DownlinkLines({
      ...{ open, own, nowMs, sound: this.#sound, onSpread: onDownlinkSpread },
      onConnected: () => {
        this.#backlog.restart();
        onDownlink();
      },
    });
  }

  get up(): MediaSender {
    const { open, own, nowMs, onUplink } = this.#options;
    this.#up ??= new UplinkLines({ open, own, nowMs, sound: this.#sound, onConnected: onUplink });
    return this.#up;
  }

  /** For sound: one connection, and others beside it where packets of pictures are lost. */
  get sound(): MediaSender {
    const link = this.#sound.first;
    return {
      send: (topic, payload) => sendTo([link, ...this.#sound.others("up")], topic, payload),
      congested: (nowMs) => link.congested(nowMs),
      oldestAgeMs: (nowMs) => link.oldestAgeMs(nowMs),
      path: () => link.path(),
      sendsCopies: () => this.#sound.others("up").length > 0,
    };
  }

  /** Opens the connection for others' pictures before it is needed. */
  openDown(): void {
    void this.#down.first;
  }

  /** Receives each packet of `filter` once. Resolves when the broker grants it. */
  subscribe(
    kind: "pictures" | "sound",
    what: { readonly filter: string; readonly onMessage: (topic: string, payload: Uint8Array) => void },
    options: { readonly signal: AbortSignal },
  ): Promise<void> {
    return this.#down.subscribe(kind === "sound" ? this.#sound.first : this.#down.first, what, options);
  }

  /** What is known of the way from the broker for pictures; undefined while nothing is. */
  downlinkPath(): SenderPath | undefined {
    return this.#down.path();
  }

  /** How long others' pictures wait on their connection, by the newest answer on it. */
  get downlinkQueueMs(): number {
    return this.#backlog.queueMs;
  }

  /** To be called a few times a second: pictures that wait in a broker for too long are thrown away, with the connection. */
  check(nowMs: number): void {
    if (!this.#down.isOpen) return;
    const { first } = this.#down;
    if (this.#backlog.isStale(first.path(), nowMs)) first.renew();
  }

  async close(): Promise<void> {
    await Promise.all([this.#up?.close(), this.#down.close(), this.#sound.close()]);
  }
}
