import type { Grant } from "./grant.ts";

/** Counts who is in which group of {@link Grant}: identities, however many connections each has. */
export class IdentityGroups {
  readonly #groups = new Map<string, Map<string, number>>();

  mayEnter({ group, identity }: Grant): boolean {
    if (!group) return true;
    const members = this.#groups.get(group.name);
    return members === undefined || members.has(identity) || members.size < group.maxIdentities;
  }

  enter({ group, identity }: Grant): void {
    if (!group) return;
    const members = this.#groups.get(group.name) ?? new Map<string, number>();
    this.#groups.set(group.name, members.set(identity, (members.get(identity) ?? 0) + 1));
  }

  leave({ group, identity }: Grant): void {
    const members = group && this.#groups.get(group.name);
    if (!members) return;
    const left = (members.get(identity) ?? 0) - 1;
    if (left > 0) members.set(identity, left);
    else members.delete(identity);
    if (members.size === 0) this.#groups.delete(group.name);
  }
}
