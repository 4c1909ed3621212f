// Aedes in a process of its own, with what its documentation recommends.
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";

const aedes = await (Aedes.createBroker?.() ?? new Aedes());
const tcp = createServer({ noDelay: true }, aedes.handle);
const http = createHttpServer();
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on("connection", (socket, request) => aedes.handle(createWebSocketStream(socket), request));
tcp.listen(0, "127.0.0.1", () =>
  http.listen(0, "127.0.0.1", () => console.log(`listening on ${tcp.address().port} and ${http.address().port}`)),
);
process.stdin.on("data", () => undefined).on("end", () => process.exit());
