/** So many questions of one call are under way at once. */
const width = 4;

/** Runs a task for each item, few at a time. Rejects with the first failure, when those under way have ended. */
export async function runFewAtOnce<T>(items: Iterable<T>, task: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const errors: unknown[] = [];
  const run = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && errors.length === 0; item = queue.shift()) {
      await task(item).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, queue.length) }, run));
  if (errors.length > 0) throw errors[0];
}
