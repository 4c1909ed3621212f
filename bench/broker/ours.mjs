// The embedded broker in a process of its own, for ordinary local clients.
import { Broker, listenTcp } from "@mqtt-meet/broker";

const listener = await listenTcp(new Broker(), { host: "127.0.0.1", port: 0 });
console.log(`listening on ${listener.port}`);
process.stdin.on("data", () => undefined).on("end", () => process.exit());
