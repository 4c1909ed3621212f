import type { PublishKind } from "@mqtt-meet/protocol";

/** What the holder of a token may do. */
export interface RoleRights {
  readonly publish: readonly PublishKind[];
  readonly subscribe: boolean;
  readonly admin: boolean;
}

/** The roles of `mqtt-meet token create`. Everybody may chat: without it nobody answers a `hello`. */
export const ROLES: Readonly<Record<string, RoleRights>> = {
  host: { publish: ["a", "v", "s", "c"], subscribe: true, admin: true },
  member: { publish: ["a", "v", "s", "c"], subscribe: true, admin: false },
  viewer: { publish: ["c"], subscribe: true, admin: false },
  camera: { publish: ["a", "v", "c"], subscribe: false, admin: false },
};
