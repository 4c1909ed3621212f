/** @jsxImportSource preact */
import { SdkError } from "@mqtt-meet/sdk/browser";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";

const views = new ViewFixture();
beforeEach(() => views.open());
afterEach(() => {
  vi.restoreAllMocks();
  views.close();
});

async function chatWithFile() {
  const room = views.newRoom();
  await views.joined(room);
  room.participants.value = [fakeParticipant("p1", { name: "Mei Lin" })];
  const file = { name: "plan.html", sizeBytes: 2_000_000 };
  const message = { id: "p1/1", from: "p1", name: "Mei Lin", own: false, sentAtMs: Date.now(), text: file.name, file };
  room.messages.value = [message];
  await expect.element(page.getByText("Mei Lin offers the file plan.html")).toBeVisible();
  await page.getByRole("button", { name: "Chat" }).click();
  return room;
}

test("A file is fetched with progress, called off, and saved without being opened (M9)", async () => {
  const room = await chatWithFile();
  await page.getByRole("button", { name: "Save plan.html" }).click();
  await expect.element(page.getByText("1 MB of 2 MB")).toBeVisible();
  await expect.element(page.getByRole("progressbar", { name: "Fetching plan.html" })).toHaveAttribute("max", "2000000");
  await page.getByRole("button", { name: "Stop fetching plan.html" }).click();
  await expect.element(page.getByText("2 MB", { exact: true })).toBeVisible();
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download, this.target);
  });
  vi.spyOn(room, "fetchFile").mockResolvedValue(new Blob(["<script>"], { type: "application/octet-stream" }));
  await page.getByRole("button", { name: "Save plan.html" }).click();
  await expect.element(page.getByText("2 MB · saved")).toBeVisible();
  expect(saved).toEqual(["plan.html", ""]);
});

test("A file says when it cannot be had: damaged, or its sender left", async () => {
  const room = await chatWithFile();
  vi.spyOn(room, "fetchFile").mockRejectedValue(new SdkError("file-damaged", "Other bytes."));
  await page.getByRole("button", { name: "Save plan.html" }).click();
  await expect.element(page.getByText(/What came is not the file that was offered/)).toBeVisible();
  room.participants.value = [];
  await expect.element(page.getByRole("button", { name: "Save plan.html" })).not.toBeInTheDocument();
});

test("Files are offered by choosing and by dropping them; one that is too large is refused with a sentence", async () => {
  const room = views.newRoom();
  await views.joined(room);
  await page.getByRole("button", { name: "Chat" }).click();
  await page
    .getByLabelText("Offer a file")
    .first()
    .upload(new File(["a".repeat(3_000)], "notes.txt"));
  await expect.element(page.getByText("3 kB · can be fetched while you are here")).toBeVisible();
  vi.spyOn(room, "sendFile").mockRejectedValue(new SdkError("file-too-large", "At most 20 MB."));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["b"], "film.mp4"));
  views.root
    .querySelector("aside form")
    ?.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  await expect.element(page.getByText("A file can have at most 20 MB.")).toBeVisible();
});
