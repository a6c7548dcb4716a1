// After a teller has handed in: who has and who is missing, until the boxes are open.

import { refresh, show } from "../ui/stage.ts";
import { loadStatus, type Status } from "./facts.ts";
import { tell } from "./room.ts";
import { handed, opened } from "./screens/done.ts";

/** How often the page asks who has handed in, in milliseconds. */
const LOOK_AGAIN = 4000;

/** Who has handed in, kept fresh until the boxes are open. */
export function follow(session: string, status: Status, teller: number): void {
  let now = status;
  show(() => now.phase === "opened" ? opened(`/b/${session}`) : handed(now, teller));
  const timer = setInterval(() => void loadStatus(session).then((fresh) => {
    if (!fresh || JSON.stringify(fresh) === JSON.stringify(now)) return;
    now = fresh;
    if (now.phase === "void") tell("void", { board: `/b/${session}` });
    else refresh();
    if (now.phase === "opened" || now.phase === "void") clearInterval(timer);
  }), LOOK_AGAIN);
}
