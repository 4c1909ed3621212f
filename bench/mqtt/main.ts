// npm run bench mqtt: our codec and client beside mqtt-packet and MQTT.js.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { bundleBytes } from "../../packages/mqtt/src/testing/bundle.ts";
import { writeResult } from "../support/write-result.ts";
import { compareInHiddenTab, compareInNode } from "./clients.ts";
import { compareCodecs } from "./codec.ts";
import { heldBeforeAuthentication } from "./limits.ts";

setFlagsFromString("--expose-gc");
globalThis.gc = runInNewContext("gc") as NodeJS.GCFunction;

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

const codec = compareCodecs();
for (const { what, oursNs, peerNs } of codec) {
  const ours = `ours ${oursNs.toFixed(0).padStart(6)} ns`;
  const peer = `mqtt-packet ${peerNs.toFixed(0).padStart(6)} ns`;
  console.log(`${what.padEnd(52)} ${ours}   ${peer}   ratio ${(oursNs / peerNs).toFixed(2)}`);
}

const { gzipped } = await bundleBytes(path("../../packages/mqtt/src/testing/browser-client.ts"));
const peerGzipped = gzipSync(readFileSync(path("../../node_modules/mqtt/dist/mqtt.esm.js")), { level: 9 }).length;
console.log(`client in a browser, gzipped: ours ${gzipped} B   MQTT.js ${peerGzipped} B`);

const memory = heldBeforeAuthentication();
const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
console.log(
  `held of a CONNECT that announces 256 MB: ours ${mebibytes(memory.oursBytes)}   mqtt-packet ${mebibytes(memory.peerBytes)}`,
);

const deliveries = [...(await compareInNode()), ...(await compareInHiddenTab())];
for (const { client, publishes, frames, firstMs } of deliveries) {
  console.log(
    `${client.padEnd(20)} ${publishes} publishes in ${frames} frames, the first after ${firstMs.toFixed(1)} ms`,
  );
}

writeResult("mqtt", { codec, clientGzippedBytes: { ours: gzipped, mqttJs: peerGzipped }, memory, deliveries });
process.exit(0);
