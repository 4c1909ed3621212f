import { isTopicLevel, type PeerId, type TopicLevel } from "./topic-level.ts";

/** Before every topic of a room: the project and the version of the protocol. */
export const TOPIC_PREFIX = "mm/1";

/** The level that stands where a peer's would, in topics that everybody reads; so it is never a peer. */
export const ALL_LEVEL = "all";

/** What a topic of a room says. The sender is `from` where there is one, else `peer`. */
export type RoomTopic =
  | { readonly kind: "state" | "catalog"; readonly peer: PeerId }
  | { readonly kind: "audio"; readonly peer: PeerId; readonly track: TopicLevel }
  | {
      readonly kind: "video";
      readonly peer: PeerId;
      readonly track: TopicLevel;
      readonly layer: number;
      readonly temporal: number;
    }
  | { readonly kind: "inbox"; readonly peer: PeerId; readonly from: PeerId }
  /** `from` wants `peer` out of the room; for the server. */
  | { readonly kind: "removal"; readonly peer: PeerId; readonly from: PeerId }
  /** `peer` waits at the door. */
  | { readonly kind: "knock"; readonly peer: PeerId }
  /** How it stands with `peer`, who waits; from the server. */
  | { readonly kind: "standing"; readonly peer: PeerId }
  /** What `from` wants enforced of `peer`, or of everybody when absent; for the server. */
  | { readonly kind: "order"; readonly peer?: PeerId; readonly from: PeerId }
  /** What is enforced; from the server. */
  | { readonly kind: "rules" }
  | { readonly kind: "all"; readonly from: PeerId };

/** Stands where a sender would in what servers say to everybody: too short for a peer. */
const SERVER_LEVEL = "server";

const NUMBER = /^(?:0|[1-9]\d?)$/;

function isPeer(text: string): text is PeerId {
  return text !== ALL_LEVEL && isTopicLevel(text);
}

/** Builds and parses the topics of one room. */
export class TopicScheme {
  readonly #prefix: string;

  constructor(room: TopicLevel) {
    this.#prefix = `${TOPIC_PREFIX}/${room}/`;
  }

  /** What stands before every topic of the room; what follows is the name of a stream in keys (E2). */
  get prefix(): string {
    return this.#prefix;
  }

  /** Retained; also where the peer's will goes when its connection is lost. */
  state(peer: PeerId): string {
    return `${this.#prefix}${peer}/state`;
  }

  /** Retained: what the peer publishes. */
  catalog(peer: PeerId): string {
    return `${this.#prefix}${peer}/catalog`;
  }

  /** The packets of one audio track. */
  audio(peer: PeerId, track: TopicLevel): string {
    return `${this.#prefix}${peer}/a/${track}`;
  }

  /** The packets of one temporal layer of one layer of a video track. Layer 0 is the smallest. */
  video(peer: PeerId, track: TopicLevel, layer: number, temporal: number): string {
    return `${this.#prefix}${peer}/v/${track}/${layer}/${temporal}`;
  }

  /** Requests of `from` to `to`. */
  inbox(to: PeerId, from: PeerId): string {
    return `${this.#prefix}${to}/in/${from}`;
  }

  /** Where `from` asks the server to remove `peer` (A16). */
  removal(peer: PeerId, from: PeerId): string {
    return `${this.#prefix}${peer}/out/${from}`;
  }

  /** Where `peer`, who waits at the door, says that it is there (D3). */
  knock(peer: PeerId): string {
    return `${this.#prefix}${peer}/knock`;
  }

  /** Where the server tells `peer`, who waits, whether it may come in (D4). */
  standing(peer: PeerId): string {
    return `${this.#prefix}${peer}/standing`;
  }

  /** Where `from` tells the server what to enforce of `to`, or of everybody (D5). */
  order(to: PeerId | undefined, from: PeerId): string {
    return `${this.#prefix}${to ?? ALL_LEVEL}/order/${from}`;
  }

  /** Retained: what the server enforces (D7). */
  get rules(): string {
    return `${this.#prefix}${ALL_LEVEL}/${SERVER_LEVEL}/rules`;
  }

  /** Messages of `from` to everybody. */
  all(from: PeerId): string {
    return `${this.#prefix}${ALL_LEVEL}/${from}`;
  }

  /** Filter: the states of everybody. */
  get allStates(): string {
    return `${this.#prefix}+/state`;
  }

  /** Filter: the catalogs of everybody. */
  get allCatalogs(): string {
    return `${this.#prefix}+/catalog`;
  }

  /** Filter: the messages to everybody. */
  get allMessages(): string {
    return `${this.#prefix}${ALL_LEVEL}/+`;
  }

  /** Filter: who waits at the door. */
  get allKnocks(): string {
    return `${this.#prefix}+/knock`;
  }

  /** Filter: what others ask of `peer`. */
  inboxFilter(peer: PeerId): string {
    return `${this.#prefix}${peer}/in/+`;
  }

  /** Filter: all audio tracks of `peer`. */
  audioFilter(peer: PeerId): string {
    return `${this.#prefix}${peer}/a/+`;
  }

  /** Filter: all temporal layers of one layer of a video track. */
  videoFilter(peer: PeerId, track: TopicLevel, layer: number): string {
    return `${this.#prefix}${peer}/v/${track}/${layer}/+`;
  }

  /** What `topic` says; undefined when it is of another room or none that this version knows. */
  parse(topic: string): RoomTopic | undefined {
    if (!topic.startsWith(this.#prefix)) return undefined;
    const [peer = "", kind = "", ...rest] = topic.slice(this.#prefix.length).split("/");
    if (peer === ALL_LEVEL) return parseOfAll(kind, rest);
    return isPeer(peer) ? parseOfPeer(peer, kind, rest) : undefined;
  }
}

function parseOfAll(kind: string, rest: readonly string[]): RoomTopic | undefined {
  if (rest.length === 0) return isPeer(kind) ? { kind: "all", from: kind } : undefined;
  const [last = ""] = rest;
  if (rest.length !== 1) return undefined;
  if (kind === "order" && isPeer(last)) return { kind: "order", from: last };
  return kind === SERVER_LEVEL && last === "rules" ? { kind: "rules" } : undefined;
}

/** The kinds of a peer's topics that end with their kind. */
const SHORT_KINDS = ["state", "catalog", "knock", "standing"] as const;

function parseOfPeer(peer: PeerId, kind: string, rest: readonly string[]): RoomTopic | undefined {
  if (rest.length === 0) {
    const short = SHORT_KINDS.find((known) => known === kind);
    return short && { kind: short, peer };
  }
  if (kind === "v") return parseVideo(peer, rest);
  const [last = ""] = rest;
  if (rest.length !== 1) return undefined;
  if (kind === "a" && isTopicLevel(last)) return { kind: "audio", peer, track: last };
  if (kind === "in" && isPeer(last)) return { kind: "inbox", peer, from: last };
  if (kind === "out" && isPeer(last)) return { kind: "removal", peer, from: last };
  if (kind === "order" && isPeer(last)) return { kind: "order", peer, from: last };
  return undefined;
}

function parseVideo(peer: PeerId, rest: readonly string[]): RoomTopic | undefined {
  const [track = "", layer = "", temporal = ""] = rest;
  if (rest.length !== 3 || !isTopicLevel(track) || !NUMBER.test(layer) || !NUMBER.test(temporal)) return undefined;
  return { kind: "video", peer, track, layer: Number(layer), temporal: Number(temporal) };
}
