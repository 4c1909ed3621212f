import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Program } from "../../test/support/program.ts";
import { python } from "../../test/support/requirements.ts";
import { startServer } from "../../test/support/start-server.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { VirtualDisplay } from "../../test/support/virtual-display.ts";
import { likeness } from "./likeness.ts";
import { type Measurement, measure } from "./measurement.ts";

const TOPIC = "tutorial/camera";

/** The two Python programs at our broker. */
export async function measureTutorial({ clip, seconds }: { clip: string; seconds: number }): Promise<Measurement> {
  if (!python)
    throw new Error("The baseline needs Python with cv2 and paho (Debian: python3-opencv, python3-paho-mqtt).");
  using folder = temporaryFolder();
  const timesFile = join(folder.path, "times");
  await using display = await VirtualDisplay.open({ widthPx: 1600, heightPx: 1000 });
  await using server = await startServer();
  const options = { env: { ...process.env, DISPLAY: display.name }, silent: true, group: true }; // their children outlive them
  const place = ["127.0.0.1", String(server.mqttPort), TOPIC];
  await using viewer = new Program(python, [join(import.meta.dirname, "show.py"), ...place, folder.path], options);
  await delay(2_000); // it subscribes
  await using sender = new Program(python, [join(import.meta.dirname, "send.py"), ...place, clip, timesFile], options);
  const measured = await measure(
    {
      display,
      pids: [viewer.pid, sender.pid, server.program.pid],
      ports: [server.mqttPort],
      capturedMs: (number) => captureTimes(timesFile).get(number),
    },
    { seconds },
  );
  return { ...measured, ssim: await likeness({ clip, pictures: join(folder.path, "0*.png") }) };
}

const known = new Map<string, Map<number, number>>();

/** What the sender wrote down: a line with number and time for each picture. */
function captureTimes(file: string): Map<number, number> {
  const times =
    known.get(file) ??
    new Map(
      readFileSync(file, "utf8")
        .trim()
        .split("\n")
        .map((line): [number, number] => {
          const [number, ms] = line.split(" ").map(Number);
          return [number ?? 0, ms ?? 0];
        }),
    );
  known.set(file, times);
  return times;
}
