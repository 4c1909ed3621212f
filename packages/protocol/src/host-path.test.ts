import { beforeAll, expect, test } from "vitest";
import { encodeBase64Url } from "./base64url.ts";
import { type HostKey, isHostCommand, newHostKey, signHostCommand } from "./host-command.ts";
import {
  type HandOver,
  type HostSigner,
  isHostClaim,
  isHostPath,
  MAX_HAND_OVERS,
  signHandOver,
  signHostClaim,
} from "./host-path.ts";
import { encodeState, MAX_STATE_BYTES, parseState } from "./state.ts";
import { topicLevel } from "./topic-level.ts";

const room = topicLevel("room");
const [ada, bob, cem] = [topicLevel("ada"), topicLevel("bob"), topicLevel("cem")];
/** The link's, and those of the starts of Bob, Cem and others. */
let keys: readonly [HostKey, HostKey, HostKey, ...HostKey[]];

beforeAll(async () => {
  keys = [
    await newHostKey(),
    await newHostKey(),
    await newHostKey(),
    await newHostKey(),
    await newHostKey(),
    await newHostKey(),
  ];
});

const publicOf = ({ publicBytes }: HostSigner) => encodeBase64Url(publicBytes);

/** From Ada, whose key the link names, to Bob, and from him to Cem. */
async function longPath(): Promise<readonly [HandOver, HandOver]> {
  const [link, bobs, cems] = keys;
  const toBob = { from: ada, to: { peer: bob, key: publicOf(bobs) }, keep: true, number: 1_000 };
  const toCem = { from: bob, to: { peer: cem, key: publicOf(cems) }, keep: false, number: 2_000 };
  return [await signHandOver(toBob, { signer: link, room }), await signHandOver(toCem, { signer: bobs, room })];
}

const check = (path: readonly HandOver[], place = {}) =>
  isHostPath(path, { room, fingerprint: keys[0].fingerprint, ...place });

test("the role goes from the key that the link names from hand to hand, and is taken back (H6)", async () => {
  const [toBob, toCem] = await longPath();
  const back = await signHandOver({ from: bob, keep: true, number: 3_000 }, { signer: keys[1], room });
  expect(await Promise.all([check([toBob]), check([toBob, toCem]), check([toBob, back])])).toEqual([true, true, true]);
});

test("a path of another key, another room, with a step left out or anything changed is none (H6, T-FORGE)", async () => {
  const [toBob, toCem] = await longPath();
  const forged = await signHandOver({ ...toBob }, { signer: keys[2], room });
  const refused = await Promise.all([
    check([]),
    check([toCem]),
    check([toCem, toBob]),
    check([forged]),
    check([forged, toCem]),
    check([{ ...forged, key: toBob.key }]),
    check([toBob], { room: topicLevel("another") }),
    check([toBob], { fingerprint: keys[1].fingerprint }),
    check([{ ...toBob, number: 1_001 }]),
    check([{ ...toBob, keep: false }]),
    check([{ ...toBob, from: cem }]),
    check([{ ...toBob, to: { peer: cem, key: publicOf(keys[1]) } }]),
    check([{ ...toBob, to: { peer: bob, key: publicOf(keys[2]) } }, toCem]),
    check([{ key: toBob.key, from: ada, keep: true, number: 1_000, signature: toBob.signature }]),
    check([toBob, { ...toCem, from: ada }]),
  ]);
  expect(refused).toEqual(refused.map(() => false));
});

test("a path has a bound, and as long as that it fits into a state (H6, J1)", async () => {
  const peers = Array.from({ length: MAX_HAND_OVERS + 2 }, (_, index) => topicLevel(`${index}`.padStart(22, "p")));
  const path: HandOver[] = [];
  for (let index = 0; index <= MAX_HAND_OVERS; index++) {
    const heir = keys[index + 1] ?? keys[0];
    const step = { from: peers[index] ?? ada, to: { peer: peers[index + 1] ?? ada, key: publicOf(heir) } };
    const signer = keys[index] ?? keys[0];
    path.push(await signHandOver({ ...step, keep: true, number: Number.MAX_SAFE_INTEGER }, { signer, room }));
  }
  expect(await check(path)).toBe(false);
  const longest = path.slice(0, MAX_HAND_OVERS);
  expect(await check(longest)).toBe(true);
  const claim = await signHostClaim(keys[0], { room, peer: ada });
  const state = {
    v: 1,
    name: "界".repeat(64),
    kind: "person",
    joinedAtMs: 1.8e12,
    incarnation: 1.8e12,
    status: "here",
    decodes: { video: ["vp8", "h264", "vp9", "av1", "jpeg"], audio: ["opus"] },
    heartbeat: 1e6,
    chat: 1e6,
    hand: true,
    handAtMs: 1.8e12,
    keys: { agreement: publicOf(keys[0]), signing: publicOf(keys[1]) },
    epoch: { number: 0x7fff_ffff, by: peers[0] ?? ada },
    host: { claim, path: longest },
  } as const;
  const bytes = encodeState(state);
  expect(bytes.length).toBeLessThan(MAX_STATE_BYTES);
  expect(parseState(bytes).host?.path).toEqual(longest);
});

test("who has the link's key says so as itself only (H8)", async () => {
  const { fingerprint } = keys[0];
  const claim = await signHostClaim(keys[0], { room, peer: ada });
  expect(await isHostClaim(claim, { room, peer: ada, fingerprint })).toBe(true);
  const refused = await Promise.all([
    isHostClaim(claim, { room, peer: bob, fingerprint }),
    isHostClaim(claim, { room: topicLevel("another"), peer: ada, fingerprint }),
    isHostClaim(claim, { room, peer: ada, fingerprint: keys[1].fingerprint }),
    isHostClaim({ ...claim, key: publicOf(keys[1]) }, { room, peer: ada, fingerprint }),
    isHostClaim(await signHostClaim(keys[1], { room, peer: ada }), { room, peer: ada, fingerprint }),
  ]);
  expect(refused).toEqual(refused.map(() => false));
});

test("an heir commands with the key of its start, as itself (H6)", async () => {
  const unsigned = { command: topicLevel("end"), number: 5 };
  const message = await signHostCommand(unsigned, { hostKey: keys[1], room, from: bob });
  const { fingerprint } = keys[0];
  const heirs = [{ peer: bob, key: publicOf(keys[1]) }];
  expect(await isHostCommand(message, { room, from: bob, fingerprint, heirs })).toBe(true);
  expect(await isHostCommand(message, { room, from: bob, fingerprint })).toBe(false);
  expect(await isHostCommand(message, { room, from: cem, fingerprint, heirs })).toBe(false);
  const [other] = heirs.map((heir) => ({ ...heir, peer: cem }));
  expect(await isHostCommand(message, { room, from: bob, fingerprint, heirs: other ? [other] : [] })).toBe(false);
});
