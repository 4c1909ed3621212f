import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { BadNetwork, HUB_ADDRESS } from "../support/bad-network.ts";
import { isAllRead, numbersTo, told } from "../support/chatter-lines.ts";
import { REAL_CLIP } from "../support/clips.ts";
import { middle } from "../support/meeting-summary.ts";
import { knobArguments, PROFILES } from "../support/network-profiles.ts";
import type { Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith } from "../support/requirements.ts";
import { LINK_PATTERN } from "../support/start-server.ts";
import { statisticsLines } from "../support/statistics-lines.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const WIDTH_PX = 640;
/** What is waited for comes within seconds, or within half a minute; a starved machine takes several times as long. */
const PATIENCE_MS = 150_000;
/** So many seconds with pictures, one after the other or not, show that a line is survived. */
const ALIVE_S = 6;
/** A picture of half of the width needs more than a fifth of the bits of the whole one, and has to be as small as this. */
const NARROW_KBPS = 200;
const NARROW_WIDTH_PX = WIDTH_PX / 2;
/** A good line, and a long one that loses packets. */
const { P1, P4 } = PROFILES;
const command = join(projectRoot, "packages/cli/bin/mqtt-meet.js");

/** Everybody of the meeting, and the line between them. */
interface Stage {
  readonly network: BadNetwork;
  readonly publisher: Program;
  readonly watch: Program;
  readonly chatters: readonly [Program, Program];
}

/** The seconds of a program in which there were pictures. */
function pictures(program: Program) {
  return statisticsLines(program).filter(({ width, fps }) => width > 0 && fps > 0);
}

async function until(what: string, condition: () => boolean, { publisher, watch }: Stage): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadlineMs) {
      const said = [publisher, watch].map(({ stderr, stdout }) => `${stderr}${stdout.slice(-4000)}`).join("\n");
      throw new Error(`Not ${what} within ${PATIENCE_MS / 1000} s: ${said}`);
    }
    await delay(250);
  }
}

async function staysSeen(name: string, stage: Stage): Promise<void> {
  const before = pictures(stage.watch).length;
  await until(`seen: ${name}`, () => pictures(stage.watch).length >= before + ALIVE_S, stage);
  const lines = pictures(stage.watch).slice(-ALIVE_S);
  const [fps, kbps] = [middle(lines.map((line) => line.fps)), middle(lines.map((line) => line.kbps))];
  console.log(`${name}: ${fps.toFixed(0)} fps, ${kbps} kbit/s, ${lines.at(-1)?.width} wide`);
}

function setLine({ network }: Stage, profile: Readonly<Record<string, number>>): void {
  for (const [knob, value] of Object.entries(profile)) network.set(knob, value);
}

/** The picture follows the line: P1, P4, a step down and up again. */
async function followTheLine(stage: Stage): Promise<void> {
  const width = () => pictures(stage.watch).at(-1)?.width ?? 0;
  await staysSeen("P1", stage);
  setLine(stage, P4);
  await staysSeen("P4", stage);
  setLine(stage, { ...P1, rate: NARROW_KBPS });
  await until("small on a narrow line", () => width() > 0 && width() <= NARROW_WIDTH_PX, stage);
  await staysSeen("narrow", stage);
  setLine(stage, P1);
  await until("large again", () => width() > NARROW_WIDTH_PX, stage);
}

/** A cut hides the picture for as long as it lasts, and what was said meanwhile comes after it, once and in its order. */
async function outliveCut(stage: Stage): Promise<void> {
  stage.network.set("cut", 5);
  await delay(5_000);
  await staysSeen("after a cut", stage);
  for (const chatter of stage.chatters) chatter.write("hush\n");
  await until("all read", () => isAllRead(stage.chatters), stage);
}

describeWith(["root and TUN", "ffmpeg", "the sample clips"], "a meeting over a bad line", () => {
  test("P1, P4, a step of the rate and a cut of 5 s: the picture lives and follows, nobody is shown as left, and no word is lost or shown twice (R-CUT5, CC-1)", async () => {
    using folder = temporaryFolder();
    const certificate = join(folder.path, "mqtt-meet", "ca.crt"); // made by the server
    const env = { ...process.env, XDG_STATE_HOME: folder.path, NODE_EXTRA_CA_CERTS: certificate };
    await using network = await BadNetwork.open(knobArguments(P1));
    const options = ["--host", HUB_ADDRESS, "--port", "8443", "--mqtt-port", "1883"];
    await using server = network.atHub(process.execPath, [command, "serve", ...options], { env });
    const [link] = await server.says(LINK_PATTERN);
    const chatter = join(projectRoot, "test/support/chatter.mjs");
    await using near = network.atPeer(process.execPath, [chatter, link, "near"], { env });
    await using far = network.atHub(process.execPath, [chatter, link, "far"], { env });
    const source = ["--source", REAL_CLIP, "--loop", "--size", `${WIDTH_PX}x360`, "--bitrate", "1000k", "--no-audio"];
    const publish = [command, "publish", link, ...source, "--name", "camera", "--json"];
    await using publisher = network.atPeer(process.execPath, publish, { env });
    const watching = [command, "watch", link, "--json", "--to", "null"];
    await using watch = network.atHub(process.execPath, watching, { env });
    const stage: Stage = { network, publisher, watch, chatters: [near, far] };
    await followTheLine(stage);
    await outliveCut(stage);
    const [one, other] = [told(near), told(far)];
    expect(one?.read).toEqual(numbersTo(other?.said ?? 0));
    expect(other?.read).toEqual(numbersTo(one?.said ?? 0));
    expect([one?.left, other?.left]).toEqual([[], []]);
    expect(watch.stderr).not.toContain("has left");
    expect(watch.stderr.match(/camera is here/g), watch.stderr).toHaveLength(1);
  });
});
