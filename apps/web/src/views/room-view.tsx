import { useEffect, useMemo } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import type { App } from "../app-state.ts";
import { Button } from "../components/button.tsx";
import { durationText } from "../language/duration-text.ts";
import type { LinkAccess } from "../model/read-link.ts";
import type { FailureCode } from "../room/failure-code.ts";
import { tellParent } from "../room/tell-parent.ts";
import { Visit, type VisitLink, type VisitPhase } from "../room/visit.ts";
import { Lobby } from "./lobby.tsx";
import { MessagePage } from "./message-page.tsx";

/** One room, from its lobby to what is said afterwards. */
export function RoomView(props: { readonly link: VisitLink; readonly access: LinkAccess }) {
  const app = useApp();
  const visit = useMemo(() => new Visit({ app, link: props.link }), [app, props.link.text]);
  useEffect(() => {
    document.title = `${props.link.name} · mqtt-meet`;
    return () => {
      document.title = "mqtt-meet";
      visit.close();
    };
  }, [visit, props.link.name]);
  useEffect(() => (app.frame ? framed(visit, app, props.access) : undefined), [visit]);
  return <VisitView visit={visit} access={props.access} />;
}

/** In a frame: straight in where that is wanted and possible; the page around is told how it goes. */
function framed(visit: Visit, { frame, settings }: App, access: LinkAccess): () => void {
  const name = settings.values.peek().name.trim();
  if (frame?.joins && name !== "" && access !== "passphrase") void visit.join(name);
  return tellParent(visit);
}

/** The view of a visit's phase. */
export function VisitView({ visit, access }: { readonly visit: Visit; readonly access: LinkAccess }) {
  const phase = visit.phase.value;
  switch (phase.name) {
    case "meeting":
      return <phase.View meeting={phase.meeting} visit={visit} />;
    case "left":
      return <Left phase={phase} visit={visit} />;
    case "turned-away":
      return <TurnedAway />;
    default:
      return <Lobby visit={visit} access={access} />;
  }
}

/** A host did not let us in. There is nothing to try again. */
function TurnedAway() {
  const { door } = useText();
  return <MessagePage title={door.turnedAway} reason={door.turnedAwayReason} calm />;
}

function Left({ phase, visit }: { phase: Extract<VisitPhase, { name: "left" }>; visit: Visit }) {
  const { locale } = useApp();
  const { left, meeting, failure } = useText();
  const why = phase.failure;
  const because: Partial<Record<FailureCode, string>> = left.because;
  const line = left.lasted(durationText(phase.lastedMs, locale.value), meeting.peopleCount(phase.people));
  return (
    <MessagePage
      title={why ? (because[why] ?? left.lost) : left.title}
      reason={why && failure[why]}
      calm={why === "ended"}
      line={line}
    >
      <Button tone="accent" onClick={() => visit.return()}>
        {left.rejoin}
      </Button>
    </MessagePage>
  );
}
