import type { Subscription } from "@mqtt-meet/mqtt";

/** The members of one shared subscription (`$share/NAME/FILTER`): each message goes to one of them, in turn. */
export class SharedGroup<S> {
  readonly #members = new Map<S, Subscription>();
  #turn = 0;

  get size(): number {
    return this.#members.size;
  }

  /** Returns whether the member is new. */
  add(member: S, subscription: Subscription): boolean {
    const isNew = !this.#members.has(member);
    this.#members.set(member, subscription);
    return isNew;
  }

  delete(member: S): boolean {
    return this.#members.delete(member);
  }

  /**
   * Whose turn it is: the next member with the highest `rank`; undefined when all are below 0. So members that can take
   * a message at once come before those for whom it would have to wait.
   */
  choose(rank: (member: S, subscription: Subscription) => number): [S, Subscription] | undefined {
    const members = [...this.#members];
    let best: { readonly index: number; readonly rank: number } | undefined;
    for (let offset = 0; offset < members.length; offset++) {
      const index = (this.#turn + offset) % members.length;
      const candidate = rank(...(members[index] as [S, Subscription]));
      if (candidate >= 0 && candidate > (best?.rank ?? -1)) best = { index, rank: candidate };
    }
    if (!best) return undefined;
    this.#turn = best.index + 1;
    return members[best.index];
  }
}
