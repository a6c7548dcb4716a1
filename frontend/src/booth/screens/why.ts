import { language, type Key, say } from "../../i18n/index.ts";
import type { Manifest } from "../../protocol/manifest.ts";
import { type Child, h } from "../../ui/dom.ts";

const SVG = "http://www.w3.org/2000/svg";
/** Outlines on a field of 24 by 24: a slip, an envelope that is stamped, a box, a lock, two stamps. */
const PICTURES = {
  slip: "M5 3h14v18H5zM8 7h4v4H8zM15 7h1M15 10h1M8 15h8M8 18h5",
  envelope: "M2 9h20v12H2zM2 9l10 7 10-7M9 2h6v2l-1.5 1v4h-3V5L9 4z",
  box: "M3 11h18v10H3zM8 11V3h8v8M8 14h8M10 6h4",
  lock: "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4M12 15v2",
  stamps: "M3 20h8M4 17v-3h2v-3L5 7h4l-1 4v3h2v3zM13 20h8M14 17v-3h2v-3l-1-4h4l-1 4v3h2v3z",
};

function picture(name: keyof typeof PICTURES): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PICTURES[name]);
  svg.append(path);
  return svg;
}

/** Why nobody can tell whose a ballot is, for whoever wants to know before drawing. */
export function why({ opening, signers }: Manifest): HTMLElement {
  const line = (name: keyof typeof PICTURES, key: Key, values = {}) =>
    h("li", {}, picture(name), h("span", {}, say(key, values)));
  const { custodian, quorum, tellers } = opening;
  const who = signers.slice(1).map(({ name }) => name).join(say("why.and"));
  const lines: Child[] = [
    line("slip", "why.slip"),
    line("envelope", "why.envelope"),
    line("box", "why.box"),
    custodian
      ? line("lock", "why.custodian")
      : line("lock", "why.tellers", { n: quorum, all: tellers.length }),
    who !== "" && line("stamps", "why.signers", { who }),
  ];
  return h("details", { class: "why" },
    h("summary", {}, say("why.title")),
    h("ol", {}, ...lines),
    h("p", {}, say("why.limits")),
    h("a", { href: `/help/voter?lang=${language()}`, class: "go" }, say("why.more")));
}
