import { randomBytes } from "node:crypto";
import { Broker, type BrokerEvents, type BrokerStatistics, type ConnectedClient } from "@mqtt-meet/broker";
import { type ByteStream, Connection, ConnectionError } from "@mqtt-meet/mqtt";
import { dialUrls } from "@mqtt-meet/mqtt/node";
import { authenticator, WATCHER_NAME } from "./authenticate.ts";
import type { BrokerChoice } from "./broker-choice.ts";
import { classifyMedia, RepeatedMedia } from "./classify-media.ts";
import { BrokerNodes } from "./gateway/broker-nodes.ts";
import { Gateway } from "./gateway/gateway.ts";
import { NO_PASSWORD } from "./gateway/upstream-connect.ts";
import { type ClientLog, clientLog } from "./log/client-log.ts";
import { linkLog } from "./log/link-log.ts";
import type { Log } from "./log/log-entry.ts";
import { memoryStreams } from "./memory-streams.ts";
import type { PlainAccount } from "./plain-access.ts";
import type { RoomEvent } from "./room-roster.ts";
import { type Presence, RoomWatcher } from "./room-watcher.ts";
import { ServerError } from "./server-error.ts";
import type { TokenKey } from "./tokens/room-token.ts";
import { TokenAdmission } from "./tokens/token-admission.ts";

/** What clients of this server connect to: the embedded broker, or a gateway in front of another. */
export interface MeetingBroker extends Pick<Broker, "accept"> {
  readonly statistics: BrokerStatistics;
  readonly presence: Presence;
  /** False while the broker behind a gateway is away. */
  readonly isReady: boolean;
  /** Says goodbye to everybody. */
  close(): Promise<void>;
}

/** What both kinds of broker are told. */
export interface MeetingBrokerOptions {
  readonly onRoomEvent?: ((event: RoomEvent) => void) | undefined;
  /** Absent: no token rooms. */
  readonly tokenKey?: TokenKey | undefined;
  /** Absent: every room has a secret or wants a token. */
  readonly openRooms?: boolean | undefined;
  /** For connections in clear from other machines. Absent: they get nothing. */
  readonly plainAccount?: PlainAccount | undefined;
  readonly log?: Log | undefined;
}

/** Starts the embedded broker. */
export function startEmbeddedBroker(options: MeetingBrokerOptions): MeetingBroker {
  const { onRoomEvent: onEvent, tokenKey, openRooms, plainAccount } = options;
  const log = options.log && clientLog(options.log);
  const password = randomBytes(32).toString("base64url");
  const tokens = tokenKey && admissionOf(tokenKey, () => watcher);
  const media = new RepeatedMedia();
  const broker = new Broker({
    authenticate: authenticator({
      ...{ watcherPassword: new TextEncoder().encode(password), tokens },
      ...{ openRooms, plainAccount },
    }),
    classify: (topic, payload) => media.classify(topic, payload),
    ...events([() => watcher, () => tokens], log),
  });
  const dial = async () => {
    const [inner, outer] = memoryStreams();
    broker.accept(outer, { local: true });
    return inner;
  };
  const own = { clientId: WATCHER_NAME, username: WATCHER_NAME, password };
  const watcher = new RoomWatcher({ dial, ...own, onEvent, onMessage: hearing(tokens) });
  return joined(broker, { watcher, tokens, log });
}

/** Opens a gateway to the broker of `choice`. Rejects with a ServerError when that does not let us in. */
export async function openGateway(choice: BrokerChoice, options: MeetingBrokerOptions): Promise<MeetingBroker> {
  const { onRoomEvent: onEvent, tokenKey, openRooms } = options;
  const { urls, username, password, ca } = choice;
  const dial = dialUrls(urls, { ca });
  const log = options.log && clientLog(options.log);
  const nodes = new BrokerNodes(dial, (node) => logNode(options.log, urls[node]));
  const own = username === undefined ? { username: WATCHER_NAME, password: NO_PASSWORD } : { username, password };
  await checkBroker({ dial, ...own }, urls);
  const tokens = tokenKey && admissionOf(tokenKey, () => watcher);
  const gateway = new Gateway({
    address: { dial: nodes.dial, silent: (stream) => nodes.silent(stream), username, password },
    authenticate: authenticator({ watcherPassword: randomBytes(32), tokens, openRooms }),
    classify: classifyMedia,
    ...events([() => watcher, () => tokens], log),
  });
  const onState = options.log && linkLog(options.log);
  const onMessage = hearing(tokens);
  const watcher = new RoomWatcher({ dial, clientId: ownClientId(), ...own, onEvent, onState, onMessage });
  return joined(gateway, { watcher, tokens, log });
}

/** Speaks through the watcher, which exists only after the broker. */
function admissionOf(key: TokenKey, watcher: () => RoomWatcher): TokenAdmission {
  return new TokenAdmission({
    key,
    say: (topic, payload, options) => watcher().say(topic, payload, options),
    isOccupied: (room) => watcher().isOccupied(room),
  });
}

function hearing(tokens: TokenAdmission | undefined): ((topic: string, payload: Uint8Array) => void) | undefined {
  return tokens && ((topic, payload) => tokens.heard(topic, payload));
}

/** Somebody who wants to know of connections. */
interface Listener {
  connected(client: ConnectedClient): void;
  disconnected(client: ConnectedClient): void;
}

/** Asked each time: the watcher exists only after the broker. */
function events(all: readonly (() => Listener | undefined)[], log: ClientLog | undefined): BrokerEvents {
  return {
    ...log,
    onConnect: (client) => {
      log?.onConnect?.(client);
      for (const listener of all) listener()?.connected(client);
    },
    onDisconnect: (client) => {
      log?.onDisconnect?.(client);
      for (const listener of all) listener()?.disconnected(client);
    },
  };
}

function joined(
  broker: Broker | Gateway,
  rest: {
    readonly watcher: RoomWatcher;
    readonly tokens: TokenAdmission | undefined;
    readonly log: ClientLog | undefined;
  },
): MeetingBroker {
  const { watcher, tokens, log } = rest;
  return {
    accept: (stream: ByteStream, info) => broker.accept(stream, info),
    get statistics() {
      return broker.statistics;
    },
    get presence() {
      return watcher.presence;
    },
    get isReady() {
      return watcher.isConnected;
    },
    close: async () => {
      await watcher.close();
      tokens?.close();
      broker.close();
      log?.close();
    },
  };
}

function logNode(log: Log | undefined, url: string | undefined): void {
  log?.({ level: "warn", event: "broker-node", message: "Clients go to another node of the broker.", fields: { url } });
}

/** Letters and digits only, and not long: what every broker takes. */
function ownClientId(): string {
  return `mqttmeet${randomBytes(6).toString("hex")}`;
}

/** Says at the start, and not to the first who joins, that the broker is not there or does not want us. */
async function checkBroker(
  account: Pick<ConstructorParameters<typeof Connection>[0], "dial" | "username" | "password">,
  urls: readonly string[],
): Promise<void> {
  const connection = new Connection({ ...account, clientId: ownClientId(), reconnect: false });
  try {
    await connection.connected();
  } catch (cause) {
    const why = cause instanceof ConnectionError ? cause.message : "It does not answer.";
    throw new ServerError("broker-unavailable", `The broker at ${urls.join(", ")} cannot be used: ${why}`, { cause });
  } finally {
    await connection.close();
  }
}
