/** A worker for tests: `end` as text ends it, `throw` breaks it, anything else is right when it equals the hash. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ({ text, hash }: { readonly text: string; readonly hash: string }) => {
  if (text === 'end') process.exit(0);
  if (text === 'throw') throw new Error('broken');
  parentPort?.postMessage(text === hash);
});
