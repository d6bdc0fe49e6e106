// Talks to the server. What goes wrong is an Error with a `remedy` and the `status` of the answer, 0 where none came.

async function ask(path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options }).catch(() => {
    throw Object.assign(new Error("the server does not answer"), { status: 0, remedy: "start it again" });
  });
  const said = await answer.json().catch(() => ({ error: `the server answered ${answer.status}`, remedy: "" }));
  if (answer.ok) return said;
  throw Object.assign(new Error(said.error), { status: answer.status, remedy: said.remedy ?? "" });
}

const articlePath = (id) => `/api/articles/${encodeURIComponent(id)}`;
const AGAIN_AFTER = 1000; // milliseconds
const SHUT_OUT = 403; // the server was started anew, and does not know this page
const NOT_NOW = 503; // the file cannot be read as somebody else left it

// What has not reached the server is kept for this window, so that it outlives a reload.
const kept = {
  key: (id) => `unsaved ${id}`,
  read: (id) => JSON.parse(sessionStorage.getItem(kept.key(id)) ?? "null"),
  write(id, batches) {
    if (batches.length) sessionStorage.setItem(kept.key(id), JSON.stringify(batches));
    else sessionStorage.removeItem(kept.key(id));
  },
};

// Saves batches of operations one after the other. One that does not reach the server is kept and sent again.
//   on = {saved(answer, the operations that are saved, batches that are still to be sent),
//         waiting(how many are unsaved, whether the server is gone), refused(error, whether it is sent again)}
// After close() it calls none of them, and sends nothing more.
function saver(article, on) {
  const tab = crypto.randomUUID();
  const queue = kept.read(article.id) ?? [];
  let { hash } = article;
  let number = 0;
  let sending = false;
  let gone = false;
  let stuck = false; // whether the server does not take now what is first in the queue
  let closed = false;
  let waiting = []; // {done: what is called when everything is saved, tried: or when the server does not take it}

  const changed = () => {
    kept.write(article.id, queue);
    if (!closed) on.waiting(queue.length, gone);
    const over = ({ tried }) => !queue.length || (tried && stuck);
    for (const { done } of waiting.filter(over)) done();
    waiting = waiting.filter((one) => !over(one));
  };

  const settled = (tried) => (queue.length && !(tried && stuck) ? new Promise((done) => waiting.push({ done, tried })) : Promise.resolve());

  async function send() {
    if (sending || closed || !queue.length) return;
    sending = true;
    try {
      sent(await ask(`${articlePath(article.id)}/save`, { ...queue[0], hash }));
    } catch (error) {
      if (error.status === undefined) throw error;
      failed(error);
    }
  }

  function sent(answer) {
    ({ hash } = answer);
    const { operations } = queue.shift();
    sending = gone = stuck = false;
    changed();
    if (!closed) on.saved(answer, operations, queue.map((batch) => batch.operations));
    send();
  }

  function failed(error) {
    const waits = error.status === NOT_NOW;
    gone = [0, SHUT_OUT].includes(error.status);
    const keeps = gone || waits;
    stuck = keeps;
    // A batch is refused as a whole, but that a paragraph was gone through stays true.
    const visits = keeps ? [] : queue[0].operations.filter((one) => one.visit !== undefined);
    if (visits.length && visits.length < queue[0].operations.length) queue[0].operations = visits;
    else if (!keeps) queue.shift();
    sending = false;
    changed();
    if (!gone && !closed) on.refused(error, waits);
    setTimeout(send, keeps ? AGAIN_AFTER : 0);
  }

  return {
    start: send,
    restored: queue.map((batch) => batch.operations),
    add(operations) {
      queue.push({ tab, number: ++number, operations });
      changed();
      send();
    },
    // Fulfilled when everything that was done is saved.
    settled: () => settled(false),
    // Fulfilled when nothing is on its way: everything is saved, or kept until the server takes it.
    tried: () => settled(true),
    get unsaved() {
      return queue.length;
    },
    close() {
      closed = true;
    },
  };
}
