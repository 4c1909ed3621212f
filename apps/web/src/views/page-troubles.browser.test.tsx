/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import { App } from "../app-state.ts";
import { VersionLine } from "../components/version-line.tsx";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { Home } from "./home.tsx";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

/** A page of version 1, and a server of version 2. */
function oldPage(storage: Map<string, string>) {
  const reload = vi.fn();
  const version = {
    ...{ own: "1", reload, ofServer: async () => "2" },
    storage: {
      getItem: (key: string) => storage.get(key) ?? null,
      setItem: (key: string, value: string) => void storage.set(key, value),
      removeItem: (key: string) => void storage.delete(key),
    },
  };
  views.app = new App(undefined, { version });
  views.app.settings.update({ language: "en" });
  return { reload };
}

test("Home says that the broker in its address is none, and starts nothing", async () => {
  history.replaceState(null, "", "?broker=nonsense");
  views.show(<Home />);
  await page.getByRole("button", { name: "Start a meeting" }).click();
  await expect.element(page.getByRole("alert")).toHaveTextContent("broker after ?broker= that is none");
  expect(views.app.router.route.value.view).toBe("home");
});

test("a page that stays older than its server says so, and loads itself again only at a press", async () => {
  const { reload } = oldPage(new Map([["mqtt-meet.reloaded", "1"]]));
  views.show(<VersionLine />);
  await views.app.version.check({ isBusy: () => false });
  await expect.element(page.getByRole("status")).toHaveTextContent("another version than the server");
  expect(reload).not.toHaveBeenCalled();
  await page.getByRole("button", { name: "Load again" }).click();
  expect(reload).toHaveBeenCalledTimes(1);
});

test("who is in a meeting when a newer server is back is asked, and stays in it", async () => {
  const { reload } = oldPage(new Map());
  const room = views.newRoom();
  await views.joined(room);
  room.connection.value = { status: "waiting", retryAtMs: 0, error: new Error("lost") };
  room.connection.value = { status: "connected" };
  await expect.element(page.getByText("The server has a new version.")).toBeVisible();
  expect(reload).not.toHaveBeenCalled();
  await page.getByRole("button", { name: "Load again" }).click();
  expect(reload).toHaveBeenCalledTimes(1);
});
