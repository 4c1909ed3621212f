import { MUTED_KINDS, type MutedKind } from "@mqtt-meet/sdk/browser";
import { useSignal } from "@preact/signals";
import { ChevronDown, DoorClosed, DoorClosedLocked, type IconNode, MicOff, MonitorOff, VideoOff } from "lucide";
import { useEffect, useId, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Switch } from "../components/switch.tsx";
import type { Dictionary } from "../language/en.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./door-rules.module.css";

/** How it looks that something may not be sent. */
export const HOLD_ICONS: Readonly<Record<MutedKind, IconNode>> = {
  microphone: MicOff,
  camera: VideoOff,
  screen: MonitorOff,
};

/** Something that is on. */
interface Line {
  readonly icon: IconNode;
  readonly label: string;
}

/** What holds in a room whose server enforces it: switches for its hosts, and for the others what is on. */
export function DoorRules({ meeting }: { readonly meeting: Meeting }) {
  const { rules: words } = useText();
  if (!meeting.room.door.value.enforced) return null;
  const lines = linesOf(meeting.door, words);
  if (meeting.door.isOurs.value) return <HostsRules meeting={meeting} lines={lines} />;
  if (lines.length === 0) return null;
  return (
    <section class={css["rules"]} aria-label={words.title}>
      <h3>{words.title}</h3>
      {lines.map(({ icon, label }) => (
        <p key={label} class={css["line"]}>
          <Icon node={icon} size={18} />
          {label}
        </p>
      ))}
    </section>
  );
}

/** What is on shows in one line; the switches take room that the list of people needs. */
function HostsRules({ meeting, lines }: { meeting: Meeting; lines: readonly Line[] }) {
  const { rules: words } = useText();
  const isOpen = useSignal(false);
  const id = useId();
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone they open below the edge.
    if (isOpen.value) section.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen.value]);
  const toggle = () => {
    isOpen.value = !isOpen.peek();
  };
  return (
    <section class={css["rules"]} ref={section} aria-label={words.title}>
      <button type="button" class={css["head"]} aria-expanded={isOpen.value} aria-controls={id} onClick={toggle}>
        <span class={css["ours"]}>{words.ours}</span>
        {lines.map(({ icon, label }) => (
          <span key={label} class={css["on"]} role="img" aria-label={label} title={label}>
            <Icon node={icon} size={17} />
          </span>
        ))}
        <span class={css["open"]}>
          <Icon node={ChevronDown} size={17} />
        </span>
      </button>
      <div id={id}>{isOpen.value && <Switches meeting={meeting} />}</div>
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

function linesOf({ rules }: Meeting["door"], words: Dictionary["rules"]): readonly Line[] {
  const held = rules.muted.map((kind) => ({ icon: HOLD_ICONS[kind], label: words.hold[kind] }));
  return [
    ...(rules.locked ? [{ icon: DoorClosedLocked, label: words.locked }] : []),
    ...(rules.waitingRoom ? [{ icon: DoorClosed, label: words.waitingRoomOn }] : []),
    ...held,
  ];
}
