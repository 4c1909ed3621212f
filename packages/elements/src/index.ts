export { defineElements } from "./define-elements.ts";
export type { ElementState, ElementStateDetail } from "./element-state.ts";
export { MeetingRoomElement } from "./room-element.ts";
export { MeetingViewElement } from "./view-element.ts";
