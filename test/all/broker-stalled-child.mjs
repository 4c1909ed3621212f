// The embedded broker in a process of its own: prints the port, and its statistics for each line on standard input.
import { Broker, listenTcp } from "@mqtt-meet/broker";
import { parsePacket } from "@mqtt-meet/protocol";

// The camera sends far more than participants may, to fill the buffers of the one that stalls.
const everything = {
  identity: "test",
  maxQos: 1,
  mayPublish: () => true,
  maySubscribe: () => true,
  rates: "unlimited",
};

function classify(topic, payload) {
  if (topic.includes("/a/")) return { lane: "audio", maxAgeMs: 300 };
  if (!topic.includes("/v/")) return undefined;
  const { keyFrame, fragment } = parsePacket(payload).header;
  return { lane: "video-large", maxAgeMs: 500, keyFrame: keyFrame && fragment === 0 };
}

const broker = new Broker({ authenticate: () => everything, classify });
const listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
// What is garbage is no queue: it goes before anybody looks at the memory.
process.stdin.on("data", () => globalThis.gc());
process.stdin.on("data", () => console.log(JSON.stringify({ ...broker.statistics, memory: process.memoryUsage() })));
process.stdin.on("end", () => process.exit());
console.log(`listening on ${listener.port}`);
