// Aedes in a process of its own, with what its documentation recommends.
import { createServer } from "node:net";
import { Aedes } from "aedes";

const aedes = await (Aedes.createBroker?.() ?? new Aedes());
const server = createServer({ noDelay: true }, aedes.handle).listen(0, "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
process.stdin.on("data", () => undefined).on("end", () => process.exit());
