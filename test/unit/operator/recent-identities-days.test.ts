import { expect, test } from 'vitest';
import { buildKubeClient } from '../../../src/kube/kube-client.ts';
import { silentLog } from '../../../src/kube/kube-log.ts';
import { RecentIdentities } from '../../../src/operator/recent-identities.ts';
import { day, hour, now } from '../credentials/build-connection.ts';

test('a name is not given anew within 30 days, however late in the day its Connection was deleted', () => {
  const nowhere = { server: 'http://127.0.0.1:1', namespace: undefined, proxy: undefined };
  const access = { ...nowhere, readCredentials: async () => ({ headers: {}, tls: {} }), forgetCredentials() {} };
  let moment = now + 23 * hour;
  const recent = new RecentIdentities({
    client: buildKubeClient({ access }),
    configMap: { namespace: 'connection-system', name: 'recent-names' },
    clock: () => moment,
    log: silentLog,
  });
  recent.add(['erp_0001']);
  moment += 30 * day;
  expect(recent.has('erp_0001')).toBe(true);
  moment += 2 * day;
  expect(recent.has('erp_0001')).toBe(false);
});
