import { expect, test } from "vitest";
import { lackingCodecs } from "./browser-problem.ts";

test("a browser says what it lacks of WebCodecs", () => {
  const video = { VideoDecoder: 1, VideoEncoder: 1 };
  expect(lackingCodecs({ ...video, AudioDecoder: 1, AudioEncoder: 1 })).toBeUndefined();
  expect(lackingCodecs(video)).toBe("sound");
  expect(lackingCodecs({ AudioDecoder: 1 })).toBe("all");
});
