/** The first of them waits for so many at most: a turn of a busy gateway has hundreds. */
const most = 32;

let waiting: (() => void)[] = [];

/**
 * Runs `send`, which must not throw, at the end of this turn of the event loop, with those of other connections. A
 * client that sleeps is woken by what is sent to it, which costs the gateway as much as the write itself; one that is
 * awake already is not woken again.
 */
export function sendTogether(send: () => void): void {
  if (waiting.push(send) === 1) setImmediate(sendAll);
  if (waiting.length === most) sendAll();
}

function sendAll(): void {
  const sends = waiting;
  waiting = [];
  for (const send of sends) send();
}
