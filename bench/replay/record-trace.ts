import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BadNetwork, HUB_ADDRESS } from "../../test/support/bad-network.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { LINK_PATTERN } from "../../test/support/start-server.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";

/** Long enough for the delays to settle, also after a cut, and a trace of less than 60 kB. */
const SECONDS = { whole: 24, cut: 30 };
/** A sender has its bitrate by then. */
const BEGIN_S = 8;

const command = join(projectRoot, "packages/cli/bin/mqtt-meet.js");
const tsx = [join(projectRoot, "node_modules/tsx/dist/cli.mjs"), "--conditions=@mqtt-meet/source"];
const person = [...tsx, join(projectRoot, "bench/replay/hollow-person.ts")];
const QUEUE = ["--queue", "300", "--congestion", "cubic"];

interface Line {
  /** Of impair.py. */
  readonly knobs: readonly string[];
  /** One second of nothing, so long after the trace began. */
  readonly cutAfterS?: number;
}

/** The lines that are recorded, by the names of their traces: the sender is behind them, the viewer beside the server. */
export const LINES: ReadonlyMap<string, Line> = new Map([
  ["clean", { knobs: ["--rtt", "1"] }],
  ["60ms-1percent", { knobs: ["--rtt", "60", "--jitter", "10", "--loss", "1", "--rate", "10000", ...QUEUE] }],
  ["100ms-3percent", { knobs: ["--rtt", "100", "--jitter", "20", "--loss", "3", "--rate", "6000", ...QUEUE] }],
  ["cut-1s", { knobs: ["--rtt", "50", "--jitter", "5", "--rate", "10000", ...QUEUE], cutAfterS: 8 }],
]);

/** Records what comes over a line into `file`. Needs root and TUN (Linux). */
export async function recordTrace({ knobs, cutAfterS }: Line, file: string): Promise<void> {
  using folder = temporaryFolder();
  const certificate = join(folder.path, "mqtt-meet", "ca.crt"); // made by the server
  const env = { ...process.env, XDG_STATE_HOME: folder.path, NODE_EXTRA_CA_CERTS: certificate };
  await using network = await BadNetwork.open(knobs);
  const serving = ["--host", HUB_ADDRESS, "--port", "8443", "--mqtt-port", "1883"];
  await using server = network.atHub(process.execPath, [command, "serve", ...serving], { env });
  const [link] = await server.says(LINK_PATTERN);
  await using sender = network.atPeer(process.execPath, [...person, link, "send"], { env });
  await sender.says(/inside/);
  await delay(BEGIN_S * 1000);
  await using viewer = network.atHub(process.execPath, [...person, link, "watch", file], { env });
  await viewer.says(/inside/);
  if (cutAfterS !== undefined) {
    await delay(cutAfterS * 1000);
    network.set("cut", 1);
  }
  await delay((cutAfterS === undefined ? SECONDS.whole : SECONDS.cut - cutAfterS) * 1000);
  viewer.signal("SIGTERM");
  await viewer.end();
}
