import { existsSync } from "node:fs";
import { join } from "node:path";
import { REAL_CLIP } from "../../test/support/clips.ts";
import { Program } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { onPath } from "../../test/support/requirements.ts";
import type { Profile } from "./profiles.ts";
import { parseTraffic, type Traffic } from "./traffic.ts";

/** Who is at the far end of the line: the sender, or the first of the viewers. All others are beside the server. */
export type Placement = "uplink" | "downlink";

/** How a lab is set up. */
export interface LabOptions {
  readonly profile: Profile;
  readonly on: Placement;
  readonly hubCongestion: "cubic" | "bbr";
  /** Of the losses. */
  readonly seed: number;
}

/** The hub's address, as every page sees it. */
export const HUB_ADDRESS = "10.77.0.2";

/** A line that does nothing: knobs of test/lab/impair.py. */
const WHOLE_LINE = { rtt: 0, jitter: 0, loss: 0, rate: 0 };

/** Two network namespaces: a hub with the server, and a peer at the other end of a line. Needs root and TUN. */
export class Lab implements AsyncDisposable {
  /** Where the sender's browser runs. */
  readonly senderAt: string;
  /** Where that of the first viewer runs. The other viewers are in the hub. */
  readonly firstViewerAt: string;
  readonly hub: string;
  readonly #emulator: Program;

  private constructor(names: { senderAt: string; firstViewerAt: string; hub: string }, emulator: Program) {
    this.senderAt = names.senderAt;
    this.firstViewerAt = names.firstViewerAt;
    this.hub = names.hub;
    this.#emulator = emulator;
  }

  static async open({ profile, on, hubCongestion, seed }: LabOptions): Promise<Lab> {
    const [peer, hub] = [`mmq-near-${process.pid}`, `mmq-far-${process.pid}`];
    const congestion = ["--congestion", "cubic", "--hub-congestion", hubCongestion, "--seed", String(seed)];
    const script = join(projectRoot, "test/lab/impair.py");
    const emulator = new Program("python3", [script, "up", peer, hub, ...(profile.knobs ?? []), ...congestion]);
    await emulator.says(/ready/);
    const far = profile.knobs === undefined ? hub : peer;
    const [senderAt, firstViewerAt] = on === "uplink" ? [far, hub] : [hub, far];
    return new Lab({ senderAt, firstViewerAt, hub }, emulator);
  }

  /** The emulator is no part of what is compared. */
  get emulatorPid(): number {
    return this.#emulator.pid;
  }

  /** Changes a knob at once. */
  set(knob: string, value: number): void {
    this.#emulator.write(`${knob} ${value}\n`);
  }

  /** From now on the line neither delays nor loses anything. */
  mend(): void {
    for (const [knob, value] of Object.entries(WHOLE_LINE)) this.set(knob, value);
  }

  /** What has gone over the line so far. */
  async traffic(): Promise<Traffic> {
    const before = this.#emulator.stdout.length;
    this.#emulator.write("stats\n");
    while (!this.#emulator.stdout.slice(before).includes("\n")) await new Promise((resolve) => setTimeout(resolve, 10));
    return parseTraffic(this.#emulator.stdout.slice(before));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#emulator.write("quit\n");
    await this.#emulator.end().catch(() => undefined);
    await this.#emulator[Symbol.asyncDispose]();
  }
}

/** What this machine lacks for a lab, as a sentence; undefined where it has all. */
export function missingForLab(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/dev/net/tun")) {
    return "This bench makes network namespaces: run it as root on Linux, with TUN.";
  }
  if (!existsSync(REAL_CLIP))
    return `This bench plays ${REAL_CLIP}, of Debian's package forensics-samples-files: install it.`;
  const program = ["ip", "python3", "ffmpeg"].find((name) => onPath(name) === undefined);
  return program && `This bench needs the program "${program}": install it and try again.`;
}
