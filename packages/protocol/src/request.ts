import * as v from "valibot";
import { encodeJson, parseJson } from "./json.ts";
import { ChatMessageSchema } from "./room-message.ts";
import { AmountSchema, CountSchema, EpochIdSchema, LayerNumberSchema, LevelSchema } from "./schemas.ts";
import { FILE_REQUESTS } from "./shared-file.ts";

/** The largest request, in bytes of JSON. */
export const MAX_REQUEST_BYTES = 32 * 1024;

const LIMITS = { what: "request", maxBytes: MAX_REQUEST_BYTES };

/** A layer of a video track, or layer 0 of an audio track. */
const layerEntries = { track: LevelSchema, layer: LayerNumberSchema };
const MAX_LAYERS = 128;

/** How a layer arrives, since the last report. */
const LayerReportSchema = v.looseObject({
  ...layerEntries,
  receivedBps: AmountSchema,
  framesDecoded: CountSchema,
  framesDropped: CountSchema,
  queueDelayMs: AmountSchema,
  /** Where packets are lost on the way of whoever reports: what that carries of this layer. */
  availableBps: v.exactOptional(AmountSchema),
});
export type LayerReport = v.InferOutput<typeof LayerReportSchema>;

/** What one participant asks of another, or tells it, at {@link TopicScheme.inbox}. */
export const RequestSchema = v.variant("type", [
  v.looseObject({ type: v.literal("key-frame"), ...layerEntries }),
  v.looseObject({
    type: v.literal("want"),
    /** All layers that the sender wants now; what it wanted before and is not here, it no longer wants. */
    tracks: v.pipe(v.array(v.looseObject(layerEntries)), v.maxLength(MAX_LAYERS), v.readonly()),
    /** How long the sender wants them, unless it says so again. */
    leaseMs: AmountSchema,
  }),
  v.looseObject({
    type: v.literal("report"),
    tracks: v.pipe(v.array(LayerReportSchema), v.maxLength(MAX_LAYERS), v.readonly()),
  }),
  v.looseObject({ type: v.literal("probe"), id: CountSchema, sentAtUs: AmountSchema }),
  v.looseObject({
    type: v.literal("probe-reply"),
    id: CountSchema,
    /** On the clock of the one who asked. */
    sentAtUs: AmountSchema,
    /** On the clock of the one who answers, as is `repliedAtUs`. */
    receivedAtUs: AmountSchema,
    repliedAtUs: AmountSchema,
  }),
  /** In encrypted rooms: the sender has the epoch that the recipient made. */
  v.looseObject({ type: v.literal("epoch-ack"), epoch: EpochIdSchema }),
  /** Asks for the owner's chat messages with these numbers, both included. */
  v.looseObject({ type: v.literal("chat-missing"), from: CountSchema, to: CountSchema }),
  v.looseObject({
    type: v.literal("chat-again"),
    /** The oldest number that the sender still has: nobody need wait for older ones. */
    oldest: v.exactOptional(CountSchema),
    messages: v.pipe(v.array(ChatMessageSchema), v.maxLength(500), v.readonly()),
  }),
  ...FILE_REQUESTS,
]);
export type Request = v.InferOutput<typeof RequestSchema>;

/** Throws a ProtocolError. */
export function parseRequest(bytes: Uint8Array): Request {
  return parseJson(bytes, RequestSchema, LIMITS);
}

/** The payload for `request`. Throws a TypeError when it is none, a ProtocolError when it is too large. */
export function encodeRequest(request: Request): Uint8Array<ArrayBuffer> {
  return encodeJson(request, RequestSchema, LIMITS);
}
