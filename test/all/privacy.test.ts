import { parseSframeHeader } from "@mqtt-meet/media";
import { deriveRootKey, parsePacket, passphraseSecret } from "@mqtt-meet/protocol";
import { beforeAll, expect, test } from "vitest";
import { byteUnevenness } from "../support/byte-unevenness.ts";
import { describeWith } from "../support/requirements.ts";
import { holdWatchedMeetings, type MeetingTraces, SPOKEN } from "../support/watched-meetings.ts";

const PASSPHRASE = "quiet walrus paints nineteen bridges";
/** Random bytes are less even than this in one of 10⁹ runs. */
const MAX_UNEVENNESS = 6;

/** What is looked for, each in any of several forms. */
type Needles = Readonly<Record<string, readonly (string | Buffer)[]>>;

/** What only who is in the meeting knows. */
const SAID: Needles = {
  "a person's name": [SPOKEN.person],
  "a command's name": [SPOKEN.camera],
  "a word of the chat": [SPOKEN.words],
};

/** What stands on the wire of a meeting without encryption: who, what is said, how pictures and sound are coded. */
const TELLTALES: Needles = {
  ...SAID,
  "the kind of a message": ['"type":"chat"'],
  "a field of the state": ['"joinedAtMs"'],
  "a field of the catalog": ['"widthPx"'],
  "the codec of pictures": ["avc1.", "\u0003vp8", "vp09.", "av01."],
  "the codec of sound": ["\u0004opus"],
};

/** Every form in which one could write a secret down. */
function formsOf(secret: Uint8Array): readonly (string | Buffer)[] {
  const bytes = Buffer.from(secret);
  const base64 = [bytes.toString("base64url"), bytes.toString("base64").replace(/=+$/, "")];
  return [bytes, ...base64, bytes.toString("hex"), [...secret].join()];
}

async function formsOfSecret(secret: Uint8Array): Promise<Needles> {
  return { "the secret": formsOf(secret), "the root key": formsOf(await deriveRootKey(secret)) };
}

/** What of `needles` stands in which of these places. */
function found(needles: Needles, places: Readonly<Record<string, Buffer>>): string[] {
  return Object.entries(needles).flatMap(([what, forms]) => {
    const holding = Object.entries(places).filter(([, bytes]) => forms.some((form) => bytes.includes(form)));
    return holding.map(([place]) => `${what} in ${place}`);
  });
}

/** What the packets of sound or pictures carry, without what stands before a ciphertext. */
function bodies({ published }: MeetingTraces, kind: "a" | "v"): Buffer {
  const packets = published.filter(({ topic }) => topic.split("/")[4] === kind);
  const parts = packets.map(({ payload }) => {
    const { header, body } = parsePacket(payload);
    const begins = header.encrypted && header.fragment === 0;
    return body.subarray(begins ? parseSframeHeader(body)?.sizeBytes : 0);
  });
  return Buffer.concat(parts);
}

describeWith(["Chromium"], "what meetings of a page and two commands leave behind", () => {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const planted = "something planted";
  let linked: MeetingTraces;
  let spoken: MeetingTraces;
  let open: MeetingTraces;
  let seeded: MeetingTraces;

  beforeAll(async () => {
    const meetings = [
      { path: `/r/private#1.${Buffer.from(secret).toString("base64url")}` },
      { path: "/r/private#p", passphrase: PASSPHRASE },
      { path: "/r/open" },
    ];
    const traces = await holdWatchedMeetings(meetings, planted);
    [linked, spoken, open, seeded] = traces as [MeetingTraces, MeetingTraces, MeetingTraces, MeetingTraces];
  }, 600_000);

  test("the secret of a link is in no request, line, file or storage entry, and nowhere on the wire (L3, T-E2EE-2)", async () => {
    expect(found(await formsOfSecret(secret), linked.places)).toEqual([]);
  });

  test("nor is a passphrase, or the secret that is made of it (K8, T-E2EE-2)", async () => {
    const words = [PASSPHRASE, encodeURIComponent(PASSPHRASE), PASSPHRASE.replaceAll(" ", "+"), "walrus"];
    const needles = {
      "the passphrase": words,
      ...(await formsOfSecret(await passphraseSecret("private", PASSPHRASE))),
    };
    expect(found(needles, spoken.places)).toEqual([]);
  });

  test.each(["linked", "spoken"] as const)(
    "no name, no word and no codec of a %s meeting is on the wire or known to the server (T-E2EE-2)",
    (kind) => {
      const { places } = { linked, spoken }[kind];
      // A page remembers its own person's name, and the commands print who is there.
      const { "the page's storage": stored, "the commands' lines": printed, ...others } = places;
      expect(found(TELLTALES, others)).toEqual([]);
      expect(found({ words: SAID["a word of the chat"] ?? [] }, { stored, printed })).toEqual([]);
    },
  );

  test.each(["a", "v"] as const)("what is sent on topics of %s is as even as random bytes (T-E2EE-2)", (kind) => {
    expect(byteUnevenness(bodies(linked, kind))).toBeLessThan(MAX_UNEVENNESS);
    expect(byteUnevenness(bodies(spoken, kind))).toBeLessThan(MAX_UNEVENNESS);
    expect(byteUnevenness(bodies(open, kind))).toBeGreaterThan(10 * MAX_UNEVENNESS);
  });

  test("pages speak to nobody but their own server", () => {
    const origins = [linked, spoken].map(
      ({ addresses }) => new Set(addresses.map((address) => new URL(address).origin)),
    );
    expect(origins.map(({ size }) => size)).toEqual([1, 1]);
  });

  test("this search finds what is there: an open meeting on the wire, and what was planted in a page", () => {
    const wire = { "the wire": open.places["the wire"] };
    expect(found(TELLTALES, wire)).toHaveLength(Object.keys(TELLTALES).length);
    expect(found({ it: [planted] }, seeded.places)).toEqual(
      ["the wire", "requests", "the page's lines", "the page's storage"].map((place) => `it in ${place}`),
    );
    expect(found({ it: [SPOKEN.camera] }, linked.places)).toEqual(["it in the commands' lines"]);
    expect(linked.places["the server's lines"].toString()).toContain("/r/");
  });
});
