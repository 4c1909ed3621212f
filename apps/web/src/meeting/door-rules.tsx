import type { MutedKind } from "@mqtt-meet/sdk";
import { DoorClosed, DoorClosedLocked, type IconNode, MicOff, MonitorOff, VideoOff } from "lucide";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Switch } from "../components/switch.tsx";
import { MUTED_KINDS } from "../room/door.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./door-rules.module.css";

/** How it looks that something may not be sent. */
export const HOLD_ICONS: Readonly<Record<MutedKind, IconNode>> = {
  microphone: MicOff,
  camera: VideoOff,
  screen: MonitorOff,
};

/** What holds in a room whose server enforces it: switches for its hosts, and for the others what is on. */
export function DoorRules({ meeting }: { readonly meeting: Meeting }) {
  const { rules: words } = useText();
  if (!meeting.room.door.value.enforced) return null;
  const isOurs = meeting.door.isOurs.value;
  const lines = isOurs ? [] : linesOf(meeting.door, words);
  if (!isOurs && lines.length === 0) return null;
  return (
    <section class={css["rules"]} aria-label={words.title}>
      <h3>{words.title}</h3>
      {isOurs && <Switches meeting={meeting} />}
      {lines.map(({ icon, label }) => (
        <p key={label} class={css["line"]}>
          <Icon node={icon} size={18} />
          {label}
        </p>
      ))}
    </section>
  );
}

function Switches({ meeting: { door, room } }: { meeting: Meeting }) {
  const { rules: words, host } = useText();
  const { locked, waitingRoom, muted } = door.rules;
  const isAlone = room.participants.value.length === 0;
  return (
    <>
      <Switch icon={DoorClosedLocked} label={words.lock} on={locked} onSwitch={(on) => door.setLocked(on)} />
      <Switch icon={DoorClosed} label={words.waitingRoom} on={waitingRoom} onSwitch={(on) => door.setWaitingRoom(on)} />
      {MUTED_KINDS.map((kind) => (
        <Switch
          key={kind}
          icon={HOLD_ICONS[kind]}
          label={words.hold[kind]}
          on={muted.includes(kind)}
          onSwitch={(on) => door.hold({ kind, on })}
        />
      ))}
      <p class={css["note"]}>{words.forOthers}</p>
      {!muted.includes("microphone") && !isAlone && (
        <div class={css["all"]}>
          <Button icon={MicOff} onClick={() => void door.muteAll()}>
            {host.muteAll}
          </Button>
        </div>
      )}
    </>
  );
}

function linesOf({ rules }: Meeting["door"], words: ReturnType<typeof useText>["rules"]) {
  const held = rules.muted.map((kind) => ({ icon: HOLD_ICONS[kind], label: words.hold[kind] }));
  return [
    ...(rules.locked ? [{ icon: DoorClosedLocked, label: words.locked }] : []),
    ...(rules.waitingRoom ? [{ icon: DoorClosed, label: words.waitingRoomOn }] : []),
    ...held,
  ];
}
