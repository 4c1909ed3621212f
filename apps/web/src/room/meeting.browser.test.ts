import { MediaError } from "@mqtt-meet/sdk/browser";
import { afterEach, expect, test, vi } from "vitest";
import { fakeCamera, fakeMeeting, fakeSilence } from "../dev/fake-meeting.ts";
import { FakeRoom, fakeParticipant } from "../dev/fake-room.ts";
import { DeviceList } from "./device-list.ts";
import { LocalDevice } from "./local-device.ts";

const newRoom = () => new FakeRoom({ name: "yard", link: "https://meet.example/r/yard#1.x" });

afterEach(() => vi.unstubAllGlobals());

test("DeviceList is the same list while the same devices are there: an open menu is not drawn over and over", async () => {
  const list = new DeviceList();
  await list.refresh();
  const before = list.devices.value;
  expect(before.length).toBeGreaterThan(0);
  await list.refresh();
  expect(list.devices.value).toBe(before);
  list.close();
});

test("LocalDevice says why there is no picture, and tries again", async () => {
  let attempts = 0;
  const device = new LocalDevice({
    kind: "camera",
    deviceId: "",
    open: () => {
      attempts += 1;
      return attempts > 1 ? fakeCamera() : Promise.reject(new MediaError("device-busy", "In use."));
    },
  });
  await device.turnOn();
  expect(device.state.value).toEqual({ status: "problem", problem: "device-busy" });
  await device.turnOn();
  expect(device.state.value).toEqual({ status: "on" });
  device.close();
});

test("LocalDevice takes the system's choice where the chosen device is gone", async () => {
  const asked: (string | undefined)[] = [];
  const device = new LocalDevice({
    kind: "camera",
    deviceId: "old",
    open: (deviceId) => {
      asked.push(deviceId);
      return deviceId === "old" ? Promise.reject(new MediaError("device-missing", "Gone.")) : fakeCamera();
    },
  });
  await device.turnOn();
  expect(asked).toEqual(["old", undefined]);
  expect(device.deviceId.value).toBe("");
  device.close();
});

test("LocalDevice closes a camera that is turned off, even while it opens, and keeps a microphone", async () => {
  const opened: MediaStreamTrack[] = [];
  const open = async () => {
    const track = await fakeCamera();
    opened.push(track);
    return track;
  };
  const camera = new LocalDevice({ kind: "camera", deviceId: "", open });
  const opening = camera.turnOn();
  camera.turnOff();
  await opening;
  expect(opened[0]?.readyState).toBe("ended");
  expect(camera.state.value).toEqual({ status: "off" });
  const microphone = new LocalDevice({ kind: "microphone", deviceId: "", open });
  await microphone.turnOn();
  microphone.turnOff();
  expect(microphone.track.value?.readyState).toBe("live");
  await microphone.turnOn();
  expect(opened).toHaveLength(2);
  microphone.close();
  expect(opened[1]?.readyState).toBe("ended");
});

test("Meeting publishes a device when it is first on, and mutes it afterwards", async () => {
  const room = newRoom();
  const { meeting, camera, microphone } = fakeMeeting(room);
  expect(room.calls).toEqual([]);
  await camera.turnOn();
  await vi.waitFor(() => expect(room.calls).toEqual(["publish camera"]));
  camera.turnOff();
  await vi.waitFor(() => expect(room.calls.at(-1)).toBe("mute camera"));
  await camera.turnOn();
  await vi.waitFor(() => expect(room.calls.slice(-2)).toEqual(["replace camera", "unmute camera"]));
  await microphone.turnOn();
  microphone.turnOff();
  await microphone.turnOn();
  await vi.waitFor(() => expect(room.localTracks.value.map((track) => track.source)).toEqual(["camera", "microphone"]));
  await meeting.leave();
  expect(room.calls.at(-1)).toBe("leave");
  camera.close();
  microphone.close();
});

test("Meeting says that the camera is gone when it is pulled out", async () => {
  const room = newRoom();
  const { meeting, camera, notices } = fakeMeeting(room);
  await camera.turnOn();
  await vi.waitFor(() => expect(room.calls).toContain("publish camera"));
  camera.track.value?.dispatchEvent(new Event("ended"));
  expect(camera.state.value).toEqual({ status: "problem", problem: "device-lost" });
  await vi.waitFor(() => expect(room.calls).toContain("mute camera"));
  expect(notices.list.value.map((notice) => notice.text)).toEqual(["The camera is gone."]);
  notices.close();
  await meeting.leave();
});

test("Meeting goes on with the system's microphone when the chosen one is pulled out, and says so", async () => {
  const room = newRoom();
  const { meeting, microphone, notices } = fakeMeeting(room);
  await microphone.choose("headset");
  await vi.waitFor(() => expect(room.calls).toContain("publish microphone"));
  const before = microphone.track.value;
  before?.dispatchEvent(new Event("ended"));
  await vi.waitFor(() => expect(notices.list.value.at(-1)?.text).toBe("The usual device is used instead."));
  expect(microphone.state.value).toEqual({ status: "on" });
  expect(microphone.deviceId.value).toBe("");
  expect(microphone.track.value).not.toBe(before);
  await vi.waitFor(() => expect(room.calls.at(-1)).toBe("unmute microphone"));
  expect(room.calls).toContain("replace microphone");
  notices.close();
  microphone.close();
  await meeting.leave();
});

test("Meeting tells who comes and goes, but not who was there first", async () => {
  const room = newRoom();
  let nowMs = 0;
  const { meeting, notices } = fakeMeeting(room, { nowMs: () => nowMs });
  const ada = fakeParticipant("a", { name: "Ada" });
  const ben = fakeParticipant("b", { name: "Ben" });
  room.participants.value = [ada];
  nowMs = 60_000;
  room.participants.value = [ada, ben];
  room.participants.value = [ben];
  expect(notices.list.value.map((notice) => notice.text)).toEqual(["Ben joined", "Ada left"]);
  expect(meeting.mostPeople).toBe(3);
  notices.close();
  await meeting.leave();
});

test("Meeting counts unread messages of others while the chat is closed", async () => {
  const room = newRoom();
  const { meeting, notices } = fakeMeeting(room);
  const say = (id: string, own: boolean) => {
    room.messages.value = [...room.messages.value, { id, from: "a", name: "Ada", own, sentAtMs: 0, text: id }];
  };
  say("one", false);
  say("mine", true);
  expect(meeting.unread.value).toBe(1);
  meeting.openPanel("chat");
  expect(meeting.unread.value).toBe(0);
  say("two", false);
  expect(meeting.unread.value).toBe(0);
  meeting.closePanel();
  say("three", false);
  expect(meeting.unread.value).toBe(1);
  expect(notices.list.value.map((notice) => notice.text)).toEqual(["Ada: one", "Ada: three"]);
  notices.close();
  await meeting.leave();
});

test("ScreenShare notices that the browser's own button ended it", async () => {
  const room = newRoom();
  const { meeting, notices } = fakeMeeting(room);
  const track = await fakeCamera();
  vi.spyOn(navigator.mediaDevices, "getDisplayMedia").mockResolvedValue(new MediaStream([track]));
  await meeting.screen.start();
  expect(notices.list.value).toEqual([]);
  expect(meeting.screen.status.value).toBe("on");
  track.dispatchEvent(new Event("ended"));
  expect(meeting.screen.status.value).toBe("off");
  expect(room.calls).toEqual(["publish screen", "unpublish screen"]);
  vi.restoreAllMocks();
  await meeting.leave();
});

test("ScreenShare gives the sound of what is shared, too, where the user shares it", async () => {
  const room = newRoom();
  const { meeting } = fakeMeeting(room);
  const shared = new MediaStream([await fakeCamera(), await fakeSilence()]);
  const asked = vi.spyOn(navigator.mediaDevices, "getDisplayMedia").mockResolvedValue(shared);
  await meeting.screen.start();
  expect(asked.mock.calls[0]?.[0]).toMatchObject({ audio: true });
  expect(room.calls).toEqual(["publish screen", "publish screen-audio"]);
  meeting.screen.stop();
  expect(room.calls.slice(2)).toEqual(["unpublish screen", "unpublish screen-audio"]);
  expect(shared.getTracks().map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
  vi.restoreAllMocks();
  await meeting.leave();
});

test("ScreenShare is published anew when a film is shown, without asking again what to share", async () => {
  const room = newRoom();
  const { meeting } = fakeMeeting(room);
  const track = await fakeCamera();
  const asked = vi.spyOn(navigator.mediaDevices, "getDisplayMedia").mockResolvedValue(new MediaStream([track]));
  await meeting.screen.start();
  await meeting.screen.setContent("motion");
  expect(track.contentHint).toBe("motion");
  expect(meeting.screen.content.value).toBe("motion");
  expect(room.calls).toEqual(["publish screen", "unpublish screen", "publish screen smooth"]);
  meeting.screen.stop();
  await meeting.screen.setContent("detail");
  expect(room.calls.slice(3)).toEqual(["unpublish screen"]);
  expect(asked).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
  await meeting.leave();
});

test("ScreenShare takes a choice that was called off for no error", async () => {
  const { meeting, notices } = fakeMeeting(newRoom());
  const refusal = new DOMException("no", "NotAllowedError");
  vi.spyOn(navigator.mediaDevices, "getDisplayMedia").mockRejectedValue(refusal);
  await meeting.screen.start();
  expect(meeting.screen.status.value).toBe("off");
  expect(notices.list.value).toEqual([]);
  vi.restoreAllMocks();
  await meeting.leave();
});
