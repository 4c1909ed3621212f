import { Command, CommanderError } from "commander";
import type { CommandIo } from "./command-io.ts";
import { registerDevices } from "./commands/devices.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerPublish } from "./commands/publish.ts";
import { registerServe } from "./commands/serve.ts";
import { registerToken } from "./commands/token.ts";
import { registerWatch } from "./commands/watch.ts";
import { packageVersion } from "./package-version.ts";

const EXAMPLES = `
Examples:
  $ mqtt-meet serve                                    start a meeting and print its link
  $ mqtt-meet publish LINK --source camera             bring a camera into it
  $ mqtt-meet watch LINK                               see and hear it
  $ mqtt-meet publish mqtt://localhost/cam --source test
  $ mqtt-meet watch mqtt://localhost/cam               a camera topic of any broker
  $ mqtt-meet devices                                  which cameras, microphones and screens there are
  $ mqtt-meet doctor mqtt://localhost                  what a broker is good for
  $ mqtt-meet token create --room standup --key meet.pem

mqtt-meet COMMAND --help tells more about each.`;

/** The whole command line. Its commands use nothing of the process but `io`. */
export function createProgram(io: CommandIo): Command {
  const program = new Command("mqtt-meet")
    .description("Video meetings whose only infrastructure is an MQTT broker.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => {}, // said by runProgram
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  registerServe(program, io);
  registerPublish(program, io);
  registerWatch(program, io);
  registerDevices(program, io);
  registerDoctor(program, io);
  registerToken(program, io);
  return program;
}

/** Runs the command that `argv` names, without the program's own name. Resolves to the exit status; never rejects. */
export async function runProgram(argv: readonly string[], io: CommandIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(argv.length > 0 ? [...argv] : ["--help"], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // help, version
    if (io.signal.aborted && isAbort(error, io.signal)) return 0;
    io.stderr.write(`mqtt-meet: ${sentence(error)}\n`);
    if (io.env["MQTT_MEET_DEBUG"] && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return 1;
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}

/** One line, without the prefix of commander's own messages. */
function sentence(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/^error: /, "");
  const line = text.trim().replace(/\s*\n\s*/g, " ");
  const capital = line.charAt(0).toUpperCase() + line.slice(1);
  return /[.!?)]$/.test(capital) ? capital : `${capital}.`;
}
