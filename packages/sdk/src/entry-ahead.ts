import { formatMeetingLink, type MeetingLink } from "@mqtt-meet/protocol";
import type { RoomEntry, RoomEntryOptions } from "./room-access.ts";

/** What a site says of its broker is asked again after so long: somebody may stand in a lobby for an afternoon. */
const FRESH_MS = 60_000;

/** What an {@link EntryAhead} is made of. */
export interface EntryAheadOptions {
  /** As {@link roomEntry}. */
  readonly find: (link: MeetingLink, options: RoomEntryOptions) => Promise<RoomEntry>;
  readonly nowMs: () => number;
}

/**
 * A way into a room, found while somebody still stands in its lobby: keys and the broker's addresses cost a join half of its time.
 * Nobody is told of it, and each is taken once, as every participant is a new one.
 */
export class EntryAhead {
  readonly #options: EntryAheadOptions;
  #found: { readonly link: MeetingLink; readonly atMs: number; readonly entry: Promise<RoomEntry> } | undefined;

  constructor(options: EntryAheadOptions) {
    this.#options = options;
  }

  /** Begins to find a way into the room of `link`. Where only a passphrase opens it, there is nothing to begin with. */
  prepare(link: MeetingLink, { signal }: { readonly signal: AbortSignal }): void {
    if (link.passphrase) return;
    const entry = this.#options.find(link, { signal });
    entry.catch(() => undefined); // asked again when it is taken
    this.#found = { link, atMs: this.#options.nowMs(), entry };
  }

  /** The way that was prepared, or else another. Rejects as {@link roomEntry}. */
  async take(link: MeetingLink, options: RoomEntryOptions): Promise<RoomEntry> {
    const found = this.#found;
    this.#found = undefined;
    const { find, nowMs } = this.#options;
    const fits = found !== undefined && options.passphrase === undefined && sameLink(found.link, link);
    if (!fits || nowMs() - found.atMs > FRESH_MS) return find(link, options);
    return found.entry.catch(() => find(link, options));
  }
}

function sameLink(one: MeetingLink, other: MeetingLink): boolean {
  return formatMeetingLink(one) === formatMeetingLink(other);
}
