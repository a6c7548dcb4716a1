// What a phone keeps, and how it asks again.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { type Patience, post } from "../src/booth/post.ts";
import { type Drawing, type Filling, Store } from "../src/booth/store.ts";
import { inMemory } from "../src/booth/areas.ts";

const page = globalThis as unknown as Record<string, unknown>;
const common = { format: 2, session: "s", manifest: "00", voterClass: 0 } as const;
const drawing: Drawing = { ...common, slip: "aa", stage: "drawing", requests: ["{}"], tokens: [], pending: [] };
const filling: Filling = { ...common, slip: "bb", stage: "filling", keys: [], tokens: [], answers: [[1]], at: 0 };

function storage(area: () => unknown): void {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(globalThis, name, { configurable: true, get: area });
  }
}

beforeEach(() => {
  const area = inMemory();
  storage(() => area);
  page["addEventListener"] = () => undefined;
  page["removeEventListener"] = () => undefined;
});

test("what one page keeps the next one finds, by slip and session", () => {
  new Store("s").keep(drawing);
  const store = new Store("s");
  store.keep(filling);
  assert.deepEqual(store.find("aa"), drawing);
  assert.deepEqual(store.unfinished(), [drawing, filling]);
  assert.deepEqual(new Store("other").unfinished(), []);
  store.wipe("aa");
  assert.deepEqual(new Store("s").unfinished(), [filling]);
});

test("a refusal of one request does not wipe what another page made of the slip", () => {
  const store = new Store("s");
  store.keep(drawing);
  store.wipeDrawing({ ...drawing, requests: ["another request"] });
  assert.deepEqual(store.find("aa"), drawing);
  store.keep({ ...filling, slip: "aa" });
  store.wipeDrawing(drawing);
  assert.equal(store.find("aa")?.stage, "filling");
  store.keep(drawing);
  store.wipeDrawing(drawing);
  assert.equal(store.find("aa"), undefined);
});

test("without storage, or with a full one, memory serves", () => {
  storage(() => {
    throw new Error("private window");
  });
  const store = new Store("s");
  assert.equal(store.lasting, false);
  store.keep(filling);
  assert.deepEqual(store.find("bb"), filling);

  const full = inMemory();
  storage(() => ({
    ...full,
    setItem: (key: string, value: string) => {
      if (value.length > 5) throw new Error("QuotaExceededError");
      full.setItem(key, value);
    },
  }));
  const tight = new Store("s");
  assert.equal(tight.lasting, true);
  tight.keep(filling);
  assert.equal(tight.lasting, false);
  assert.deepEqual(tight.find("bb"), filling);
});

test("what cannot be read is thrown away", () => {
  localStorage.setItem("appraisal/1/s/aa", "{");
  localStorage.setItem("appraisal/1/s/bb", '{"format":1}');
  assert.deepEqual(new Store("s").unfinished(), []);
  assert.equal(localStorage.length, 0);
});

const soon: Patience = { pauses: [1, 1, 1], patience: 50 };

/** Answers one after the other; an Error is a network that fails. */
function service(...answers: (Response | Error | "never")[]): string[] {
  const bodies: string[] = [];
  page["fetch"] = (_path: string, { body, signal }: RequestInit) => {
    bodies.push(body as string);
    const answer = answers.shift();
    if (answer instanceof Response) return Promise.resolve(answer);
    if (answer === "never") {
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    }
    return Promise.reject(answer ?? new Error("nothing more"));
  };
  return bodies;
}
const json = (status: number, value: unknown) => Response.json(value, { status });

test("the very same text is sent until it is answered", async () => {
  const bodies = service(new Error("down"), "never", json(503, { error: "busy" }), json(200, { a: 1 }));
  const retries: number[] = [];
  const answer = await post("/x", "text", (n) => retries.push(n), soon);
  assert.deepEqual(answer, { kind: "accepted", json: { a: 1 } });
  assert.deepEqual(bodies, ["text", "text", "text", "text"]);
  assert.deepEqual(retries, [2, 3, 4]);
});

test("a refusal is final at once", async () => {
  const bodies = service(json(409, { error: "slip-drawn" }));
  const answer = await post("/x", "text", () => undefined, soon);
  assert.deepEqual(answer, { kind: "refused", problem: "slip-drawn" });
  assert.equal(bodies.length, 1);
});

test("what is not from the service is no answer", async () => {
  service(new Response("<p>Wi-Fi"), json(200, null), json(404, { error: "constructor" }), json(500, 7));
  const answer = await post("/x", "text", () => undefined, soon);
  assert.deepEqual(answer, { kind: "refused", problem: "unexpected" });
});

test("patience ends, and says why", async () => {
  service();
  const answer = await post("/x", "text", () => undefined, soon);
  assert.deepEqual(answer, { kind: "refused", problem: "unreachable" });
});
