import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { stampedFile } from "../support/clips.ts";
import { ProcessorShare } from "../support/machine.ts";
import { mqttMeet, Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith, python } from "../support/requirements.ts";
import { stampOf } from "../support/stamp.ts";
import { startMosquitto } from "../support/start-mosquitto.ts";
import { startServer } from "../support/start-server.ts";
import { statisticsLines, totals } from "../support/statistics-lines.ts";
import { Y4mReader } from "../support/y4m-reader.ts";

interface Broker extends AsyncDisposable {
  topic(name: string): string;
}

const SIZE = { widthPx: 640, heightPx: 360 };
let clip = "";

function pythonProgram(name: string, args: readonly string[]): Program {
  return new Program(python ?? "python3", [join(projectRoot, "test/support/python", name), ...args]);
}

/** Host, port and topic as the Python programs take them. */
function place(target: string): string[] {
  const { hostname, port, pathname } = new URL(target);
  return [hostname, port, pathname.slice(1)];
}

function describeBroker(name: string, open: () => Promise<Broker>): void {
  describeWith(
    ["ffmpeg", "the sample clips", "mosquitto", "Python with cv2 and paho"],
    `the tutorial's wire on ${name}`,
    () => {
      beforeAll(async () => {
        clip = await stampedFile({ ...SIZE, seconds: 30, beepHz: 5000 });
      });

      test("Python decodes at least 95 % of what publish sends as jpeg-base64", async () => {
        await using broker = await open();
        const target = broker.topic("plant/camera");
        await using viewer = pythonProgram("receive_pictures.py", place(target));
        await viewer.says(/listening/);
        const options = [
          "--source",
          clip,
          "--format",
          "jpeg-base64",
          "--size",
          "640x360",
          "--duration",
          "10",
          "--json",
        ];
        const share = new ProcessorShare();
        await using publisher = mqttMeet(["publish", target, ...options]);
        expect(await publisher.end(), publisher.said).toMatchObject({ code: 0 });
        viewer.closeInput();
        const [, received, decoded, sizes] = await viewer.says(/received (\d+) decoded (\d+) sizes (\S+)/);
        const sent = totals(publisher).frames;
        expect(sent).toBeGreaterThan(270 * share.value); // 10 s at 30 fps, and a little time to start
        expect(Number(decoded) / sent, `${received} of ${sent} arrived`).toBeGreaterThanOrEqual(0.95);
        expect(sizes).toBe("640x360");
      });

      test.each(["base64", "raw"])("watch shows what a Python program sends as %s", async (form) => {
        await using broker = await open();
        const target = broker.topic("plant/camera");
        await using sender = pythonProgram("send_pictures.py", [...place(target), clip, form, "20"]);
        await sender.says(/sending/);
        const share = new ProcessorShare();
        await using watch = mqttMeet(["watch", target, "--to", "null", "--duration", "8", "--json"]);
        expect(await watch.end(), watch.said).toMatchObject({ code: 0 });
        const lines = statisticsLines(watch);
        expect(lines.length).toBeGreaterThanOrEqual(5);
        for (const line of lines.slice(2)) expect(line).toMatchObject({ width: 640, height: 360, latencyMs: null });
        const rates = lines.slice(2).map(({ fps }) => fps);
        // A viewer that is late drops pictures to be live again: with half of the processors' time it may show half of them.
        const rate = rates.reduce((sum, fps) => sum + fps, 0) / rates.length;
        expect(rate / share.value, `${rate.toFixed(1)} fps`).toBeGreaterThanOrEqual(28.5);
      });

      test("watch writes every picture of a Python program to a pipe", async () => {
        await using broker = await open();
        const target = broker.topic("plant/camera");
        await using sender = pythonProgram("send_pictures.py", [...place(target), clip, "base64", "20"]);
        await sender.says(/sending/);
        const stamps: (number | undefined)[] = [];
        const reader = new Y4mReader((picture) => stamps.push(stampOf(picture)));
        const share = new ProcessorShare();
        await using watch = mqttMeet(["watch", target, "--to", "-", "--duration", "6"], {
          onOutput: (chunk) => reader.push(chunk),
        });
        expect(await watch.end(), watch.stderr).toMatchObject({ code: 0 });
        const first = stamps.find((stamp) => stamp !== undefined) ?? 0;
        const last = stamps.findLast((stamp) => stamp !== undefined) ?? 0;
        expect(last - first).toBeGreaterThan(90 * share.value); // three seconds at the least
        const shown = new Set(stamps).size / (last - first + 1);
        expect(shown / share.value, `${(shown * 100).toFixed(0)} %`).toBeGreaterThanOrEqual(0.95);
      });
    },
  );
}

describeBroker("the embedded broker", startServer);
describeBroker("mosquitto", startMosquitto);
