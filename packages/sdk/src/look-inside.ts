import { epochNowMs, every } from "@mqtt-meet/media";
import { Connection, type ConnectionOptions } from "@mqtt-meet/mqtt";
import { readLink, roomEntry } from "./room-access.ts";
import { RoomGlance } from "./room-glance.ts";

const CHECK_MS = 500;

/** Somebody in a room that was not joined. */
export interface PersonInside {
  readonly peer: string;
  readonly name: string;
}

/** How {@link lookInside} tells of them. */
export interface LookInsideOptions {
  /** Called with everybody, in the order of joining, once that is known and whenever it changes. */
  readonly onPeople: (people: readonly PersonInside[]) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Tells who is in the room of `link` without joining it; those inside do not see that somebody looks. Resolves when it was
 * ended; rejects with an SdkError where the room cannot be found.
 */
export async function lookInsideWith(
  dialOf: (urls: readonly [string, ...string[]]) => ConnectionOptions["dial"],
  link: string,
  { onPeople, signal }: LookInsideOptions,
): Promise<void> {
  const { room, peer, encryption, brokerUrls, username, password } = await roomEntry(readLink(link), { signal });
  const dial = dialOf(brokerUrls);
  const glance = new RoomGlance({
    ...{ room, own: peer, keys: encryption, nowMs: epochNowMs },
    openLink: (options) => new Connection({ dial, username, password, now: epochNowMs, ...options }),
  });
  every(CHECK_MS, () => glance.check(), { signal });
  const stop = glance.participants.subscribe((people) =>
    onPeople(people.map((one) => ({ peer: one.peer, name: one.name }))),
  );
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  stop();
  await glance.close();
}
