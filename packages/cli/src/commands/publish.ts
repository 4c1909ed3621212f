import { type Command, Option } from "commander";
import type { CommandIo } from "../command-io.ts";
import { InputLines } from "../input-lines.ts";
import { numberBetween, parseBitrate, parseSize } from "../parse-arguments.ts";
import { readTarget } from "../target.ts";
import { FORMATS, type PublishOptions } from "./publish-options.ts";

const EXAMPLES = `
TARGET is a meeting link, the URL of a topic on any broker, or - to read it from standard input,
where it shows in no list of processes. The passphrase of a link with #p comes from MQTT_MEET_PASSPHRASE,
from the next line of standard input, or is asked for on the terminal. User and password in a topic's URL go to the broker only.
Over WebSocket the broker is at /mqtt: ws://host:8080/some/topic; or ws://host/path#some/topic.

Sources: camera, camera:1, camera:/dev/video2, screen, test (a moving picture and a beep), a file, or a
URL (rtsp, rtmp, http, https, srt, udp). Larger pictures are scaled down to --size, smaller ones stay.

Examples:
  $ mqtt-meet publish 'http://localhost:8080/r/standup#1.…' --source camera --name Porch
  $ mqtt-meet publish - --source talk.mp4 --loop < link.txt
  $ mqtt-meet publish mqtt://localhost/some/topic --source test
  $ mqtt-meet publish mqtts://user:password@broker.example/yard/cam --source rtsp://192.168.1.20/1 --format jpeg
  $ mqtt-meet publish mqtt://localhost/cam --source screen --size 960x540 --fps 10 --quality 60 --duration 30`;

/** Adds `mqtt-meet publish`. */
export function registerPublish(program: Command, io: CommandIo): void {
  program
    .command("publish")
    .summary("bring a camera, a screen, a file or a stream into a meeting or onto a topic")
    .description("Publishes pictures, and in a meeting sound, until the end of the file, Ctrl-C or --duration.")
    .argument("<target>", "meeting link, topic URL, or -")
    .requiredOption("--source <source>", "camera[:N|:PATH], screen, test, a file or a URL")
    .addOption(
      new Option("--format <format>", "default: in a meeting what all decode, on a topic jpeg-base64").choices(FORMATS),
    )
    .addOption(
      new Option("--size <size>", "largest picture, WIDTHxHEIGHT")
        .argParser(parseSize)
        .default({ widthPx: 1280, heightPx: 720 }, "1280x720"),
    )
    .option("--fps <number>", "most frames per second", numberBetween(0.1, 240), 30)
    .option("--bitrate <bitrate>", "bits per second of the pictures, for example 1500k", parseBitrate)
    .option("--simulcast", "in a meeting: up to three sizes, each encoded while somebody watches it")
    .option("--quality <number>", "of JPEG, 1 to 100 (80 without --bitrate)", numberBetween(1, 100))
    .option("--no-audio", "no sound")
    .option("--loop", "begin files again at their end")
    .option("--name <name>", "what the others in the meeting see")
    .option("--duration <seconds>", "end after so many seconds", numberBetween(0.1, 1e7))
    .option("--json", "print one line of JSON a second, and one at the end")
    .addHelpText("after", EXAMPLES)
    .configureHelp({ showGlobalOptions: false })
    .action(async (text: string, options: PublishOptions) => {
      const lines = new InputLines(io.stdin);
      const target = await readTarget(text, lines);
      // Loaded when needed: a topic needs nothing of meetings.
      if (target.kind === "topic") await (await import("../publish-to-topic.ts")).publishToTopic(target, options, io);
      else await (await import("../publish-to-room.ts")).publishToRoom(target, options, { ...io, lines });
    });
}
