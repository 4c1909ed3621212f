// The embedded broker in a process of its own, for ordinary local clients over TCP and WebSocket.
import { createServer } from "node:http";
import { acceptWebSockets, Broker, listenTcp } from "@mqtt-meet/broker";

const broker = new Broker();
const listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
const acceptor = acceptWebSockets(broker, { isLocal: () => true });
const server = createServer().on("upgrade", (request, socket, head) => acceptor.handleUpgrade(request, socket, head));
server.listen(0, "127.0.0.1", () => console.log(`listening on ${listener.port} and ${server.address().port}`));
process.stdin.on("data", () => undefined).on("end", () => process.exit());
