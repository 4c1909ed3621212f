import * as v from "valibot";
import { cleanName } from "./clean-text.ts";
import { encodeJson, parseJson } from "./json.ts";

/** The longest name in UTF-8, and what stands around it. */
const LIMITS = { what: "knock", maxBytes: 512 };

const KnockSchema = v.looseObject({
  /** As in a state: never empty, and clean (see {@link cleanName}). */
  name: v.pipe(v.string(), v.transform(cleanName), v.minLength(1)),
});

/** The name of who waits at the door, from what was sealed (D3). Throws a ProtocolError. */
export function parseKnock(bytes: Uint8Array): string {
  return parseJson(bytes, KnockSchema, LIMITS).name;
}

/** What who waits at the door seals and sends. Throws a TypeError when nothing visible is left of `name`. */
export function encodeKnock(name: string): Uint8Array<ArrayBuffer> {
  return encodeJson({ name }, KnockSchema, LIMITS);
}
