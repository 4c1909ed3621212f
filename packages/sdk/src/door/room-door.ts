import {
  type DoorOrder,
  encodeOrder,
  isTopicLevel,
  type PeerId,
  ProtocolError,
  parseKnock,
  parseRoomRules,
  type TopicScheme,
} from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Directory } from "../directory.ts";
import type { WordCipher } from "../e2ee/word-cipher.ts";
import { WordInbox } from "../e2ee/word-inbox.ts";
import type { LocalTrack } from "../room.ts";
import type { RoomLink } from "../room-link.ts";
import type { RoomStay } from "../room-stay.ts";
import { SdkError } from "../sdk-error.ts";
import { sdkErrorOf } from "../sdk-error-of.ts";
import { KnockList } from "./knock-list.ts";
import { checkMayUnmute, mutableKindsOf, mutedKindOf, mutedKindsFrom, mutedKindsOf } from "./muted-kinds.ts";
import { NO_DOOR, NO_RULES, type RoomDoorState, type RoomOrder, type RoomRules } from "./room-door-state.ts";

/** After connecting again, what the broker retains has come by then; without, it has forgotten the rules, and so has its server. */
const RULES_PATIENCE_MS = 3_000;

/** What the door needs of its room. */
export interface RoomDoorOptions {
  readonly own: PeerId;
  readonly scheme: TopicScheme;
  /** A token room, whose server enforces what hosts order. */
  readonly enforced: boolean;
  readonly link: Pick<RoomLink, "subscribe" | "publish">;
  /** Opens the names of those who wait; undefined in an open room, which has no door. */
  readonly encryption: { readonly words: Pick<WordCipher, "open"> } | undefined;
  readonly tracks: ReadonlySignal<readonly LocalTrack[]>;
  readonly directory: Pick<Directory, "nameOf">;
  /** Whether we may order, and what ends the stay of who waits, as of anybody (A16). */
  readonly stay: Pick<RoomStay, "rights" | "remove">;
  readonly nowMs: () => number;
}

/** What the server of a token room enforces, what hosts order, and who waits outside (docs/protocol.md, D). */
export class RoomDoor {
  readonly #options: RoomDoorOptions;
  readonly #state;
  readonly state: ReadonlySignal<RoomDoorState>;
  readonly #knocks = new KnockList();
  readonly #inbox: WordInbox;
  readonly #lifetime = new AbortController();
  /** The connection was lost, and the rules were not told since. */
  #isUnsure = false;
  /** When the broker has nothing retained, if it has told nothing by then. */
  #rulesDueMs: number | undefined;

  constructor(options: RoomDoorOptions) {
    this.#options = options;
    this.#state = signal<RoomDoorState>({ ...NO_DOOR, enforced: options.enforced });
    this.state = this.#state;
    this.#inbox = new WordInbox(options);
    if (!options.enforced) return;
    const { link, scheme, stay, tracks } = options;
    const { signal: ending } = this.#lifetime;
    const listen = (filter: string, hear: (topic: string, payload: Uint8Array) => void) => {
      const listening = link.subscribe(filter, ({ topic, payload }) => hear(topic, payload), {
        qos: 1,
        signal: ending,
      });
      // A server that knows no doors refuses, and enforces nothing.
      listening.catch(() => undefined);
    };
    listen(scheme.rules, (_, payload) => this.#ruled(payload));
    if (stay.rights.host) listen(scheme.allKnocks, (topic, payload) => this.#knocked(topic, payload));
    ending.addEventListener(
      "abort",
      tracks.subscribe(() => this.#silence()),
      { once: true },
    );
  }

  /** See {@link Room.enforce}. */
  async enforce(order: RoomOrder): Promise<void> {
    const { stay, enforced, nowMs } = this.#options;
    if (!stay.rights.host || !enforced)
      throw new SdkError("not-authorized", "Only a host can do this, where a server enforces it.");
    const peer = "peer" in order ? order.peer : undefined;
    if (peer !== undefined && !isTopicLevel(peer)) throw new TypeError("This is no peer.");
    if (order.order === "turn-away") await stay.remove(order.peer);
    else await this.#send(peer, wireOrder(order));
    if (order.order !== "admit" && order.order !== "turn-away") return;
    this.#knocks.answer(order.peer, nowMs());
    this.#showWaiting();
  }

  /** What `options` publish can be unmuted only while no host forbids it. */
  guarded<Options extends { readonly source: string }>(
    kind: "audio" | "video",
    options: Options,
  ): Options & { readonly checkUnmute: () => void } {
    const { source } = options;
    return { ...options, checkUnmute: () => checkMayUnmute({ kind, source }, this.#state.peek().ownMuted) };
  }

  /** Time has passed; to be called a few times a second while connected. */
  check(): void {
    const { directory, nowMs } = this.#options;
    const isInside = (peer: string) => isTopicLevel(peer) && directory.nameOf(peer) !== undefined;
    if (this.#isUnsure && this.#rulesDueMs === undefined) {
      this.#knocks.refresh(nowMs());
      this.#rulesDueMs = nowMs() + RULES_PATIENCE_MS;
    }
    this.#knocks.check(isInside, nowMs());
    this.#showWaiting();
    if (this.#isUnsure && nowMs() >= (this.#rulesDueMs ?? 0)) this.#rule(NO_RULES);
  }

  /** The connection was lost: whoever knocks is not heard, and other rules may be made. */
  interrupted(): void {
    this.#isUnsure = true;
    this.#rulesDueMs = undefined;
  }

  close(): void {
    this.#lifetime.abort();
  }

  async #send(to: PeerId | undefined, order: DoorOrder): Promise<void> {
    const { link, scheme, own } = this.#options;
    try {
      await link.publish(scheme.order(to, own), encodeOrder(order), { qos: 1 });
    } catch (error) {
      throw sdkErrorOf(error);
    }
  }

  #ruled(payload: Uint8Array): void {
    try {
      const { locked, waiting, muted, mutedPeers } = parseRoomRules(payload);
      const single = [...mutedPeers].map(([peer, kinds]) => [peer, mutedKindsFrom(kinds)] as const);
      this.#rule({ locked, waitingRoom: waiting, muted: mutedKindsFrom(muted), mutedPeers: new Map(single) });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  #rule(rules: RoomRules): void {
    const { own, stay } = this.#options;
    const isHost = stay.rights.host;
    this.#isUnsure = false;
    this.#state.value = { ...this.#state.peek(), rules, ownMuted: mutedKindsOf(rules, { peer: own, isHost }) };
    this.#silence();
  }

  /** What we may not send is muted; nothing is switched on again. */
  #silence(): void {
    const { ownMuted } = this.#state.peek();
    for (const track of this.#options.tracks.peek()) if (ownMuted.includes(mutedKindOf(track))) track.setMuted(true);
  }

  #knocked(topic: string, payload: Uint8Array): void {
    const { scheme } = this.#options;
    const parsed = scheme.parse(topic);
    if (parsed?.kind !== "knock") return;
    const stream = topic.slice(scheme.prefix.length);
    this.#inbox.receive(() => this.#hear(parsed.peer, { stream, payload }));
  }

  async #hear(
    peer: PeerId,
    knock: { readonly stream: string; readonly payload: Uint8Array },
  ): Promise<"done" | "refused"> {
    const { stream, payload } = knock;
    if (payload.length === 0) this.#knocks.remove(peer);
    else {
      const opened = await this.#options.encryption?.words.open(payload, { peer, stream, signed: false });
      if (opened === undefined || typeof opened === "string" || !opened.rootKeyed) return "refused";
      const name = nameIn(opened.json);
      if (name === undefined) return "refused";
      this.#knocks.knock(peer, name, this.#options.nowMs());
    }
    this.#showWaiting();
    return "done";
  }

  #showWaiting(): void {
    const { waiting } = this.#knocks;
    const state = this.#state.peek();
    if (state.waiting !== waiting) this.#state.value = { ...state, waiting };
  }
}

function wireOrder(order: Exclude<RoomOrder, { order: "turn-away" }>): DoorOrder {
  switch (order.order) {
    case "lock":
      return { locked: order.on };
    case "waiting-room":
      return { waiting: order.on };
    case "admit":
      return { admitted: true };
    case "mute":
      return { muted: mutableKindsOf(order.kinds) };
  }
}

function nameIn(json: Uint8Array): string | undefined {
  try {
    return parseKnock(json);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return undefined;
  }
}
