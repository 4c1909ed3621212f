import type { FrameOpener, FrameSealer } from "./e2ee/frame-cipher.ts";

/** What is known of the way to the broker, on one connection. Times are on the clock of the media. */
export interface SenderPath {
  /** The newest known, queues on the way included. */
  readonly roundTripMs: number;
  /** The least of the last 30 seconds. */
  readonly minRoundTripMs: number;
  /** How long the oldest question has been waited for that the broker has not answered yet; 0 when there is none. */
  readonly waitedMs: number;
  /** Given to the connection since it began. */
  readonly sentBytes: number;
  /** What the broker is known to have, and since when: the moment of its newest answer. */
  readonly delivered: { readonly bytes: number; readonly atMs: number };
  /**
   * Where packets are lost, and pictures therefore go by several ways: how long the newest answer waited beyond a round trip, or a question waits
   * in vain, on the worst of them. Left out elsewhere.
   */
  readonly worstWaitMs?: number;
}

/** What the publishing pipelines need of a connection. Packets go out now or not at all. */
export interface MediaSender {
  /** False when the packet was not taken, because there is no connection. */
  send(topic: string, payload: Uint8Array): boolean;
  /** So much waits that a live frame had better be dropped. */
  congested(nowMs: number): boolean;
  /** How long the oldest byte has been waiting for the network; finer than {@link congested} where it is there. */
  oldestAgeMs?(nowMs: number): number;
  /** Undefined while nothing is known; left out where it never is. */
  path?(): SenderPath | undefined;
  /** Packets are lost on the way, so each is sent over several connections. False where it is left out. */
  sendsCopies?(): boolean;
  /** What encrypts the frames of a topic. Left out in rooms without encryption. */
  sealer?(topic: string): FrameSealer;
}

/** Is told of what arrives, before anything is made of it. Times are in milliseconds. */
export interface MediaTap {
  /** A packet of sound or pictures. `payload` stays its receiver's. */
  packet(topic: string, payload: Uint8Array, nowMs: number): void;
  /** How long the newest answer of the broker took; about once a second. */
  roundTrip(roundTripMs: number, nowMs: number): void;
}

/** What the receiving pipelines need of a connection. */
export interface MediaSource {
  /** `payload` belongs to the callee. */
  subscribe(
    filter: string,
    onMessage: (topic: string, payload: Uint8Array) => void,
    options: { readonly signal: AbortSignal },
  ): void;
  /** What decrypts the frames of one subscription. Left out in rooms without encryption. */
  opener?(options: { readonly signal: AbortSignal }): FrameOpener;
}
