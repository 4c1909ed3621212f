import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { HandshakeGate, isLoopback } from "@mqtt-meet/broker";
import { AllowedOrigins } from "./allowed-origins.ts";
import { checkedBasePath } from "./base-path.ts";
import { type BrokerChoice, pageBroker } from "./broker-choice.ts";
import { type CertificateFiles, namesOf } from "./certificate-files.ts";
import type { LiveCertificate } from "./live-certificate.ts";
import type { Log } from "./log/log-entry.ts";
import { logCertificate, logRoomEvent, logStart } from "./log/server-lines.ts";
import { type MeetingBroker, openGateway, startEmbeddedBroker } from "./meeting-broker.ts";
import { type MetricsListener, openMetrics } from "./metrics-listener.ts";
import { LOCAL_HOST, type MqttListeners, openMqttListeners } from "./mqtt-listeners.ts";
import type { PlainAccount } from "./plain-access.ts";
import type { RoomEvent } from "./room-roster.ts";
import { type ServerError, translateListenError } from "./server-error.ts";
import { isLoopbackHost, isOwnAddress, type SiteAddress, siteAddress, urlHost } from "./site-address.ts";
import { openSiteCertificate } from "./site-certificate.ts";
import type { TokenKey } from "./tokens/room-token.ts";
import { TrustedProxies } from "./trusted-proxies.ts";
import { webApp } from "./web-app.ts";
import { openWebListener } from "./web-listener.ts";
import { WebSocketUpgrade } from "./web-socket-upgrade.ts";

/** How a server is set up. */
export interface MeetingServerOptions {
  /** The address to listen on. Beyond loopback the pages are served with TLS. */
  readonly host: string;
  /** For pages and WebSockets. 0: any free one. */
  readonly port: number;
  /** For MQTT over TCP, on loopback only but for `plainAccount`. 0: any free one; absent: none. Of the embedded broker only. */
  readonly mqttPort?: number | undefined;
  /** For MQTT over TLS, on `host`. 0: any free one; absent: none. Of the embedded broker only. */
  readonly mqttsPort?: number | undefined;
  /** With it, MQTT over TCP is on `host`; who shows this account, there or over TLS, may use the topics outside `mm/`. */
  readonly plainAccount?: PlainAccount | undefined;
  /** The owner's certificate, also on loopback. Absent: one of our own making, beyond loopback. */
  readonly certificateFiles?: CertificateFiles | undefined;
  /** Absent: the embedded broker. */
  readonly broker?: BrokerChoice | undefined;
  /** WebSockets (`ws:`, `wss:`) of other brokers whose camera topics pages may show. Default: none. */
  readonly cameraBrokers?: readonly string[] | undefined;
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
  /**
   * Origins whose pages may show meetings, besides the server's own: `https://blog.example`. Throws RangeError when one is
   * none.
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** The path under which a proxy has the pages, for example `/meet`. Throws RangeError when it is none. */
  readonly basePath?: string | undefined;
  /** Addresses and networks whose X-Forwarded headers are believed. Throws RangeError when one is none. Default: nobody's. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly onRoomEvent?: (event: RoomEvent) => void;
  /** A new certificate is shown from now on; with an error: one was found that cannot be used. */
  readonly onCertificate?: (error?: unknown) => void;
  /** For whoever operates the server. */
  readonly log?: Log | undefined;
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
  /** The same of MQTT over TLS. */
  readonly mqttsPort: number | undefined;
  readonly mqttsError: ServerError | undefined;
  /** Absent: the numbers are not served. */
  readonly metricsPort: number | undefined;
  /** Looks at once whether there is a new certificate. Absent: there is none. */
  readonly reloadCertificate: (() => Promise<void>) | undefined;
  /** Says good-bye to everybody and ends. */
  close(): Promise<void>;
}

/** Starts pages, broker and access control in this process. Throws a ServerError. */
export async function createMeetingServer(options: MeetingServerOptions): Promise<MeetingServer> {
  const { host, port, certificateFiles, log } = options;
  const allowedOrigins = new AllowedOrigins(options.allowedOrigins ?? []);
  const basePath = checkedBasePath(options.basePath ?? "");
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  if (options.openRooms && options.tokenKey) throw new RangeError("Open rooms and token rooms exclude each other.");
  const address = await resolveAddress(host, port);
  const certificate = await openCertificate(options, address);
  // Browsers trust this machine without.
  const pageCertificate = address.loopback && !certificateFiles ? undefined : certificate;
  const broker = await openBroker(options);
  const upgrade = new WebSocketUpgrade({ broker, loopback: address.loopback, allowedOrigins, proxies });
  const app = appOf(options, { broker, proxies, allowedOrigins, authority: pageCertificate?.current.authority });
  const closeBroker = async () => {
    certificate?.close();
    const socketsEnded = upgrade.leave();
    await broker?.close();
    await socketsEnded;
  };
  const fetch = (request: Request, node: object) => app.fetch(request, node);
  const giveUp = async (error: unknown) => {
    await closeBroker();
    throw error;
  };
  const web = await openWebListener({
    ...{ host, port, certificate: pageCertificate?.current, fetch, upgrade: upgrade.handle, basePath },
    gate: new HandshakeGate({ isExempt: (from) => from !== undefined && (isLoopback(from) || proxies.includes(from)) }),
  }).catch(giveUp);
  pageCertificate?.onChange((next) => web.renew(next));
  const metrics = await openMetricsOf(broker, options).catch(async (error) => {
    await web.close();
    return giveUp(error);
  });
  const mqtt = await openMqtt(broker, { options, certificate });
  const close = async () => {
    const { connections = 0 } = broker?.statistics ?? {};
    log?.({ level: "info", event: "stopping", message: "The server ends.", fields: { connections } });
    await closeBroker();
    await Promise.all([web.close(), mqtt?.close(), metrics?.close()]);
    log?.({ level: "info", event: "stopped", message: "The server has ended." });
  };
  logStart(options, { pages: web.port, metrics: metrics?.port, mqtt });
  return {
    sites: sitesOf(address, { port: web.port, certificate: pageCertificate, basePath }),
    loopback: address.loopback,
    port: web.port,
    mqttPort: mqtt?.mqttPort,
    mqttError: mqtt?.mqttError,
    mqttsPort: mqtt?.mqttsPort,
    mqttsError: mqtt?.mqttsError,
    metricsPort: metrics?.port,
    reloadCertificate: certificate && (() => certificate.reload()),
    close: onlyOnce(close),
  };
}

/** Whoever calls again gets the same promise. */
function onlyOnce(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

function appOf(
  options: MeetingServerOptions,
  facts: {
    readonly broker: MeetingBroker | undefined;
    readonly proxies: TrustedProxies;
    readonly allowedOrigins: AllowedOrigins;
    readonly authority: string | undefined;
  },
): ReturnType<typeof webApp> {
  const { webRoot, version, certificateFiles } = options;
  const { broker, proxies, authority, allowedOrigins } = facts;
  return webApp({
    ...{ webRoot, version, authority, allowedOrigins, broker: pageBroker(options.broker, options) },
    strictTransport: certificateFiles !== undefined,
    forwardedHost: (node) => forwardedHost(proxies, node),
    isReady: () => broker?.isReady ?? true,
  });
}

/** Undefined when nothing speaks TLS. */
async function openCertificate(
  { stateFolder, certificateFiles: files, mqttsPort, onCertificate, log }: MeetingServerOptions,
  { loopback, hosts }: SiteAddress,
): Promise<LiveCertificate | undefined> {
  if (loopback && !files && mqttsPort === undefined) return undefined;
  const told = (error: unknown) => {
    if (log) logCertificate(log, error);
    if (error === undefined) onCertificate?.();
    else onCertificate?.(error);
  };
  return openSiteCertificate({
    ...{ hosts, stateFolder, files },
    onRenewed: () => told(undefined),
    onProblem: told,
  });
}

/** Undefined when clients connect to the broker themselves. */
async function openBroker(options: MeetingServerOptions): Promise<MeetingBroker | undefined> {
  const { broker, log, onRoomEvent } = options;
  const told = {
    ...options,
    onRoomEvent: (event: RoomEvent) => {
      if (log) logRoomEvent(log, event);
      onRoomEvent?.(event);
    },
  };
  if (!broker) return startEmbeddedBroker(told);
  return broker.mode === "gateway" ? openGateway(broker, told) : undefined;
}

/** A certificate of the owner's own says under which name people know the server. */
function sitesOf(
  { hosts }: SiteAddress,
  {
    port,
    certificate,
    basePath,
  }: { readonly port: number; readonly certificate: LiveCertificate | undefined; readonly basePath: string },
): MeetingServer["sites"] {
  const named = certificate && certificate.current.authority === undefined ? namesOf(certificate.current) : [];
  const [first = "localhost", ...others] = new Set([...named, ...hosts]);
  const site = (host: string) => `${certificate ? "https" : "http"}://${urlHost(host)}:${port}${basePath}`;
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
  { metricsPort, version }: MeetingServerOptions,
): Promise<MetricsListener | undefined> {
  if (!broker || metricsPort === undefined) return undefined;
  return openMetrics(metricsPort, () => {
    const { statistics, presence, isReady } = broker;
    return { version, statistics, presence, isReady };
  });
}

/** A broker of somebody's own has ports of its own. */
async function openMqtt(
  broker: MeetingBroker | undefined,
  {
    options,
    certificate,
  }: { readonly options: MeetingServerOptions; readonly certificate: LiveCertificate | undefined },
): Promise<MqttListeners | undefined> {
  if (!broker || options.broker) return undefined;
  const { host, mqttPort, mqttsPort, plainAccount } = options;
  const plainHost = plainAccount ? host : LOCAL_HOST;
  return openMqttListeners(broker, { mqttPort, mqttsPort, host, plainHost, certificate });
}

/** `node` is what the listener gave beside the request. */
function forwardedHost(proxies: TrustedProxies, node: unknown): string | undefined {
  const { incoming } = (node ?? {}) as { readonly incoming?: IncomingMessage };
  return incoming && proxies.read(incoming.socket.remoteAddress, incoming.headers)?.host;
}
