import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { KeyAgreement, type Member } from "./key-agreement.ts";

const [a, b, c, d, e] = [topicLevel("a"), topicLevel("b"), topicLevel("c"), topicLevel("d"), topicLevel("e")];

const member = (peer: typeof a, joinedAtMs: number): Member => ({ peer, joinedAtMs, live: true, epoch: undefined });
const types = (actions: readonly { readonly type: string }[]) => actions.map(({ type }) => type);

/** Lets time pass as it does in a room; returns when `agreement` made an epoch, or undefined. */
function madeAfter(agreement: KeyAgreement, { fromMs, untilMs }: { fromMs: number; untilMs: number }) {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 100)
    if (types(agreement.tick(nowMs)).includes("make")) return nowMs;
  return undefined;
}

function leader() {
  const agreement = new KeyAgreement({ own: a, joinedAtMs: 0 });
  agreement.setMembers([member(b, 1)], 10_000);
  agreement.acknowledged(b, { number: 1, by: a });
  return agreement;
}

test("nobody makes an epoch alone, and the first of two makes a random one at once (E7)", () => {
  const agreement = new KeyAgreement({ own: a, joinedAtMs: 0 });
  expect(agreement.tick(1_000)).toEqual([]);
  const actions = agreement.setMembers([member(b, 1)], 2_000);
  expect(actions[0]).toMatchObject({ type: "make", base: undefined, wrapTo: [b], epoch: { number: 1, by: a } });
  expect(types(actions)).toEqual(["make", "use"]);
});

test("who joins is given a ratcheted epoch without delay; the epoch is used when all have it (E7, E8)", () => {
  const agreement = leader();
  const actions = agreement.setMembers([member(b, 1), member(c, 2)], 12_000);
  expect(actions).toMatchObject([{ type: "make", base: { number: 1, by: a }, wrapTo: [c], epoch: { number: 2 } }]);
  const epoch = { number: 2, by: a };
  expect(agreement.acknowledged(b, epoch)).toEqual([]);
  expect(types(agreement.acknowledged(c, epoch))).toEqual(["announce-use", "use"]);
  expect(agreement.using).toMatchObject(epoch);
});

test("where nobody else follows what is sent, who joins is waited for by nobody: the epoch is used at once (E8)", () => {
  const agreement = leader();
  agreement.setMembers([], 12_000);
  agreement.tick(13_100);
  const alone = agreement.using;
  const actions = agreement.setMembers([member(c, 2)], 16_000);
  expect(actions).toMatchObject([
    { type: "make", base: { number: alone?.number }, wrapTo: [c] },
    { type: "use", epoch: { number: (alone?.number ?? 0) + 1 } },
  ]);
  expect(types(agreement.setMembers([member(c, 2), member(d, 3)], 16_200))).toEqual(["make"]);
});

test("after a second the epoch is used although somebody has not acknowledged it, and is sent again (E8)", () => {
  const agreement = leader();
  agreement.setMembers([member(b, 1), member(c, 2)], 12_000);
  expect(agreement.tick(12_500)).toMatchObject([{ type: "wrap", to: [b, c] }]);
  expect(types(agreement.tick(13_000))).toEqual(["announce-use", "use"]);
});

test("who comes while an epoch is not used yet shares the next one with others (E7)", () => {
  const agreement = leader();
  const [earlier, later] = [
    [member(b, 1), member(c, 2)],
    [member(d, 3), member(e, 4)],
  ];
  agreement.setMembers(earlier, 12_000);
  expect(types(agreement.setMembers([...earlier, member(d, 3)], 12_300))).not.toContain("make");
  expect(types(agreement.setMembers([...earlier, ...later], 12_900))).not.toContain("make");
  const actions = agreement.tick(13_000);
  expect(types(actions).slice(0, 3)).toEqual(["announce-use", "use", "make"]);
  expect(actions[2]).toMatchObject({ base: { number: 2, by: a }, wrapTo: [d, e], epoch: { number: 3 } });
});

test("an epoch is used a second after it came, or when its maker says so, although another has come since (E8)", () => {
  const agreement = new KeyAgreement({ own: d, joinedAtMs: 3 });
  agreement.setMembers([member(a, 0), member(b, 1), member(c, 2)], 0);
  const adopt = (number: number, nowMs: number) =>
    agreement.adopt({ number, by: a, members: new Set([a, b, c, d]) }, { nowMs, fresh: false });
  for (let number = 1; number <= 5; number++) adopt(number, number * 400);
  expect(agreement.current?.number).toBe(5);
  agreement.tick(2_100);
  expect(agreement.using?.number).toBe(2);
  expect(agreement.announced({ number: 4, by: a })).toEqual([
    { type: "use", epoch: expect.objectContaining({ number: 4 }) },
  ]);
  expect(agreement.announced({ number: 3, by: a })).toEqual([]);
  expect(types(agreement.tick(3_000))).toEqual(["use"]);
  expect(agreement.using?.number).toBe(5);
});

test("while epochs come for those who join, nobody but who makes them does (E6)", () => {
  const agreement = new KeyAgreement({ own: b, joinedAtMs: 1 });
  const others = [member(a, 0)];
  agreement.setMembers(others, 0);
  for (let number = 1; number < 20; number++) {
    const newcomer = member(topicLevel(`n${number}`), number);
    const actions = agreement.setMembers([...others, newcomer], number * 500);
    expect(types(actions)).not.toContain("make");
    const members = new Set([a, b, ...others.map(({ peer }) => peer)]);
    agreement.adopt({ number, by: a, members }, { nowMs: number * 500 + 100, fresh: false });
    others.push(newcomer);
  }
  // The last one is left to wait: whoever makes epochs is gone.
  expect(types(agreement.setMembers(others, 10_600))).not.toContain("make");
  expect(madeAfter(agreement, { fromMs: 10_700, untilMs: 20_000 })).toBe(12_100);
});

test("behind the sixth they follow each other faster, and not all at once (E6)", () => {
  const first = [6, 7, 20].map((before) => {
    const agreement = new KeyAgreement({ own: topicLevel("z"), joinedAtMs: 1_000 });
    agreement.setMembers(
      Array.from({ length: before }, (_, i) => member(topicLevel(`p${i}`), i)),
      0,
    );
    return madeAfter(agreement, { fromMs: 100, untilMs: 20_000 });
  });
  expect(first).toEqual([9_000, 9_200, 11_800]);
});

test("who leaves is left out of a random epoch within 1 s, together with others that leave (E7)", () => {
  const agreement = leader();
  agreement.setMembers([member(b, 1), member(c, 2), member(d, 3)], 12_000);
  expect(types(agreement.setMembers([member(b, 1), member(d, 3)], 13_000))).not.toContain("make");
  expect(types(agreement.setMembers([member(b, 1)], 13_900))).not.toContain("make");
  const actions = agreement.tick(14_000);
  expect(actions.find(({ type }) => type === "make")).toMatchObject({ base: undefined, wrapTo: [b] });
  expect(agreement.current?.members).toEqual(new Set([a, b]));
});

test("the last one makes an epoch that nobody who left has", () => {
  const agreement = leader();
  agreement.setMembers([], 20_000);
  expect(types(agreement.tick(21_000))).toContain("make");
  expect(agreement.using).toMatchObject({ number: 2 });
});

test("who is not the first makes an epoch only when those before it do not (E6)", () => {
  const agreement = new KeyAgreement({ own: c, joinedAtMs: 2 });
  expect(agreement.setMembers([member(a, 0), member(b, 1)], 0)).toEqual([]);
  expect(madeAfter(agreement, { fromMs: 100, untilMs: 9_000 })).toBe(3_000);
  expect(agreement.using).toMatchObject({ number: 1, by: c });
});

test("who stood still holds nobody's silence against them (E6)", () => {
  const agreement = new KeyAgreement({ own: b, joinedAtMs: 1 });
  agreement.setMembers([member(a, 0)], 0);
  expect(agreement.tick(60_000)).toEqual([]);
  expect(madeAfter(agreement, { fromMs: 60_100, untilMs: 70_000 })).toBe(61_200);
});

test("of two epochs with one number that of the smaller peer stays (E6)", () => {
  const agreement = new KeyAgreement({ own: c, joinedAtMs: 2 });
  agreement.setMembers([member(a, 0), member(b, 1)], 0);
  const members = new Set([a, b, c]);
  const options = { nowMs: 10, fresh: true };
  expect(types(agreement.adopt({ number: 4, by: b, members }, options))).toEqual(["use", "acknowledge"]);
  expect(types(agreement.adopt({ number: 4, by: a, members }, options))).toEqual(["acknowledge"]);
  expect(agreement.adopt({ number: 4, by: b, members }, options)).toEqual([]);
  expect(agreement.adopt({ number: 3, by: a, members }, options)).toEqual([]);
  expect(agreement.current).toMatchObject({ number: 4, by: a });
});

test("whoever has worn a key out makes a random epoch, whatever its place, and no other until that is used (E3, E7)", () => {
  const agreement = new KeyAgreement({ own: c, joinedAtMs: 2 });
  const others = [member(a, 0), member(b, 1)];
  agreement.setMembers(others, 0);
  agreement.adopt({ number: 4, by: a, members: new Set([a, b, c]) }, { nowMs: 10, fresh: true });
  expect(types(agreement.setMembers(others, 2_009, { isWorn: true }))).not.toContain("make");
  const actions = agreement.setMembers(others, 2_010, { isWorn: true });
  expect(actions[0]).toMatchObject({ type: "make", base: undefined, wrapTo: [a, b], epoch: { number: 5, by: c } });
  expect(types(agreement.setMembers(others, 2_900, { isWorn: true }))).not.toContain("make");
  expect(types(agreement.setMembers(others, 3_010, { isWorn: true }))).toContain("use");
  expect(types(agreement.setMembers(others, 5_000))).not.toContain("make");
});

test("an epoch is kept for 10 s after the next (E8)", () => {
  const agreement = leader();
  agreement.setMembers([member(b, 1), member(c, 2)], 12_000);
  expect(types(agreement.tick(21_900))).not.toContain("forget");
  expect(agreement.tick(22_000)).toContainEqual({ type: "forget", epoch: { number: 1, by: a } });
});
