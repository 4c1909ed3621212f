import * as v from "valibot";
import { encodeJson, parseJson } from "./json.ts";
import { AmountSchema, CountSchema, LayerNumberSchema, LevelSchema } from "./schemas.ts";

/** The largest catalog, in bytes of JSON. */
export const MAX_CATALOG_BYTES = 4 * 1024;

/** The most tracks in a catalog. */
export const MAX_TRACKS = 16;

/** Where a track comes from. */
export const TRACK_SOURCES = ["camera", "screen", "microphone", "screen-audio", "file", "device"] as const;
export type TrackSource = (typeof TRACK_SOURCES)[number];

const LIMITS = { what: "catalog", maxBytes: MAX_CATALOG_BYTES };
const CodecStringSchema = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,64}$/));
const PixelsSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));
const trackEntries = { id: LevelSchema, source: v.picklist(TRACK_SOURCES), muted: v.boolean() };

/** One encoding of a video track. */
export const VideoLayerSchema = v.looseObject({
  /** From 0, the smallest. */
  id: LayerNumberSchema,
  /** The WebCodecs codec string, or `jpeg`. */
  codec: CodecStringSchema,
  widthPx: PixelsSchema,
  heightPx: PixelsSchema,
  frameRate: v.pipe(v.number(), v.gtValue(0), v.maxValue(1000)),
  bitrateBps: AmountSchema,
  temporalLayers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
});
export type VideoLayer = v.InferOutput<typeof VideoLayerSchema>;

/** A camera, a screen or a file's pictures. */
export const VideoTrackSchema = v.looseObject({
  ...trackEntries,
  kind: v.literal("video"),
  layers: v.pipe(v.array(VideoLayerSchema), v.minLength(1), v.maxLength(8), v.readonly()),
});
export type VideoTrack = v.InferOutput<typeof VideoTrackSchema>;

/** A microphone, the sound of a screen or of a file. */
export const AudioTrackSchema = v.looseObject({
  ...trackEntries,
  kind: v.literal("audio"),
  codec: CodecStringSchema,
  sampleRate: v.pipe(v.number(), v.integer(), v.minValue(8_000), v.maxValue(192_000)),
  channels: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)),
  /** Its sender says when it speaks, where there are many (M11). */
  voice: v.exactOptional(v.boolean()),
  bitrateBps: AmountSchema,
});
export type AudioTrack = v.InferOutput<typeof AudioTrackSchema>;

const TrackSchema = v.variant("kind", [VideoTrackSchema, AudioTrackSchema]);
export type Track = v.InferOutput<typeof TrackSchema>;

/** What a participant publishes, retained at {@link TopicScheme.catalog}. Keys from a newer publisher are kept. */
export const CatalogSchema = v.looseObject({
  v: v.literal(1),
  /** Larger at each change. */
  revision: CountSchema,
  tracks: v.pipe(v.array(TrackSchema), v.maxLength(MAX_TRACKS), v.readonly()),
});
export type Catalog = v.InferOutput<typeof CatalogSchema>;

/** As {@link CatalogSchema}, but tracks that this version does not understand are left out. */
const ReceivedCatalogSchema = v.looseObject({
  ...CatalogSchema.entries,
  tracks: v.pipe(v.array(v.unknown()), v.maxLength(MAX_TRACKS), v.transform(understood), v.readonly()),
});

/** Throws a ProtocolError. An empty payload is no catalog: it clears the one that was retained. */
export function parseCatalog(bytes: Uint8Array): Catalog {
  return parseJson(bytes, ReceivedCatalogSchema, LIMITS);
}

/** The payload for `catalog`. Throws a TypeError when it is none. */
export function encodeCatalog(catalog: Catalog): Uint8Array<ArrayBuffer> {
  return encodeJson(catalog, CatalogSchema, LIMITS);
}

function understood(values: unknown[]): Track[] {
  const tracks = new Map<string, Track>();
  for (const value of values) {
    const { success, output } = v.safeParse(TrackSchema, value);
    if (success && !tracks.has(output.id)) tracks.set(output.id, output);
  }
  return [...tracks.values()];
}
