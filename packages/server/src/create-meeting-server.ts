import { lookup } from "node:dns/promises";
import { listenTcp } from "@mqtt-meet/broker";
import { type BrokerChoice, pageBroker } from "./broker-choice.ts";
import { serverCertificate } from "./certificates.ts";
import { type MeetingBroker, openGateway, startEmbeddedBroker } from "./meeting-broker.ts";
import { type MetricsListener, openMetrics } from "./metrics-listener.ts";
import type { RoomEvent } from "./room-roster.ts";
import { type ServerError, translateListenError } from "./server-error.ts";
import { isLoopbackHost, isOwnAddress, type SiteAddress, siteAddress, urlHost } from "./site-address.ts";
import type { TokenKey } from "./tokens/room-token.ts";
import { webApp } from "./web-app.ts";
import { openWebListener } from "./web-listener.ts";
import { WebSocketUpgrade } from "./web-socket-upgrade.ts";

/** How a server is set up. */
export interface MeetingServerOptions {
  /** The address to listen on. Beyond loopback the pages are served with TLS. */
  readonly host: string;
  /** For pages and WebSockets. 0: any free one. */
  readonly port: number;
  /** For MQTT over TCP, on loopback only. 0: any free one; absent: none. Of the embedded broker only. */
  readonly mqttPort?: number | undefined;
  /** Absent: the embedded broker. */
  readonly broker?: BrokerChoice | undefined;
  /** With it, tokens that this key has signed open rooms, too. Absent: only links do. */
  readonly tokenKey?: TokenKey | undefined;
  /**
   * Rooms without encryption, which whoever knows their names may enter. Not beside {@link tokenKey}: a token room's name
   * would open it. Absent: none.
   */
  readonly openRooms?: boolean | undefined;
  /** For Prometheus, on loopback only. 0: any free one; absent: none. */
  readonly metricsPort?: number | undefined;
  /** The folder of the built page. */
  readonly webRoot: string;
  /** Where the certificates are kept. */
  readonly stateFolder: string;
  /** Told in `config.json`. */
  readonly version: string;
  /** Origins whose pages may connect, besides the server's own. */
  readonly allowedOrigins?: readonly string[];
  readonly onRoomEvent?: (event: RoomEvent) => void;
}

/** A running server. */
export interface MeetingServer {
  /** The sites under which it can be reached, the one for links first. */
  readonly sites: readonly [string, ...string[]];
  readonly loopback: boolean;
  readonly port: number;
  /** Absent: MQTT over TCP is not served, either because it was not asked for or because of `mqttError`. */
  readonly mqttPort: number | undefined;
  /** Why MQTT over TCP is not served although it was asked for; the rest works. */
  readonly mqttError: ServerError | undefined;
  /** Absent: the numbers are not served. */
  readonly metricsPort: number | undefined;
  /** Says good-bye to everybody and ends. */
  close(): Promise<void>;
}

const MQTT_HOST = "127.0.0.1";

/** Starts pages, broker and access control in this process. Throws a ServerError. */
export async function createMeetingServer(options: MeetingServerOptions): Promise<MeetingServer> {
  const { host, port, webRoot, version, allowedOrigins = [] } = options;
  if (options.openRooms && options.tokenKey) throw new RangeError("Open rooms and token rooms exclude each other.");
  const address = await resolveAddress(host, port);
  const certificate = address.loopback
    ? undefined
    : await serverCertificate({ folder: options.stateFolder, hosts: address.hosts });
  const broker = await openBroker(options);
  const upgrade = new WebSocketUpgrade({ broker, loopback: address.loopback, allowedOrigins });
  const app = webApp({
    ...{ webRoot, version, authority: certificate?.authority, broker: pageBroker(options.broker, options) },
    isReady: () => broker?.isReady ?? true,
  });
  const closeBroker = async () => {
    const socketsEnded = upgrade.leave();
    await broker?.close();
    await socketsEnded;
  };
  const fetch = (request: Request) => app.fetch(request);
  const giveUp = async (error: unknown) => {
    await closeBroker();
    throw error;
  };
  const web = await openWebListener({ host, port, certificate, fetch, upgrade: upgrade.handle }).catch(giveUp);
  const metrics = await openMetricsOf(broker, options.metricsPort).catch(async (error) => {
    await web.close();
    return giveUp(error);
  });
  const mqtt: OpenMqtt = options.broker ? {} : await openMqtt(broker, options.mqttPort);
  const close = async () => {
    await closeBroker();
    await Promise.all([web.close(), mqtt.close?.(), metrics?.close()]);
  };
  let closed: Promise<void> | undefined;
  return {
    sites: sitesOf(address, web.port),
    loopback: address.loopback,
    port: web.port,
    mqttPort: mqtt.port,
    mqttError: mqtt.error,
    metricsPort: metrics?.port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** Undefined when clients connect to the broker themselves. */
async function openBroker(options: MeetingServerOptions): Promise<MeetingBroker | undefined> {
  const { broker } = options;
  if (!broker) return startEmbeddedBroker(options);
  return broker.mode === "gateway" ? openGateway(broker, options) : undefined;
}

function sitesOf({ loopback, hosts }: SiteAddress, port: number): MeetingServer["sites"] {
  const [first = "localhost", ...others] = hosts;
  const site = (host: string) => `${loopback ? "http" : "https"}://${urlHost(host)}:${port}`;
  return [site(first), ...others.map(site)];
}

/**
 * A name that stands for this machine only is loopback, too. An address of another machine is refused here, before a
 * certificate is made for it.
 */
async function resolveAddress(host: string, port: number): Promise<SiteAddress> {
  if (isLoopbackHost(host)) return siteAddress(host);
  try {
    const { address } = await lookup(host);
    const resolved = siteAddress(address);
    if (resolved.loopback || address === "0.0.0.0" || address === "::") return resolved;
    if (!isOwnAddress(address)) throw Object.assign(new Error(address), { code: "EADDRNOTAVAIL", syscall: "listen" });
    return siteAddress(host);
  } catch (cause) {
    throw translateListenError(cause, { host, port });
  }
}

async function openMetricsOf(
  broker: MeetingBroker | undefined,
  port: number | undefined,
): Promise<MetricsListener | undefined> {
  return broker && port !== undefined ? openMetrics(port, () => broker.statistics) : undefined;
}

interface OpenMqtt {
  readonly port?: number;
  readonly error?: ServerError;
  readonly close?: () => Promise<void>;
}

async function openMqtt(broker: MeetingBroker | undefined, port: number | undefined): Promise<OpenMqtt> {
  if (port === undefined || !broker) return {};
  try {
    const listener = await listenTcp(broker, { host: MQTT_HOST, port });
    return { port: listener.port, close: () => listener.close() };
  } catch (cause) {
    return { error: translateListenError(cause, { host: MQTT_HOST, port }) };
  }
}
