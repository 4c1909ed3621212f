import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ffmpeg, made } from "../support/clips.ts";
import { freePort } from "../support/free-port.ts";
import { mqttMeet, type ProgramOptions } from "../support/program.ts";
import { describeWith } from "../support/requirements.ts";
import { startMosquitto } from "../support/start-mosquitto.ts";
import { type Server, startServer } from "../support/start-server.ts";
import { totals } from "../support/statistics-lines.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Runs a command that must fail: status 1, and one sentence on standard error that says what is wrong. */
async function expectSentence(args: readonly string[], pattern: RegExp, options: ProgramOptions = {}): Promise<void> {
  await using program = mqttMeet(args, options);
  const { code } = await program.end();
  const lines = program.stderr.trim().split("\n");
  expect({ code, lines: lines.length }, program.said).toEqual({ code: 1, lines: 1 });
  expect(lines[0]).toMatch(/^mqtt-meet: [A-Z0-9"'].*[.!?)]$/);
  expect(lines[0]).toMatch(pattern);
}

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("a broker or server that cannot be reached", () => {
  test.each(["publish", "watch"])("%s says that nobody answers at the address", async (command) => {
    const port = await freePort();
    const source = command === "publish" ? ["--source", "test"] : ["--to", "null"];
    await expectSentence([command, `mqtt://127.0.0.1:${port}/cam`, ...source], new RegExp(`127\\.0\\.0\\.1:${port}`));
  });

  test("a meeting whose server is gone", async () => {
    const port = await freePort();
    await expectSentence(
      ["watch", server.link.replace(String(server.port), String(port)), "--to", "null"],
      /reach|answer|connect/i,
    );
  });

  test("a port on which something else than a broker listens", async () => {
    const other = createServer((socket) => socket.on("error", () => {}).end("220 mail.example\r\n")).listen(
      0,
      "127.0.0.1",
    );
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    await expectSentence(["watch", `mqtt://127.0.0.1:${port}/cam`, "--to", "null"], /hung up|broker|MQTT/i);
    other.close();
  });
});

describeWith(["mosquitto"], "a broker with passwords", () => {
  const user = { name: "camera", password: "correct-horse" };

  test("a wrong password, or none, is refused in one sentence that does not repeat it", async () => {
    await using mosquitto = await startMosquitto({ user });
    for (const credentials of ["camera:wrong-horse@", ""]) {
      const target = `mqtt://${credentials}127.0.0.1:${mosquitto.port}/cam`;
      await expectSentence(
        ["publish", target, "--source", "test"],
        /^(?!.*wrong-horse).*(password|user|allow|refuse)/i,
      );
    }
  });

  test("the right password in a target from standard input is in no process list", async () => {
    await using mosquitto = await startMosquitto({ user });
    const target = `mqtt://camera:correct-horse@127.0.0.1:${mosquitto.port}/cam`;
    const options = ["--source", "test", "--size", "320x180", "--json"];
    await using publisher = mqttMeet(["publish", "-", ...options], { input: `${target}\n` });
    await publisher.says(/"frames":[1-9]/);
    expect(readFileSync(`/proc/${publisher.pid}/cmdline`, "utf8")).not.toContain("correct-horse");
    publisher.signal("SIGINT");
    expect(await publisher.end(), publisher.said).toMatchObject({ code: 0 });
  });
});

describe("targets and options that make no sense", () => {
  const publishTest = (target: string, ...rest: string[]) => ["publish", target, "--source", "test", ...rest];

  test.each([
    ["no target at all", ["watch"], /target|room|link/i],
    ["a link without its secret's end", ["watch", "http://localhost:8080/r/x#1.short", "--to", "null"], /link/i],
    [
      "a target that is neither link nor topic",
      ["watch", "ftp://localhost/x", "--to", "null"],
      /ftp|target|link|topic/i,
    ],
    ["a topic with a wildcard", publishTest("mqtt://127.0.0.1/cam/+"), /topic|wildcard|\+/i],
    ["a source that does not exist", ["publish", "mqtt://127.0.0.1/cam", "--source", "/no/such/file.mp4"], /file\.mp4/],
    ["a size that is none", publishTest("mqtt://127.0.0.1/cam", "--size", "big"), /size/i],
    ["an unknown format", publishTest("mqtt://127.0.0.1/cam", "--format", "theora"), /theora/],
    ["an option that does not exist", ["serve", "--colour", "blue"], /--colour/],
    ["a command that does not exist", ["dance"], /dance/],
    ["a port that is none", ["serve", "--port", "99999"], /port/i],
  ])("%s", async (_name, args, pattern) => {
    await expectSentence(args, pattern);
  });

  test.each(["h264", "vp8", "vp9", "av1"])("%s on a topic is refused: a topic carries JPEG", async (format) => {
    await expectSentence(publishTest(server.topic("cam"), "--format", format), /jpeg/i);
  });
});

describe("sources that are no pictures", () => {
  test("a file that is no video", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "notes.mp4");
    writeFileSync(file, "These are notes, not a video.\n".repeat(500));
    await expectSentence(["publish", server.topic("cam"), "--source", file], /notes\.mp4/);
  });

  test("a file with sound only", async () => {
    const file = await made("tone.wav", (path) => ffmpeg(["-f", "lavfi", "-i", "sine=d=2", "-f", "wav", path]));
    await expectSentence(["publish", server.topic("cam"), "--source", file], /picture|video/i);
  });

  test.each(["camera:/dev/video87", "camera:87"])("a camera that is not there: %s", async (source) => {
    await expectSentence(["publish", server.topic("cam"), "--source", source], /camera|video87/i);
  });

  test("a stream that nobody serves", async () => {
    const port = await freePort();
    await expectSentence(
      ["publish", server.topic("cam"), "--source", `http://127.0.0.1:${port}/cam.mjpg`],
      /127\.0\.0\.1/,
    );
  });
});

describe("topics that carry something else", () => {
  let client: MqttClient;
  beforeAll(async () => {
    client = await connectAsync(`mqtt://127.0.0.1:${server.mqttPort}`);
  });
  afterAll(async () => {
    await client.endAsync();
  });

  /** Publishes payloads in turn, 20 a second, while `during` runs. */
  async function publishing(
    topic: string,
    payloads: readonly (string | Buffer)[],
    during: () => Promise<void>,
  ): Promise<void> {
    let count = 0;
    const timer = setInterval(() => client.publish(topic, payloads[count++ % payloads.length] ?? ""), 50);
    try {
      await during();
    } finally {
      clearInterval(timer);
    }
  }

  test("text instead of pictures ends watch with a sentence", async () => {
    await publishing("talk", ["Hello.", '{"temperature": 21.5}'], () =>
      expectSentence(["watch", server.topic("talk"), "--to", "null"], /talk.*(picture|JPEG)|(picture|JPEG).*talk/i),
    );
  });

  test("nothing but halves of a JPEG ends watch with a sentence", async () => {
    const jpeg = await picture();
    await publishing("halves", [jpeg.subarray(0, jpeg.length / 2)], () =>
      expectSentence(["watch", server.topic("halves"), "--to", "null"], /picture|JPEG/i),
    );
  });

  test("a JPEG cut in half between whole ones is dropped and counted", async () => {
    const jpeg = await picture();
    await publishing("some-halves", [jpeg, jpeg, jpeg, jpeg.subarray(0, jpeg.length / 2)], async () => {
      await using watch = mqttMeet(["watch", server.topic("some-halves"), "--to", "null", "--duration", "5", "--json"]);
      expect(await watch.end(), watch.said).toMatchObject({ code: 0 });
      const { frames, dropped } = totals(watch);
      expect(frames).toBeGreaterThan(10);
      expect(dropped).toBeGreaterThan(3);
    });
  });

  async function picture(): Promise<Buffer> {
    return readFileSync(
      await made("picture.jpg", (path) =>
        ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=320x180", "-frames:v", "1", "-f", "mjpeg", path]),
      ),
    );
  }
});

describe("ports of the server that are taken", () => {
  test("the port of the pages is named, with what to do", async () => {
    await expectSentence(
      ["serve", "--port", String(server.port), "--mqtt-port", "0"],
      new RegExp(`${server.port}.*--port`),
    );
  });

  test("without the port of MQTT the server runs and says so", async () => {
    await using second = mqttMeet(["serve", "--port", "0", "--mqtt-port", String(server.mqttPort)]);
    await second.says(new RegExp(`${server.mqttPort}.*taken`));
    const [, port] = await second.says(/http:\/\/localhost:(\d+)\/r\//);
    expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);
    second.signal("SIGTERM");
    expect(await second.end(), second.said).toMatchObject({ code: 0 });
  });
});
