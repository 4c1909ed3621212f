import { expect, test } from "vitest";
import { encodeBase64Url } from "./base64url.ts";
import { passphraseSecret, passphraseWeakness } from "./passphrase.ts";
import vectors from "./vectors/passphrases.json" with { type: "json" };

test.each(vectors)("passphraseSecret of $name: $passphrase (K8)", async ({ name, passphrase, secret }) => {
  expect(encodeBase64Url(await passphraseSecret(name, passphrase))).toBe(secret);
});

test("passphraseWeakness says in one sentence what is missing (K9)", async () => {
  expect(passphraseWeakness("red boat seven moons")).toBeUndefined();
  expect(passphraseWeakness("红色 小船")).toMatch(/^A passphrase has at least 4 .*\.$/);
  await expect(passphraseSecret("x", "too short")).rejects.toThrow(RangeError);
});
