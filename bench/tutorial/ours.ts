import { setTimeout as delay } from "node:timers/promises";
import { joinRoom, type NodeRoom } from "@mqtt-meet/sdk/node";
import { CLIP_FPS } from "../../test/support/clips.ts";
import { mqttMeet, type Program } from "../../test/support/program.ts";
import { readStamp, stampGeometry, stampOf } from "../../test/support/stamp.ts";
import { type Server, startServer } from "../../test/support/start-server.ts";
import { VirtualDisplay } from "../../test/support/virtual-display.ts";
import { Y4mReader } from "../../test/support/y4m-reader.ts";
import { median, quantile } from "../support/statistics.ts";
import { likenessOf } from "./likeness.ts";
import { type Measurement, measure } from "./measurement.ts";

/** `publish --source FILE` into a room, and `watch` with its window. */
export async function measureOurs(options: { clip: string; seconds: number; bitrate: string }): Promise<Measurement> {
  await using display = await VirtualDisplay.open({ widthPx: 1600, heightPx: 1000 });
  await using server = await startServer();
  const env = { ...process.env, DISPLAY: display.name };
  await using viewer = mqttMeet(["watch", server.link, "--to", "window"], { env });
  await delay(3_000); // the window opens
  await using sender = publish(server, options);
  const firstMs = await firstPictureMs(server.link);
  const measured = await measure(
    {
      display,
      pids: [viewer.pid, sender.pid, server.program.pid],
      ports: [server.port, server.mqttPort],
      capturedMs: (number) => firstMs + (number * 1000) / CLIP_FPS,
    },
    options,
  );
  return { ...measured, ssim: Number.NaN };
}

/** How like the clip's pictures the decoded ones are: taken from `watch --to -`. */
export async function ourQuality(options: { clip: string; bitrate: string }): Promise<number> {
  await using server = await startServer();
  const pictures = new Map<number, Uint8Array>();
  const reader = new Y4mReader((picture) => {
    const number = stampOf(picture);
    if (number !== undefined && number > 2 * CLIP_FPS && number % 31 === 0) pictures.set(number, picture.data.slice());
  });
  await using viewer = mqttMeet(["watch", server.link, "--to", "-"], { onOutput: (chunk) => reader.push(chunk) });
  await delay(2_000);
  await using sender = publish(server, options);
  for (let waited = 0; pictures.size < 15 && waited < 60; waited++) await delay(1_000);
  if (pictures.size < 15) throw new Error(`watch gave only ${pictures.size} pictures: ${sender.said} ${viewer.stderr}`);
  return await likenessOf({ clip: options.clip, pictures });
}

function publish(server: Server, { clip, bitrate }: { clip: string; bitrate: string }): Program {
  const options = ["--source", clip, "--size", "1280x720", "--fps", "30", "--bitrate", bitrate, "--no-audio"];
  return mqttMeet(["publish", server.link, ...options]);
}

/**
 * When the clip's first picture was captured, in milliseconds of the Unix epoch. Pictures carry their capture time, and their stamp
 * says which they are; the file is paced, so all tell the same first moment. A third participant looks for two seconds and leaves.
 */
async function firstPictureMs(link: string): Promise<number> {
  await using room = await joinRoom(link, { name: "Clock", kind: "bot" });
  const key = await keyOfVideo(room);
  const firsts: number[] = [];
  const stop = room.watchVideo(key, (picture) => {
    const { y, strideY } = picture.planes();
    const place = stampGeometry(picture.displayHeight);
    const row = (place.y + place.unit) * strideY + place.x;
    const number = readStamp((block) => y[row + Math.floor((block + 0.5) * place.unit)] ?? 0);
    if (number !== undefined) firsts.push(picture.timestamp / 1000 - (number * 1000) / CLIP_FPS);
    picture.close();
  });
  await delay(2_500);
  stop();
  const [early, late] = [quantile(firsts, 0.05), quantile(firsts, 0.95)];
  if (firsts.length < 20 || late - early > 5) {
    throw new Error(`The clip is not paced: ${firsts.length} pictures tell a beginning between ${early} and ${late}.`);
  }
  return median(firsts);
}

async function keyOfVideo(room: NodeRoom): Promise<string> {
  for (let waited = 0; waited < 100; waited++) {
    const tracks = room.participants.value.flatMap((participant) => participant.tracks);
    const video = tracks.find(({ kind }) => kind === "video");
    if (video) return video.key;
    await delay(100);
  }
  throw new Error("Nobody publishes a picture.");
}
