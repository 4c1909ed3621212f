import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { BadNetwork, HUB_ADDRESS } from "./bad-network.ts";
import { CleanUps } from "./clean-ups.ts";
import { REAL_CLIP } from "./clips.ts";
import { ProcessorWait } from "./machine.ts";
import type { Program, ProgramOptions } from "./program.ts";
import { projectRoot } from "./project-root.ts";
import { LINK_PATTERN } from "./start-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { trackOf, type ViewerLine, viewerLines } from "./viewer-lines.ts";

/** What is waited for comes within seconds, or within half a minute; a starved machine takes several times as long. */
const PATIENCE_MS = 150_000;
const command = join(projectRoot, "packages/cli/bin/mqtt-meet.js");
const viewer = join(projectRoot, "test/support/counting-viewer.mjs");
const chatter = join(projectRoot, "test/support/chatter.mjs");

/** Where a program runs: behind the bad line, or beside the server. */
export type Side = "peer" | "hub";

/** How wrong a program's clocks are; see test/support/wrong-clock.mjs. */
export interface WrongClock {
  readonly aheadMs?: number;
  readonly ppm?: number;
  readonly jump?: { readonly afterS: number; readonly byMs: number };
}

/** The environment of a program with wrong clocks. */
export function wrongClock({ aheadMs = 0, ppm = 0, jump }: WrongClock): NodeJS.ProcessEnv {
  const preload = pathToFileURL(join(projectRoot, "test/support/wrong-clock.mjs")).href;
  const words = [aheadMs, ppm, ...(jump ? [jump.afterS, jump.byMs] : [])];
  return { NODE_OPTIONS: `--import=${preload}`, MQTT_MEET_CLOCK: words.join(",") };
}

/** The name of who publishes. */
export const CAMERA = "camera";

/** What is published, and how. */
export interface PublishSettings {
  readonly name?: string;
  readonly clip?: string;
  /** Options of `publish`; a later one counts. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A server on the good side of a bad line, and programs in its meeting. Disposing of it ends all of it. */
export class NetworkMeeting implements AsyncDisposable {
  readonly network: BadNetwork;
  readonly server: Program;
  readonly #env: NodeJS.ProcessEnv;
  readonly #link: string;
  readonly #ends: CleanUps;

  private constructor(options: {
    network: BadNetwork;
    server: Program;
    env: NodeJS.ProcessEnv;
    link: string;
    ends: CleanUps;
  }) {
    this.network = options.network;
    this.server = options.server;
    this.#env = options.env;
    this.#link = options.link;
    this.#ends = options.ends;
  }

  /** `knobs` are those of impair.py. */
  static async open(knobs: readonly string[]): Promise<NetworkMeeting> {
    const ends = new CleanUps();
    const folder = temporaryFolder();
    ends.defer(() => folder[Symbol.dispose]());
    const certificate = join(folder.path, "mqtt-meet", "ca.crt"); // made by the server
    const env = { ...process.env, XDG_STATE_HOME: folder.path, NODE_EXTRA_CA_CERTS: certificate };
    const network = ends.use(await BadNetwork.open(knobs));
    // As docs/operating.md advises: without it, seconds of old pictures lie in the kernel.
    await network.atHub("sysctl", ["-w", "net.ipv4.tcp_notsent_lowat=16384"]).end();
    const options = ["--host", HUB_ADDRESS, "--port", "8443", "--mqtt-port", "1883"];
    const server = ends.use(network.atHub(process.execPath, [command, "serve", ...options], { env }));
    const [link] = await server.says(LINK_PATTERN);
    return new NetworkMeeting({ network, server, env, link, ends });
  }

  /** A clip with its sound (the real one when left out) at 640 × 360 and up to 1 Mbit/s, unless `args` say otherwise. */
  publish(side: Side, options: PublishSettings = {}): Program {
    const { name = CAMERA, clip = REAL_CLIP, args = [], env } = options;
    const source = ["--source", clip, "--loop", "--size", "640x360", "--bitrate", "1000k", "--name", name, "--json"];
    return this.#run(side, [command, "publish", this.#link, ...source, ...args], env);
  }

  /** Somebody who counts what comes. */
  view(side: Side, name: string, env?: NodeJS.ProcessEnv): Program {
    return this.#run(side, [viewer, this.#link, name], env);
  }

  /** Somebody who talks; see test/support/chatter.mjs. */
  chat(side: Side, name: string, env?: NodeJS.ProcessEnv): Program {
    return this.#run(side, [chatter, this.#link, name], env);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ends[Symbol.asyncDispose]();
  }

  #run(side: Side, args: readonly string[], more: NodeJS.ProcessEnv = {}): Program {
    const options: ProgramOptions = { env: { ...this.#env, ...more } };
    const { network } = this;
    return this.#ends.use(
      side === "peer"
        ? network.atPeer(process.execPath, args, options)
        : network.atHub(process.execPath, args, options),
    );
  }
}

/** Waits until a condition holds; throws with what the program said. */
export async function until(condition: () => boolean, { what, by }: { what: string; by: Program }): Promise<void> {
  for (const endMs = performance.now() + PATIENCE_MS; !condition(); await delay(100)) {
    if (performance.now() > endMs)
      throw new Error(`Not ${what} within ${PATIENCE_MS / 1000} s: ${by.said.slice(-4000)}`);
  }
}

/** Waits until somebody comes with picture and sound. */
export async function seesCamera(viewer: Program): Promise<void> {
  const comes = (kind: "audio" | "video") => (trackOf(viewerLines(viewer, { last: 1 })[0], CAMERA, kind)?.fps ?? 0) > 0;
  await until(() => comes("video") && comes("audio"), { what: "seen and heard", by: viewer });
}

/** What was watched. */
export interface Watched {
  readonly lines: ViewerLine[];
  /** The part of their time in which the programs were ready and had no processor: 0 on a machine that is their own. */
  readonly waitedPart: number;
}

/** Waits until the first of the programs, a viewer, sees and hears the camera, then `warmS`; resolves to the `seconds` after it. */
export async function watchFor(
  programs: readonly [Program, ...Program[]],
  { warmS, seconds }: { readonly warmS: number; readonly seconds: number },
): Promise<Watched> {
  const [viewer] = programs;
  await seesCamera(viewer);
  await delay(warmS * 1000);
  const from = viewerLines(viewer).length - 1;
  const wait = new ProcessorWait(programs);
  await delay(seconds * 1000);
  return { lines: viewerLines(viewer).slice(from), waitedPart: wait.part };
}
