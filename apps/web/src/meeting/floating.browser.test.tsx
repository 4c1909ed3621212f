/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";

const views = new ViewFixture();
beforeEach(() => views.open());
afterEach(() => {
  vi.unstubAllGlobals();
  views.close();
});

/** A frame stands for the window, which a browser gives for a real gesture only. */
function stubWindow() {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const opened = frame.contentWindow as Window;
  const windows = { window: null as Window | null, requestWindow: async () => opened };
  const close = () => {
    opened.dispatchEvent(new Event("pagehide"));
    windows.window = null;
  };
  vi.stubGlobal("documentPictureInPicture", windows);
  vi.spyOn(opened, "close").mockImplementation(close);
  return { frame, windows, opened, content: () => opened.document.body };
}

test("Meeting floats in a small window: who speaks, our devices, the way out", async () => {
  const { frame, windows, opened, content } = stubWindow();
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin", sources: [["camera", false]] })];
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Small window above all others" }).click();
  await expect.poll(() => content().textContent).toContain("Mei Lin");
  windows.window = opened;
  expect(room.calls.filter((call) => call === "attach p1/camera")).toHaveLength(2);
  const button = (name: string) => content().querySelector<HTMLButtonElement>(`[aria-label="${name}"]`);
  button("Turn the microphone on")?.click();
  await expect.poll(() => visit.microphone.state.value.status).toBe("on");
  await expect.poll(() => button("Mute the microphone")).not.toBeNull();
  button("Leave")?.click();
  await expect.element(page.getByText("You left the meeting")).toBeVisible();
  await expect.poll(() => content().textContent).toBe("");
  frame.remove();
});

test("Meeting offers no small window where the browser has none", async () => {
  vi.stubGlobal("documentPictureInPicture", undefined);
  await views.joined(views.newRoom());
  await page.getByRole("button", { name: "More" }).click();
  await expect.element(page.getByRole("menuitem", { name: "Polls" })).toBeVisible();
  expect(page.getByRole("menuitem", { name: "Small window above all others" }).elements()).toEqual([]);
});
