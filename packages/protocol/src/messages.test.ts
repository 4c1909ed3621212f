import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeCatalog, parseCatalog } from "./catalog.ts";
import { ProtocolError } from "./protocol-error.ts";
import { encodeRequest, parseRequest } from "./request.ts";
import { encodeRoomMessage, parseRoomMessage } from "./room-message.ts";
import { encodeState, parseState } from "./state.ts";
import vectors from "./vectors/messages.json" with { type: "json" };

const utf8 = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => utf8(JSON.stringify(value));

interface Kind {
  readonly name: string;
  readonly parse: (bytes: Uint8Array) => unknown;
  readonly encode: (value: never) => Uint8Array;
  readonly maxBytes: number;
  readonly cases: {
    readonly valid: readonly unknown[];
    readonly cleaned: readonly { readonly message: unknown; readonly means: unknown }[];
    readonly malformed: readonly unknown[];
  };
}

const kinds: readonly Kind[] = [
  { name: "state (S1, S2, J5)", parse: parseState, encode: encodeState, maxBytes: 4096, cases: vectors.states },
  { name: "catalog (C1 to C5)", parse: parseCatalog, encode: encodeCatalog, maxBytes: 4096, cases: vectors.catalogs },
  { name: "request (R2 to R8)", parse: parseRequest, encode: encodeRequest, maxBytes: 32_768, cases: vectors.requests },
  {
    name: "message (M1, M2, M5, M7 to M11, H2, J5)",
    parse: parseRoomMessage,
    encode: encodeRoomMessage,
    maxBytes: 32_768,
    cases: vectors.roomMessages,
  },
];

test.each(kinds)("a $name is read, and written so that it reads the same", ({ parse, encode, cases }) => {
  for (const message of cases.valid) {
    expect(parse(json(message))).toEqual(message);
    expect(parse(encode(message as never))).toEqual(message);
  }
});

test.each(kinds)("a $name is cleaned of what is not understood or not shown", ({ parse, cases }) => {
  for (const { message, means } of cases.cleaned) expect(parse(json(message))).toEqual(means);
});

test.each(kinds)("a malformed $name is refused (J2)", ({ parse, cases }) => {
  for (const message of cases.malformed) {
    expect(() => parse(json(message)), JSON.stringify(message)).toThrow(ProtocolError);
  }
  for (const text of ["", "{", "nonsense", "[".repeat(4000), `{"a":${"[".repeat(1500)}${"]".repeat(1500)}}`]) {
    expect(() => parse(utf8(text))).toThrow(ProtocolError);
  }
});

test.each(kinds)("every truncation of a $name is refused (J2)", ({ parse, cases }) => {
  const whole = json(cases.valid[0]);
  for (let length = 0; length < whole.length; length++) {
    expect(() => parse(whole.subarray(0, length))).toThrow(ProtocolError);
  }
});

test.each(kinds)("a $name is read up to its size limit, not beyond (J1)", ({ parse, cases, maxBytes }) => {
  const whole = json(cases.valid[0]);
  const padded = (sizeBytes: number) => {
    const bytes = new Uint8Array(sizeBytes).fill(0x20);
    bytes.set(whole);
    return bytes;
  };
  expect(parse(padded(maxBytes))).toEqual(cases.valid[0]);
  expect(() => parse(padded(maxBytes + 1))).toThrow(expect.objectContaining({ code: "message-too-large" }));
});

test.each(kinds)("any JSON as $name parses or is refused, and reaches no prototype (J2, J3)", ({ parse, cases }) => {
  const { name: _, ...base } = { name: "", ...(cases.valid[0] as object) };
  const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "prototype", ...Object.keys(base)), fc.string());
  const mutation = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
  fc.assert(
    fc.property(mutation, (changes) => {
      try {
        const parsed = parse(json({ ...(cases.valid[0] as object), ...changes }));
        expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("keys that reach a prototype are dropped at any depth (J3, T-XSS)", () => {
  const text = JSON.stringify({ ...vectors.states.valid[0], inner: { a: [{}] } });
  const poisoned = text.replace(
    '"a":[{}]',
    '"a":[{"__proto__":{"p":1},"constructor":1,"prototype":2}],"__proto__":{"p":1}',
  );
  expect(poisoned).not.toBe(text);
  const state = parseState(utf8(`${poisoned.slice(0, -1)},"__proto__":{"hand":true}}`));
  expect(JSON.stringify(state["inner"])).toBe('{"a":[{}]}');
  expect(state.hand).toBeUndefined();
  expect(({} as { p?: number }).p).toBeUndefined();
});

test("names and words are text: cleaned, bounded, and checked also where a key occurs twice (J5, J6, T-XSS)", () => {
  const parse = (name: string) => parseState(json({ ...(vectors.states.valid[0] as object), name }));
  expect(parse("<img src=x onerror=alert(1)>").name).toBe("<img src=x onerror=alert(1)>");
  expect(parse("\u202ecod.exe\u0000 \u200bAda").name).toBe("cod.exe Ada");
  expect(parse("x".repeat(3_000)).name).toHaveLength(64);
  const text = JSON.stringify(vectors.states.valid[0]);
  expect(parseState(utf8(`${text.slice(0, -1)},"name":"\u202eEve"}`)).name).toBe("Eve");
  expect(() => parseState(utf8(`${text.slice(0, -1)},"name":{"toString":1}}`))).toThrow(ProtocolError);
});

test("bytes that are not UTF-8 are refused (J2)", () => {
  const bytes = json(vectors.states.valid[0]);
  bytes[bytes.indexOf(0x41)] = 0xff; // the A of Ada
  expect(() => parseState(bytes)).toThrow("not JSON");
});

test("encoding what is no message is the caller's mistake", () => {
  expect(() => encodeState({ ...vectors.states.valid[0], name: " " } as never)).toThrow(TypeError);
  expect(() => encodeCatalog({ v: 1, revision: 0, tracks: [{ kind: "smell" }] } as never)).toThrow(TypeError);
  expect(() => encodeRequest({ type: "dance" } as never)).toThrow(TypeError);
});

test("encoding a message that is too large throws a ProtocolError (J1)", () => {
  const chat = { number: 1, id: "a", sentAtMs: 0, text: "x".repeat(4000) };
  const again = {
    type: "chat-again" as const,
    messages: Array.from({ length: 10 }, (_, i) => ({ ...chat, number: i + 1 })),
  };
  expect(() => encodeRequest(again as never)).toThrow(expect.objectContaining({ code: "message-too-large" }));
});

test("a chat message of the largest text always fits (J1, M1)", () => {
  for (const character of ["€", "\n", '"', "😀"]) {
    const text = `a${character.repeat(Math.floor(3998 / character.length))}a`;
    const bytes = encodeRoomMessage({ type: "chat", number: 1, id: "a", sentAtMs: 0, text } as never);
    expect(parseRoomMessage(bytes)).toMatchObject({ text });
  }
});
