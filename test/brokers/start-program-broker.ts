import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { Program } from "../support/program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { RunningBroker } from "./running-broker.ts";

/** How a broker that is a program of its own is started. */
export interface ProgramBroker extends Omit<RunningBroker, keyof AsyncDisposable> {
  /** Its files, by path below its folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Programs in the order in which they are started, each with its arguments; they run in the broker's folder. */
  readonly programs: readonly (readonly [string, ...string[]])[];
  readonly env?: (folder: string) => NodeJS.ProcessEnv;
}

/** Slow machines start RabbitMQ in half of it. */
const START_MS = 180_000;
const TRY_MS = 200;

/** Starts a broker in a folder of its own and waits until it lets a client in. Nothing of it stays. */
export async function startProgramBroker(broker: ProgramBroker): Promise<RunningBroker> {
  const { files, programs, env = () => ({}), url, directUrl, account } = broker;
  const folder = temporaryFolder();
  const running: Program[] = [];
  const end = async () => {
    for (const program of running.toReversed()) {
      program.signal("SIGKILL"); // what it would write down at its end is thrown away with its folder
      await program.ended.catch(() => {});
    }
    folder[Symbol.dispose]();
  };
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text.replaceAll("FOLDER", folder.path), { mode: 0o600 });
    }
    for (const [command, ...args] of programs) {
      const options = { cwd: folder.path, env: { ...process.env, ...env(folder.path) } };
      running.push(
        new Program(
          command,
          args.map((arg) => arg.replaceAll("FOLDER", folder.path)),
          options,
        ),
      );
    }
    await ready([url, directUrl], { account, running });
  } catch (error) {
    await end();
    throw error;
  }
  return { url, directUrl, account, [Symbol.asyncDispose]: end };
}

/** Waits until a broker lets a client in. Throws when one of its programs has ended, and after three minutes. */
export async function ready(
  urls: readonly string[],
  { account, running }: { account: RunningBroker["account"]; running: readonly Program[] },
): Promise<void> {
  const deadlineMs = Date.now() + START_MS;
  for (const url of new Set(urls)) {
    while (!(await letsIn(url, account))) {
      const ended = running.find((program) => !program.running);
      if (ended || Date.now() > deadlineMs) {
        throw new Error(`No broker came up at ${url}: ${running.map(({ said }) => said).join("\n")}`);
      }
      await delay(TRY_MS);
    }
  }
}

async function letsIn(url: string, account: RunningBroker["account"]): Promise<boolean> {
  const { username, password } = account ?? { username: "probe", password: "-" };
  const connection = new Connection({ dial: dialUrl(url), clientId: "probe", username, password, reconnect: false });
  try {
    await connection.connected();
    // NATS lets clients in before it can keep a subscription. (A filter that every broker's rights allow.)
    const signal = AbortSignal.timeout(TRY_MS * 50);
    await connection.subscribe(`mm/1/${username}/+/state`, () => {}, { qos: 1, signal });
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
