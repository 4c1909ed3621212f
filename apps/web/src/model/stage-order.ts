/** Somebody who spoke within this keeps the place on the first page. */
const KEEP_PLACE_MS = 20_000;

/**
 * The order of people on the stage. Nobody moves because somebody speaks, with one exception: who speaks on a later page
 * changes places with whoever on the first page has been silent longest.
 */
export class StageOrder {
  #order: readonly string[] = [];
  readonly #spokeAtMs = new Map<string, number>();

  /** The peers in their order; the same list as before when nothing changed. `firstPage` is how many fit on it. */
  update(
    present: readonly string[],
    now: { readonly speaking: ReadonlySet<string>; readonly firstPage: number; readonly nowMs: number },
  ): readonly string[] {
    const { speaking, firstPage, nowMs } = now;
    const here = new Set(present);
    const order = this.#order.filter((peer) => here.has(peer));
    const known = new Set(order);
    order.push(...present.filter((peer) => !known.has(peer)));
    for (const peer of this.#spokeAtMs.keys()) if (!here.has(peer)) this.#spokeAtMs.delete(peer);
    for (const peer of speaking) if (here.has(peer)) this.#spokeAtMs.set(peer, nowMs);
    for (const peer of order.slice(firstPage).filter((later) => speaking.has(later))) {
      const place = this.#silentPlace(order.slice(0, firstPage), nowMs);
      if (place === undefined) break;
      const from = order.indexOf(peer);
      order[from] = order[place] ?? peer;
      order[place] = peer;
    }
    if (!isSame(order, this.#order)) this.#order = order;
    return this.#order;
  }

  /** Of those who were silent equally long, the last: the first places are what people know best. */
  #silentPlace(peers: readonly string[], nowMs: number): number | undefined {
    let place: number | undefined;
    let oldestMs = nowMs - KEEP_PLACE_MS;
    for (const [index, peer] of peers.entries()) {
      const atMs = this.#spokeAtMs.get(peer) ?? Number.NEGATIVE_INFINITY;
      if (atMs > oldestMs) continue;
      oldestMs = atMs;
      place = index;
    }
    return place;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((peer, index) => peer === b[index]);
}
