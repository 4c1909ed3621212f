import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeBase64Url } from "./base64url.ts";
import {
  formatMeetingLink,
  type MeetingLink,
  newMeetingLink,
  newPassphraseLink,
  parseMeetingLink,
} from "./meeting-link.ts";
import { ProtocolError } from "./protocol-error.ts";
import vectors from "./vectors/links.json" with { type: "json" };

const comparable = ({ secret, ...rest }: MeetingLink) => ({
  ...rest,
  ...(secret ? { secret: encodeBase64Url(secret) } : {}),
});

test.each(vectors.valid)("a meeting link is read and written: $link (L1 to L8)", ({ link, means }) => {
  expect(comparable(parseMeetingLink(link))).toEqual(means);
  expect(formatMeetingLink(parseMeetingLink(link))).toBe(link);
});

test.each(vectors.readOnly)("parseMeetingLink reads $link (L1, L2)", ({ link, means }) => {
  expect(comparable(parseMeetingLink(link))).toEqual(means);
});

test.each(vectors.malformed)("parseMeetingLink refuses %s in a sentence that keeps the secret (L1 to L8)", (link) => {
  let error: unknown;
  try {
    parseMeetingLink(link);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ProtocolError);
  expect(error).toMatchObject({ code: "link-malformed", message: expect.stringMatching(/^[A-Z].*\.$/) });
  expect(String(error)).not.toContain("AAECAwQFBgcI");
});

test("parseMeetingLink says that an invitation is cut off, and takes none that is endless (L8)", () => {
  const secret = encodeBase64Url(new Uint8Array(32));
  expect(() => parseMeetingLink("https://a.example/r/x#t.abc")).toThrow("invitation");
  expect(() => parseMeetingLink(`https://a.example/r/x#t.a.b.c.${secret.slice(2)}`)).toThrow("secret");
  expect(() => parseMeetingLink(`https://a.example/r/x#t.a.${"b".repeat(4_093)}.c.${secret}`)).toThrow("invitation");
  expect(parseMeetingLink(`https://a.example/r/x#t.a.b.c.${secret}`)).toMatchObject({ invitation: "a.b.c" });
});

test("newMeetingLink makes a link to a new room each time, with a host if one is named (L3, L4)", () => {
  const link = newMeetingLink("http://localhost:8080/", "blue fox");
  expect(link).toMatchObject({ site: "http://localhost:8080", name: "blue fox" });
  expect(link.secret).toHaveLength(32);
  expect(newMeetingLink("http://localhost:8080", "blue fox").secret).not.toEqual(link.secret);
  const hosted = newMeetingLink("http://localhost:8080", "blue fox", { host: "AAECAwQFBgcICQoLDA0ODw" });
  expect(parseMeetingLink(formatMeetingLink(hosted))).toEqual(hosted); // L4
  expect(() => newMeetingLink("http://localhost:8080", "blue fox", { host: "short" })).toThrow(ProtocolError);
  for (const name of ["\u202e", ".", ".."]) {
    expect(() => newMeetingLink("http://localhost:8080", name)).toThrow(ProtocolError);
  }
});

test("newPassphraseLink has no secret, and is not the link of an open room (L6)", () => {
  const link = newPassphraseLink("http://localhost:8080/", "blue fox");
  expect(link).toEqual({ site: "http://localhost:8080", name: "blue fox", passphrase: true });
  expect(formatMeetingLink(link)).toBe("http://localhost:8080/r/blue%20fox#p");
  // The secret that the words gave never gets into the link.
  expect(formatMeetingLink({ ...link, secret: new Uint8Array(32) })).toBe("http://localhost:8080/r/blue%20fox#p");
  expect(() => parseMeetingLink("https://a.example/r/x#p.four-words-of-mine")).toThrow(/does not belong/);
});

test("parseMeetingLink reads what formatMeetingLink wrote, whatever the name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
      let link: MeetingLink;
      try {
        link = newMeetingLink("https://a.example/sub", name);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        return;
      }
      expect(parseMeetingLink(formatMeetingLink(link))).toEqual(link);
    }),
  );
});
