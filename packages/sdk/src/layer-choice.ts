import {
  chooseLayers,
  DecoderBudget,
  DownlinkBudget,
  type LayerBudget,
  type LayerDemand,
  type SenderPath,
  wantedBudget,
} from "@mqtt-meet/media";
import type { PeerId, VideoLayer } from "@mqtt-meet/protocol";
import { type DecodedTrack, DecodingView } from "./decoding-view.ts";
import { DownlinkPace } from "./downlink-pace.ts";
import { type ArrivingTrack, DownlinkView } from "./downlink-view.ts";
import { LOUD_LEVEL } from "./loud-level.ts";
import type { PictureView } from "./picture-view.ts";
import type { Reception } from "./reception.ts";

/** Who has spoken keeps the better picture for so long. */
const SPEAKER_MS = 3_000;

/** What nobody sees any more is received for so long: tiles are moved about, and somebody looks at another page for a moment. */
const HIDE_AFTER_MS = 1_000;

/** A video track that somebody watches. */
export interface WatchedTrack extends ArrivingTrack, DecodedTrack {
  readonly view: PictureView;
  /** In any order; undefined while it is not published. */
  readonly layers: readonly VideoLayer[] | undefined;
  /** Of a screen, which is looked at for its text. */
  readonly screen: boolean;
  /** The layer that is received, or is going to be. */
  readonly selected: number | undefined;
}

/** Which layer to receive. */
export interface ChosenLayer {
  /** None when undefined. */
  readonly layer: number | undefined;
  /** Only those of its pictures that others need. */
  readonly half: boolean;
  /** It is to make room now: what is received otherwise is too much, or is not sent any more. */
  readonly atOnce: boolean;
  /** Why it is smaller than its place on the screen asks for. */
  readonly limitedBy: ReceptionLimit | undefined;
}

/** What keeps a picture that we receive from being as large as it is shown. */
export type ReceptionLimit = "bandwidth" | "decoder";

const NO_LIMIT: LayerBudget = { bitrateBps: Number.POSITIVE_INFINITY, pxPerS: Number.POSITIVE_INFINITY };

/**
 * Which layer of each track is received: by its place on the screen, by who speaks, by what our connection carries, and by what
 * this machine decodes in time.
 */
export class LayerChoice {
  readonly #view = new DownlinkView();
  readonly #decoding = new DecodingView();
  readonly #pace = new DownlinkPace();
  readonly #downlink = new DownlinkBudget();
  readonly #decoders = new DecoderBudget();
  readonly #spokeMs = new Map<PeerId, number>();
  readonly #hiddenSinceMs = new Map<string, number>();
  /** Where each was when it was last seen. */
  readonly #places = new Map<string, PictureView["size"]>();
  reception: Reception = "automatic";

  /** Another connection, which may go another way. */
  reconnected(): void {
    this.#downlink.reset();
    this.#pace.reset();
  }

  /** What our way carries of all pictures, in bits a second, where it loses packets; undefined where it loses none. */
  get availableBps(): number | undefined {
    return this.#pace.availableBps;
  }

  /** Everybody's loudness, 0 to 1. */
  hear(levels: ReadonlyMap<PeerId, number>, nowMs: number): void {
    for (const [peer, level] of levels) if (level >= LOUD_LEVEL) this.#spokeMs.set(peer, nowMs);
    for (const [peer, atMs] of this.#spokeMs) if (nowMs - atMs > SPEAKER_MS) this.#spokeMs.delete(peer);
  }

  /** Looks at what has arrived; `followed`: publishers send us no more than we say our way carries. To be called a few times a second, before {@link choose}. */
  measure(
    tracks: ReadonlyMap<string, WatchedTrack>,
    options: { readonly nowMs: number; readonly path: SenderPath | undefined; readonly followed: boolean },
  ): void {
    const { nowMs, followed } = options;
    const wanted = wantedBudget(this.#demands(tracks, nowMs));
    const seen = this.#view.look(tracks, options);
    const paced = this.#pace.look({ ...options, receivedBps: seen.receivedBps });
    this.#downlink.decide({ ...seen, ...paced, followed, nowMs, wantedBps: wanted.bitrateBps });
    this.#decoders.decide({ ...this.#decoding.look(tracks, nowMs), nowMs, wantedPxPerS: wanted.pxPerS });
  }

  /** By the tracks' keys. */
  choose(tracks: ReadonlyMap<string, WatchedTrack>, nowMs: number): ReadonlyMap<string, ChosenLayer> {
    for (const key of this.#places.keys()) if (!tracks.has(key)) this.#places.delete(key);
    for (const key of this.#hiddenSinceMs.keys()) if (!tracks.has(key)) this.#hiddenSinceMs.delete(key);
    const demands = this.#demands(tracks, nowMs);
    const bitrateBps = this.#downlink.bps;
    const chosen = chooseLayers(demands, { bitrateBps, pxPerS: this.#decoders.pxPerS });
    const wanted = chooseLayers(demands, NO_LIMIT);
    const carried = chooseLayers(demands, { ...NO_LIMIT, bitrateBps });
    return new Map(
      [...tracks].map(([key, { selected, layers = [] }]) => {
        const { layer, half = false } = chosen.get(key) ?? {};
        const [whole, possible] = [wanted.get(key)?.layer, carried.get(key)];
        const gone = selected !== undefined && !layers.some(({ id }) => id === selected);
        const fewer = layer !== undefined && selected !== undefined && layer < selected;
        const limit = possible?.layer === whole && possible?.half !== true ? "decoder" : "bandwidth";
        const limitedBy = layer === whole && !half ? undefined : limit;
        return [key, { layer, half, atOnce: gone || (fewer && limitedBy !== undefined), limitedBy }];
      }),
    );
  }

  #demands(tracks: ReadonlyMap<string, WatchedTrack>, nowMs: number): readonly LayerDemand[] {
    if (this.reception === "sound-only") return [];
    return [...tracks].flatMap(([key, track]) => {
      const { layers = [], selected } = track;
      if (layers.length === 0 || !this.#isSeen(key, track, nowMs)) return [];
      const ascending = [...layers].sort((a, b) => a.id - b.id);
      const offered = this.reception === "saving" ? ascending.slice(0, 1) : ascending;
      return [{ key, layers: offered, size: this.#places.get(key), current: selected, rank: this.#rank(track) }];
    });
  }

  #isSeen(key: string, { view, selected }: WatchedTrack, nowMs: number): boolean {
    if (view.visible) {
      this.#hiddenSinceMs.delete(key);
      this.#places.set(key, view.size);
      return true;
    }
    const sinceMs = this.#hiddenSinceMs.get(key) ?? nowMs;
    this.#hiddenSinceMs.set(key, sinceMs);
    return selected !== undefined && nowMs - sinceMs < HIDE_AFTER_MS;
  }

  #rank({ peer, screen }: WatchedTrack): number {
    if (screen) return 2;
    return this.#spokeMs.has(peer) ? 1 : 0;
  }
}
