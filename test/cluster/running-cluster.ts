import type { RunningBroker } from "../brokers/running-broker.ts";

/** A cluster that a test has started. Disposing of it ends what is left of it. */
export interface RunningCluster extends AsyncDisposable {
  /** Disposing of one is `kill -9`. */
  readonly nodes: readonly RunningBroker[];
  /** Has others lead what the last node has come to lead since, as somebody would who takes a node away. */
  readonly relieveLast?: () => Promise<void>;
}

/** A cluster of these nodes. */
export function runningCluster(nodes: readonly RunningBroker[]): RunningCluster {
  const end = async () => {
    await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
  };
  return { nodes, [Symbol.asyncDispose]: end };
}
