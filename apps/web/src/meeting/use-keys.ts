import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { isTalkKey, type KeyPress, keyCommand, pinPlace } from "../model/key-command.ts";
import type { Meeting } from "../room/meeting.ts";
import { PushToTalk } from "../room/push-to-talk.ts";
import type { MeetingCommands } from "./meeting-commands.ts";

/** The keys of a meeting, for as long as its view is there. */
export function useKeys(meeting: Meeting, commands: MeetingCommands): void {
  const { settings } = useApp();
  const current = useRef(commands);
  current.current = commands;
  // Not after the next paint: whoever sees the meeting can use its keys.
  useLayoutEffect(() => {
    const lifetime = new AbortController();
    const { signal } = lifetime;
    const talk = new PushToTalk(meeting.microphone);
    const isOurs = (event: KeyboardEvent) =>
      settings.values.peek().keysOn && !isAnythingOpen() && event.key !== "Escape";
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isAnythingOpen()) meeting.closePanel();
      if (isOurs(event) && act(event, { meeting, commands: current.current, talk })) event.preventDefault();
    };
    const onKeyUp = (event: KeyboardEvent) => {
      if (event.key === " ") talk.release();
      // A button that was clicked before is not clicked again by the key that was held to speak.
      if (isOurs(event) && isTalk(event)) event.preventDefault();
    };
    addEventListener("keydown", onKeyDown, { signal });
    addEventListener("keyup", onKeyUp, { signal });
    addEventListener("blur", () => talk.release(), { signal });
    return () => {
      lifetime.abort();
      talk.release();
    };
  }, [meeting, settings]);
}

/** A dialog or a menu has keys of its own. */
function isAnythingOpen(): boolean {
  return document.querySelector("dialog[open], [popover]:popover-open") !== null;
}

/** Whether the key did something. */
function act(
  event: KeyboardEvent,
  { meeting, commands, talk }: { meeting: Meeting; commands: MeetingCommands; talk: PushToTalk },
): boolean {
  if (isTalk(event)) return meeting.room.rights.microphone && (refusesTalk(event, meeting) || talk.press());
  const press = pressOf(event);
  const place = pinPlace(press);
  if (place !== undefined) {
    meeting.stage.togglePinAt(place);
    return true;
  }
  const command = keyCommand(press);
  if (command) commands[command]();
  return command !== undefined;
}

/** A host keeps the microphone off; that is said once for each time the key is pressed. */
function refusesTalk({ repeat }: KeyboardEvent, { door }: Meeting): boolean {
  return repeat ? door.isHeld("microphone") : door.refuses("microphone");
}

function isTalk(event: KeyboardEvent): boolean {
  return isTalkKey(pressOf(event)) && !isForButton(event.target);
}

function pressOf(event: KeyboardEvent): KeyPress {
  const { key, ctrlKey, altKey, metaKey, repeat, isComposing } = event;
  return { key, ctrlKey, altKey, metaKey, repeat, isComposing, typing: isTyping(event.target) };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/** Whoever goes through the page by keyboard presses buttons with the space bar. */
function isForButton(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("button:focus-visible, a:focus-visible, summary");
}
