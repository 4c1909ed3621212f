import { type Command, Option } from "commander";
import type { CommandIo } from "../command-io.ts";
import { InputLines } from "../input-lines.ts";
import { numberBetween } from "../parse-arguments.ts";
import { SINKS } from "../sinks/sink-name.ts";
import { readTarget } from "../target.ts";
import type { WatchOptions } from "./watch-options.ts";

const EXAMPLES = `
TARGET is a meeting link, the URL of a topic on any broker, or - to read it from standard input,
where it shows in no list of processes. The passphrase of a link with #p comes from MQTT_MEET_PASSPHRASE,
from the next line of standard input, or is asked for on the terminal. User and password in a topic's URL go to the broker only.
A topic carries JPEG pictures, raw or in base64; with wildcards every topic has a picture of its own.

In the window and the terminal: F shows and hides the frame rate, Q and Escape end.

Examples:
  $ mqtt-meet watch 'http://localhost:8080/r/standup#1.…'
  $ mqtt-meet watch - --from Porch --to terminal < link.txt
  $ mqtt-meet watch mqtt://localhost/some/topic --stats
  $ mqtt-meet watch mqtt://user:password@broker.example/yard/+
  $ mqtt-meet watch mqtt://localhost/cam --to - | ffmpeg -i - cam.mp4
  $ mqtt-meet watch mqtt://localhost/cam --to null --json --duration 10`;

/** Adds `mqtt-meet watch`. */
export function registerWatch(program: Command, io: CommandIo): void {
  program
    .command("watch")
    .summary("see and hear a meeting, or the pictures of a topic")
    .description("Shows everybody in a meeting, or the pictures of a topic, until Ctrl-C or --duration.")
    .argument("<target>", "meeting link, topic URL, or -")
    .option("--from <name>", "only this participant")
    .addOption(
      new Option("--to <sink>", "default: a window, without a display the terminal; - writes y4m").choices(SINKS),
    )
    .option("--stats", "live status")
    .option("--duration <seconds>", "end after so many seconds", numberBetween(0.1, 1e7))
    .option("--json", "print one line of JSON a second for each track, and one at the end")
    .option("--trace <file>", "of a meeting: write there when packets come, and nothing of what is in them")
    .addHelpText("after", EXAMPLES)
    .action(async (text: string, options: WatchOptions) => {
      const lines = new InputLines(io.stdin);
      const target = await readTarget(text, lines);
      // Loaded when needed: a topic needs nothing of meetings.
      if (target.kind === "topic") await (await import("../watch-topic.ts")).watchTopic(target, options, io);
      else await (await import("../watch-room.ts")).watchRoom(target, options, { ...io, lines });
    });
}
