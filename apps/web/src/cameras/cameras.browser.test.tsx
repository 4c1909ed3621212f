/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { type FakeCamera, fakeWatch } from "../dev/fake-camera.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { Home } from "../views/home.tsx";
import { CameraList } from "./camera-list.ts";
import { CamerasView } from "./cameras-view.tsx";

const views = new ViewFixture();
let cameras: FakeCamera[] = [];
beforeEach(async () => {
  await page.viewport(1280, 800);
  cameras = [];
  views.open();
});
afterEach(() => views.close());

function show(address = ""): CameraList {
  const onAdded = (name: string) => views.app.recentCameras.add({ name, atMs: views.app.nowMs() });
  const list = new CameraList({ site: views.app.router.site, watch: fakeWatch(cameras), onAdded });
  views.show(<CamerasView address={address} list={list} />);
  return list;
}

const field = () => page.getByRole("textbox", { name: "Camera topic" });

test("Home leads to the cameras, with a topic that was pasted for a link as well", async () => {
  views.show(<Home />);
  await page.getByRole("button", { name: "Watch a camera topic" }).click();
  expect(views.app.router.route.value).toEqual({ view: "cameras", address: "" });
  views.app.router.openHome();
  await page.getByRole("textbox", { name: "Join with a link" }).fill("ws://me:secret@host/yard/gate");
  await userEvent.keyboard("{Enter}");
  expect(views.app.router.route.value).toEqual({ view: "cameras", address: "ws://me:secret@host/yard/gate" });
  expect(location.href).toMatch(/\/#cameras$/);
});

test("CamerasView says what is wrong with an address, then waits for a picture and shows it", async () => {
  show();
  await expect.element(field()).toHaveFocus();
  await field().fill("cameras/#");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("That is not a single topic")).toBeVisible();
  await field().fill("yard/gate");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("Connecting …")).toBeVisible();
  const [camera] = cameras;
  if (!camera) throw new Error("Nothing is watched.");
  camera.state.value = { status: "watching" };
  await expect.element(page.getByText("Waiting for the first picture from yard/gate.")).toBeVisible();
  camera.figures.value = { ...camera.figures.value, notPictures: 3 };
  await expect.element(page.getByText("3 messages came from yard/gate, and none is a JPEG picture.")).toBeVisible();
  camera.show({ frameRate: 12.34, bitrateBps: 900_000, lastAtMs: Date.now() });
  await expect.element(page.getByText("12 fps")).toBeVisible();
  expect(views.root.querySelector("canvas")?.width).toBe(960);
  expect(views.app.recentCameras.entries.value).toMatchObject([{ name: "yard/gate" }]);
  await page.getByRole("button", { name: "Statistics: yard/gate" }).click();
  await expect.element(page.getByText("960×540")).toBeVisible();
});

test("a camera that has sent nothing for a while has a mark, and so has one whose connection is lost (V3)", async () => {
  const list = show();
  list.add("yard/gate");
  const [camera] = cameras;
  camera?.show({ lastAtMs: Date.now() - 12_300 });
  await expect.element(page.getByText(/^Last picture 1\d sec ago$/)).toBeVisible();
  if (camera) camera.state.value = { status: "retrying", problem: "lost" };
  await expect.element(page.getByText("The connection was lost. Trying again …")).toBeVisible();
});

test("a broker that wants an account is asked again with one, which is kept nowhere", async () => {
  const list = show();
  list.add("yard/gate");
  if (cameras[0]) cameras[0].state.value = { status: "failed", problem: "account-needed" };
  await expect.element(page.getByText("The broker wants a user name and a password.")).toBeVisible();
  await page.getByRole("button", { name: "Enter them" }).click();
  await expect.element(field()).toHaveValue("yard/gate");
  await page.getByRole("textbox", { name: "User name" }).fill("ada");
  await page.getByLabelText("Password").fill("words");
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => cameras.length).toBe(2);
  expect(cameras[1]?.account).toEqual({ username: "ada", password: "words" });
  expect([cameras[0]?.closed, list.cameras.value]).toEqual([true, [cameras[1]]]);
  expect(JSON.stringify(views.app.recentCameras.entries.value)).not.toMatch(/ada|words/);
});

test("several cameras stand beside each other; one is removed, one saved, and all end with the view", async () => {
  const list = show();
  for (const name of ["one", "two"]) list.add(name);
  await page.getByRole("button", { name: "Add a camera" }).click();
  await field().fill("one");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("This camera is shown already.")).toBeVisible();
  expect(cameras[2]?.closed).toBe(true);
  await field().fill("three");
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => views.root.querySelectorAll("li").length).toBe(3);
  for (const camera of list.cameras.value as FakeCamera[]) camera.show({ lastAtMs: Date.now() });
  const boxes = () => [...views.root.querySelectorAll("li")].map((tile) => tile.getBoundingClientRect());
  await expect.poll(() => boxes().every(({ width }) => width > 300)).toBe(true);
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  await page.getByRole("button", { name: "Save as a picture: two" }).click();
  await expect.poll(() => saved).toEqual([expect.stringMatching(/^two \d{4}-.*\.jpg$/)]);
  vi.restoreAllMocks();
  await page.getByRole("button", { name: "Remove this camera: two" }).click();
  await expect.poll(() => views.root.querySelectorAll("li").length).toBe(2);
  expect(cameras.filter(({ closed }) => closed).map(({ name }) => name)).toEqual(["two", "one"]);
  views.show(null);
  await expect.poll(() => cameras.filter(({ closed }) => !closed).map(({ name }) => name)).toEqual([]);
});

test("CameraList shows no more than fit", () => {
  const list = new CameraList({ site: "https://a.example", watch: fakeWatch(cameras), onAdded: () => undefined });
  for (let i = 0; i < 9; i++) expect(list.add(`camera/${i}`)).toBeUndefined();
  expect(list.add("camera/9")).toBe("too-many");
  expect(cameras.at(-1)?.closed).toBe(true);
  list.close();
});
