import { randomBytes } from "node:crypto";
import { Connection, ConnectionError, type ConnectionState } from "@mqtt-meet/mqtt";
import { credentialsOf, dialUrl } from "@mqtt-meet/mqtt/node";
import type { TopicTarget } from "./target.ts";

/** What happens to the connection after it was made. */
export interface TopicConnectionOptions {
  readonly signal: AbortSignal;
  /** For people: lost, there again. */
  readonly onEvent: (text: string) => void;
}

/**
 * Connects to the broker of a topic. The first failure is final and rejects; later losses are mended by the connection
 * itself. `lost` rejects when it cannot be mended.
 */
export async function connectTopic(
  target: TopicTarget,
  { signal, onEvent }: TopicConnectionOptions,
): Promise<{ readonly connection: Connection; readonly lost: Promise<never> }> {
  const { brokerUrl, host } = target;
  const connection = new Connection({
    dial: dialUrl(brokerUrl),
    // 23 characters are what every broker takes.
    clientId: `mqttmeet-${randomBytes(7).toString("hex")}`,
    ...credentialsOf(brokerUrl),
  });
  let fail: (error: Error) => void = () => {};
  const lost = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  lost.catch(() => {});
  connection.onStateChange = stateTeller({ host, onEvent, fail: (error) => fail(error) });
  try {
    await Promise.race([connection.connected({ signal }), lost]);
    return { connection, lost };
  } catch (error) {
    await connection.close();
    if (error instanceof ConnectionError) throw error;
    signal.throwIfAborted();
    throw error;
  }
}

/** Tells of losses; the first failure is final. */
function stateTeller(options: {
  readonly host: string;
  readonly onEvent: (text: string) => void;
  readonly fail: (error: Error) => void;
}): (state: ConnectionState) => void {
  const { host, onEvent, fail } = options;
  let connected = false;
  let lost = false;
  const waiting = (error: Error) => {
    if (!connected) fail(error);
    else if (!lost) onEvent(`The connection to ${host} was lost; trying again.`);
    lost = connected;
  };
  return (state) => {
    if (state.status === "waiting") waiting(state.error);
    if (state.status === "closed" && state.error) fail(state.error);
    if (state.status !== "connected") return;
    if (lost) onEvent(`Connected to ${host} again.`);
    connected = true;
    lost = false;
  };
}
