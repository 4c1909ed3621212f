import { MeetingRoomElement } from "./room-element.ts";
import { MeetingViewElement } from "./view-element.ts";

/** Makes `<mqtt-meet-room>` and `<mqtt-meet-view>` known to the page; a second time does nothing. */
export function defineElements(): void {
  const elements = { "mqtt-meet-room": MeetingRoomElement, "mqtt-meet-view": MeetingViewElement };
  for (const [name, element] of Object.entries(elements)) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}
