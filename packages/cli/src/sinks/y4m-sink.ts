import { Y4mWriter } from "@mqtt-meet/media/node";
import type { PictureSink } from "./picture-sink.ts";

/** Whoever reads the pipe is behind by this many pictures: further ones are dropped. */
const MAX_WAITING_PICTURES = 2;

/** Writes the pictures of one key as YUV4MPEG2, those of its first picture's size. */
export function y4mSink(stdout: NodeJS.WriteStream): PictureSink {
  let shown: string | undefined;
  let writer: Y4mWriter | undefined;
  let pictureBytes = 0;
  return {
    single: true,
    audible: false,
    show(key, picture, { frameRate }) {
      shown ??= key;
      if (key !== shown || stdout.writableLength > MAX_WAITING_PICTURES * pictureBytes) return;
      writer ??= new Y4mWriter({ frameRate });
      const frames = writer;
      const bytes = frames.write(picture);
      pictureBytes = bytes.length;
      stdout.write(bytes, () => frames.recycle(bytes));
    },
    setText() {},
    remove(key) {
      if (key === shown) shown = undefined;
    },
    close() {},
  };
}
