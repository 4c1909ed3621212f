/** A packet of a trace. Times are in milliseconds since its beginning. */
export interface TracedPacket {
  readonly atMs: number;
  readonly track: TracedTrack;
  /** Of its layer, counted on: no number wraps. */
  readonly frame: number;
  /** On the publisher's clock; the same for all packets of a frame. */
  readonly capturedMs: number;
  /** With the header. */
  readonly bytes: number;
  readonly fragment: number;
  readonly keyFrame: boolean;
  readonly lastFragment: boolean;
  readonly discardable: boolean;
}

/** A topic of a trace. */
export interface TracedTrack {
  readonly participant: number;
  /** The same for all layers of a track. */
  readonly stream: number;
  readonly kind: "audio" | "video";
  readonly layer: number;
  readonly temporal: number;
}

/** What `watch --trace` wrote (the format: packages/media/src/trace/wire-trace-recorder.ts). */
export interface WireTrace {
  readonly packets: readonly TracedPacket[];
  readonly roundTrips: readonly { readonly atMs: number; readonly roundTripMs: number }[];
}

/** No frame is made of more packets. */
const MAX_FRAGMENTS = 0x1_0000;
const MAX_PACKET_BYTES = 32 * 1024;
const HEADER_BYTES = 16;

/** Throws an Error that says in which line a trace is none. */
export function readTrace(text: string): WireTrace {
  const [first = "", ...lines] = text.trimEnd().split("\n");
  if (first !== '{"trace":1}') throw new Error("The first line is not that of a trace.");
  const reader = new TraceReader();
  for (const [i, line] of lines.entries()) {
    if (!reader.read(line)) throw new Error(`Line ${i + 2} is none of a trace: ${line.slice(0, 80)}`);
  }
  return reader;
}

/** Adds up what stands in the lines as differences. */
class TraceReader implements WireTrace {
  readonly packets: TracedPacket[] = [];
  readonly roundTrips: { readonly atMs: number; readonly roundTripMs: number }[] = [];
  readonly #tracks = new Map<number, TracedTrack>();
  readonly #newest = new Map<string, TracedPacket>();
  #nowMs = 0;

  /** False when it does not understand the line. */
  read(line: string): boolean {
    const value: unknown = parsed(line);
    if (Array.isArray(value)) return value[0] === "rtt" ? this.#roundTrip(value) : this.#packet(value);
    return typeof value === "object" && value !== null && ("full" in value || this.#track(value));
  }

  #track(value: object): boolean {
    const { track, participant, stream, kind, layer = 0, temporal = 0 }: Record<string, unknown> = { ...value };
    const numbers = [track, participant, stream, layer, temporal].filter((each) => Number.isInteger(each));
    if (numbers.length !== 5 || (kind !== "audio" && kind !== "video")) return false;
    const [id = 0, of = 0, streamId = 0, layerId = 0, temporalId = 0] = numbers.map(Number);
    this.#tracks.set(id, { participant: of, stream: streamId, kind, layer: layerId, temporal: temporalId });
    return true;
  }

  #roundTrip([, sinceMs, roundTripMs]: readonly unknown[]): boolean {
    if (typeof sinceMs !== "number" || typeof roundTripMs !== "number") return false;
    this.#nowMs += sinceMs;
    this.roundTrips.push({ atMs: this.#nowMs, roundTripMs });
    return true;
  }

  #packet(values: readonly unknown[]): boolean {
    if (values.length !== 7 || !values.every((value) => typeof value === "number" && Number.isFinite(value)))
      return false;
    const [sinceMs = 0, id = 0, frames = 0, ageMs = 0, bytes = 0, fragment = 0, flags = 0] = values.map(Number);
    const track = this.#tracks.get(id);
    if (track === undefined || bytes <= HEADER_BYTES || bytes > MAX_PACKET_BYTES || fragment >= MAX_FRAGMENTS)
      return false;
    this.#nowMs += sinceMs;
    const sequence = `${track.stream}/${track.layer}`;
    const newest = this.#newest.get(sequence);
    const frame = (newest?.frame ?? 0) + frames;
    const packet = {
      ...{ atMs: this.#nowMs, track, frame, bytes, fragment },
      // Rounded, and so not quite the same for each packet of a frame.
      capturedMs: newest?.frame === frame ? newest.capturedMs : this.#nowMs - ageMs,
      keyFrame: (flags & 1) > 0,
      lastFragment: (flags & 2) > 0,
      discardable: (flags & 8) > 0,
    };
    this.#newest.set(sequence, packet);
    this.packets.push(packet);
    return true;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
