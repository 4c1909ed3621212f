import { credentialsOf } from "@mqtt-meet/mqtt/node";
import type { BrokerChoice } from "@mqtt-meet/server";
import { UsageError } from "./usage-error.ts";

/** What `serve` was told about a broker of somebody's own. */
export interface BrokerOptions {
  /** A gateway to it. */
  readonly broker?: string | undefined;
  /** Pages connect to it themselves. */
  readonly brokerDirect?: string | undefined;
}

const GATEWAY_SCHEMES = ["mqtt:", "mqtts:", "ws:", "wss:"];
const DIRECT_SCHEMES = ["ws:", "wss:"];

/**
 * Reads the address of a broker, and the account from it or from MQTT_MEET_BROKER_USERNAME and
 * MQTT_MEET_BROKER_PASSWORD, which no list of processes shows. Undefined: the embedded broker. Throws UsageError.
 */
export function brokerChoice(options: BrokerOptions, env: NodeJS.ProcessEnv): BrokerChoice | undefined {
  const { broker, brokerDirect } = options;
  if (broker !== undefined && brokerDirect !== undefined) {
    throw new UsageError("--broker and --broker-direct exclude each other: use one of them.");
  }
  if (brokerDirect !== undefined) {
    const problem = "--broker-direct takes the broker's WebSocket, for example wss://broker.example:8084/mqtt.";
    return { mode: "direct", ...address(brokerDirect, { env, schemes: DIRECT_SCHEMES, problem }) };
  }
  if (broker === undefined) return undefined;
  const problem = "--broker takes the address of a broker, for example mqtt://broker.example:1883 (mqtts, ws, wss).";
  return { mode: "gateway", ...address(broker, { env, schemes: GATEWAY_SCHEMES, problem }) };
}

function address(
  text: string,
  { env, schemes, problem }: { env: NodeJS.ProcessEnv; schemes: readonly string[]; problem: string },
): Omit<BrokerChoice, "mode"> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !schemes.includes(url.protocol) || url.hostname === "") throw new UsageError(problem);
  const isTcp = url.protocol.startsWith("mqtt");
  if (isTcp && url.pathname.replace("/", "") !== "") {
    throw new UsageError("--broker takes a broker, not a topic: leave out what stands after the host and port.");
  }
  const { username = env["MQTT_MEET_BROKER_USERNAME"], password = env["MQTT_MEET_BROKER_PASSWORD"] } =
    credentialsOf(text);
  if (password !== undefined && username === undefined) {
    throw new UsageError("A password for the broker needs a user name: set MQTT_MEET_BROKER_USERNAME, too.");
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  return { url: url.href.replace(/\/$/, isTcp ? "" : "/"), username, password };
}
