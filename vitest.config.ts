import { defineConfig } from 'vitest/config';

const minute = 60_000;
/** As many files side by side as there are processors: by default one is kept for vitest, which has little to do. */
const allProcessors = '100%';

export default defineConfig({
  test: {
    // What a failing test says last is its own error, not a summary of what ran before it.
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/http/**/*.test.ts'],
          maxWorkers: allProcessors,
          // Quick ones take milliseconds; on a busy machine even they may wait.
          testTimeout: minute / 2,
        },
      },
      {
        test: {
          name: 'repository',
          include: ['test/repository/**/*.test.ts'],
          maxWorkers: allProcessors,
          testTimeout: minute / 2,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          globalSetup: ['test/cluster/control-plane/start-shared-cluster.ts'],
          // After the quick ones, and few at a time: each starts programs, and all share one API server.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 3 * minute,
          hookTimeout: 4 * minute,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/stage/start-stage.ts'],
          sequence: { groupOrder: 2 },
          // All in one browser. What is measured is counted, and no time.
          maxWorkers: 2,
          testTimeout: minute,
          hookTimeout: 2 * minute,
        },
      },
    ],
  },
});
