/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakePorts } from "../dev/fake-meeting.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { Home } from "./home.tsx";

const WORDS = "red boat seven moons";
const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

test("Home starts a meeting with a passphrase: its link has no secret (L6)", async () => {
  views.show(<Home />);
  await page.getByRole("button", { name: "Start one with a passphrase" }).click();
  const route = views.app.router.route.value;
  expect(route).toMatchObject({ view: "room", link: { passphrase: true } });
  expect(route.view === "room" && route.text).toMatch(/#p$/);
});

test("Lobby asks for the passphrase, refuses weak words with a reason, and keeps none (K9)", async () => {
  const room = views.newRoom();
  const { loadMeeting } = fakePorts(room);
  const given: (string | undefined)[] = [];
  const part = async () => {
    const { enterMeeting, ...others } = await loadMeeting();
    const enter: typeof enterMeeting = (link, options) => {
      given.push(options.passphrase);
      return enterMeeting(link, options);
    };
    return { ...others, enterMeeting: enter, lookInside: () => undefined };
  };
  views.app.settings.update({ name: "Ada" });
  views.showVisit(room, fakePorts(room, { loadMeeting: part }), "passphrase");
  const field = page.getByRole("textbox", { name: "Passphrase" });
  await field.fill("hunter2");
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText(/at least four different words/)).toBeVisible();
  await field.fill(WORDS);
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText("Nobody here yet")).toBeVisible();
  expect(given).toEqual([WORDS]);
  const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]);
  for (const word of WORDS.split(" ")) expect(stored).not.toContain(word);
});
