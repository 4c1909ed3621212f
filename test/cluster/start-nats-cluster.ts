import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type RunningNats, startNats } from "../brokers/start-nats.ts";
import { freePort } from "../support/free-port.ts";
import { type RunningCluster, runningCluster } from "./running-cluster.ts";

const NODES = ["n1", "n2", "n3"];

/** Three nodes of NATS on loopback, each with its own ports and folder, as docs/operating.md says. */
export async function startNatsCluster(): Promise<RunningCluster> {
  const ports = await Promise.all(NODES.map(() => freePort()));
  const routes = ports.map((port) => `nats-route://127.0.0.1:${port}`).join(", ");
  const starting = NODES.map((name, index) => {
    const cluster = `cluster { name: meet, listen: "127.0.0.1:${ports[index]}", routes: [${routes}] }\n`;
    return startNats({ name, cluster });
  });
  const started = await Promise.allSettled(starting);
  const nodes = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = started.find((each) => each.status === "rejected");
  if (!failed) {
    const ordered = await followerLast(nodes);
    return {
      ...runningCluster(ordered),
      relieveLast: () => relieve(ordered, NODES[nodes.indexOf(ordered.at(-1) as RunningNats)]),
    };
  }
  await runningCluster(nodes)[Symbol.asyncDispose]();
  throw failed.reason;
}

/** What a node says of JetStream at /jsz, as far as it is used. */
interface JetStreamState {
  readonly meta_cluster?: { readonly leader?: string };
  readonly account_details?: readonly {
    readonly stream_detail?: readonly {
      readonly name: string;
      readonly cluster?: { readonly leader?: string };
      readonly consumer_detail?: readonly { readonly name: string; readonly cluster?: { readonly leader?: string } }[];
    }[];
  }[];
}

const PATIENCE_MS = 120_000;
const STEP_MS = 500;

/**
 * The nodes, and last, where the one stands that will be killed, one that leads nothing of JetStream. With the leader of a stream
 * NATS 2.9 loses QoS 1 for some 20 s, whatever clients do (docs/operating.md).
 */
async function followerLast(nodes: readonly RunningNats[]): Promise<readonly RunningNats[]> {
  for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await delay(STEP_MS)) {
    const { leader, streams } = await leaders(nodes[0]);
    const follower = nodes.findLast((_, index) => NODES[index] !== leader);
    const name = NODES[follower ? nodes.indexOf(follower) : -1];
    if (leader === undefined || follower === undefined) continue;
    const led = streams.filter((stream) => stream.leader === name);
    if (led.length === 0) return [...nodes.filter((node) => node !== follower), follower];
    for (const stream of led) await stepDown(follower, `STREAM.LEADER.STEPDOWN.${stream.name}`);
  }
  throw new Error(`No node of NATS gave up what it leads within ${PATIENCE_MS / 1000} s.`);
}

/** Each subscription with QoS 1 is a consumer, led by a node of the cluster's choice: those of the meeting, and streams again. */
async function relieve(nodes: readonly RunningNats[], name: string | undefined): Promise<void> {
  const last = nodes.at(-1);
  for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await delay(STEP_MS)) {
    const { streams } = await leaders(nodes[0]);
    const streamsLed = streams
      .filter(({ leader }) => leader === name)
      .map((stream) => `STREAM.LEADER.STEPDOWN.${stream.name}`);
    const consumersLed = streams.flatMap((stream) =>
      stream.consumers
        .filter(({ leader }) => leader === name)
        .map((consumer) => `CONSUMER.LEADER.STEPDOWN.${stream.name}.${consumer.name}`),
    );
    const led = [...streamsLed, ...consumersLed];
    if (led.length === 0) return;
    if (last !== undefined) for (const what of led) await stepDown(last, what);
  }
  throw new Error(`The last node of NATS led something again for ${PATIENCE_MS / 1000} s.`);
}

async function leaders(node: RunningNats | undefined) {
  const response = await fetch(`${node?.monitor}/jsz?accounts=true&streams=true&consumers=true&config=true`);
  const { meta_cluster, account_details = [] } = (await response.json()) as JetStreamState;
  const streams = account_details.flatMap(({ stream_detail = [] }) => stream_detail);
  const led = streams.map(({ name, cluster, consumer_detail = [] }) => ({
    name,
    leader: cluster?.leader,
    consumers: consumer_detail.map((consumer) => ({ name: consumer.name, leader: consumer.cluster?.leader })),
  }));
  return { leader: meta_cluster?.leader, streams: led };
}

/** Asks in NATS's own protocol that another node leads a stream, or a consumer. */
async function stepDown({ clientPort }: RunningNats, what: string): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port: clientPort });
  try {
    await once(socket, "data"); // its INFO
    socket.write(`CONNECT {"verbose":false}\r\nPUB $JS.API.${what} 0\r\n\r\nPING\r\n`);
    await once(socket, "data"); // its PONG: everything before it was read
  } finally {
    socket.destroy();
  }
}
