import * as v from "valibot";
import { cleanName } from "./clean-text.ts";
import { AUDIO_CODECS, type AudioCodec, VIDEO_CODECS, type VideoCodec } from "./codec-families.ts";
import { HostRoleSchema } from "./host-path.ts";
import { encodeJson, parseJson } from "./json.ts";
import { AmountSchema, CountSchema, EpochIdSchema, PublicKeySchema } from "./schemas.ts";

/** The largest state, in bytes of JSON. */
export const MAX_STATE_BYTES = 4 * 1024;

/** What a participant can be. */
export const PARTICIPANT_KINDS = ["person", "camera", "recorder", "bot", "viewer"] as const;
export type ParticipantKind = (typeof PARTICIPANT_KINDS)[number];

const LIMITS = { what: "state", maxBytes: MAX_STATE_BYTES };
const WORDS = v.pipe(v.array(v.string()), v.maxLength(32));

/** Who a participant is and that it is here, retained at {@link TopicScheme.state}. Keys from a newer one are kept. */
export const StateSchema = v.looseObject({
  v: v.literal(1),
  /** What others see: never empty, and clean (see {@link cleanName}). */
  name: v.pipe(v.string(), v.transform(cleanName), v.minLength(1)),
  /** A kind that this version does not know counts as a person. */
  kind: v.pipe(v.string(), v.maxLength(32), v.transform(knownKind)),
  joinedAtMs: AmountSchema,
  /** Larger at each CONNECT of the same peer, so that an old will never removes a newer state. */
  incarnation: CountSchema,
  status: v.picklist(["here", "gone"]),
  /** What the participant can show and play; what this version does not know is left out. */
  decodes: v.looseObject({
    video: v.pipe(
      WORDS,
      v.transform((words): readonly VideoCodec[] => VIDEO_CODECS.filter((codec) => words.includes(codec))),
    ),
    audio: v.pipe(
      WORDS,
      v.transform((words): readonly AudioCodec[] => AUDIO_CODECS.filter((codec) => words.includes(codec))),
    ),
  }),
  muted: v.exactOptional(v.looseObject({ audio: v.exactOptional(v.boolean()), video: v.exactOptional(v.boolean()) })),
  /** Whether the hand is raised. */
  hand: v.exactOptional(v.boolean()),
  /** When it was raised, in milliseconds since the Unix epoch on the participant's clock: hands have an order. */
  handAtMs: v.exactOptional(AmountSchema),
  /** Whether the participant keeps what it sees and hears in a file. */
  recording: v.exactOptional(v.boolean()),
  /** Whether the participant reads captions, and who speaks may send them (M10). */
  captions: v.exactOptional(v.boolean()),
  /** Counts the repetitions of this state. */
  heartbeat: CountSchema,
  /** The number of the last chat message sent, so that its loss is noticed. */
  chat: v.exactOptional(CountSchema),
  /** In encrypted rooms: the public halves of the keys of this start (E6). */
  keys: v.exactOptional(v.looseObject({ agreement: PublicKeySchema, signing: PublicKeySchema })),
  /** In encrypted rooms: the newest epoch that the participant has. */
  epoch: v.exactOptional(EpochIdSchema),
  /** In rooms whose link names a host: who has the role, as far as it concerns the sender (H7, H8). */
  host: v.exactOptional(HostRoleSchema),
  clientVersion: v.exactOptional(v.pipe(v.string(), v.maxLength(64), v.transform(cleanName))),
});
export type State = v.InferOutput<typeof StateSchema>;

/** Throws a ProtocolError. An empty payload is no state: it clears the one that was retained. */
export function parseState(bytes: Uint8Array): State {
  return parseJson(bytes, StateSchema, LIMITS);
}

/** The payload for `state`. Throws a TypeError when it is none. */
export function encodeState(state: State): Uint8Array<ArrayBuffer> {
  return encodeJson(state, StateSchema, LIMITS);
}

function knownKind(word: string): ParticipantKind {
  return PARTICIPANT_KINDS.find((kind) => kind === word) ?? "person";
}
