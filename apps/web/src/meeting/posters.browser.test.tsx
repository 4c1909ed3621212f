import { afterEach, beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { Posters } from "../room/posters.ts";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

const people = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    fakeParticipant(`p${index}`, { name: `Guest ${index}`, sources: [["camera", false]] }),
  );

/** Plays red pictures, as often as the element needs them to begin. */
function playRed(element: HTMLVideoElement): () => void {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [64, 36];
  const context = canvas.getContext("2d");
  const draw = () => {
    if (context) context.fillStyle = "rgb(200 20 20)";
    context?.fillRect(0, 0, 64, 36);
  };
  draw();
  const timer = setInterval(draw, 30);
  element.srcObject = canvas.captureStream();
  void element.play().catch(() => undefined);
  return () => {
    clearInterval(timer);
    element.srcObject = null;
  };
}

const tileOf = (peer: string) => views.root.querySelector(`[data-peer="${peer}"]`);

test("Stage shows what was seen of somebody last until the next picture comes, and initials of whom nothing was", async () => {
  const room = views.newRoom();
  let plays = true;
  room.draw = (key, element) =>
    plays && key === "p0/camera" && element instanceof HTMLVideoElement ? playRed(element) : () => undefined;
  const visit = await views.joined(room);
  room.participants.value = people(60);
  await expect.poll(() => tileOf("p0")?.querySelector("video")?.videoWidth ?? 0).toBeGreaterThan(0);
  await expect.poll(() => tileOf("p0")?.textContent).not.toContain("Waiting for the picture");
  await userEvent.keyboard("{PageDown}");
  await expect.element(page.getByText("2 / 2")).toBeVisible();
  plays = false;
  await userEvent.keyboard("{PageUp}");
  await expect.poll(() => tileOf("p0")?.querySelector("canvas")).not.toBeNull();
  const pixel = tileOf("p0")?.querySelector("canvas")?.getContext("2d")?.getImageData(16, 9, 1, 1).data;
  expect(pixel?.[0]).toBeGreaterThan(150);
  expect(pixel?.[1]).toBeLessThan(80);
  expect(tileOf("p1")?.querySelector("canvas")).toBeNull();
  await visit.leave();
});

test("Posters keeps nothing where nothing is shown, and forgets whom nobody has seen for longest", async () => {
  const posters = new Posters();
  const video = document.createElement("video");
  posters.keep("nothing", video);
  expect(posters.of("nothing")).toBeUndefined();
  const stop = playRed(video);
  await expect.poll(() => video.videoWidth).toBeGreaterThan(0);
  for (let i = 0; i < 100; i++) posters.keep(`p${i}`, video);
  posters.keep("p0", video);
  posters.keep("p100", video);
  expect([posters.of("p0"), posters.of("p100")].every(Boolean)).toBe(true);
  expect(posters.of("p1")).toBeUndefined();
  expect(posters.of("p0")).toMatchObject({ width: 32, height: 18 });
  stop();
});
