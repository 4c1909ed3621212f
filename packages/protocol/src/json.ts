import * as v from "valibot";
import { ProtocolError } from "./protocol-error.ts";

/** What a kind of message is called in an error, and how many bytes of JSON it may have. */
export interface JsonLimits {
  readonly what: string;
  readonly maxBytes: number;
}

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** The checked value in `bytes` of UTF-8 JSON. Throws a ProtocolError ("message-too-large", "message-malformed"). */
export function parseJson<Schema extends v.GenericSchema>(
  bytes: Uint8Array,
  schema: Schema,
  { what, maxBytes }: JsonLimits,
): v.InferOutput<Schema> {
  if (bytes.length > maxBytes) throw tooLarge({ what, maxBytes });
  let value: unknown;
  try {
    // The keys that reach an object's prototype are dropped before anything copies them.
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes), (key, inner: unknown) =>
      FORBIDDEN_KEYS.has(key) ? undefined : inner,
    );
  } catch (cause) {
    throw new ProtocolError("message-malformed", `The ${what} is not JSON.`, { cause });
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw new ProtocolError("message-malformed", `The ${what} is malformed${placeOf(result.issues[0])}.`);
}

/** `value` as UTF-8 JSON. Throws a TypeError when it does not fit `schema`, a ProtocolError ("message-too-large"). */
export function encodeJson<Schema extends v.GenericSchema>(
  value: v.InferOutput<Schema>,
  schema: Schema,
  { what, maxBytes }: JsonLimits,
): Uint8Array<ArrayBuffer> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) throw new TypeError(`Not a ${what}${placeOf(result.issues[0])}.`);
  const bytes = new TextEncoder().encode(JSON.stringify(result.output));
  if (bytes.length > maxBytes) throw tooLarge({ what, maxBytes });
  return bytes;
}

function tooLarge({ what, maxBytes }: JsonLimits): ProtocolError {
  return new ProtocolError("message-too-large", `The ${what} has more than ${maxBytes} bytes.`);
}

function placeOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path ? ` at ${path}` : "";
}
