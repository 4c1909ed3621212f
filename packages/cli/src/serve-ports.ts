import type { MeetingServer, PlainAccount } from "@mqtt-meet/server";
import { UsageError } from "./usage-error.ts";

/** What `serve` was told about MQTT beside the pages. */
export interface MqttOptions {
  /** Absent: 1883, where the embedded broker is used. */
  readonly mqttPort?: number | undefined;
  /** Absent: 8883, where the embedded broker is used beyond this machine. */
  readonly mqttsPort?: number | undefined;
  readonly plainMqtt?: boolean | undefined;
}

const MQTT_PORT = 1883;
const MQTTS_PORT = 8883;

/** The ports to open. `isLocal`: only this machine can reach the server. */
export function mqttPorts(
  { mqttPort = MQTT_PORT, mqttsPort }: MqttOptions,
  { isLocal }: { readonly isLocal: boolean },
): { readonly mqttPort: number; readonly mqttsPort: number | undefined } {
  return { mqttPort, mqttsPort: mqttsPort ?? (isLocal ? undefined : MQTTS_PORT) };
}

/**
 * The account of devices that cannot do TLS, from the environment, which no list of processes shows. Undefined unless
 * `--plain-mqtt` was given. Throws UsageError.
 */
export function plainAccount({ plainMqtt }: MqttOptions, env: NodeJS.ProcessEnv): PlainAccount | undefined {
  if (!plainMqtt) return undefined;
  const { MQTT_MEET_PLAIN_USERNAME: username, MQTT_MEET_PLAIN_PASSWORD: password } = env;
  if (!username || !password) {
    throw new UsageError(
      "--plain-mqtt needs an account for the devices: set MQTT_MEET_PLAIN_USERNAME and MQTT_MEET_PLAIN_PASSWORD.",
    );
  }
  return { username, password };
}

/** What to say of the ports of the embedded broker. */
export function mqttLines(server: MeetingServer, wanted: MqttOptions): readonly string[] {
  const { mqttPort = MQTT_PORT, mqttsPort = MQTTS_PORT } = wanted;
  const reason = ({ code }: { readonly code: string }) => (code === "port-in-use" ? "is taken" : "cannot be used");
  const lines: string[] = [];
  if (server.mqttsPort !== undefined) {
    const { hostname } = new URL(server.sites[0]);
    lines.push(`MQTT over TLS, for room accounts:  mqtts://${hostname}:${server.mqttsPort}`);
  }
  if (server.mqttsError) {
    lines.push(
      `No MQTT over TLS: port ${mqttsPort} ${reason(server.mqttsError)}. Pages work without; or choose another with --mqtts-port.`,
    );
  }
  if (server.mqttPort !== undefined) {
    const port = server.mqttPort === MQTT_PORT ? "" : `:${server.mqttPort}`;
    lines.push(
      wanted.plainMqtt
        ? `Plain MQTT, which anybody between can read, outside of meetings: port ${server.mqttPort}`
        : `A camera topic for any program:    npx mqtt-meet publish mqtt://localhost${port}/some/camera --source test`,
    );
  } else {
    const why = server.mqttError ? reason(server.mqttError) : "cannot be used";
    lines.push(`No MQTT over TCP: port ${mqttPort} ${why}. Meetings work without; or choose another with --mqtt-port.`);
  }
  return lines;
}
