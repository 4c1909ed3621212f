import { type Broker, type Listener, listenTcp } from "@mqtt-meet/broker";
import type { LiveCertificate } from "./live-certificate.ts";
import { type ServerError, translateListenError } from "./server-error.ts";

/** Which ports of MQTT are wanted; absent: none. 0: any free one. */
export interface MqttPorts {
  /** Without encryption: on loopback, or where `plainHost` says. */
  readonly mqttPort?: number | undefined;
  /** With TLS, on the host of the pages. */
  readonly mqttsPort?: number | undefined;
}

/** What became of each; meetings work without. */
export interface MqttListeners {
  readonly mqttPort: number | undefined;
  readonly mqttError: ServerError | undefined;
  readonly mqttsPort: number | undefined;
  readonly mqttsError: ServerError | undefined;
  close(): Promise<void>;
}

/** Where programs of this machine find plain MQTT. */
export const LOCAL_HOST = "127.0.0.1";

/** Opens the ports for programs that speak MQTT over TCP. Does not reject: a port that cannot be had is told. */
export async function openMqttListeners(
  broker: Pick<Broker, "accept">,
  options: MqttPorts & {
    readonly host: string;
    readonly plainHost: string;
    readonly certificate: LiveCertificate | undefined;
  },
): Promise<MqttListeners> {
  const { certificate } = options;
  const plain = await open(broker, { host: options.plainHost, port: options.mqttPort });
  const port = certificate && options.mqttsPort;
  const secure = await open(broker, { host: options.host, port, certificate: certificate?.current });
  certificate?.onChange((next) => secure.listener?.renew(next));
  return {
    mqttPort: plain.listener?.port,
    mqttError: plain.error,
    mqttsPort: secure.listener?.port,
    mqttsError: secure.error,
    close: async () => {
      await Promise.all([plain.listener?.close(), secure.listener?.close()]);
    },
  };
}

async function open(
  broker: Pick<Broker, "accept">,
  options: {
    readonly host: string;
    readonly port: number | undefined;
    readonly certificate?: LiveCertificate["current"] | undefined;
  },
): Promise<{ readonly listener?: Listener; readonly error?: ServerError }> {
  const { port } = options;
  if (port === undefined) return {};
  try {
    return { listener: await listenTcp(broker, { ...options, port }) };
  } catch (cause) {
    return { error: translateListenError(cause, { host: options.host, port }) };
  }
}
