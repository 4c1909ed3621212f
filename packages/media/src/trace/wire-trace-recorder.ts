import { type PacketHeader, ProtocolError, parsePacket } from "@mqtt-meet/protocol";
import { frameDistance } from "../frame-number.ts";
import type { MediaTap } from "../transport.ts";

/** About two hours of one participant with picture and sound. */
const MAX_BYTES = 16 * 1024 * 1024;

const FLAGS = { keyFrame: 1, lastFragment: 2, encrypted: 4, discardable: 8 } as const;

/** Where a {@link WireTraceRecorder} writes. */
export interface WireTraceRecorderOptions {
  /** Takes whole lines. */
  readonly write: (lines: string) => void;
  /** At this size the trace ends, and says so; 16 MiB when left out. */
  readonly maxBytes?: number;
}

/**
 * Writes down when packets arrive, so that it can be replayed what the receiving pipeline makes of it. Nothing of what is in them,
 * no names, no rooms and no participants: they are numbered as they come. Lines of JSON:
 *
 *     {"trace":1}                                            first
 *     {"track":0,"participant":0,"stream":0,"kind":"video","layer":1,"temporal":0}   before the first packet of a topic;
 *                                                            `stream` is the same for all layers of a track
 *     [20.1,0,1,45.2,93,0,3]                                 a packet: ms since the line before, track, how many frames after the last
 *                                                            packet of its layer, ms since capture as the two clocks say, bytes with header,
 *                                                            fragment, flags as in the packet (docs/protocol.md, P)
 *     ["rtt",998.7,61.5]                                     ms since the line before, round trip to the broker in ms
 *     {"full":true}                                          nothing more was written
 */
export class WireTraceRecorder implements MediaTap {
  readonly #write: (lines: string) => void;
  readonly #maxBytes: number;
  readonly #tracks = new Map<string, number>();
  readonly #participants = new Map<string, number>();
  readonly #streams = new Map<string, number>();
  /** The newest frame number of each layer. */
  readonly #frames = new Map<string, number>();
  #lastMs: number | undefined;
  #bytes = 0;
  #full = false;

  constructor({ write, maxBytes = MAX_BYTES }: WireTraceRecorderOptions) {
    this.#write = write;
    this.#maxBytes = maxBytes;
    this.#line({ trace: 1 });
  }

  packet(topic: string, payload: Uint8Array, nowMs: number): void {
    const header = headerOf(payload);
    if (header === undefined) return;
    const [, , , peer = "", kind = "", id = "", layer = "0", temporal = "0"] = topic.split("/");
    const stream = `${peer}/${kind}/${id}`;
    const sequence = `${stream}/${layer}`;
    const track = this.#trackOf(topic, { peer, stream, kind, layer: Number(layer), temporal: Number(temporal) });
    const frames = frameDistance(header.frame, this.#frames.get(sequence) ?? header.frame);
    this.#frames.set(sequence, header.frame);
    const ageMs = tenths(nowMs - header.timestampUs / 1000);
    this.#line([this.#sinceMs(nowMs), track, frames, ageMs, payload.length, header.fragment, flagsOf(header)]);
  }

  roundTrip(roundTripMs: number, nowMs: number): void {
    this.#line(["rtt", this.#sinceMs(nowMs), tenths(roundTripMs)]);
  }

  #trackOf(
    topic: string,
    of: { readonly peer: string; readonly stream: string; readonly kind: string; layer: number; temporal: number },
  ): number {
    const known = this.#tracks.get(topic);
    if (known !== undefined) return known;
    const track = numberIn(this.#tracks, topic);
    const participant = numberIn(this.#participants, of.peer);
    const stream = numberIn(this.#streams, of.stream);
    const layers = of.kind === "v" ? { layer: of.layer, temporal: of.temporal } : {};
    this.#line({ track, participant, stream, kind: of.kind === "v" ? "video" : "audio", ...layers });
    return track;
  }

  /** What is rounded away is not lost: the lines add up to the whole time. */
  #sinceMs(nowMs: number): number {
    const sinceMs = tenths(nowMs - (this.#lastMs ?? nowMs));
    this.#lastMs = (this.#lastMs ?? nowMs) + sinceMs;
    return sinceMs;
  }

  #line(value: object): void {
    if (this.#full) return;
    const line = `${JSON.stringify(value)}\n`;
    this.#full = this.#bytes + line.length > this.#maxBytes;
    this.#bytes += line.length;
    this.#write(this.#full ? '{"full":true}\n' : line);
  }
}

function headerOf(payload: Uint8Array): PacketHeader | undefined {
  try {
    return parsePacket(payload).header;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function flagsOf(header: PacketHeader): number {
  const names = Object.keys(FLAGS) as (keyof typeof FLAGS)[];
  return names.reduce((flags, name) => flags + (header[name] ? FLAGS[name] : 0), 0);
}

/** The number of `name`, counted as they come. */
function numberIn(numbers: Map<string, number>, name: string): number {
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return number;
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
