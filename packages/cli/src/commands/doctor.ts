import { ConnectionError } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { UsageError } from "../usage-error.ts";

const EXAMPLES = `
Examples:
  $ mqtt-meet doctor mqtt://localhost:1883
  $ mqtt-meet doctor wss://name:password@broker.example:8084/mqtt
  $ mqtt-meet doctor mqtt://localhost --json

It takes about ten seconds and sends up to 3 MB/s, in a room of its own that it leaves empty.
Exit status 1: meetings do not work there, or not well.`;

/** Long enough that what a slow subscriber misses is more than what lies in the kernel. */
const LOAD_SECONDS = 4;

/** Adds `mqtt-meet doctor`. */
export function registerDoctor(program: Command, io: CommandIo): void {
  program
    .command("doctor")
    .summary("tell what a broker can do and does to media")
    .description("Examines a broker: what it can do, what it does to live media, and which setting to change.")
    .argument("<url>", "the broker: mqtt://, mqtts://, ws:// or wss://, with user and password if it wants them")
    .option("--json", "print one JSON object instead of lines")
    .addHelpText("after", EXAMPLES)
    .action((url: string, options: { readonly json?: boolean }) => doctor(url, options, io));
}

async function doctor(url: string, { json }: { readonly json?: boolean }, io: CommandIo): Promise<void> {
  dialUrl(url); // says what is wrong with the address before anything else happens
  const [{ examine }, { advise }, { reportLines }] = await Promise.all([
    import("../doctor/examine.ts"),
    import("../doctor/advise.ts"),
    import("../doctor/report-lines.ts"),
  ]);
  if (!json) io.stderr.write("Examining; this takes about ten seconds.\n");
  const diagnosis = await examine(url, { signal: io.signal, loadSeconds: LOAD_SECONDS }).catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error;
    throw new UsageError(`The broker cannot be examined: ${error.message}`, { cause: error });
  });
  const advice = advise(diagnosis);
  const text = json ? JSON.stringify({ ...diagnosis, advice }) : reportLines(diagnosis, advice).join("\n");
  io.stdout.write(`${text}\n`);
  const problems = advice.filter(({ kind }) => kind === "problem").length;
  if (problems > 0) throw new UsageError("This broker as it is does not suit meetings: the lines with ! say why.");
}
