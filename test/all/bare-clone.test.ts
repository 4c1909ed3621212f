import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { joinMeeting } from "../support/join-meeting.ts";
import { launchChromium } from "../support/launch-chromium.ts";
import { processesWith } from "../support/processes.ts";
import { Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith } from "../support/requirements.ts";
import { LINK_PATTERN } from "../support/start-server.ts";

describeWith(["git", "Chromium"], "a bare clone", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mqtt-meet-clone-"));
    const clone = spawnSync("git", ["clone", "--quiet", projectRoot, folder], { encoding: "utf8" });
    expect(clone.status, clone.stderr).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** `npm start` as a terminal runs it: in a group of its own. Marked, so that whatever it starts can be found. */
  async function npmStart(): Promise<{ start: Program; mark: string; port: string }> {
    const [port, mqttPort] = [String(await freePort()), String(await freePort())];
    const mark = `clone-${process.pid}-${port}`;
    const env = { ...plainEnvironment(), MQTT_MEET_TEST: mark };
    const args = ["start", "--", "--port", port, "--mqtt-port", mqttPort];
    return { start: new Program("npm", args, { cwd: folder, group: true, env }), mark: `MQTT_MEET_TEST=${mark}`, port };
  }

  test("npm start prints a link to a room that works; Ctrl-C ends it with nothing left running", async () => {
    const { start, mark, port } = await npmStart();
    await using _ended = start;
    const [link] = await start.says(LINK_PATTERN, { withinMs: 600_000 });
    expect(new URL(link).port).toBe(port);
    await enterRoom(link);
    expect(processesWith(mark).length).toBeGreaterThan(0); // or else their absence below would prove nothing
    start.signal("SIGINT");
    const { code, signal } = await start.end();
    expect(start.stdout).toMatch(/The server has ended\.\n$/);
    expect(code === 0 || signal === "SIGINT", start.said).toBe(true); // some shells, asked to run npm's command, die of a Ctrl-C by themselves
    expect(processesWith(mark)).toEqual([]);
  });

  test("the second npm start installs and builds nothing; SIGTERM to npm alone ends it too", async () => {
    const { start, mark } = await npmStart();
    await using _ended = start;
    await start.says(LINK_PATTERN);
    expect(start.stdout).not.toMatch(/Installing|Building/);
    process.kill(start.pid, "SIGTERM");
    await start.end();
    expect(start.stdout).toMatch(/The server has ended\.\n$/);
    expect(processesWith(mark)).toEqual([]);
  });
});

/** Two people meet: the page loads, the room connects, each sees the other. */
async function enterRoom(link: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const [anna, bo] = [await browser.newPage(), await browser.newPage()];
    await joinMeeting(anna, { link, name: "Anna" });
    await joinMeeting(bo, { link, name: "Bo" });
    await expect.poll(() => anna.getByText("Bo").count(), { timeout: 120_000 }).toBeGreaterThan(0);
    await expect.poll(() => bo.getByText("Anna").count(), { timeout: 120_000 }).toBeGreaterThan(0);
  } finally {
    await browser.close();
  }
}

/** Without what npm and vitest have put into ours: a person's terminal has none of it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const own = /^(npm_|VITEST|TEST$|MODE$|PROD$|DEV$|BASE_URL$|SSR$|NODE_ENV$|INIT_CWD$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !own.test(key)));
}
