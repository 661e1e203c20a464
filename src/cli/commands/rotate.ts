import { rotationAnnotations } from '../../api/names.ts';
import type { Command } from '../command.ts';
import { clusterFlags, type Flags, gatewayFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { timeoutFlags } from '../read-timeout.ts';
import { rotateAndWait } from '../rotate-and-wait.ts';
import { useCluster } from '../use-cluster.ts';

const waitFlags: Flags = {
  wait: { help: 'wait for Secret and gateway; --no-wait only asks', fallback: 'true' },
  ...timeoutFlags,
  ...outputFlags,
};

const seen =
  'Waits until the Secret has the new value and the gateway refuses the old one, and says how long that took. For that it\nlogs in once with the values of before, which counts as a use of the connection.';

/** `rotate NAME`: new values, the old ones as the spec says. */
export const rotate: Command = {
  name: 'rotate',
  summary: 'Replace the client secret, the password or both',
  operands: 'NAME',
  takes: { least: 1, most: 1 },
  description: [
    'Both, unless one is named. The old value stops at once, or works on for spec.rotation.overlap. Client id and username\nstay.',
    seen,
  ],
  examples: [
    ['rotate erp', 'both'],
    ['rotate erp --password', 'the password alone'],
    ['rotate erp --no-wait', 'for a script that looks later'],
  ],
  flags: {
    'client-secret': { help: 'the client secret alone' },
    password: { help: 'the password alone' },
    ...waitFlags,
    ...namespaceFlags,
    ...gatewayFlags,
    ...clusterFlags,
  },
  run: (line, tools) =>
    useCluster(line, tools, ({ cluster, namespace }) => {
      const [secret, password] = [line.is('client-secret') === true, line.is('password') === true];
      const one = secret ? rotationAnnotations.rotateClientSecret : rotationAnnotations.rotatePassword;
      const annotation = secret === password ? rotationAnnotations.rotate : one;
      return rotateAndWait(annotation, cluster, namespace, line, tools);
    }),
};

/** `revoke NAME`: everything that was ever issued ends now. */
export const revoke: Command = {
  name: 'revoke',
  summary: 'End every value that was ever issued, now, and issue new ones',
  operands: 'NAME',
  takes: { least: 1, most: 1 },
  description: ['For a value that leaked: no overlap, whatever the spec says. Client id and username stay.', seen],
  examples: [['revoke erp', 'at once']],
  flags: { ...waitFlags, ...namespaceFlags, ...gatewayFlags, ...clusterFlags },
  run: (line, tools) =>
    useCluster(line, tools, ({ cluster, namespace }) =>
      rotateAndWait(rotationAnnotations.revoke, cluster, namespace, line, tools),
    ),
};
