/** @jsxImportSource preact */
import { type ComponentChildren, render } from "preact";
import { AppContext } from "../app-context.ts";
import { App } from "../app-state.ts";
import type { LinkAccess } from "../model/read-link.ts";
import { Visit } from "../room/visit.ts";
import { VisitView } from "../views/room-view.tsx";
import { fakePorts } from "./fake-meeting.ts";
import { FakeRoom } from "./fake-room.ts";

/** Shows views to a test, and takes them away after it. */
export class ViewFixture {
  app = new App(undefined);
  root = document.createElement("div");
  readonly #visits: Visit[] = [];
  #address = "";

  open(): void {
    this.#address = location.href;
    this.app = new App(undefined);
    this.app.settings.update({ language: "en" });
    this.root = document.createElement("div");
    this.root.id = "app";
    document.body.append(this.root);
  }

  close(): void {
    render(null, this.root);
    this.root.remove();
    this.app.notices.close();
    for (const visit of this.#visits.splice(0)) visit.close();
    history.replaceState(null, "", this.#address);
  }

  show(children: ComponentChildren): void {
    render(<AppContext.Provider value={this.app}>{children}</AppContext.Provider>, this.root);
  }

  newRoom(): FakeRoom {
    return new FakeRoom({ name: "amber-otter-bay", link: "https://meet.example/r/amber-otter-bay#1.x" });
  }

  /** The lobby of `room`. */
  showVisit(room: FakeRoom, ports = fakePorts(room), access: LinkAccess = "secret"): Visit {
    const visit = new Visit({ app: this.app, link: { text: room.link, name: room.name, rights: room.rights }, ports });
    this.#visits.push(visit);
    this.show(<VisitView visit={visit} access={access} />);
    return visit;
  }

  /** The meeting in `room`. */
  async joined(room: FakeRoom): Promise<Visit> {
    this.app.settings.update({ name: "Ada" });
    const visit = this.showVisit(room);
    await visit.join("Ada");
    return visit;
  }
}
