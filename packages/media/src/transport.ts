import type { FrameOpener, FrameSealer } from "./e2ee/frame-cipher.ts";

/** What the publishing pipelines need of a connection. Packets go out now or not at all. */
export interface MediaSender {
  /** False when the packet was not taken, because there is no connection. */
  send(topic: string, payload: Uint8Array): boolean;
  /** So much waits that a live frame had better be dropped. */
  congested(nowMs: number): boolean;
  /** How long the oldest byte has been waiting for the network; finer than {@link congested} where it is there. */
  oldestAgeMs?(nowMs: number): number;
  /** What encrypts the frames of a topic. Left out in rooms without encryption. */
  sealer?(topic: string): FrameSealer;
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
