import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { createMeetingServer, type MeetingServer, type MeetingServerOptions } from "../create-meeting-server.ts";

/** What {@link serverRig} gives the tests of a file. */
export interface ServerRig {
  /** Of the running test: its pages, and the server's state in `state`. */
  readonly folder: string;
  /** Called after the running test, the last one first. */
  readonly cleanUps: (() => unknown)[];
  /** A server on any free port of this machine, closed after the test. */
  start(options?: Partial<MeetingServerOptions>): Promise<MeetingServer>;
}

/** A folder with these pages for each test of a file, by their paths in it, and servers that show them. */
export function serverRig(pages: Readonly<Record<string, string>> = {}): ServerRig {
  let folder = "";
  const cleanUps: (() => unknown)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mqtt-meet-"));
    cleanUps.push(() => rm(folder, { recursive: true }));
    for (const [path, text] of Object.entries(pages)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
  return {
    get folder() {
      return folder;
    },
    cleanUps,
    start: async (options = {}) => {
      const common = { host: "127.0.0.1", port: 0, webRoot: folder, stateFolder: join(folder, "state") };
      const server = await createMeetingServer({ ...common, version: "1.2.3", ...options });
      cleanUps.push(() => server.close());
      return server;
    },
  };
}
