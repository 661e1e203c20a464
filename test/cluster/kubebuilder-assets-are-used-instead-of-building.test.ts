import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { binaryNames } from '../../tools/control-plane/binaries.ts';
import { findBinaries } from '../../tools/control-plane/find-binaries.ts';
import { startControlPlane } from '../../tools/control-plane/start-control-plane.ts';

const folder = mkdtempSync(join(tmpdir(), 'assets-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test('every program that runs is the one from KUBEBUILDER_ASSETS', async () => {
  const real = await findBinaries();
  for (const name of binaryNames) {
    const script = `#!/bin/sh\ntouch '${join(folder, `${name}-was-used`)}'\nexec '${real[name]}' "$@"\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
  vi.stubEnv('KUBEBUILDER_ASSETS', folder);

  const controlPlane = await startControlPlane();
  const version = await controlPlane.kubectl(['version', '-o', 'json']);
  await controlPlane.stop();

  expect(version.code).toBe(0);
  expect(binaryNames.filter((name) => !existsSync(join(folder, `${name}-was-used`)))).toEqual([]);
});
