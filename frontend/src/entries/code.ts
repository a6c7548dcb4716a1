// Where a session and a slip code are typed, for phones that cannot scan (GET /v).

import { field, complain } from "../booth/screens/code.ts";
import { say } from "../i18n/index.ts";
import { base32typed, isBase32 } from "../protocol/encoding.ts";
import { readCode } from "../protocol/slip.ts";
import { h } from "../ui/dom.ts";
import { offerLanguages } from "../ui/languages.ts";
import { show } from "../ui/stage.ts";

document.documentElement.dataset["ready"] = "yes";
offerLanguages(say, () => undefined, () => undefined);
show(() => {
  const [sessionGroup, session] = field("session", say("code.session"), say("code.session-hint"));
  const [codeGroup, code] = field("code", say("code.label"), say("code.hint"));
  const form = h("form", { novalidate: true }, sessionGroup, codeGroup,
    h("button", { type: "submit", class: "second" }, say("code.go")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    complain(session, "");
    complain(code, "");
    const where = base32typed(session.value);
    const slip = readCode(code.value);
    if (where.length !== 10 || !isBase32(where)) complain(session, say("code.wrong-session"));
    else if (!slip) complain(code, say("code.wrong", { n: base32typed(code.value).length }));
    else location.assign(`/v/${where.toLowerCase()}#${slip}`);
  });
  return [h("h1", {}, say("code.title")), h("p", {}, say("code.lead")), form];
});
