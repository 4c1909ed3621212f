import {
  DoorClosedLocked,
  Ellipsis,
  Hand,
  type IconNode,
  Lock,
  LockOpen,
  LogOut,
  MessageSquare,
  MonitorUp,
  Users,
} from "lucide";
import { useApp, useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { DeviceButton } from "../components/device-button.tsx";
import { HeldMark } from "../components/held-mark.tsx";
import { Icon } from "../components/icon.tsx";
import { MenuButton } from "../components/menu.tsx";
import { Jointed } from "../components/wordmark.tsx";
import type { Meeting } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";
import css from "./control-bar.module.css";
import { canFloat, toggleFloatingWindow } from "./floating-window.tsx";
import type { MeetingCommands } from "./meeting-commands.ts";
import { moreSections } from "./more-sections.ts";
import { ReactButton } from "./reactions.tsx";

interface BarProps {
  readonly meeting: Meeting;
  readonly visit: Visit;
  readonly commands: MeetingCommands;
}

/** Everything one does in a meeting. */
export function ControlBar({ meeting, visit, commands }: BarProps) {
  const { meeting: text } = useText();
  return (
    <div class={css["bar"]}>
      <div class={css["room"]}>
        <span class={css["name"]}>
          <Jointed name={meeting.room.name} />
        </span>
        <LockedMark meeting={meeting} />
        <PrivacyMark meeting={meeting} />
        <RoundTrip meeting={meeting} />
      </div>
      <div class={css["controls"]} role="toolbar" aria-label={text.controls}>
        <Controls meeting={meeting} visit={visit} commands={commands} />
      </div>
      <div class={css["right"]} />
    </div>
  );
}

/** Opens what there is to compare. */
function PrivacyMark({ meeting }: { meeting: Meeting }) {
  const { privacy } = useText();
  const { encrypted } = meeting.room.encryption.value;
  const label = encrypted ? privacy.encrypted : privacy.open;
  return (
    <button
      type="button"
      class={classes(css["privacy"], !encrypted && css["exposed"])}
      title={label}
      aria-label={label}
      onClick={() => meeting.openPanel("people")}
    >
      <Icon node={encrypted ? Lock : LockOpen} size={15} />
    </button>
  );
}

/** Shown to everybody for as long as the server lets nobody new in. */
function LockedMark({ meeting }: { meeting: Meeting }) {
  const { rules } = useText();
  if (!meeting.door.rules.locked) return null;
  return (
    <button
      type="button"
      class={css["privacy"]}
      title={rules.locked}
      aria-label={rules.locked}
      onClick={() => meeting.openPanel("people")}
    >
      <Icon node={DoorClosedLocked} size={16} />
    </button>
  );
}

function Controls({ meeting, visit, commands }: BarProps) {
  const app = useApp();
  const words = useText();
  const text = words.meeting;
  const panel = meeting.panel.value;
  const people = meeting.room.participants.value.length + 1;
  const unread = meeting.unread.value;
  const onEnded = () => void visit.leave();
  const onFloat = canFloat() ? () => void toggleFloatingWindow(app, { meeting, visit }) : undefined;
  const sections = () => moreSections(meeting, { commands, settings: app.settings, text: words, onFloat, onEnded });
  return (
    <>
      <Devices meeting={meeting} visit={visit} />
      {meeting.canShare && <ShareButton meeting={meeting} onClick={commands.share} />}
      <ReactButton meeting={meeting} class={classes(css["button"], css["spacious"])} />
      <BarButton
        icon={Hand}
        label={meeting.handRaised ? text.lowerHand : text.raiseHand}
        keyHint="H"
        pressed={meeting.handRaised}
        spacious
        onClick={commands.hand}
      />
      <BarButton
        icon={MessageSquare}
        label={text.chat}
        detail={unread > 0 ? text.unread(unread) : undefined}
        keyHint="C"
        pressed={panel === "chat"}
        onClick={commands.chat}
      >
        <Badge count={unread} />
      </BarButton>
      <BarButton
        icon={Users}
        label={text.people}
        detail={`${people}`}
        keyHint="P"
        pressed={panel === "people"}
        spacious
        onClick={commands.people}
      >
        <span>{people}</span>
      </BarButton>
      <MenuButton class={css["button"]} label={text.more} sections={sections}>
        <Icon node={Ellipsis} />
      </MenuButton>
      <button
        type="button"
        class={classes(css["button"], css["leave"])}
        aria-label={text.leave}
        data-tip={text.leave}
        onClick={() => void visit.leave()}
      >
        <Icon node={LogOut} />
      </button>
    </>
  );
}

function ShareButton({ meeting, onClick }: { meeting: Meeting; onClick: () => void }) {
  const { meeting: text, rules } = useText();
  const isSharing = meeting.screen.status.value === "on";
  const isHeld = meeting.door.isHeld("screen");
  return (
    <BarButton
      icon={MonitorUp}
      label={isSharing ? text.stopSharing : text.share}
      detail={isHeld ? rules.held.screen : undefined}
      keyHint="S"
      pressed={isSharing}
      spacious
      held={isHeld}
      onClick={onClick}
    />
  );
}

/** Of each kind that we may send, what turns it on and off. */
function Devices({ meeting, visit: { deviceList, background } }: Pick<BarProps, "meeting" | "visit">) {
  const { rules } = useText();
  const { room, microphone, camera, door } = meeting;
  const heldOf = (kind: "microphone" | "camera") =>
    door.isHeld(kind) ? { reason: rules.held[kind], say: () => door.refuses(kind) } : undefined;
  const chooseSpeaker = (id: string) => void room.setAudioOutput(id).catch(() => undefined);
  return (
    <>
      {room.rights.microphone && (
        <DeviceButton
          {...{ deviceList, device: microphone, held: heldOf("microphone") }}
          keyHint="M"
          onSpeaker={chooseSpeaker}
        />
      )}
      {room.rights.camera && (
        <DeviceButton {...{ background, deviceList, device: camera, held: heldOf("camera") }} keyHint="E" />
      )}
    </>
  );
}

function BarButton(props: {
  readonly icon: IconNode;
  readonly label: string;
  /** Said after the label, and not in the tooltip. */
  readonly detail?: string | undefined;
  readonly keyHint: string;
  readonly pressed: boolean;
  /** A host keeps it off, as the detail says. */
  readonly held?: boolean;
  /** Only where there is room; elsewhere it is in the menu. */
  readonly spacious?: boolean;
  readonly onClick: () => void;
  readonly children?: preact.ComponentChildren;
}) {
  const hasWords = props.spacious === true && props.children !== undefined;
  return (
    <button
      type="button"
      class={classes(css["button"], hasWords && css["wide"], props.spacious && css["spacious"])}
      aria-label={props.detail ? `${props.label}: ${props.detail}` : props.label}
      aria-pressed={props.pressed}
      aria-disabled={props.held ? true : undefined}
      aria-keyshortcuts={props.keyHint}
      data-tip={props.held ? props.detail : `${props.label} (${props.keyHint})`}
      onClick={() => props.onClick()}
    >
      <Icon node={props.icon} />
      {props.held && <HeldMark />}
      {props.children}
    </button>
  );
}

/** The button says it in its name; what was written is announced by itself. */
function Badge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class={css["badge"]} aria-hidden="true">
      {count > 99 ? "99+" : count}
    </span>
  );
}

function RoundTrip({ meeting }: { meeting: Meeting }) {
  const { meeting: text } = useText();
  const { roundTripMs } = meeting.room.statistics.value;
  if (roundTripMs === null) return null;
  const shown = roundTripMs < 10 ? roundTripMs.toFixed(1) : roundTripMs.toFixed(0);
  return (
    <span class={css["figure"]} title={text.roundTrip}>
      {shown} ms
    </span>
  );
}
