import type { HandOver } from "@mqtt-meet/protocol";

/** Through whose hands the host's role went, from the host that the link names on. Every step was verified. */
export type HostPath = readonly HandOver[];

/** To whom the role was given, and still is. */
export type HostHeir = NonNullable<HandOver["to"]>;

/**
 * The newer one. Whoever gave the role can give it to somebody else, or take it back, and what became of it then counts no more: the
 * first step in which two paths differ decides, and of two steps the one with the larger number (H7).
 */
export function newerPath(known: HostPath, told: HostPath): HostPath {
  for (const [index, step] of told.entries()) {
    const ours = known[index];
    if (ours === undefined) return told;
    if (ours.signature !== step.signature) return step.number > ours.number ? told : known;
  }
  return known;
}

/** The path as far as it leads to somebody who is here: an heir who left gives the role back without a word (H7). */
export function livePath(path: HostPath, isHere: (peer: string) => boolean): HostPath {
  const end = path.findIndex(({ to }) => to === undefined || !isHere(to.peer));
  return end < 0 ? path : path.slice(0, end);
}

/** To whom a live path leads, one after the other. */
export function heirsOf(live: HostPath): readonly HostHeir[] {
  return live.flatMap(({ to }) => to ?? []);
}

/** Who is shown as a host: `claimants`, who have the key that the link names, and heirs, but for those who gave it away. */
export function shownHosts(live: HostPath, claimants: Iterable<string>): readonly string[] {
  const staying = heirsOf(live).filter((_, index) => live[index + 1]?.keep ?? true);
  return [...(live[0]?.keep === false ? [] : claimants), ...staying.map(({ peer }) => peer)];
}

/** How many hands the role went through before it came to us; undefined when it did not. `hasKey`: we have the link's. */
export function placeIn(live: HostPath, { own, hasKey }: { own: string; hasKey: boolean }): number | undefined {
  if (hasKey) return 0;
  const index = live.findIndex(({ to }) => to?.peer === own);
  return index < 0 ? undefined : index + 1;
}

/** Those from whom whoever has `key` got the role, and whom it cannot remove (H9). */
export function giversTo(live: HostPath, key: string): readonly string[] {
  const index = live.findIndex(({ to }) => to?.key === key);
  return live.slice(0, index + 1).map(({ from }) => from);
}
