/** @jsxImportSource preact */
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import type { BackgroundTrack } from "../background/open-background.ts";
import { fakeCamera, fakePorts } from "../dev/fake-meeting.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import type { VisitPorts } from "../room/visit.ts";

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

test("Lobby has the room prepared for whoever joins, each time, and for nobody once the visit is over", async () => {
  const room = views.newRoom();
  const ports = fakePorts(room);
  const prepared: string[] = [];
  let number = 0;
  const visit = views.showVisit(room, {
    ...ports,
    loadMeeting: async () => {
      const part = await ports.loadMeeting();
      const prepareRoom: typeof part.prepareRoom = () => {
        number += 1;
        const name = String(number);
        prepared.push(`${name} begun`);
        return { join: async () => room, close: () => prepared.push(`${name} closed`) };
      };
      const enterMeeting: typeof part.enterMeeting = (link, options) => {
        prepared.push(options.prepared === undefined ? "joined with nothing" : "joined");
        return part.enterMeeting(link, options);
      };
      return { ...part, prepareRoom, enterMeeting };
    },
  });
  await expect.poll(() => prepared).toEqual(["1 begun"]);
  await visit.join("Ada");
  expect(prepared).toEqual(["1 begun", "joined"]);
  await visit.leave();
  visit.return();
  await expect.poll(() => prepared.slice(2)).toEqual(["2 begun"]);
  visit.close();
  expect(prepared.slice(2)).toEqual(["2 begun", "2 closed"]);
});

/** The meeting with its settings open, and what the microphone was asked for. */
async function inSettings(part: Partial<VisitPorts> = {}) {
  const room = views.newRoom();
  const asked: boolean[] = [];
  const { openMicrophone, ...ports } = fakePorts(room, part);
  const visit = views.showVisit(room, {
    ...ports,
    openMicrophone: (deviceId, options) => {
      asked.push(options.noiseSuppression);
      return openMicrophone(deviceId, options);
    },
  });
  await visit.join("Ada");
  await visit.microphone.turnOn();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const choose = (label: string) => page.getByLabelText("Noise in my microphone").selectOptions(label);
  return { visit, asked, choose };
}

test("The microphone is opened with or without noise suppression, and anew when that is changed", async () => {
  const { visit, asked, choose } = await inSettings();
  const first = visit.microphone.track.value;
  await choose("Leave it, for music");
  await expect.poll(() => asked.at(-1)).toBe(false);
  await expect.poll(() => visit.microphone.state.value.status).toBe("on");
  expect([first?.readyState, asked.includes(true)]).toEqual(["ended", true]);
  visit.microphone.turnOff();
  const count = asked.length;
  await choose("Less of it, by the browser");
  expect([asked.length, visit.microphone.state.value.status, visit.microphone.track.value]).toEqual([
    count,
    "off",
    undefined,
  ]);
});

test("RNNoise gets the microphone as it is, and where it does not begin the browser's own takes its place, and says so", async () => {
  const given: MediaStreamTrack[] = [];
  let works = true;
  const openDenoised = async (device: MediaStreamTrack) => {
    given.push(device);
    if (!works) throw new Error("It does not begin.");
    const [track] = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
    if (!track) throw new Error("No track of sound.");
    return { track, device, latencyMs: 20, lostBecause: () => "device-lost" as const, close: () => device.stop() };
  };
  const { visit, asked, choose } = await inSettings({ loadDenoise: async () => ({ openDenoised }) });
  await choose("Much less of it, by RNNoise");
  await expect.poll(() => visit.microphone.latencyMs).toBe(20);
  expect([asked.at(-1), given[0]?.readyState]).toEqual([false, "live"]);
  works = false;
  await visit.microphone.renew();
  await expect.element(page.getByText("RNNoise does not work here.")).toBeVisible();
  expect(asked.slice(-2)).toEqual([false, true]);
  expect(given.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
  expect([visit.microphone.state.value.status, visit.microphone.latencyMs]).toEqual(["on", 0]);
});

/** A background that the browser of a test need not make. */
function madeUpBackground(changes: string[]) {
  return async (camera: MediaStreamTrack, choice: string): Promise<BackgroundTrack> => {
    if (choice === "wall") throw new Error("It cannot be made.");
    changes.push(choice);
    const change: BackgroundTrack["change"] = async (next) => void changes.push(next);
    const lostBecause = () => "background-failed" as const;
    return {
      track: await fakeCamera(),
      device: camera,
      latencyMs: 30,
      change,
      lostBecause,
      close: () => camera.stop(),
    };
  };
}

test("A background is chosen at the camera, changes without a break, and takes the camera away where it cannot be made", async () => {
  const room = views.newRoom();
  const changes: string[] = [];
  const cameras: MediaStreamTrack[] = [];
  const openBackground = madeUpBackground(changes);
  const visit = views.showVisit(room, {
    ...fakePorts(room),
    openCamera: async () => {
      const camera = await fakeCamera();
      cameras.push(camera);
      return camera;
    },
    loadBackground: async () => ({ openBackground }),
  });
  const choose = async (name: string) => {
    await page.getByRole("button", { name: "Choose a camera" }).click();
    await page.getByRole("menuitemradio", { name }).click();
  };
  await expect.poll(() => visit.camera.state.value.status).toBe("on");
  expect(visit.camera.track.value).toBe(cameras[0]);
  await choose("Blurred");
  await expect.poll(() => visit.camera.latencyMs).toBe(30);
  expect([changes, cameras[0]?.readyState, cameras.length]).toEqual([["blur"], "ended", 2]);
  await choose("Hills");
  await expect.poll(() => changes).toEqual(["blur", "hills"]);
  expect([cameras.length, visit.camera.state.value.status]).toEqual([2, "on"]);
  visit.camera.turnOff();
  await visit.background.choose("wall", visit.camera);
  await visit.camera.turnOn();
  await expect.element(page.getByText("Your background could not be made, so your camera is off.")).toBeVisible();
  expect([cameras.at(-1)?.readyState, visit.camera.track.value]).toEqual(["ended", undefined]);
  await choose("As it is");
  await expect.poll(() => visit.camera.state.value.status).toBe("on");
  expect(visit.camera.track.value).toBe(cameras.at(-1));
});
