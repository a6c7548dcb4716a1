// The worker of the board's page: it verifies the record that it is given, and says where it stands.

import "../ui/older-browsers.ts";
import { answer, type Message } from "../board/steps.ts";

addEventListener("message", ({ data }: MessageEvent<Uint8Array>) => {
  const tell = (message: Message) => postMessage(message);
  const steps = answer(data, () => performance.now(), tell);
  while (!steps.next().done);
});
