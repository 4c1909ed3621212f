import { join } from "node:path";
import { Program } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { LINK_PATTERN } from "../../test/support/start-server.ts";
import { JANUS_ADDRESS, startJanus } from "./janus.ts";
import { HUB_ADDRESS } from "./lab.ts";
import type { ContenderName } from "./page/contender.ts";

/** What stands between the pages, and where they find it. */
export interface Service extends AsyncDisposable {
  /** "" where nothing stands between them. */
  readonly address: string;
  /** Undefined where nothing stands between them. */
  readonly pid?: number;
}

const MQTT_MEET = join(projectRoot, "packages/cli/bin/mqtt-meet.js");
const SERVER_PORT = 8443;

/** Of the pages, whoever listens there: they are of one origin, and secure, for all contenders. */
export const PAGE_URL = `https://${HUB_ADDRESS}:${SERVER_PORT}/bench/`;

/** Starts what a contender needs in the namespace `hub`; `folder` is for what it writes. */
export async function startService(
  contender: ContenderName,
  { hub, folder, bitrateBps }: { readonly hub: string; readonly folder: string; readonly bitrateBps: number },
): Promise<Service> {
  if (contender === "webrtc") return { address: "", [Symbol.asyncDispose]: async () => undefined };
  if (contender === "janus") return service(JANUS_ADDRESS, await startJanus({ hub, folder, bitrateBps }));
  const ports = ["--host", HUB_ADDRESS, "--port", String(SERVER_PORT), "--mqtt-port", "1883"];
  const args = ["netns", "exec", hub, process.execPath, MQTT_MEET, "serve", ...ports];
  const server = new Program("ip", args, { env: { ...process.env, XDG_STATE_HOME: folder } });
  const [link] = await server.says(LINK_PATTERN);
  return service(link, server);
}

function service(address: string, program: Program): Service {
  return { address, pid: program.pid, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}
