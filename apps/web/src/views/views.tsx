import { linkRights } from "@mqtt-meet/sdk";
import { useApp, useText } from "../app-context.ts";
import { LazyCameras } from "../cameras/lazy-cameras.tsx";
import { VersionLine } from "../components/version-line.tsx";
import { accessOf } from "../model/read-link.ts";
import { browserProblem } from "../room/browser-problem.ts";
import { Home } from "./home.tsx";
import { MessagePage } from "./message-page.tsx";
import { RoomView } from "./room-view.tsx";

/** The view of the page's address, and what there is to say of the page itself. */
export function Views() {
  return (
    <>
      <View />
      <VersionLine />
    </>
  );
}

function View() {
  const { router } = useApp();
  const { failure, link: words } = useText();
  const route = router.route.value;
  if (route.view === "home") return <Home />;
  if (route.view === "cameras") return <LazyCameras address={route.address} />;
  if (route.view === "bad-link") return <MessagePage title={failure.linkTitle} reason={words[route.problem]} />;
  const problem = browserProblem();
  if (problem) return <MessagePage title={failure.title} reason={failure[problem]} />;
  const link = { text: route.text, name: route.link.name, rights: linkRights(route.link) };
  return <RoomView key={route.text} link={link} access={accessOf(route.link)} />;
}
