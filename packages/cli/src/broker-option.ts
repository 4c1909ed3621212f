import { credentialsOf } from "@mqtt-meet/mqtt/node";
import type { BrokerChoice } from "@mqtt-meet/server";
import { UsageError } from "./usage-error.ts";

/** What `serve` was told about a broker of somebody's own. */
export interface BrokerOptions {
  /** A gateway to it: its address, or those of a cluster's nodes. */
  readonly broker?: readonly string[] | undefined;
  /** Pages connect to it themselves. */
  readonly brokerDirect?: readonly string[] | undefined;
}

const GATEWAY_SCHEMES = ["mqtt:", "mqtts:", "ws:", "wss:"];
const DIRECT_SCHEMES = ["ws:", "wss:"];

/** Nobody needs more ways to one broker. */
const MAX_NODES = 8;

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
    return { mode: "direct", ...nodes(brokerDirect, { env, schemes: DIRECT_SCHEMES, problem }) };
  }
  if (broker === undefined) return undefined;
  const problem = "--broker takes the address of a broker, for example mqtt://broker.example:1883 (mqtts, ws, wss).";
  return { mode: "gateway", ...nodes(broker, { env, schemes: GATEWAY_SCHEMES, problem }) };
}

/** The addresses of other brokers whose camera topics the page may show. Throws UsageError. */
export function cameraBrokers(texts: readonly string[] = []): readonly string[] {
  const problem = "--camera-broker takes a broker's WebSocket, for example wss://broker.example:8084/mqtt.";
  if (texts.length > MAX_NODES) throw new UsageError(`At most ${MAX_NODES} brokers can be given with --camera-broker.`);
  return texts.map((text) => {
    const { url, username, password } = address(text, { env: {}, schemes: DIRECT_SCHEMES, problem });
    if (username === undefined && password === undefined) return url;
    throw new UsageError("--camera-broker takes no account: every page would be told. Who watches types it.");
  });
}

interface Expected {
  readonly env: NodeJS.ProcessEnv;
  readonly schemes: readonly string[];
  readonly problem: string;
}

/** The nodes of a cluster have one account, which need not be written more than once. */
function nodes(texts: readonly string[], expected: Expected): Omit<BrokerChoice, "mode"> {
  const [first, ...others] = texts.map((text) => address(text, expected));
  if (first === undefined) throw new UsageError(expected.problem);
  if (others.length >= MAX_NODES) throw new UsageError(`A broker has at most ${MAX_NODES} addresses here.`);
  const { env } = expected;
  const { username = env["MQTT_MEET_BROKER_USERNAME"], password = env["MQTT_MEET_BROKER_PASSWORD"] } =
    [first, ...others].find((each) => each.username !== undefined) ?? first;
  const isSame = (each: Address) =>
    each.username === undefined || (each.username === username && each.password === (password ?? each.password));
  if (!others.every(isSame)) {
    throw new UsageError("The addresses of a broker name different accounts: the nodes of a cluster share one.");
  }
  if (password !== undefined && username === undefined) {
    throw new UsageError("A password for the broker needs a user name: set MQTT_MEET_BROKER_USERNAME, too.");
  }
  return { urls: [first.url, ...others.map(({ url }) => url)], username, password };
}

interface Address {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

function address(text: string, { schemes, problem }: Expected): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !schemes.includes(url.protocol) || url.hostname === "") throw new UsageError(problem);
  const isTcp = url.protocol.startsWith("mqtt");
  if (isTcp && url.pathname.replace("/", "") !== "") {
    throw new UsageError("--broker takes a broker, not a topic: leave out what stands after the host and port.");
  }
  url.username = "";
  url.password = "";
  url.hash = "";
  return { url: url.href.replace(/\/$/, isTcp ? "" : "/"), ...credentialsOf(text) };
}
