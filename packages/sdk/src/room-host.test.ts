import { type HostKey, type HostMessage, newHostKey, type PeerId, topicLevel } from "@mqtt-meet/protocol";
import { beforeAll, expect, test } from "vitest";
import { hostSeat, silencedBy } from "./host.ts";
import { RoomHost } from "./room-host.ts";

const [ada, bob, cem] = [topicLevel("ada"), topicLevel("bob"), topicLevel("cem")];
const NAMES = new Map<PeerId, string>([
  [ada, "Ada"],
  [bob, "Bob"],
  [cem, "Cem"],
]);
let key: HostKey;
let other: HostKey;
/** The keys of the starts of Ada, Bob and Cem. */
let starts: ReadonlyMap<PeerId, HostKey>;

beforeAll(async () => {
  [key, other] = await Promise.all([newHostKey(), newHostKey()]);
  starts = new Map(await Promise.all([ada, bob, cem].map(async (peer) => [peer, await newHostKey()] as const)));
});

function startOf(peer: PeerId): HostKey {
  const start = starts.get(peer);
  if (start === undefined) throw new Error(`${peer} has no key.`);
  return start;
}

interface Place {
  readonly key?: HostKey;
  readonly fingerprint?: string;
  readonly room?: string;
  readonly encrypted?: boolean;
  readonly nowMs?: () => number;
}

/** The host's part of one participant, what it said, and what happened to it: "exclude cem", "mute microphone", "removed". */
function place(own: PeerId, { room = "room", encrypted = true, nowMs = () => 5_000, ...seat }: Place = {}) {
  const gone = new Set<string>();
  const peers = {
    exclude: (peer: PeerId) => note(`exclude ${peer}`),
    get: (peer: PeerId) => ({ signing: startOf(peer).publicBytes }) as never,
  };
  const said: HostMessage[] = [];
  const happened: string[] = [];
  const note = (what: string) => void happened.push(what);
  const track = (source: "camera" | "microphone" | "screen", kind: "audio" | "video") =>
    ({ source, kind, setMuted: (muted: boolean) => note(`${muted ? "mute" : "unmute"} ${source}`) }) as never;
  const host = new RoomHost({
    ...{ room: topicLevel(room), own, nowMs, self: { name: NAMES.get(own) ?? "" } },
    seat: { fingerprint: seat.fingerprint ?? key.fingerprint, key: seat.key },
    control: { post: async (message) => void said.push(message as HostMessage) },
    directory: {
      nameOf: (peer) => (gone.has(peer) ? undefined : NAMES.get(peer)),
      leave: (peer) => note(`${peer} leaves`),
    },
    presence: { sayState: () => undefined },
    encryption: encrypted ? { peers, identity: startOf(own) } : undefined,
    tracks: () => [track("camera", "video"), track("microphone", "audio"), track("screen", "video")],
    dismiss: ({ code }) => note(code),
  });
  const leaves = (peer: PeerId) => {
    gone.add(peer);
    host.departed(peer);
  };
  return { host, said, happened, leaves, hosts: () => host.state.value.hosts };
}

type Somebody = ReturnType<typeof place>;

/** Everybody hears what the states of the others say of the role. */
async function states(...everybody: readonly (readonly [PeerId, Somebody])[]): Promise<void> {
  for (const [from, { host }] of everybody) {
    const { role } = host;
    for (const [peer, other] of everybody) if (peer !== from && role !== undefined) await other.host.hear(from, role);
  }
}

/** What the host says when told `order`. */
async function saidBy(order: Parameters<RoomHost["command"]>[0], options: Place = {}): Promise<HostMessage> {
  const { host, said } = place(ada, { key, ...options });
  await host.command(order);
  return said[0] as HostMessage;
}

test("who is meant does what the host says, and everybody hears of it (H2, H4)", async () => {
  const { host: sender, said, happened: own } = place(ada, { key });
  await sender.command({ command: "mute", peer: bob });
  await sender.command({ command: "stop-camera", peer: bob });
  await sender.command({ command: "mute" });
  await sender.command({ command: "remove", peer: cem });
  await sender.command({ command: "end" });
  const [atBob, atCem] = [place(bob), place(cem)];
  for (const message of said) for (const { host } of [atBob, atCem]) await host.receive(ada, message);
  expect(atBob.happened).toEqual([
    ...["mute microphone", "mute camera", "mute microphone", "exclude cem", "cem leaves", "ended"],
  ]);
  expect(atCem.happened).toEqual(["mute microphone", "removed", "ended"]);
  expect(own).toEqual(["exclude cem", "cem leaves"]);
  const acts = [
    ["mute", "Bob"],
    ["stop-camera", "Bob"],
    ["mute", undefined],
    ["remove", "Cem"],
    ["end", undefined],
  ];
  for (const { state } of [sender, atBob.host]) {
    expect(state.value.acts.map(({ command, targetName }) => [command, targetName])).toEqual(acts);
  }
  expect(atBob.host.state.value).toMatchObject({ named: true, own: false });
  expect(sender.state.value).toMatchObject({ named: true, own: true });
});

test("only the key that the link names commands: not another, nor its public half alone (H1, H3, T-FORGE)", async () => {
  const { host, happened } = place(bob);
  await host.receive(cem, await saidBy({ command: "end" }, { key: other }));
  await host.receive(ada, await saidBy({ command: "end" }, { key: other }));
  await host.receive(ada, await saidBy({ command: "end" }, { key: { ...key, key: other.key } }));
  expect(happened).toEqual([]);
  expect(host.state.value.acts).toEqual([]);
  await host.receive(ada, await saidBy({ command: "end" }));
  expect(happened).toEqual(["ended"]);
});

test("a command is of no use to another sender, in another room, or with anything in it changed (H3, T-FORGE)", async () => {
  const message = await saidBy({ command: "mute", peer: cem });
  const { target: _, ...forAll } = message;
  const { host, happened } = place(bob);
  await host.receive(cem, message);
  await host.receive(ada, { ...message, target: bob });
  await host.receive(ada, forAll);
  await host.receive(ada, { ...message, command: topicLevel("remove") });
  await host.receive(ada, { ...message, number: message.number + 1 });
  await host.receive(ada, await saidBy({ command: "mute", peer: bob }, { room: "another" }));
  expect([happened, host.state.value.acts]).toEqual([[], []]);
  await host.receive(ada, message);
  expect(host.state.value.acts).toMatchObject([{ command: "mute", target: cem, forUs: false }]);
});

test("a command is obeyed once, and none after a later one, whatever the sender's clock does (H3, T-REPLAY)", async () => {
  let nowMs = 5_000;
  const { host: sender, said } = place(ada, { key, nowMs: () => nowMs });
  await sender.command({ command: "mute", peer: bob });
  nowMs = 1_000;
  await sender.command({ command: "stop-camera", peer: bob });
  const [first, second] = said as [HostMessage, HostMessage];
  const { host, happened } = place(bob);
  for (const message of [first, first, second, first, second]) await host.receive(ada, message);
  expect(happened).toEqual(["mute microphone", "mute camera"]);
  expect(second.number).toBe(first.number + 1);
  const late = place(bob);
  for (const message of [second, first]) await late.host.receive(ada, message);
  expect(late.happened).toEqual(["mute camera"]);
});

test("where there is no host nothing is obeyed, and nobody without the key commands (H1)", async () => {
  const message = await saidBy({ command: "end" });
  const { host, happened } = place(bob, { encrypted: false });
  await host.receive(ada, message);
  expect([happened, host.state.value.named]).toEqual([[], false]);
  await expect(place(bob).host.command({ command: "end" })).rejects.toMatchObject({ code: "not-authorized" });
  await expect(place(bob, { key, encrypted: false }).host.command({ command: "end" })).rejects.toMatchObject({
    code: "not-authorized",
  });
  expect(() => hostSeat({ host: other.fingerprint }, key)).toThrow(TypeError);
  expect(() => hostSeat({}, key)).toThrow(TypeError);
  expect(hostSeat({}, undefined)).toBeUndefined();
});

test("what this version does not know, or what names nobody, does nothing; a flood is dropped (H2)", async () => {
  const { host: sender, said } = place(ada, { key });
  await sender.command({ command: "unmute" as never, peer: bob });
  await sender.command({ command: "remove" } as never);
  await sender.command({ command: "mute", peer: bob });
  const { host, happened } = place(bob);
  for (const message of said) await host.receive(ada, message);
  expect(happened).toEqual(["mute microphone"]);
  const flooded = place(bob);
  const forged = { ...(said[0] as HostMessage), number: 1 };
  const checked = Array.from({ length: 200 }, () => flooded.host.receive(cem, forged));
  const dropped = flooded.host.receive(ada, said[2] as HostMessage);
  await Promise.all([...checked, dropped]);
  expect(flooded.happened).toEqual([]);
  await flooded.host.receive(ada, said[2] as HostMessage);
  expect(flooded.happened).toEqual(["mute microphone"]);
});

test("mute and stop-camera silence devices, and leave what is shared (H4)", () => {
  const tracks = [
    { kind: "audio", source: "microphone" },
    { kind: "audio", source: "screen-audio" },
    { kind: "video", source: "camera" },
    { kind: "video", source: "screen" },
  ] as const;
  expect(silencedBy({ command: "mute" }, tracks)).toEqual([tracks[0]]);
  expect(silencedBy({ command: "stop-camera" }, tracks)).toEqual([tracks[2]]);
  expect(silencedBy({ command: "remove" }, tracks)).toEqual([]);
});

test("the role is handed over, kept, handed on and taken back, and everybody knows who has it (H6 to H8)", async () => {
  const [first, second, third] = [place(ada, { key }), place(bob), place(cem)];
  const say = () => states([ada, first], [bob, second], [cem, third]);
  await expect.poll(first.hosts).toEqual([ada]);
  await say();
  expect([second.hosts(), third.hosts()]).toEqual([[ada], [ada]]);
  await expect(second.host.command({ command: "hand-over", peer: cem, keep: false })).rejects.toMatchObject({
    code: "not-authorized",
  });

  await first.host.command({ command: "hand-over", peer: bob, keep: false });
  await say();
  for (const { hosts } of [first, second, third]) expect(hosts()).toEqual([bob]);
  expect(first.host.state.value).toMatchObject({ own: false, heir: bob });
  expect(second.host.state.value).toMatchObject({ own: true, heir: undefined });
  await second.host.command({ command: "mute", peer: cem });
  for (const message of second.said) await third.host.receive(bob, message);
  expect(third.happened).toEqual(["mute microphone"]);

  await second.host.command({ command: "hand-over", peer: cem, keep: true });
  await say();
  for (const { hosts } of [first, second, third]) expect(hosts()).toEqual([bob, cem]);
  await first.host.command({ command: "take-back" });
  await say();
  for (const { hosts } of [first, second, third]) expect(hosts()).toEqual([ada]);
  await expect(third.host.command({ command: "end" })).rejects.toMatchObject({ code: "not-authorized" });
});

test("who comes later learns it from the states; an heir who leaves gives the role back (H7)", async () => {
  const [first, second] = [place(ada, { key }), place(bob)];
  await expect.poll(first.hosts).toEqual([ada]);
  await first.host.command({ command: "hand-over", peer: bob, keep: false });
  await states([ada, first], [bob, second]);
  const late = place(cem);
  await states([bob, second], [cem, late]);
  expect(late.hosts()).toEqual([bob]);
  await states([ada, first], [cem, late]);
  for (const { leaves } of [first, late]) leaves(bob);
  expect([first.hosts(), late.hosts()]).toEqual([[ada], [ada]]);
  expect(first.host.state.value).toMatchObject({ own: true, heir: undefined });
});

test("a forged, foreign or old path gives nobody the role, and an heir removes nobody above it (H6, H7, H9, T-FORGE)", async () => {
  const [first, second, third] = [place(ada, { key }), place(bob), place(cem)];
  const [foreign, elsewhere] = [
    place(ada, { key: other, fingerprint: other.fingerprint }),
    place(ada, { key, room: "another" }),
  ];
  for (const { host } of [foreign, elsewhere]) {
    await host.command({ command: "hand-over", peer: bob, keep: false });
    await second.host.hear(ada, host.role ?? {});
  }
  expect(second.hosts()).toEqual([]);
  await expect.poll(first.hosts).toEqual([ada]);
  await second.host.hear(bob, first.host.role ?? {}); // Ada's word, told by somebody else
  expect(second.hosts()).toEqual([]);

  await first.host.command({ command: "hand-over", peer: bob, keep: false });
  const old = first.host.role ?? {};
  await states([ada, first], [bob, second], [cem, third]);
  await second.host.command({ command: "remove", peer: ada });
  for (const message of second.said) await third.host.receive(bob, message);
  expect([second.happened, third.happened]).toEqual([[], []]);

  await first.host.command({ command: "take-back" });
  await states([ada, first], [bob, second], [cem, third]);
  await third.host.hear(bob, old);
  expect(third.hosts()).toEqual([ada]);
  const message = second.said[0] as HostMessage;
  await third.host.receive(bob, { ...message, number: message.number + 1 });
  expect(third.happened).toEqual([]);
});
