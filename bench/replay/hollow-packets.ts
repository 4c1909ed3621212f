import { HEADER_BYTES, writeFrameBody, writePacket } from "@mqtt-meet/protocol";
import type { TracedPacket } from "./read-trace.ts";

const LEVEL_DBOV = 30;
/** Below two layers in time lies every second frame. */
const EVERY_SECOND = 2;

/** Makes packets again of what a trace has of them: as large as they were, with nothing in them. */
export class HollowPackets {
  /** The newest frame of each layer that others may need. */
  readonly #bases = new Map<string, number>();

  /** `timestampUs`: the time for the header. */
  write(packet: TracedPacket, timestampUs: number): Uint8Array {
    const { track, frame, fragment, keyFrame, lastFragment, discardable, bytes } = packet;
    const layer = `${track.kind}/${track.stream}/${track.layer}`;
    const begin = fragment > 0 ? new Uint8Array() : this.#begin(packet, this.#bases.get(layer));
    if (!discardable) this.#bases.set(layer, frame);
    const body = new Uint8Array(Math.max(bytes - HEADER_BYTES, begin.length));
    body.set(begin);
    const flags = { keyFrame, lastFragment, discardable, encrypted: false, rootKeyed: false, will: false };
    return writePacket({ ...flags, frame, fragment, timestampUs }, body);
  }

  /**
   * What a frame needs (docs/protocol.md, F8) is not in its header, and so not in a trace. One that is left out alone was needed by no
   * other: after any other loss a key frame comes next (P5, A8).
   */
  #begin({ track, frame, keyFrame }: TracedPacket, base: number | undefined): Uint8Array {
    const data = new Uint8Array(1);
    if (track.kind === "audio") return writeFrameBody({ audioLevel: LEVEL_DBOV, data });
    if (keyFrame) return writeFrameBody({ codec: "vp8", data });
    return writeFrameBody(frame - (base ?? frame) === EVERY_SECOND ? { needs: EVERY_SECOND, data } : { data });
  }
}
