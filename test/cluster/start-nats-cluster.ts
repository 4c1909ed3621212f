import { startNats } from "../brokers/start-nats.ts";
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
  const cluster = runningCluster(nodes);
  const failed = started.find((each) => each.status === "rejected");
  if (!failed) return cluster;
  await cluster[Symbol.asyncDispose]();
  throw failed.reason;
}
