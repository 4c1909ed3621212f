import { freePort } from "./free-port.ts";
import { mqttMeet, type Program, type ProgramOptions } from "./program.ts";

/** A running `mqtt-meet serve`. Disposing of it ends it. */
export interface Server extends AsyncDisposable {
  readonly program: Program;
  /** The link to its first meeting. */
  readonly link: string;
  readonly port: number;
  readonly mqttPort: number;
  /** A topic of its broker, as TARGET. */
  topic(name: string): string;
}

/** What stands in the output of `serve` (and of `npm start`) for the meeting. */
export const LINK_PATTERN = /https?:\/\/\S+\/r\/\S+/;

/** Starts the server on free ports of the loopback interface, with these arguments besides. */
export async function startServer(options: ProgramOptions = {}, args: readonly string[] = []): Promise<Server> {
  const [port, mqttPort] = [await freePort(), await freePort()];
  const program = mqttMeet(["serve", "--port", String(port), "--mqtt-port", String(mqttPort), ...args], options);
  const [link] = await program.says(LINK_PATTERN);
  return {
    program,
    link,
    port,
    mqttPort,
    topic: (name) => `mqtt://127.0.0.1:${mqttPort}/${name}`,
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
