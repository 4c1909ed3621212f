import * as v from "valibot";
import { isTopicLevel, type TopicLevel } from "./topic-level.ts";

/** A level of a topic: the name of a track, the id of a message. */
export const LevelSchema = v.custom<TopicLevel>((input) => typeof input === "string" && isTopicLevel(input));

/** 0, 1, 2 … as far as a number is exact. */
export const CountSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A time, duration, rate or size: finite and not negative. */
export const AmountSchema = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** The number of a layer in its track. */
export const LayerNumberSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99));

/** An object, which valibot's records do not tell from an array. */
export const JsonObjectSchema = v.custom<Record<string, unknown>>(
  (input) => typeof input === "object" && input !== null && !Array.isArray(input),
);

/** 32 bytes in base64url. */
export const PublicKeySchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));

/** 64 bytes in base64url. */
export const SignatureSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/));

/** Which epoch: its number, and the peer that made it. */
export const EpochIdSchema = v.looseObject({
  number: v.pipe(CountSchema, v.minValue(1), v.maxValue(0x7fff_ffff)),
  by: LevelSchema,
});
export type EpochId = v.InferOutput<typeof EpochIdSchema>;
