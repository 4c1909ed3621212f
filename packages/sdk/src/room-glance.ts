import { KeyRing } from "@mqtt-meet/media";
import { type PeerId, ProtocolError, parseState, type TopicLevel, TopicScheme } from "@mqtt-meet/protocol";
import type { ReadonlySignal } from "@preact/signals-core";
import { Directory } from "./directory.ts";
import type { EncryptionKeys } from "./e2ee/encryption-keys.ts";
import { PeerKeys } from "./e2ee/peer-keys.ts";
import { WordCipher } from "./e2ee/word-cipher.ts";
import { WordInbox } from "./e2ee/word-inbox.ts";
import type { Participant } from "./room.ts";
import type { OpenLink } from "./room-link.ts";
import { roomLinkOptions } from "./room-link-options.ts";

/** What a glance needs. */
export interface RoomGlanceOptions {
  readonly room: TopicLevel;
  readonly own: PeerId;
  /** Undefined in an open room. */
  readonly keys: EncryptionKeys | undefined;
  readonly openLink: OpenLink;
  readonly nowMs: () => number;
}

/**
 * Who is in a room, for somebody who has not joined: it reads the states, which whoever has the link can read (E4), and says
 * nothing. The caller closes it.
 */
export class RoomGlance {
  readonly participants: ReadonlySignal<readonly Participant[]>;
  readonly #directory: Directory;
  readonly #inbox: WordInbox;
  readonly #words: WordCipher | undefined;
  readonly #scheme: TopicScheme;
  readonly #link;
  readonly #nowMs: () => number;
  readonly #lifetime = new AbortController();

  constructor(options: RoomGlanceOptions) {
    const { room, own, keys, openLink, nowMs } = options;
    this.#nowMs = nowMs;
    this.#scheme = new TopicScheme(room);
    this.#directory = new Directory({ own, onDeparture: () => undefined });
    this.participants = this.#directory.participants;
    this.#inbox = new WordInbox({ nowMs });
    this.#words =
      keys &&
      new WordCipher({
        ring: new KeyRing({ own, rootKey: keys.rootKey }),
        ...{ own, nowMs, signingKey: keys.signing.key, peers: new PeerKeys() },
      });
    this.#link = openLink(
      roomLinkOptions({ clientId: own, will: undefined, onConnected: () => this.#directory.refresh(nowMs()) }),
    );
    const { signal } = this.#lifetime;
    const onMessage = ({ topic, payload }: { readonly topic: string; readonly payload: Uint8Array }) =>
      this.#receive(topic, payload);
    this.#link.subscribe(this.#scheme.allStates, onMessage, { qos: 1, signal }).catch(() => undefined);
  }

  /** Time has passed; to be called a few times a second. */
  check(): void {
    if (this.#link.state.status === "connected") this.#directory.expire(this.#nowMs());
  }

  async close(): Promise<void> {
    this.#lifetime.abort();
    await this.#link.close();
  }

  #receive(topic: string, payload: Uint8Array): void {
    const parsed = this.#scheme.parse(topic);
    if (parsed?.kind !== "state") return;
    const { peer } = parsed;
    const stream = topic.slice(this.#scheme.prefix.length);
    this.#inbox.receive(async () => {
      const json = await this.#open(payload, { peer, stream });
      if (json !== undefined && !this.#lifetime.signal.aborted) this.#show(peer, json);
      return json === undefined ? "refused" : "done";
    });
  }

  async #open(
    payload: Uint8Array,
    { peer, stream }: { readonly peer: PeerId; readonly stream: string },
  ): Promise<Uint8Array | undefined> {
    if (this.#words === undefined || payload.length === 0) return payload;
    const outcome = await this.#words.open(payload, { peer, stream, signed: false });
    return typeof outcome !== "string" && outcome.rootKeyed ? outcome.json : undefined;
  }

  #show(peer: PeerId, json: Uint8Array): void {
    if (json.length === 0) {
      this.#directory.clearState(peer);
      return;
    }
    try {
      this.#directory.applyState(peer, parseState(json), this.#nowMs());
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
}
