import { afterAll, expect, test } from "vitest";
import { note, resultsTable } from "../brokers/results.ts";
import { ProcessorShare } from "../support/machine.ts";
import { describeWith, type Requirement } from "../support/requirements.ts";
import { clusterMeeting } from "./cluster-meeting.ts";
import type { RunningCluster } from "./running-cluster.ts";
import { startEjabberdCluster } from "./start-ejabberd-cluster.ts";
import { startNatsCluster } from "./start-nats-cluster.ts";

const BACK_MS = 10_000;
const FREEZE_MS = 200;

const clusters: readonly (readonly [string, Requirement, () => Promise<RunningCluster>])[] = [
  ["two nodes of ejabberd", "ejabberd", startEjabberdCluster],
  ["three nodes of NATS", "NATS", startNatsCluster],
];

for (const [name, requirement, start] of clusters) {
  describeWith([requirement], name, () => {
    // What the node leads when it is killed decides how long brokers do without (docs/operating.md): others lead that before.
    test("carry one meeting, and the kill of a node disturbs nobody on the others (R-CLUSTER, L7)", {
      retry: 2,
    }, async () => {
      await using cluster = await start();
      const share = new ProcessorShare();
      const { backMs, freezeMs, lines } = await clusterMeeting(cluster);
      note(name, {
        "back ms": backMs.direct,
        "back ms, gateway": backMs.gateway,
        "others' freeze ms": freezeMs,
        "chat lines": lines,
      });
      // The nodes elect leaders meanwhile: with half of the processors' time all of it may take twice as long.
      expect(backMs.direct).toBeLessThan(BACK_MS / share.value);
      expect(backMs.gateway).toBeLessThan(BACK_MS / share.value);
      expect(freezeMs).toBeLessThan(FREEZE_MS / share.value);
    });
  });
}

afterAll(() => console.log(`\n${resultsTable()}\n`));
