import { drawableText, openWindow } from "@mqtt-meet/media/node";
import type { PictureSink, SinkEvents } from "./picture-sink.ts";

const KEY_ESCAPE = 27;
const KEY_F = "f".charCodeAt(0);
const KEY_Q = "q".charCodeAt(0);

/** A window. F shows and hides the frame rate, Q, Escape and the window's own button end. */
export async function openWindowSink(options: {
  readonly title: string;
  readonly env: NodeJS.ProcessEnv;
  readonly events: SinkEvents;
}): Promise<PictureSink> {
  const { events, title, env } = options;
  const window = await openWindow({
    title,
    env,
    widthPx: 1280,
    heightPx: 720,
    onKey(code) {
      if (code === KEY_F) events.onToggle();
      else if (code === KEY_Q || code === KEY_ESCAPE) events.onQuit();
    },
    onClose: () => events.onQuit(),
  });
  return {
    single: false,
    audible: true,
    show: (key, picture) => window.show(key, picture),
    setText: (key, text) => window.setText(key, drawableText(text)),
    remove: (key) => window.remove(key),
    close: () => window.close(),
  };
}
