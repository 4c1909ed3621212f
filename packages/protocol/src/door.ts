import * as v from "valibot";
import { encodeJson, parseJson } from "./json.ts";
import { CountSchema, JsonObjectSchema, LevelSchema } from "./schemas.ts";
import type { PeerId } from "./topic-level.ts";

/** What stands behind the peer in the client id of who waits at the door of a token room (D2). */
export const DOOR_SUFFIX = ".W";

/** What a host can forbid somebody to publish: sound, video, the screen (K7). Messages carry keys, and are never forbidden. */
export const MUTABLE_KINDS = ["a", "v", "s"] as const;
export type MutableKind = (typeof MUTABLE_KINDS)[number];

/** The most that who waits says with one knock, in bytes: a name, sealed (D3). */
export const MAX_KNOCK_BYTES = 1024;
/** As often who waits knocks (D3). */
export const KNOCK_INTERVAL_MS = 5_000;
/** Who has not knocked for this long does not wait any more: two knocks may be lost (D3). */
export const KNOCK_LEASE_MS = 12_000;

/** The largest order of a host, in bytes of JSON (D5). */
export const MAX_ORDER_BYTES = 512;

const ORDER_LIMITS = { what: "order", maxBytes: MAX_ORDER_BYTES };
const STANDING_LIMITS = { what: "standing", maxBytes: 512 };

/** Everybody of a full room may be in {@link DoorRules.mutedPeers}. */
export const MAX_MUTED_PEERS = 100;
const RULES_LIMITS = { what: "set of rules", maxBytes: 8 * 1024 };

/** Each kind once, in the order of {@link MUTABLE_KINDS}; what is none of them is left out. */
const MutedKindsSchema = v.pipe(
  v.array(v.unknown()),
  v.maxLength(16),
  v.transform((kinds): readonly MutableKind[] => MUTABLE_KINDS.filter((kind) => kinds.includes(kind))),
);

const OrderSchema = v.looseObject({
  /** To one: let in, who waits. */
  admitted: v.exactOptional(v.literal(true)),
  /** To all: whether anybody new is kept out. */
  locked: v.exactOptional(v.boolean()),
  /** To all: whether who is new waits for a host. */
  waiting: v.exactOptional(v.boolean()),
  /** To one or to all: what may not be published from now on. */
  muted: v.exactOptional(MutedKindsSchema),
});
/** What a host tells the servers of a token room (D5); what is absent stays as it is. */
export type DoorOrder = v.InferOutput<typeof OrderSchema>;

const StandingSchema = v.looseObject({ standing: v.picklist(["waiting", "locked", "in"]) });
/** How it stands with somebody at the door: has to wait for a host, stands before a locked room, or may come in (D4). */
export type Standing = v.InferOutput<typeof StandingSchema>["standing"];

const MutedPeersSchema = v.pipe(
  JsonObjectSchema,
  v.record(LevelSchema, MutedKindsSchema),
  v.check((peers) => Object.keys(peers).length <= MAX_MUTED_PEERS),
);

const RulesSchema = v.looseObject({
  /** Grows with every change: an older set never takes the place of a newer one. */
  number: CountSchema,
  locked: v.boolean(),
  waiting: v.boolean(),
  muted: MutedKindsSchema,
  mutedPeers: MutedPeersSchema,
});

/** What the servers of a token room enforce (D7). */
export interface DoorRules {
  readonly number: number;
  /** Nobody comes in who was not inside. */
  readonly locked: boolean;
  /** Who is new waits for a host. */
  readonly waiting: boolean;
  /** What nobody without host rights may publish. */
  readonly muted: readonly MutableKind[];
  /** What single peers may not publish. */
  readonly mutedPeers: ReadonlyMap<PeerId, readonly MutableKind[]>;
}

/** What holds where nobody has said anything. */
export const NO_RULES: DoorRules = { number: 0, locked: false, waiting: false, muted: [], mutedPeers: new Map() };

/** Throws a ProtocolError. */
export function parseOrder(bytes: Uint8Array): DoorOrder {
  return parseJson(bytes, OrderSchema, ORDER_LIMITS);
}

/** The payload for `order`. Throws a TypeError when it is none. */
export function encodeOrder(order: DoorOrder): Uint8Array<ArrayBuffer> {
  return encodeJson(order, OrderSchema, ORDER_LIMITS);
}

/** Throws a ProtocolError. */
export function parseStanding(bytes: Uint8Array): Standing {
  return parseJson(bytes, StandingSchema, STANDING_LIMITS).standing;
}

/** The payload that tells `standing`. */
export function encodeStanding(standing: Standing): Uint8Array<ArrayBuffer> {
  return encodeJson({ standing }, StandingSchema, STANDING_LIMITS);
}

/** {@link NO_RULES} for an empty payload, with which rules are forgotten. Throws a ProtocolError. */
export function parseRoomRules(bytes: Uint8Array): DoorRules {
  if (bytes.length === 0) return NO_RULES;
  const { number, locked, waiting, muted, mutedPeers } = parseJson(bytes, RulesSchema, RULES_LIMITS);
  const peers = Object.entries(mutedPeers) as [PeerId, readonly MutableKind[]][];
  return { number, locked, waiting, muted, mutedPeers: new Map(peers.filter(([, kinds]) => kinds.length > 0)) };
}

/** The payload for `rules`. Throws a TypeError when they name more than {@link MAX_MUTED_PEERS}. */
export function encodeRoomRules(rules: DoorRules): Uint8Array<ArrayBuffer> {
  return encodeJson({ ...rules, mutedPeers: Object.fromEntries(rules.mutedPeers) }, RulesSchema, RULES_LIMITS);
}
