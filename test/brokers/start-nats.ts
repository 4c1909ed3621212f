import { freePort } from "../support/free-port.ts";
import { onPath } from "../support/requirements.ts";
import type { RunningBroker } from "./running-broker.ts";
import { startProgramBroker } from "./start-program-broker.ts";

/** Where a node of NATS stands in its cluster. */
export interface NatsNode {
  readonly name: string;
  /** The section `cluster` of its configuration. */
  readonly cluster: string;
}

/** A node of NATS with the address where it tells of itself, and the port of its own protocol. */
export interface RunningNats extends RunningBroker {
  readonly monitor: string;
  readonly clientPort: number;
}

/** NATS with JetStream, which its MQTT needs; as docs/operating.md says, on loopback. */
export async function startNats({ name, cluster }: NatsNode = { name: "n1", cluster: "" }): Promise<RunningNats> {
  const [clients, mqtt, webSocket, http] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const conf = `server_name: ${name}
listen: "127.0.0.1:${clients}"
http: "127.0.0.1:${http}"
max_payload: 1MB
max_pending: 4MB
write_deadline: "2s"
jetstream { store_dir: "js", max_mem: 64MB, max_file: 64MB }
mqtt { listen: "127.0.0.1:${mqtt}" }
websocket { listen: "127.0.0.1:${webSocket}", compression: false, no_tls: true }
${cluster}`;
  const broker = await startProgramBroker({
    files: { "n.conf": conf },
    programs: [[onPath("nats-server") ?? "nats-server", "-c", "n.conf"]],
    url: `mqtt://127.0.0.1:${mqtt}`,
    directUrl: `ws://127.0.0.1:${webSocket}/mqtt`,
  });
  return { ...broker, monitor: `http://127.0.0.1:${http}`, clientPort: clients };
}
