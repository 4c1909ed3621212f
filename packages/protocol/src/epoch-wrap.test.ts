import { expect, test } from "vitest";
import { newAgreementKey, newSigningKey, unwrapEpoch, verificationKeyOf, wrapEpoch } from "./epoch-wrap.ts";

const sid = (value: number) => new Uint8Array(16).fill(value);
const epoch = { number: 70_000, secret: new Uint8Array(32).fill(5), members: [sid(1), sid(2)] };
const parties = { rootKey: new Uint8Array(32).fill(3), from: sid(1), to: sid(2) };

async function wrapped() {
  const [agreement, signing] = await Promise.all([newAgreementKey(), newSigningKey()]);
  const bytes = await wrapEpoch(epoch, { ...parties, agreementKey: agreement.publicBytes, signingKey: signing.key });
  const verificationKey = await verificationKeyOf(signing.publicBytes);
  return { bytes, options: { ...parties, agreementKey: agreement.key, verificationKey } };
}

test("an epoch is unwrapped by the one it was wrapped for, and no wrap is like another (E8)", async () => {
  const { bytes, options } = await wrapped();
  expect(await unwrapEpoch(bytes, options)).toEqual(epoch);
  const again = await wrapped();
  expect(again.bytes.subarray(5, 37)).not.toEqual(bytes.subarray(5, 37));
});

test("a wrap is of no use to who lacks the link, to another member, and in another's name (E8)", async () => {
  const { bytes, options } = await wrapped();
  const [agreement, signing] = await Promise.all([newAgreementKey(), newSigningKey()]);
  const verificationKey = await verificationKeyOf(signing.publicBytes);
  const wrong = [
    { rootKey: new Uint8Array(32) },
    { agreementKey: agreement.key },
    { verificationKey },
    { from: sid(9) },
    { to: sid(9) },
  ];
  for (const change of wrong) expect(await unwrapEpoch(bytes, { ...options, ...change })).toBeUndefined();
});

test("a changed bit, a cut and a piece more are refused (E8, T-E2EE-3)", async () => {
  const { bytes, options } = await wrapped();
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await unwrapEpoch(changed, options), `byte ${at}`).toBeUndefined();
  }
  for (const length of [0, 1, 100, bytes.length - 16, bytes.length - 1]) {
    expect(await unwrapEpoch(bytes.subarray(0, length), options)).toBeUndefined();
  }
  expect(await unwrapEpoch(new Uint8Array([...bytes, ...new Uint8Array(16)]), options)).toBeUndefined();
});

test("nothing is wrapped for a public key that everybody knows the secret of (E8)", async () => {
  const signing = await newSigningKey();
  const options = { ...parties, agreementKey: new Uint8Array(32), signingKey: signing.key };
  await expect(wrapEpoch(epoch, options)).rejects.toThrow();
});
