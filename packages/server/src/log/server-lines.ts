import type { MqttListeners } from "../mqtt-listeners.ts";
import type { RoomEvent } from "../room-roster.ts";
import type { Log } from "./log-entry.ts";

/** The ports that a server has opened; absent: not asked for, or an error says why it could not be had. */
export interface OpenPorts {
  readonly pages: number;
  readonly metrics: number | undefined;
  readonly mqtt: Pick<MqttListeners, "mqttPort" | "mqttError" | "mqttsPort" | "mqttsError"> | undefined;
}

/** A server begins. */
export function logStart(
  { version, host, log }: { readonly version: string; readonly host: string; readonly log?: Log | undefined },
  { pages, metrics, mqtt }: OpenPorts,
): void {
  if (!log) return;
  const fields = { version, node: process.versions.node, pid: process.pid, host };
  log({ level: "info", event: "started", message: "The server has started.", fields });
  const ports = { pages, mqtt: mqtt?.mqttPort, mqtts: mqtt?.mqttsPort, metrics };
  for (const [service, port] of Object.entries(ports)) {
    if (port === undefined) continue;
    log({ level: "info", event: "listening", message: "A port is open.", fields: { service, port } });
  }
  for (const [service, error] of Object.entries({ mqtt: mqtt?.mqttError, mqtts: mqtt?.mqttsError })) {
    if (error) log({ level: "warn", event: "port-unavailable", message: error.message, fields: { service } });
  }
}

/** There is a new certificate; with an error: one that cannot be used. */
export function logCertificate(log: Log, error: unknown): void {
  if (error === undefined) {
    log({ level: "info", event: "certificate-renewed", message: "There is a new certificate." });
  } else {
    const message = `The old certificate stays: ${error instanceof Error ? error.message : String(error)}`;
    log({ level: "warn", event: "certificate-unusable", message });
  }
}

/** Who it was is not said: names are for members. */
export function logRoomEvent(log: Log, { type, room, present }: RoomEvent): void {
  const message = type === "joined" ? "Somebody joined a meeting." : "Somebody left a meeting.";
  log({ level: "debug", event: type, message, fields: { room, present } });
}
