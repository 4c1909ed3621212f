import { newMeetingLink } from "@mqtt-meet/protocol";
import { formatMeetingLink, joinRoom, type NodeRoom } from "@mqtt-meet/sdk/node";
import { createMeetingServer } from "@mqtt-meet/server";
import type { RunningBroker } from "../brokers/running-broker.ts";
import type { CleanUps } from "../support/clean-ups.ts";
import { lineProxy } from "../support/line-proxy.ts";
import type { RunningCluster } from "./running-cluster.ts";

/** A meeting whose participants sit on different nodes of a cluster. */
export interface Seats {
  /** On surviving nodes: different ones, where there are two. */
  readonly ada: NodeRoom;
  readonly carol: NodeRoom;
  /** On the node that will be killed. */
  readonly bob: NodeRoom;
  /** There, too, behind a gateway. */
  readonly gina: NodeRoom;
  readonly doomed: RunningBroker;
}

/** Seats four people; `ends` takes everything over that was opened. */
export async function takeSeats({ nodes }: RunningCluster, ends: CleanUps): Promise<Seats> {
  const [first, second, doomed] = [nodes[0], nodes.at(-2), nodes.at(-1)];
  if (!first || !second || !doomed) throw new Error("A cluster has two nodes at least.");
  // Cut until everybody is there, so that who begins at any node begins at the doomed one.
  const refuge = ends.use(await lineProxy(Number(new URL(first.directUrl).port)));
  refuge.cut();
  const refugeUrl = first.directUrl.replace(/:\d+/, `:${refuge.port}`);
  const gateway = await createMeetingServer({
    ...{ host: "127.0.0.1", port: 0, version: "test", webRoot: "/nowhere", stateFolder: "/nowhere" },
    broker: { mode: "gateway", urls: [doomed.url, second.url] },
  });
  ends.defer(() => gateway.close());
  const link = newMeetingLink(gateway.sites[0], "cluster");
  const enter = async (name: string, ...[brokers]: [] | [readonly [string, ...string[]]]) => {
    const room = await joinRoom(formatMeetingLink(brokers ? { ...link, brokers } : link), { name });
    ends.defer(() => room.leave());
    return room;
  };
  const ada = await enter("Ada", [first.directUrl]);
  const carol = await enter("Carol", [second.directUrl]);
  const bob = await enter("Bob", [doomed.directUrl, refugeUrl]);
  const gina = await enter("Gina");
  refuge.mend();
  return { ada, carol, bob, gina, doomed };
}
