import { join } from "node:path";
import { Program, type ProgramOptions } from "./program.ts";
import { projectRoot } from "./project-root.ts";

/** The address of the hub as its first peer sees it. */
export const HUB_ADDRESS = "10.77.0.2";

/** Two network namespaces joined by a bad line: a hub, where the server is, and a peer. Needs root and TUN. */
export class BadNetwork implements AsyncDisposable {
  readonly #lab: Program;
  readonly #peer: string;
  readonly #hub: string;

  private constructor(options: { lab: Program; peer: string; hub: string }) {
    this.#lab = options.lab;
    this.#peer = options.peer;
    this.#hub = options.hub;
  }

  /** `knobs` are those of impair.py: ["--rtt", "40", "--rate", "4000"]. */
  static async open(knobs: readonly string[]): Promise<BadNetwork> {
    const [peer, hub] = [`mm-near-${process.pid}`, `mm-far-${process.pid}`];
    const lab = new Program("python3", [join(projectRoot, "test/lab/impair.py"), "up", peer, hub, ...knobs]);
    await lab.says(/ready/);
    return new BadNetwork({ lab, peer, hub });
  }

  /** Runs a program at the peer. */
  atPeer(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
    return new Program("ip", ["netns", "exec", this.#peer, command, ...args], options);
  }

  /** Runs a program at the hub. */
  atHub(command: string, args: readonly string[], options: ProgramOptions = {}): Program {
    return new Program("ip", ["netns", "exec", this.#hub, command, ...args], options);
  }

  /** Changes a knob at once: ("rate_down", 500). */
  set(knob: string, value: number): void {
    this.#lab.write(`${knob} ${value}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lab.write("quit\n");
    await this.#lab.end().catch(() => {});
    await this.#lab[Symbol.asyncDispose]();
  }
}
