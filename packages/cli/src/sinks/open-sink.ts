import { hasDisplay } from "@mqtt-meet/media/node";
import { CodedError } from "@mqtt-meet/protocol";
import type { CommandIo } from "../command-io.ts";
import type { Reporter } from "../reporter.ts";
import { NULL_SINK, type PictureSink, type SinkEvents } from "./picture-sink.ts";
import type { SinkName } from "./sink-name.ts";
import { TerminalSink } from "./terminal-sink.ts";
import { openWindowSink } from "./window-sink.ts";
import { y4mSink } from "./y4m-sink.ts";

/** What {@link openSink} needs. */
export interface OpenSinkOptions {
  /** Left out: a window, without a display the terminal, and nothing in a pipe. */
  readonly to?: SinkName;
  readonly title: string;
  readonly io: CommandIo;
  readonly events: SinkEvents;
  readonly reporter: Reporter;
}

/** Opens what `--to` names, or the best there is. */
export async function openSink(options: OpenSinkOptions): Promise<PictureSink> {
  const { io, title, events, reporter } = options;
  const to = options.to ?? defaultSink(io);
  switch (to) {
    case "null":
      return NULL_SINK;
    case "-":
      return y4mSink(io.stdout);
    case "terminal":
      return terminalSink(io, events, reporter);
    case "window":
      try {
        return await openWindowSink({ title, env: io.env, events });
      } catch (error) {
        // Somebody who asked for a window gets the reason; otherwise the terminal does as well.
        if (options.to === "window" || !(error instanceof CodedError) || !io.stdout.isTTY) throw error;
        return terminalSink(io, events, reporter);
      }
  }
}

function defaultSink(io: CommandIo): SinkName {
  if (hasDisplay(io.env)) return "window";
  return io.stdout.isTTY ? "terminal" : "null";
}

function terminalSink(io: CommandIo, events: SinkEvents, reporter: Reporter): PictureSink {
  const sink = new TerminalSink(io, { events });
  reporter.onStatus = (text) => sink.setStatus(text);
  return {
    single: sink.single,
    audible: sink.audible,
    show: (key, picture) => sink.show(key, picture),
    setText: (key, text) => sink.setText(key, text),
    remove: (key) => sink.remove(key),
    close() {
      sink.close();
      reporter.onStatus = undefined;
    },
  };
}
