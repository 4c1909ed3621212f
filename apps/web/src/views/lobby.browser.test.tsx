/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { fakePorts } from "../dev/fake-meeting.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";

const views = new ViewFixture();
beforeEach(() => views.open());
afterEach(() => views.close());

test("Lobby says who is inside, and not before that is known", async () => {
  const room = views.newRoom();
  const ports = fakePorts(room);
  let tell: (people: readonly { peer: string; name: string }[]) => void = () => undefined;
  const visit = views.showVisit(room, {
    ...ports,
    loadMeeting: async () => ({
      ...(await ports.loadMeeting()),
      lookInside: (_link, { onPeople }) => {
        tell = onPeople;
      },
    }),
  });
  await expect.element(page.getByRole("button", { name: "Join" })).toBeVisible();
  expect(views.root.textContent).not.toContain("inside");
  tell([]);
  await expect.element(page.getByText("Nobody is inside yet.")).toBeVisible();
  tell(["Mei Lin", "Jonas", "Ada", "Tom", "Yuki"].map((name, index) => ({ peer: `p${index}`, name })));
  await expect.element(page.getByText("Inside: Mei Lin, Jonas, Ada, and 2 more")).toBeVisible();
  await visit.join("Ada");
  tell([{ peer: "p9", name: "Late" }]);
  expect(visit.inside.people.value).toBeUndefined();
});

test("The microphone is opened with or without noise suppression, and anew when that is switched", async () => {
  const room = views.newRoom();
  const asked: boolean[] = [];
  const { openMicrophone, ...ports } = fakePorts(room);
  const visit = views.showVisit(room, {
    ...ports,
    openMicrophone: (deviceId, options) => {
      asked.push(options.noiseSuppression);
      return openMicrophone(deviceId, options);
    },
  });
  await visit.join("Ada");
  await visit.microphone.turnOn();
  const first = visit.microphone.track.value;
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  await page.getByRole("checkbox", { name: "Take noise out of my microphone" }).click();
  await expect.poll(() => asked.at(-1)).toBe(false);
  await expect.poll(() => visit.microphone.state.value.status).toBe("on");
  expect([first?.readyState, asked.includes(true)]).toEqual(["ended", true]);
  visit.microphone.turnOff();
  const count = asked.length;
  await page.getByRole("checkbox", { name: "Take noise out of my microphone" }).click();
  expect([asked.length, visit.microphone.state.value.status, visit.microphone.track.value]).toEqual([
    count,
    "off",
    undefined,
  ]);
});
