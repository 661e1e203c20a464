import { type ClientRequest, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { LiveEvents } from '../../../src/api/dashboard-api.ts';
import { eventually } from '../../cluster/control-plane/eventually.ts';

type EventName = keyof LiveEvents;

/** A stream of events as a browser has it. */
export interface ReadStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What came so far; grows. */
  readonly events: readonly { readonly name: EventName; readonly data: never }[];
  readonly closed: boolean;
  /** Resolves with the data of the first `count` events of this name. */
  wait<Name extends EventName>(name: Name, count?: number): Promise<LiveEvents[Name][]>;
  /** Takes nothing more from the connection. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens a stream and reads it until the test is over. */
export function openEvents(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<ReadStream> {
  const { promise, resolve, reject } = Promise.withResolvers<ReadStream>();
  const sent: ClientRequest = request({ host: '127.0.0.1', port, path, headers, agent: false }, (reply) => {
    const events: { name: EventName; data: never }[] = [];
    let text = '';
    const stream = {
      status: reply.statusCode ?? 0,
      headers: reply.headers,
      events,
      closed: false,
      wait: <Name extends EventName>(name: Name, count = 1): Promise<LiveEvents[Name][]> =>
        eventually(() => {
          const found = events.filter((event) => event.name === name).map(({ data }) => data as LiveEvents[Name]);
          if (found.length >= count) return found.slice(0, count);
          throw new Error(`${found.length} of ${count} ${name}; came: ${events.map((event) => event.name)}`);
        }),
      pause: () => void reply.pause(),
      resume: () => void reply.resume(),
      close: () => void sent.destroy(),
    };
    reply.setEncoding('utf8');
    reply.on('error', () => {});
    reply.on('close', () => {
      stream.closed = true;
    });
    reply.on('data', (chunk: string) => {
      text += chunk;
      if (!chunk.includes('\n')) return;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
        if (name !== undefined) events.push({ name: name as EventName, data: JSON.parse(data ?? '') as never });
      }
    });
    resolve(stream);
  });
  sent.on('error', reject);
  sent.end();
  onTestFinished(() => void sent.destroy());
  return promise;
}
