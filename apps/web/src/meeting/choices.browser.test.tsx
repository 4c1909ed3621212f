import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakePorts } from "../dev/fake-meeting.ts";
import { type FakeRoom, fakeParticipant } from "../dev/fake-room.ts";
import { fakeMicrophone } from "../dev/gallery-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 900);
  views.open();
});
afterEach(() => {
  vi.restoreAllMocks();
  views.close();
});

const button = (name: string) => page.getByRole("button", { name });
const item = (name: string) => page.getByRole("menuitem", { name });
const somebody = (peer: string, more: readonly (readonly ["screen", boolean])[] = []) =>
  fakeParticipant(peer, { name: `Guest ${peer}`, sources: [["camera", false], ["microphone", false], ...more] });

async function joined(...peers: readonly string[]): Promise<FakeRoom> {
  const room = views.newRoom();
  room.participants.value = peers.map((peer) => somebody(peer));
  await views.joined(room);
  return room;
}

const ownKind = () => views.root.querySelector<HTMLElement>('[data-peer="ownPeer"]')?.dataset["kind"] ?? "nowhere";
const areaOf = (selector: string) => {
  const { width = 0, height = 0 } = views.root.querySelector(selector)?.getBoundingClientRect() ?? {};
  return width * height;
};

test("our own picture floats beside one other, is a tile among several, can be hidden, had back and made small", async () => {
  const room = await joined("a");
  await expect.poll(ownKind).toBe("own");
  await button("Hide my picture").click();
  await expect.poll(ownKind).toBe("nowhere");
  await button("More").click();
  await item("Show my picture").click();
  await expect.poll(ownKind).toBe("own");
  room.participants.value = [somebody("a"), somebody("b")];
  await expect.poll(ownKind).toBe("person");
  await button("More").click();
  await item("Make my picture small").click();
  await expect.poll(ownKind).toBe("own");
});

test("our own picture is drawn to another corner of the stage, and stays there", async () => {
  await joined("a");
  await expect.poll(ownKind).toBe("own");
  const own = () => views.root.querySelector('[data-kind="own"]')?.getBoundingClientRect();
  expect(own()?.x).toBeGreaterThan(640);
  await userEvent.dragAndDrop(page.getByRole("region", { name: "You" }), page.getByRole("listitem"), {
    sourcePosition: { x: 60, y: 40 },
    targetPosition: { x: 80, y: 80 },
  });
  await expect.poll(() => (own()?.x ?? 1280) < 320 && (own()?.y ?? 900) < 300).toBe(true);
});

test("a face fills its tile or is shown whole, as its tile's menu says", async () => {
  await joined("a");
  const wider = () => {
    const video = views.root.querySelector('[data-peer="a"] video')?.getBoundingClientRect();
    const tile = views.root.querySelector('[data-peer="a"]')?.getBoundingClientRect();
    return video && tile ? Math.round(video.width - tile.width) : 0;
  };
  await expect.poll(wider).toBeGreaterThan(0);
  await button("Options for Guest a").click();
  await item("Show the whole picture").click();
  await expect.poll(wider).toBeLessThanOrEqual(0);
  await button("Options for Guest a").click();
  await item("Fill the tile").click();
  await expect.poll(wider).toBeGreaterThan(0);
});

test("two shared screens are both larger than any face", async () => {
  const room = await joined("a", "b", "c");
  room.participants.value = [somebody("a", [["screen", false]]), somebody("b", [["screen", false]]), somebody("c")];
  const screen = (peer: string) => areaOf(`[data-peer="${peer}"][data-kind="screen"]`);
  const face = () => Math.max(...["a", "b", "c"].map((peer) => areaOf(`[data-peer="${peer}"][data-kind="person"]`)));
  await expect.poll(() => Math.min(screen("a"), screen("b")) > 1.3 * face()).toBe(true);
});

test("the page and a single tile fill the screen, and a browser that refuses changes nothing", async () => {
  await joined("a");
  const asked: string[] = [];
  vi.spyOn(Element.prototype, "requestFullscreen").mockImplementation(function (this: Element) {
    asked.push(this.tagName);
    return Promise.reject(new TypeError("Not allowed."));
  });
  await userEvent.keyboard("f");
  await expect.poll(() => asked).toEqual(["HTML"]);
  await button("Options for Guest a").click();
  await item("Fill the screen").click();
  await expect.poll(() => asked).toEqual(["HTML", "LI"]);
  await expect.element(page.getByRole("listitem", { name: "Guest a" })).toBeVisible();
});

test("who waits for a picture sees initials and is told so; the first picture takes their place", async () => {
  const room = views.newRoom();
  const canvas = document.createElement("canvas");
  room.draw = (_key, element) => {
    if (element instanceof HTMLVideoElement) {
      element.srcObject = canvas.captureStream();
      element.play().catch(() => undefined); // the page may go before it plays
    }
    return () => undefined;
  };
  room.participants.value = [somebody("a")];
  await views.joined(room);
  const waiting = page.getByText("Waiting for the picture …");
  await expect.element(waiting).toBeInTheDocument();
  const context = canvas.getContext("2d");
  const timer = setInterval(() => context?.fillRect(0, 0, canvas.width, canvas.height), 50);
  await expect.poll(() => waiting.elements()).toEqual([]);
  clearInterval(timer);
});

test("nobody in the list of people is cut off on a phone that lies on its side: the panel scrolls as a whole", async () => {
  await page.viewport(844, 390);
  const room = await joined("a", "b", "c", "d", "e");
  room.host.value = { ...room.host.value, named: true, own: true, hosts: [room.peer] };
  await userEvent.keyboard("p");
  const list = page.getByRole("list", { name: "People", exact: true });
  await expect.element(list).toBeVisible();
  const { scrollHeight, clientHeight } = list.element();
  expect(clientHeight).toBeGreaterThanOrEqual(6 * 44);
  expect(scrollHeight).toBeLessThanOrEqual(clientHeight);
  const body = list.element().parentElement;
  expect(body?.scrollHeight).toBeGreaterThan(body?.clientHeight ?? 0);
});

test("the link goes to the system's share sheet where there is one", async () => {
  const shared: unknown[] = [];
  Object.defineProperty(navigator, "share", { configurable: true, value: async (what: unknown) => shared.push(what) });
  try {
    const room = await joined("a");
    await button("More").click();
    await item("Invite").click();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    expect(shared).toEqual([{ title: room.name, url: room.link }]);
  } finally {
    Reflect.deleteProperty(navigator, "share");
  }
});

test("? shows all keys; nothing else happens by key until Esc closes it", async () => {
  const room = await joined("a");
  await userEvent.keyboard("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect.element(sheet).toBeVisible();
  for (const key of ["M", "E", "S", "C", "P", "R", "H", "V", "F", "D", "1 – 9", "Space", "Esc"]) {
    await expect.element(sheet.getByText(key, { exact: true })).toBeVisible();
  }
  await userEvent.keyboard("h");
  expect(room.calls.filter((call) => call.startsWith("hand"))).toEqual([]);
  await userEvent.keyboard("{Escape}");
  await expect.poll(() => sheet.elements().length).toBe(0);
  await userEvent.keyboard("h");
  expect(room.calls).toContain("hand true");
});

test("what is plugged in is offered, and taken at a press; a loudspeaker is chosen in the meeting", async () => {
  const plugged = [
    { kind: "videoinput", deviceId: "v1", label: "Lid camera" },
    { kind: "audiooutput", deviceId: "s1", label: "Lid speakers" },
    { kind: "audiooutput", deviceId: "s2", label: "Headset" },
  ];
  vi.spyOn(navigator.mediaDevices, "enumerateDevices").mockImplementation(async () =>
    plugged.map((device) => ({ ...device, groupId: "", toJSON: () => device }) as MediaDeviceInfo),
  );
  const room = views.newRoom();
  const visit = await views.joined(room);
  await expect.poll(() => visit.deviceList.devices.value.length).toBe(3);
  // The view watches from its first paint on: until then, it is pulled out and plugged in again.
  const plugIn = async () => {
    plugged.length = 3;
    await visit.deviceList.refresh();
    plugged.push({ kind: "videoinput", deviceId: "v2", label: "Desk camera" });
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    await new Promise(requestAnimationFrame);
    return page.getByText("Desk camera is there now.").elements().length;
  };
  await expect.poll(plugIn).toBe(1);
  await button("Use it").click();
  await expect.poll(() => visit.camera.deviceId.value).toBe("v2");
  await button("Choose a microphone").click();
  await page.getByRole("menuitemradio", { name: "Headset" }).click();
  expect(room.calls).toContain("output s2");
  expect(views.app.settings.values.value.speakerId).toBe("s2");
});

test("who talks into a microphone that is off is told so", async () => {
  const room = views.newRoom();
  const visit = views.showVisit(room, fakePorts(room, { openMicrophone: fakeMicrophone }));
  await visit.join("Ada");
  await expect.poll(() => visit.microphone.state.value.status).toBe("on");
  await button("Mute the microphone").click();
  await expect.element(page.getByText("You are talking, and your microphone is off.")).toBeVisible();
});

test("the screen stays awake for as long as the meeting lasts", async () => {
  const release = vi.fn(async () => undefined);
  const request = vi.fn(async () => ({ release }) as unknown as WakeLockSentinel);
  vi.spyOn(navigator.wakeLock, "request").mockImplementation(request);
  await joined("a");
  await expect.poll(() => request.mock.calls).toEqual([["screen"]]);
  expect(release).not.toHaveBeenCalled();
  await button("Leave").click();
  await expect.poll(() => release.mock.calls.length).toBe(1);
});
