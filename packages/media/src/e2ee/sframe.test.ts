import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import vectors from "../../../protocol/src/vectors/sframe.json" with { type: "json" };
import { seededRandom } from "../testing/random.ts";
import { ReplayWindow } from "./replay-window.ts";
import { deriveSframeKey, openSframe, type SframeSuite, sealSframe, sframeLabels } from "./sframe-cipher.ts";
import { parseSframeHeader, writeSframeHeader } from "./sframe-header.ts";

interface HeaderVector {
  readonly kid: string;
  readonly ctr: string;
  readonly encoded: string;
}

interface ObjectVector {
  readonly [field: string]: string;
}

/** The vectors of RFC 9605 as its working group publishes them; kept beside the checkout, not in it. */
const OFFICIAL = new URL("../../../../../shared/conformance/sframe/test-vectors.json", import.meta.url);
const official = existsSync(OFFICIAL) ? readVectors(readFileSync(OFFICIAL, "utf8")) : undefined;

/** Counters up to 2^64 - 1 are not exact as numbers. */
function readVectors(text: string): {
  readonly header: readonly HeaderVector[];
  readonly sframe: readonly ObjectVector[];
} {
  return JSON.parse(text.replaceAll(/: (\d+)/g, ': "$1"'));
}

const hex = (text: string | undefined) => Uint8Array.from(Buffer.from(text ?? "", "hex"));
const toHex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("hex");

function checkHeaders(headers: readonly HeaderVector[]): void {
  for (const { kid, ctr, encoded } of headers) {
    const header = { kid: BigInt(kid), ctr: BigInt(ctr) };
    expect(toHex(writeSframeHeader(header))).toBe(encoded);
    expect(parseSframeHeader(hex(`${encoded}aa`))).toEqual({ ...header, sizeBytes: encoded.length / 2 });
    expect(parseSframeHeader(hex(encoded).subarray(0, -1))).toBeUndefined();
  }
}

async function checkObject(vector: ObjectVector): Promise<void> {
  const suite = Number(vector["cipher_suite"]) as SframeSuite;
  const [kid, ctr] = [BigInt(vector["kid"] ?? 0), BigInt(vector["ctr"] ?? 0)];
  const labels = sframeLabels(kid, suite);
  expect(toHex(labels.key)).toBe(vector["sframe_key_label"]);
  expect(toHex(labels.salt)).toBe(vector["sframe_salt_label"]);
  const baseKey = hex(vector["base_key"]);
  const sealing = await deriveSframeKey(baseKey, { kid, use: "encrypt", suite });
  expect(toHex(sealing.salt)).toBe(vector["sframe_salt"]);
  const [metadata, plaintext] = [hex(vector["metadata"]), hex(vector["pt"])];
  const sealed = await sealSframe(sealing, { ctr, metadata, plaintext });
  expect(toHex(sealed)).toBe(vector["ct"]);
  const opening = await deriveSframeKey(baseKey, { kid, use: "decrypt", suite });
  expect(toHex(await openSframe(opening, { sealed, metadata }))).toBe(vector["pt"]);
}

test.skipIf(official === undefined)("every official header is written and read (T-E2EE-1)", () => {
  expect(official?.header.length).toBe(289);
  checkHeaders(official?.header ?? []);
});

test.skipIf(official === undefined)("the official objects of suites 4 and 5, all fields (T-E2EE-1)", async () => {
  const supported = official?.sframe.filter((vector) => ["4", "5"].includes(vector["cipher_suite"] ?? "")) ?? [];
  expect(supported).toHaveLength(2);
  for (const vector of supported) await checkObject(vector);
});

test("the vectors of another implementation: headers and objects (E3, E4)", async () => {
  checkHeaders(vectors.headers);
  for (const vector of vectors.objects) await checkObject(vector);
});

test("headers that are longer than they need be are refused", () => {
  for (const text of ["8007", "0807", "880707", "0900ff", "900012", "0a0000ff"]) {
    expect(parseSframeHeader(hex(text)), text).toBeUndefined();
  }
  expect(() => writeSframeHeader({ kid: -1n, ctr: 0n })).toThrow(RangeError);
  expect(() => writeSframeHeader({ kid: 0n, ctr: 1n << 64n })).toThrow(RangeError);
});

test("any bytes are read without an exception, and what is read is written the same (T-FUZZ)", () => {
  const random = seededRandom(9605);
  for (let i = 0; i < 20_000; i++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 20) }, () => random() * 256);
    const header = parseSframeHeader(bytes);
    if (header) expect(writeSframeHeader(header)).toEqual(bytes.slice(0, header.sizeBytes));
  }
});

test("a flipped bit anywhere, other metadata, another key and a cut are refused (T-E2EE-3)", async () => {
  const baseKey = new Uint8Array(32).fill(7);
  const metadata = new Uint8Array(40).fill(1);
  const plaintext = new Uint8Array(30).fill(9);
  const sealing = await deriveSframeKey(baseKey, { kid: 5n, use: "encrypt" });
  const opening = await deriveSframeKey(baseKey, { kid: 5n, use: "decrypt" });
  const sealed = await sealSframe(sealing, { ctr: 300n, metadata, plaintext });
  expect(await openSframe(opening, { sealed, metadata })).toEqual(plaintext);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = sealed.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(await openSframe(opening, { sealed: changed, metadata })).toBeUndefined();
  }
  for (let size = 0; size < sealed.length; size++) {
    expect(await openSframe(opening, { sealed: sealed.subarray(0, size), metadata })).toBeUndefined();
  }
  expect(await openSframe(opening, { sealed, metadata: metadata.slice(1) })).toBeUndefined();
  const other = await deriveSframeKey(new Uint8Array(32), { kid: 5n, use: "decrypt" });
  expect(await openSframe(other, { sealed, metadata })).toBeUndefined();
});

test("ReplayWindow accepts each counter once, and none that is too old (T-REPLAY)", () => {
  const window = new ReplayWindow();
  const random = seededRandom(3711);
  const accepted = new Set<number>();
  let highest = -1;
  for (let i = 0; i < 20_000; i++) {
    const ctr = Math.max(0, Math.floor(i / 2 + (random() - 0.7) * (random() < 0.01 ? 5_000 : 1_400)));
    const expected = !accepted.has(ctr) && ctr > highest - 1024;
    expect(window.accept(ctr), `${ctr} after ${highest}`).toBe(expected);
    accepted.add(ctr);
    highest = Math.max(highest, ctr);
  }
  expect(window.accept(2 ** 52)).toBe(true);
  expect(window.accept(2 ** 52)).toBe(false);
});
