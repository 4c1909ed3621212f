// Loaded into a program before its own code: on SIGUSR2 garbage is collected, so that what is measured is memory in use.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
process.on("SIGUSR2", () => collect());
