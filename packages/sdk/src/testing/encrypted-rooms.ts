import { newPeer } from "@mqtt-meet/protocol";
import { vi } from "vitest";
import { newEncryptionKeys } from "../e2ee/encryption-keys.ts";
import type { HostSeat } from "../host.ts";
import type { FakeBroker } from "./fake-broker.ts";
import { type FakeRoom, openFakeRoom } from "./fake-room.ts";

/** The secret of {@link joinEncrypted}. */
export const SECRET = new Uint8Array(32).fill(7);

/** Calls of WebCrypto, which answers from threads of its own, that are under way. */
let working = 0;
const WATCHED = [
  ...(["encrypt", "decrypt", "sign", "verify", "digest"] as const),
  ...(["deriveBits", "deriveKey", "importKey", "exportKey", "generateKey"] as const),
];

/** Fakes the timers, and watches WebCrypto, so that {@link pass} can wait for it. */
export function fakeTimers(): void {
  for (const name of WATCHED) watchCalls(name);
  vi.useFakeTimers({
    now: 1_763_800_000_000,
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
  });
}

/** Lets time pass in small steps, each with what WebCrypto has to say in it, until `condition`, or for so long. */
export async function pass(seconds: number, condition: () => boolean = () => false): Promise<boolean> {
  for (let i = 0; i < seconds * 50; i++) {
    if (condition()) return true;
    await vi.advanceTimersByTimeAsync(20);
    for (let idle = 0; idle < 3; idle++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (working > 0) idle = 0;
    }
  }
  return condition();
}

/** A participant of an encrypted room on `broker`, with the secret of {@link SECRET} or another. */
export async function joinEncrypted(
  broker: FakeBroker,
  name: string,
  options: {
    readonly secret?: Uint8Array | undefined;
    readonly maxCtr?: number | undefined;
    readonly host?: HostSeat | undefined;
  } = {},
): Promise<FakeRoom> {
  const { secret = SECRET, maxCtr, host } = options;
  const [{ peer }, keys] = await Promise.all([newPeer(), newEncryptionKeys(secret)]);
  const core = openFakeRoom(broker, name, { host, encrypted: { peer, keys, maxCtr } });
  await core.joined();
  await pass(0.1);
  return core;
}

function watchCalls(name: (typeof WATCHED)[number]): void {
  const { subtle } = crypto;
  const call: (...parameters: never[]) => Promise<unknown> = subtle[name].bind(subtle);
  const watched = (...parameters: never[]) => {
    working++;
    return call(...parameters).finally(() => {
      working--;
    });
  };
  vi.spyOn(subtle, name).mockImplementation(watched as never);
}

/** Whether everybody in the room sees the same safety number, and everybody else. */
export function agreed(...rooms: readonly FakeRoom[]): boolean {
  const numbers = new Set(rooms.map(({ encryption }) => encryption.value.safetyNumber?.digits));
  const complete = rooms.every(({ participants }) => participants.value.length === rooms.length - 1);
  return complete && numbers.size === 1 && !numbers.has(undefined);
}
