import { existsSync } from "node:fs";
import { join } from "node:path";
import { REAL_CLIP } from "../../test/support/clips.ts";
import { Program } from "../../test/support/program.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { onPath } from "../../test/support/requirements.ts";
import type { Profile } from "./profiles.ts";
import { parseTraffic, type Traffic } from "./traffic.ts";

/** Which of the two, sender or viewer, is at the far end of the line. The other one is beside the server. */
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

/** Two network namespaces: a hub with the server, and a peer at the other end of a line. Needs root and TUN. */
export class Lab implements AsyncDisposable {
  /** Where the sender's browser runs. */
  readonly senderAt: string;
  /** Where the viewer's browser runs. */
  readonly viewerAt: string;
  readonly hub: string;
  readonly #emulator: Program;

  private constructor(names: { senderAt: string; viewerAt: string; hub: string }, emulator: Program) {
    this.senderAt = names.senderAt;
    this.viewerAt = names.viewerAt;
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
    return new Lab({ senderAt: on === "uplink" ? far : hub, viewerAt: on === "downlink" ? far : hub, hub }, emulator);
  }

  /** The emulator is no part of what is compared. */
  get emulatorPid(): number {
    return this.#emulator.pid;
  }

  /** Changes a knob at once. */
  set(knob: string, value: number): void {
    this.#emulator.write(`${knob} ${value}\n`);
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
