import * as v from "valibot";
import { cleanChatText, MAX_CAPTION_CHARACTERS, MAX_CHAT_CHARACTERS } from "./clean-text.ts";
import { MAX_EPOCH_MEMBERS } from "./epoch-wrap.ts";
import { encodeJson, parseJson } from "./json.ts";
import {
  AmountSchema,
  CountSchema,
  EpochIdSchema,
  JsonObjectSchema,
  LevelSchema,
  PublicKeySchema,
  SignatureSchema,
} from "./schemas.ts";
import { SharedFileSchema } from "./shared-file.ts";

/** The largest message to everybody, in bytes of JSON. */
export const MAX_MESSAGE_BYTES = 32 * 1024;

const LIMITS = { what: "message", maxBytes: MAX_MESSAGE_BYTES };

/** The most answers to choose from. */
export const MAX_POLL_OPTIONS = 10;

const chatEntries = {
  /** 1, 2, 3 … without gaps, for each sender. */
  number: v.pipe(CountSchema, v.minValue(1)),
  /** The same when the message is sent again. */
  id: LevelSchema,
  sentAtMs: AmountSchema,
  text: v.pipe(v.string(), v.maxLength(MAX_CHAT_CHARACTERS), v.transform(cleanChatText), v.minLength(1)),
  /** `text` is a question, and these are the answers (M8). */
  poll: v.exactOptional(
    v.looseObject({
      options: v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(200), v.transform(cleanChatText), v.minLength(1))),
        v.minLength(2),
        v.maxLength(MAX_POLL_OPTIONS),
        v.readonly(),
      ),
    }),
  ),
  /** A vote in the poll `id` of `by`. */
  vote: v.exactOptional(v.looseObject({ by: LevelSchema, id: LevelSchema, choice: CountSchema })),
  /** The end of the sender's own poll `id`, with the result. */
  end: v.exactOptional(
    v.looseObject({
      id: LevelSchema,
      votes: v.pipe(v.array(CountSchema), v.maxLength(MAX_POLL_OPTIONS), v.readonly()),
    }),
  ),
  /** A file that the sender gives to whoever asks for it; `text` is its name (M9). */
  file: v.exactOptional(SharedFileSchema),
};

/** What people react with. */
export const REACTIONS = ["like", "love", "laugh", "applause", "surprise", "celebrate"] as const;
export type ReactionKind = (typeof REACTIONS)[number];

/** What a host can ask for. */
export const HOST_COMMANDS = ["mute", "stop-camera", "remove", "end"] as const;
export type HostCommandName = (typeof HOST_COMMANDS)[number];

/** A chat message as its sender numbered it. */
export const ChatMessageSchema = v.looseObject(chatEntries);
export type ChatMessage = v.InferOutput<typeof ChatMessageSchema>;

/** What a participant says to everybody, at {@link TopicScheme.all}. */
export const RoomMessageSchema = v.variant("type", [
  v.looseObject({
    type: v.literal("hello"),
    /** The number of the last chat message seen in sequence, by sender. */
    lastSeen: v.pipe(JsonObjectSchema, v.record(LevelSchema, CountSchema)),
  }),
  v.looseObject({ type: v.literal("chat"), ...chatEntries }),
  v.looseObject({ type: v.literal("bye") }),
  /** One of {@link REACTIONS}, or one that is newer than this version. */
  v.looseObject({ type: v.literal("reaction"), kind: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,43}$/)) }),
  /** What the sender says aloud, as far as it is understood: the sentence `number`, which may grow (M10). */
  v.looseObject({
    type: v.literal("caption"),
    number: CountSchema,
    text: v.pipe(v.string(), v.maxLength(MAX_CAPTION_CHARACTERS), v.transform(cleanChatText), v.minLength(1)),
  }),
  /** How loud the sender speaks, in −dBov as in a frame (F4); 127 when it has stopped (M11). */
  v.looseObject({ type: v.literal("voice"), level: v.pipe(CountSchema, v.maxValue(127)) }),
  /** What the host of a meeting asks (H2): one of {@link HOST_COMMANDS}, or one that is newer than this version. */
  v.looseObject({
    type: v.literal("host"),
    key: PublicKeySchema,
    command: LevelSchema,
    /** The peer that is meant; left out: everybody but the host. */
    target: v.exactOptional(LevelSchema),
    /** Larger than in every command of this key before. */
    number: CountSchema,
    signature: SignatureSchema,
  }),
  /** In encrypted rooms: `epoch` follows on `base` by the ratchet, for these members (E7). */
  v.looseObject({
    type: v.literal("epoch-next"),
    base: EpochIdSchema,
    epoch: EpochIdSchema,
    members: v.pipe(v.array(LevelSchema), v.maxLength(MAX_EPOCH_MEMBERS), v.readonly()),
  }),
  /** Everybody has the epoch: it is used from now on. */
  v.looseObject({ type: v.literal("epoch-use"), epoch: EpochIdSchema }),
]);
export type RoomMessage = v.InferOutput<typeof RoomMessageSchema>;

/** Throws a ProtocolError. */
export function parseRoomMessage(bytes: Uint8Array): RoomMessage {
  return parseJson(bytes, RoomMessageSchema, LIMITS);
}

/** The payload for `message`. Throws a TypeError when it is none, a ProtocolError when it is too large. */
export function encodeRoomMessage(message: RoomMessage): Uint8Array<ArrayBuffer> {
  return encodeJson(message, RoomMessageSchema, LIMITS);
}
