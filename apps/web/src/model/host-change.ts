import type { RoomHostState } from "@mqtt-meet/sdk/browser";

/** What became of the host's role, for whoever is here to read. */
export type HostChange =
  /** It came to us, or came back. */
  | { readonly kind: "ours" }
  /** It was taken from us. */
  | { readonly kind: "lost" }
  /** `peer` has it now; `given`: from us, and we can take it back. */
  | { readonly kind: "theirs"; readonly peer: string; readonly given: boolean };

/** Nothing of what was so already when we came, or before anybody was known to be the host. */
export function hostChange(before: RoomHostState, after: RoomHostState): HostChange | undefined {
  if (!before.named || !after.named) return undefined;
  if (after.own && !before.own) return { kind: "ours" };
  if (after.heir !== undefined && after.heir !== before.heir) return { kind: "theirs", peer: after.heir, given: true };
  if (before.own && !after.own) return { kind: "lost" };
  if (before.hosts.length === 0) return undefined;
  const peer = after.hosts.find((host) => !before.hosts.includes(host));
  return peer === undefined || after.own ? undefined : { kind: "theirs", peer, given: false };
}
