import type { OpenLink, RoomLink } from "./room-link.ts";

/** All connections of one participant, for what concerns every one of them. */
export class OpenLinks {
  readonly #links = new Set<RoomLink>();
  /** Opens one more. */
  readonly open: OpenLink;

  constructor(open: OpenLink) {
    this.open = (options) => {
      const link = open(options);
      this.#links.add(link);
      return link;
    };
  }

  /** Those that wait for their next attempt make it now. */
  retryNow(): void {
    for (const link of this.#links) {
      if (link.state.status === "closed") this.#links.delete(link);
      else link.retryNow();
    }
  }
}
