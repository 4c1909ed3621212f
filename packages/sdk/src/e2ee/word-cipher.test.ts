import { KeyRing } from "@mqtt-meet/media";
import { encodeBase64Url, newPeer, PADDING_BYTES, type PeerId, parsePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { type EncryptionKeys, newEncryptionKeys } from "./encryption-keys.ts";
import { PeerKeys, shownKeys } from "./peer-keys.ts";
import { type OutgoingWord, WordCipher, type WordOutcome } from "./word-cipher.ts";

const SECRET = new Uint8Array(32).fill(7);
const epoch = { number: 1, id: "1", secret: new Uint8Array(32).fill(9) };
const text = (outcome: WordOutcome) => (typeof outcome === "string" ? outcome : new TextDecoder().decode(outcome.json));

interface Member {
  readonly peer: PeerId;
  readonly keys: EncryptionKeys;
}

async function member(): Promise<Member> {
  const [{ peer }, keys] = await Promise.all([newPeer(), newEncryptionKeys(SECRET)]);
  return { peer, keys };
}

/** What `as` could say with the signing key of `by`; every member can derive the keys of all others for an epoch. */
function cipherOf({
  as,
  by = as,
  knows = [],
  nowMs = () => 1_000,
}: {
  readonly as: Member;
  readonly by?: Member;
  readonly knows?: readonly Member[];
  readonly nowMs?: () => number;
}): WordCipher {
  const ring = new KeyRing({ own: as.peer, rootKey: as.keys.rootKey });
  ring.add(epoch);
  ring.use(epoch.id, 0);
  const peers = new PeerKeys();
  for (const { peer, keys } of knows) peers.learn(peer, shownKeys(keys));
  return new WordCipher({ ring, own: as.peer, signingKey: by.keys.signing.key, peers, nowMs });
}

function word({ peer }: Member, said: string): OutgoingWord {
  return { stream: `all/${peer}`, json: new TextEncoder().encode(said), under: "epoch", signed: true };
}

const from = ({ peer }: Member) => ({ peer, stream: `all/${peer}`, signed: true });
const payload = (sealed: Uint8Array | undefined) => sealed ?? new Uint8Array(0);

test("a member cannot say anything in another's name, even with the broker's help (E10, T-FORGE)", async () => {
  const [ada, bob, cem] = await Promise.all([member(), member(), member()]);
  const receiver = cipherOf({ as: cem, knows: [ada, bob] });
  const forged = await cipherOf({ as: ada, by: bob }).seal(word(ada, "I am Ada"));
  expect(await receiver.open(payload(forged), from(ada))).toBe("refused");
  const own = await cipherOf({ as: ada }).seal(word(ada, "I am Ada"));
  expect(text(await receiver.open(payload(own), from(ada)))).toBe("I am Ada");
  const moved = await cipherOf({ as: bob }).seal(word(bob, "I am Bob"));
  expect(await receiver.open(payload(moved), from(ada))).toBe("refused");
});

test("a word comes once, and none that took 10 s longer than others of its sender (E11, T-REPLAY)", async () => {
  const [ada, cem] = await Promise.all([member(), member()]);
  let nowMs = 5_000;
  const sender = cipherOf({ as: ada, nowMs: () => nowMs });
  const receiver = cipherOf({ as: cem, knows: [ada], nowMs: () => nowMs + 3_600_000 }); // its clock is an hour off
  const words = await Promise.all(["one", "two", "three"].map((said) => sender.seal(word(ada, said))));
  const open = async (at: number) => text(await receiver.open(payload(words[at]), from(ada)));
  expect([await open(0), await open(0)]).toEqual(["one", "refused"]);
  nowMs += 10_000;
  expect(await open(1)).toBe("two");
  nowMs += 1;
  expect(await open(2)).toBe("refused");
});

test("the length of what is said is hidden in steps of 256 bytes (E9)", async () => {
  const ada = await member();
  const sender = cipherOf({ as: ada });
  const sizes = new Set<number>();
  for (const length of [1, 50, 190, 191, 400]) {
    const sealed = await sender.seal(word(ada, "x".repeat(length)));
    sizes.add(parsePacket(payload(sealed)).body.length - 16 - 1); // the tag, and SFrame's header
  }
  expect([...sizes]).toEqual([PADDING_BYTES, 2 * PADDING_BYTES]);
});

test("the keys that a peer showed first are its keys (E6)", async () => {
  const [ada, eve] = await Promise.all([member(), member()]);
  const peers = new PeerKeys();
  expect(peers.learn(ada.peer, shownKeys(ada.keys))).toBe(true);
  expect(peers.learn(ada.peer, shownKeys(eve.keys))).toBe(false);
  expect(peers.learn(ada.peer, undefined)).toBe(false);
  expect(peers.learn(ada.peer, shownKeys(ada.keys))).toBe(true);
  expect(encodeBase64Url(peers.get(ada.peer)?.signing ?? new Uint8Array(0))).toBe(shownKeys(ada.keys).signing);
  expect(peers.learn(eve.peer, { agreement: "short", signing: "short" })).toBe(false);
});
