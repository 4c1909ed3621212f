import { parsePacket } from "@mqtt-meet/protocol";
import { FrameOrder } from "../../packages/media/src/subscribe/frame-order.ts";
import { Reassembler } from "../../packages/media/src/subscribe/reassembler.ts";
import type { WholeFrame } from "./least-freezes.ts";

/** Collects the frames of a trace that could be decoded when they were whole. */
export class WholeFrames {
  readonly frames = new Map<number, WholeFrame[]>();
  readonly #layers = new Map<string, { readonly reassembler: Reassembler; readonly order: FrameOrder }>();

  /** A packet of the layer `key` came. */
  push(packet: {
    readonly key: string;
    readonly stream: number;
    readonly payload: Uint8Array;
    readonly atMs: number;
    readonly beginMs: number;
  }): void {
    const { key, stream, payload, atMs, beginMs } = packet;
    const layer = this.#layers.get(key) ?? { reassembler: new Reassembler(), order: new FrameOrder() };
    this.#layers.set(key, layer);
    const frame = layer.reassembler.push(parsePacket(payload), (beginMs + atMs) * 1000);
    if (frame === undefined || layer.order.push(frame) !== "decode") return;
    const frames = this.frames.get(stream) ?? [];
    frames.push({ atMs, capturedMs: frame.timestampUs / 1000 - beginMs });
    this.frames.set(stream, frames);
  }
}
