import type {
  AudioTrack,
  Catalog,
  PeerId,
  State,
  TopicLevel,
  Track,
  VideoCodec,
  VideoLayer,
  VideoTrack,
} from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Participant, RemoteTrack } from "./room.ts";
import { Roster, type RosterChange, type RosterEntry } from "./roster.ts";
import { Standstill } from "./standstill.ts";

/** Catalogs may come before the states of their peers, or stay behind them. */
const MAX_CATALOGS = 200;
/** Between two looks at who is silent: more, and it was this machine that was away, suspended or starved. */
const STANDSTILL_MS = 5_000;

/** Who is gone: after saying so, or by silence. */
export type Departure = (peer: PeerId, reason: "left" | "lost") => void;

/** The others in the room with what they publish, as a signal that changes only when something visible does. */
export class Directory {
  readonly #roster: Roster;
  readonly #catalogs = new Map<PeerId, Catalog>();
  readonly #participants = signal<readonly Participant[]>([]);
  readonly #onDeparture: Departure;
  readonly #standstill = new Standstill(STANDSTILL_MS);
  readonly participants: ReadonlySignal<readonly Participant[]> = this.#participants;

  constructor(options: { readonly own: PeerId; readonly onDeparture: Departure }) {
    this.#roster = new Roster(options.own);
    this.#onDeparture = options.onDeparture;
  }

  nameOf(peer: PeerId): string | undefined {
    return this.#roster.state(peer)?.name;
  }

  isLive(peer: PeerId): boolean {
    return this.#participants.peek().some((participant) => participant.peer === peer && participant.status === "live");
  }

  /** Everybody else, with their last states. */
  entries(): readonly RosterEntry[] {
    return this.#roster.entries();
  }

  /** What each of the others can show. */
  decodableVideo(): readonly (readonly VideoCodec[])[] {
    return this.#roster.entries().map(({ state }) => state.decodes.video);
  }

  /** A video track as it is offered now; undefined when nobody present publishes it. */
  videoTrack(peer: PeerId, id: TopicLevel): VideoTrack | undefined {
    const track = this.#track(peer, id);
    return track?.kind === "video" ? track : undefined;
  }

  /** A sound track as it is offered now; undefined when nobody present publishes it. */
  audioTrack(peer: PeerId, id: TopicLevel): AudioTrack | undefined {
    const track = this.#track(peer, id);
    return track?.kind === "audio" ? track : undefined;
  }

  applyState(peer: PeerId, state: State, nowMs: number): void {
    this.#after(this.#roster.apply(peer, state, nowMs), peer, "lost");
  }

  clearState(peer: PeerId): void {
    this.#after(this.#roster.cleared(peer), peer, "left");
  }

  /** `peer` said that it leaves. */
  leave(peer: PeerId): void {
    this.#after(this.#roster.leave(peer), peer, "left");
  }

  heard(peer: PeerId, nowMs: number): void {
    this.#after(this.#roster.heard(peer, nowMs), peer, "lost");
  }

  applyCatalog(peer: PeerId, catalog: Catalog): void {
    const known = this.#catalogs.get(peer);
    if (known !== undefined && catalog.revision <= known.revision) return;
    if (known === undefined && this.#catalogs.size >= MAX_CATALOGS && !this.#forgetCatalog()) return;
    this.#catalogs.set(peer, catalog);
    if (this.#roster.has(peer)) this.#publish();
  }

  /** Time has passed while we were connected; to be called a few times a second. What we slept through is held against nobody. */
  expire(nowMs: number): void {
    if (this.#standstill.endsAt(nowMs)) this.#roster.refresh(nowMs);
    const { gone, changed } = this.#roster.expire(nowMs);
    if (changed) this.#publish();
    for (const peer of gone) this.#onDeparture(peer, "lost");
  }

  /** Our own connection is back. */
  refresh(nowMs: number): void {
    this.#roster.refresh(nowMs);
  }

  #track(peer: PeerId, id: TopicLevel): Track | undefined {
    if (!this.#roster.has(peer)) return undefined;
    return this.#catalogs.get(peer)?.tracks.find((candidate) => candidate.id === id);
  }

  #after(change: RosterChange, peer: PeerId, reason: "left" | "lost"): void {
    if (change === "none" || change === "full") return;
    // A catalog is kept while its peer may come back with a revision that we have seen already.
    if (change === "left" && reason === "left") this.#catalogs.delete(peer);
    this.#publish();
    if (change === "left") this.#onDeparture(peer, reason);
  }

  #forgetCatalog(): boolean {
    for (const peer of this.#catalogs.keys()) if (!this.#roster.has(peer)) return this.#catalogs.delete(peer);
    return false;
  }

  #publish(): void {
    this.#participants.value = this.#roster.entries().map(({ peer, state, status }) => ({
      peer,
      name: state.name,
      kind: state.kind,
      joinedAtMs: state.joinedAtMs,
      status,
      recording: state.recording ?? false,
      wantsCaptions: state.captions ?? false,
      handAtMs: state.hand ? (state.handAtMs ?? state.joinedAtMs) : undefined,
      tracks: (this.#catalogs.get(peer)?.tracks ?? []).map((track) => remoteTrack(peer, track)),
    }));
  }
}

function remoteTrack(peer: PeerId, track: Track): RemoteTrack {
  const { id, kind, source, muted } = track;
  const common = { key: `${peer}/${id}`, peer, id, kind, source, muted };
  if (track.kind === "audio") {
    const { codec, channels } = track;
    return { ...common, codec, channels, widthPx: 0, heightPx: 0, frameRate: 0 };
  }
  const { codec, widthPx, heightPx, frameRate } = largestLayer(track);
  return { ...common, codec, channels: 0, widthPx, heightPx, frameRate };
}

/** The track as it is when nobody asks for less. */
function largestLayer({ layers }: VideoTrack): VideoLayer {
  return layers.reduce((a, b) => (b.id > a.id ? b : a));
}
