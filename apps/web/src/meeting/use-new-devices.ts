import type { Device } from "@mqtt-meet/sdk/browser";
import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useApp } from "../app-context.ts";
import type { App } from "../app-state.ts";
import { newDevices } from "../model/new-devices.ts";
import type { Meeting } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";

/** Offers a microphone, camera or speaker that is plugged in during the meeting. */
export function useNewDevices(meeting: Meeting, visit: Visit): void {
  const app = useApp();
  useEffect(() => {
    let before = visit.deviceList.devices.peek();
    return effect(() => {
      const now = visit.deviceList.devices.value;
      const found = newDevices(before, now);
      before = now;
      const { rights } = meeting.room;
      // Nobody is offered what may not be sent.
      const isOfUse = ({ kind }: Device) => kind === "speaker" || (rights[kind] && !meeting.door.isHeld(kind));
      for (const device of found.filter(isOfUse)) offer(device, { app, meeting, visit });
    });
  }, [app, meeting, visit]);
}

function offer(device: Device, { app, meeting, visit }: { app: App; meeting: Meeting; visit: Visit }): void {
  const { meeting: text } = app.text.peek();
  const onChoose = () => {
    if (device.kind === "microphone") void visit.microphone.choose(device.id);
    else if (device.kind === "camera") void visit.camera.choose(device.id);
    else {
      app.settings.update({ speakerId: device.id });
      meeting.room.setAudioOutput(device.id).catch(() => app.settings.update({ speakerId: "" }));
    }
  };
  app.notices.say(text.newDevice(device.label), { action: { label: text.use, onChoose } });
}
