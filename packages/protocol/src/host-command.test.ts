import { expect, test } from "vitest";
import { decodeBase64Url } from "./base64url.ts";
import { type HostKey, type HostMessage, hostFingerprint, isHostCommand, signHostCommand } from "./host-command.ts";
import { encodeRoomMessage, parseRoomMessage } from "./room-message.ts";
import { topicLevel } from "./topic-level.ts";
import vectors from "./vectors/host-commands.json" with { type: "json" };

const { fingerprint } = vectors;
const context = { room: topicLevel(vectors.room), from: topicLevel(vectors.from) };
const messages = vectors.messages as unknown as HostMessage[];
/** What stands before the seed of an Ed25519 key in PKCS #8. */
const PKCS8 = "302e020100300506032b657004220420";

async function vectorKey(): Promise<HostKey> {
  const bytes = new Uint8Array(Buffer.from(PKCS8 + vectors.seedHex, "hex"));
  const key = await crypto.subtle.importKey("pkcs8", bytes, "Ed25519", false, ["sign"]);
  return { key, publicBytes: decodeBase64Url(messages[0]?.key ?? "") ?? new Uint8Array(0), fingerprint };
}

test("a host's key has its fingerprint (H1)", async () => {
  expect(await hostFingerprint((await vectorKey()).publicBytes)).toBe(fingerprint);
  expect(fingerprint).toHaveLength(22);
});

test.each(messages)(
  "the host's command $command is signed and checked, and goes as a message (H2, H3)",
  async (message) => {
    const { command, target, number } = message;
    const hostKey = await vectorKey();
    const unsigned = { command, number, ...(target === undefined ? {} : { target }) };
    expect(await signHostCommand(unsigned, { ...context, hostKey })).toEqual(message);
    const read = parseRoomMessage(encodeRoomMessage(message));
    expect(await isHostCommand(read as HostMessage, { ...context, fingerprint })).toBe(true);
  },
);

test("with anything changed it is nobody's command (H3)", async () => {
  const message = messages[0] as HostMessage;
  const check = (change: Partial<HostMessage>, place = {}) =>
    isHostCommand({ ...message, ...change }, { ...context, fingerprint, ...place });
  expect(await check({})).toBe(true);
  const refused = await Promise.all([
    check({ command: topicLevel("end") }),
    check({ target: context.from }),
    check({ number: message.number + 1 }),
    check({ key: "A".repeat(43) }),
    check({ key: "not a key" }),
    check({ signature: `A${message.signature.slice(1)}` }),
    check({ signature: "" }),
    check({}, { room: context.from }),
    check({}, { from: context.room }),
    check({}, { fingerprint: "A".repeat(22) }),
  ]);
  expect(refused).toEqual(refused.map(() => false));
});
