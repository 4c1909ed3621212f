import { afterEach, expect, test, vi } from "vitest";
import type { PictureView } from "../picture-view.ts";
import { watchView } from "./element-view.ts";

const lifetimes: AbortController[] = [];
afterEach(() => {
  for (const lifetime of lifetimes.splice(0)) lifetime.abort();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

/** A video of 320 × 180 CSS pixels, in the page unless told otherwise, and what is told of it. */
function watched({ connected = true } = {}) {
  const video = document.createElement("video");
  Object.assign(video.style, { width: "320px", height: "180px", display: "block" });
  if (connected) document.body.append(video);
  const lifetime = new AbortController();
  lifetimes.push(lifetime);
  const views: PictureView[] = [];
  watchView(video, (view) => views.push(view), { signal: lifetime.signal });
  return { video, views, lifetime, last: () => views.at(-1) };
}

const size = (widthPx: number, heightPx: number) => ({
  widthPx: widthPx * devicePixelRatio,
  heightPx: heightPx * devicePixelRatio,
});

test("watchView tells at once how large an element is in pixels of the screen, and when that changes", async () => {
  const { video, views, last } = watched();
  expect(views).toEqual([{ visible: true, size: size(320, 180) }]);
  video.style.width = "640px";
  await expect.poll(last).toEqual({ visible: true, size: size(640, 180) });
});

test("watchView tells when nobody can see an element any more, and when somebody can", async () => {
  const { video, last } = watched();
  video.style.marginTop = "20000px";
  await expect.poll(() => last()?.visible).toBe(false);
  video.style.marginTop = "0";
  await expect.poll(() => last()?.visible).toBe(true);
  video.style.display = "none";
  await expect.poll(() => last()?.visible).toBe(false);
  video.style.display = "block";
  await expect.poll(() => last()?.visible).toBe(true);
  const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(last()?.visible).toBe(false);
  hidden.mockRestore();
  document.dispatchEvent(new Event("visibilitychange"));
  expect(last()?.visible).toBe(true);
});

test("watchView: an element in no document is for all of the picture, also on a page in the background", () => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  const { views } = watched({ connected: false });
  document.dispatchEvent(new Event("visibilitychange"));
  expect(views).toEqual([{ visible: true, size: undefined }]);
});

test("watchView: an element in no document that has a width and a height is for as much, and follows them", async () => {
  const { video, last } = watched({ connected: false });
  video.width = 320;
  video.height = 180;
  await expect.poll(last).toEqual({ visible: true, size: { widthPx: 320, heightPx: 180 } });
  video.width = 640;
  video.height = 360;
  await expect.poll(last).toEqual({ visible: true, size: { widthPx: 640, heightPx: 360 } });
});

test("watchView is silent after its end", async () => {
  const { video, views, lifetime } = watched();
  lifetime.abort();
  video.style.width = "10px";
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  expect(views.length).toBe(1);
});
