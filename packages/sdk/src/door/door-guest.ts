import { every, KeyRing } from "@mqtt-meet/media";
import {
  DOOR_SUFFIX,
  encodeKnock,
  KNOCK_INTERVAL_MS,
  type PeerId,
  ProtocolError,
  parseStanding,
  type Standing,
  type TopicLevel,
  TopicScheme,
} from "@mqtt-meet/protocol";
import type { EncryptionKeys } from "../e2ee/encryption-keys.ts";
import { PeerKeys } from "../e2ee/peer-keys.ts";
import { WordCipher } from "../e2ee/word-cipher.ts";
import { joinPatience } from "../join-patience.ts";
import type { OpenLink, RoomLink } from "../room-link.ts";
import { sdkErrorOf } from "../sdk-error-of.ts";
import { lossAtDoor } from "./door-refusal.ts";
import type { DoorStanding } from "./room-door-state.ts";

/** Missed when it breaks as soon as that of who is inside. */
const KEEP_ALIVE_S = 10;
/** Whoever gives up does not wait longer for the broker. */
const GOODBYE_MS = 1_000;

/** Who waits, and where. */
export interface DoorGuestOptions {
  readonly room: TopicLevel;
  readonly peer: PeerId;
  readonly keys: EncryptionKeys;
  /** What hosts see. */
  readonly name: string;
  /** When the invitation is over, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number | undefined;
  readonly openLink: OpenLink;
  /** Called when it is known why we wait, and when the reason changes. */
  readonly onStanding: (standing: DoorStanding) => void;
  readonly nowMs: () => number;
}

/** Somebody at the door of a token room, who knocks until a host lets them in (docs/protocol.md, D2 to D4). */
export class DoorGuest {
  readonly #options: DoorGuestOptions;
  readonly #scheme: TopicScheme;
  /** One for all waits: what seals counts on, so that nothing is sealed twice with one nonce. */
  readonly #words: WordCipher;
  #told: DoorStanding | undefined;

  constructor(options: DoorGuestOptions) {
    const { room, peer: own, keys, nowMs } = options;
    this.#options = options;
    this.#scheme = new TopicScheme(room);
    const ring = new KeyRing({ own, rootKey: keys.rootKey });
    this.#words = new WordCipher({ ring, own, nowMs, signingKey: keys.signing.key, peers: new PeerKeys() });
  }

  /** Resolves when we may come in. Rejects with an SdkError, or the signal's reason, and then hosts are told that we gave up. */
  async wait({ signal }: { readonly signal: AbortSignal | undefined }): Promise<void> {
    signal?.throwIfAborted();
    const { openLink, peer } = this.#options;
    const visit = new AbortController();
    const link = openLink({
      clientId: `${peer}${DOOR_SUFFIX}`,
      ...{ cleanStart: true, sessionExpiryS: 0, keepAliveS: KEEP_ALIVE_S },
      onConnected: () => void this.#knock(link, visit.signal),
    });
    every(KNOCK_INTERVAL_MS, () => void this.#knock(link, visit.signal), visit);
    try {
      await this.#stand(link, { signal, ending: visit.signal });
    } finally {
      visit.abort();
      if (signal?.aborted) await this.#giveUp(link);
      // Not waited for: who was let in goes in.
      void link.close();
    }
  }

  #stand(
    link: RoomLink,
    { signal, ending }: { readonly signal: AbortSignal | undefined; readonly ending: AbortSignal },
  ): Promise<void> {
    const { peer, expiresAtMs, nowMs } = this.#options;
    const isEnough = joinPatience();
    let wasLetWait = false;
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { signal: ending });
      link.onStateChange = (state) => {
        if (state.status === "connected") wasLetWait = true;
        else if (state.status === "closed") {
          reject(lossAtDoor(state.error, { wasLetWait, expiresAtMs, nowMs: nowMs() }));
        } else if (state.status === "waiting" && !wasLetWait && isEnough(state.error)) reject(sdkErrorOf(state.error));
      };
      const hear = (standing: Standing | undefined) => {
        if (standing === "in") resolve();
        else if (standing !== undefined) this.#tell(standing);
      };
      link
        .subscribe(this.#scheme.standing(peer), ({ payload }) => hear(standingIn(payload)), { qos: 1, signal: ending })
        .catch((error: unknown) => reject(sdkErrorOf(error)));
    });
  }

  #tell(standing: DoorStanding): void {
    if (standing === this.#told) return;
    this.#told = standing;
    this.#options.onStanding(standing);
  }

  async #knock(link: RoomLink, signal: AbortSignal): Promise<void> {
    const { peer, name } = this.#options;
    const topic = this.#scheme.knock(peer);
    const stream = topic.slice(this.#scheme.prefix.length);
    if (link.state.status !== "connected") return;
    const payload = await this.#words.seal({ stream, json: encodeKnock(name), under: "root", signed: false });
    if (payload === undefined || signal.aborted || link.state.status !== "connected") return;
    // Not a failure: we knock again.
    await link.publish(topic, payload, { qos: 1, signal }).catch(() => undefined);
  }

  async #giveUp(link: RoomLink): Promise<void> {
    if (link.state.status !== "connected") return;
    const topic = this.#scheme.knock(this.#options.peer);
    const signal = AbortSignal.timeout(GOODBYE_MS);
    await link.publish(topic, new Uint8Array(0), { qos: 1, signal }).catch(() => undefined);
  }
}

function standingIn(payload: Uint8Array): Standing | undefined {
  try {
    return parseStanding(payload);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return undefined;
  }
}
