import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bundleBytes } from "./testing/bundle.ts";

/** The client with its codec and the ways between the nodes of a cluster, as a browser loads it. MQTT.js has 105 kB, mqtt-packet alone 49 kB. */
const MOST_GZIPPED_BYTES = 13 * 1024;

test("the client for browsers stays small", async () => {
  const { gzipped } = await bundleBytes(fileURLToPath(new URL("testing/browser-client.ts", import.meta.url)));
  expect(gzipped).toBeLessThan(MOST_GZIPPED_BYTES);
  expect(gzipped).toBeGreaterThan(4096); // it is really in there
});
