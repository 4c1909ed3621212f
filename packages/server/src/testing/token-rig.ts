import { generateKeyPairSync } from "node:crypto";
import { Connection, type ConnectionOptions } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { DOOR_SUFFIX, invitationPassword, type Peer, type RoomRights, type TopicLevel } from "@mqtt-meet/protocol";
import { afterEach, expect, vi } from "vitest";
import type { MeetingServer } from "../create-meeting-server.ts";
import { readTokenKey, signToken, type TokenKey } from "../tokens/room-token.ts";
import { invitationPayload } from "../tokens/token-payload.ts";
import { openBroker } from "./open-broker.ts";
import { serverRig } from "./server-rig.ts";

/** The two kinds of server that enforce what token rooms say. */
export const SERVER_WAYS = ["embedded", "gateway"] as const;
export type ServerWay = (typeof SERVER_WAYS)[number];

/** What a client shows and how it comes; `url`: another way than by WebSocket. */
export type GuestOptions = Omit<ConnectionOptions, "dial"> & { readonly url?: string };

/** A key of its own, as `mqtt-meet token` would make one. */
export function newTokenKey(): TokenKey {
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const read = readTokenKey(pem.toString());
  if (!read) throw new Error("The key cannot be read.");
  return read;
}

/** What {@link tokenRig} gives the tests of a file. */
export interface TokenRig {
  readonly key: TokenKey;
  rights(changes?: Partial<RoomRights>): RoomRights;
  invite(changes?: Partial<RoomRights>): string;
  /** A server that hears what hosts ask, closed after the test; several gateways may have one broker. */
  start(way: ServerWay, behind?: string): Promise<MeetingServer>;
  /** A broker that permits everything; returns its address. */
  openBroker(): Promise<string>;
  /** A connection without second attempts, closed after the test. */
  connect(server: MeetingServer, options: GuestOptions): Connection;
  /** How `peer` comes into the room with an invitation. */
  asGuest(peer: Peer, invitation: string): GuestOptions & { readonly clientId: string; readonly password: string };
  /** The same at the room's door. */
  atDoor(peer: Peer, invitation: string): GuestOptions & { readonly clientId: string; readonly password: string };
}

/** Servers with token rooms, and clients of `room`. */
export function tokenRig(room: TopicLevel): TokenRig {
  const rig = serverRig();
  const key = newTokenKey();
  const connections: Connection[] = [];
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
  });
  const rights = (changes: Partial<RoomRights> = {}): RoomRights => {
    const nowS = Math.floor(Date.now() / 1000);
    return {
      ...{ room, role: "member", publish: ["a", "v", "s", "c"], subscribe: true, admin: false, wait: false },
      ...{ expiresAtS: nowS + 600, notBeforeS: nowS - 1, ...changes },
    };
  };
  const open = async () => {
    const behind = await openBroker();
    rig.cleanUps.push(() => behind.close());
    return behind.url;
  };
  const asGuest = ({ peer, peerSecret }: Peer, invitation: string) => ({
    ...{ clientId: peer as string, username: room, password: invitationPassword(invitation, peerSecret) },
  });
  return {
    ...{ key, rights, asGuest, openBroker: open },
    invite: (changes) => signToken(invitationPayload(rights(changes)), key),
    start: async (way, behind) => {
      const gateway = async () => ({ broker: { mode: "gateway", urls: [behind ?? (await open())] } }) as const;
      const server = await rig.start({ tokenKey: key, ...(way === "embedded" ? { mqttPort: 0 } : await gateway()) });
      const isReady = async () => expect((await fetch(`${server.sites[0]}/readyz`)).status).toBe(200);
      await vi.waitFor(isReady, { timeout: 10_000 });
      return server;
    },
    connect: (server, { url = `ws://localhost:${server.port}/mqtt`, ...rest }) => {
      const connection = new Connection({ dial: dialUrl(url), reconnect: false, ...rest });
      connections.push(connection);
      return connection;
    },
    atDoor: (peer, invitation) => ({ ...asGuest(peer, invitation), clientId: `${peer.peer}${DOOR_SUFFIX}` }),
  };
}
