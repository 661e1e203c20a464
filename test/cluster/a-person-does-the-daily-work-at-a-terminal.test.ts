import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CliOptions, runCli, typeCli } from './cli/run-cli.ts';
import { useOperator } from './connections/use-operator.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { login, openSession } from './gateway/gateway-client.ts';
import { useGateways } from './gateway/use-gateways.ts';

// Several programs start one after the other in a test, which takes a while on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const scene = useOperator();
const { gateways } = useGateways(scene);
const { kubeconfig } = sharedCluster();
const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gateway = (): string[] => [
  ...['--gateway', gateways[0]?.origin ?? ''],
  ...['--gateway-admin', gateways[0]?.admin ?? ''],
];
const here = (): string[] => ['-n', scene.desk.namespace];
const type = (args: readonly string[], options: CliOptions = {}) =>
  typeCli([...args, ...here()], { kubeconfig, ...options });
const run = (args: readonly string[], options: CliOptions = {}) =>
  runCli([...args, ...here()], { kubeconfig, ...options });

describe('create', () => {
  test('says what was made, and what to do next', async () => {
    const made = await type(['create', 'ERP – Süd', '--flow-type', 'Source', '--track', '--name', 'erp']);
    expect(made.text).toContain(`Connection ${scene.desk.namespace}/erp created with code ERP___S_d.`);
    expect(made.text).toContain('It keeps the default role user');
    expect(made.code).toBe(0);
    const { spec } = await scene.desk.waitFor('erp', 'Issued');
    expect(spec).toMatchObject({ label: 'ERP – Süd', code: 'ERP___S_d', flowType: 'Source', tracked: true });
  });

  test('a dry run of the client needs no cluster and prints what Git should hold', async () => {
    const args = ['create', 'Shop', '--flow-type=Destination', '--role=shop', '--dry-run=client', '-n', 'web'];
    const { stdout, code } = await runCli(args, { kubeconfig: join(folder, 'none') });
    expect(code).toBe(0);
    expect(stdout).toBe(`apiVersion: connect.pim.dev/v1beta1
kind: Connection
metadata:
  name: shop
  namespace: web
spec:
  label: Shop
  code: Shop
  flowType: Destination
  roleRef:
    name: shop
`);
  });

  test('a dry run of the server is checked by admission and stores nothing', async () => {
    const args = ['create', 'Shop', '--dry-run=server', '-o', 'json'];
    const { stdout, code } = await run(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ metadata: { name: 'shop', namespace: scene.desk.namespace } });
    const refused = await run([...args, '--name', 'NotAName']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('metadata.name');
    await expect(scene.desk.read('shop')).rejects.toThrow('404');
  });

  test('the field manager is one that Flux leaves alone', async () => {
    const { metadata } = await scene.desk.read('erp');
    expect(metadata.managedFields?.map(({ manager }) => manager)).toContain('connection-cli');
  });
});

describe('with an issued connection', () => {
  beforeAll(async () => {
    await scene.desk.issue('dam', { label: 'DAM', rotation: { overlap: '10m' } });
    await scene.desk.issue('shop', { label: 'Shop' });
  });

  test('list shows it at a glance, in colour', async () => {
    const { text, raw, code } = await type(['list', ...gateway()]);
    expect(code).toBe(0);
    expect(text).toMatch(/NAME +LABEL +FLOW +TRACKED +READY +LAST USED +WARNINGS +ERRORS/);
    expect(text).toMatch(/shop +Shop +\w+ +no +yes +never/);
    expect(raw).toContain('\u001b[32myes');
    const plain = await type(['list', ...gateway()], { env: { NO_COLOR: '1' } });
    expect(plain.raw).not.toContain('\u001b[3');
  });

  test('list says what is missing without a gateway', async () => {
    const { stdout, stderr, code } = await run(['list']);
    expect(code).toBe(0);
    expect(stdout).toContain('shop');
    expect(stderr).toContain('no gateway is ready in namespace connection-system: give --gateway URL');
  });

  test('describe tells settings, rights in words and events, and no secret', async () => {
    const { text, code } = await type(['describe', 'shop', ...gateway()]);
    expect(code).toBe(0);
    expect(text).toContain('Role user');
    expect(text).toContain('Read only: GET, HEAD and searches pass');
    expect(text).toContain('The whole catalog: sees, edits and owns everything.');
    expect(text).toMatch(/Events\n +AGE/);
    expect(text).toContain((await scene.desk.read('shop')).status?.clientId);
    expect(text).not.toMatch(/csec_|cpwd_/);
  });

  test('credentials are shown to whoever says yes', async () => {
    const texts = await scene.desk.texts('shop-credentials');
    const no = await type(['credentials', 'shop'], { input: 'n' });
    expect(no.code).toBe(1);
    expect(no.text).not.toContain(texts['client-secret']);
    const yes = await type(['credentials', 'shop'], { input: 'y' });
    expect(yes.code).toBe(0);
    expect(yes.text).toContain(`CLIENT_SECRET=${texts['client-secret']}\n`);
  });

  test('credentials go into a file that only their owner reads', async () => {
    const file = join(folder, '.env');
    expect((await run(['credentials', 'shop', '--prefix', 'AKENEO_', '--file', file])).code).toBe(0);
    const texts = await scene.desk.texts('shop-credentials');
    expect(readFileSync(file, 'utf8')).toContain(`AKENEO_PASSWORD=${texts.password}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await run(['credentials', 'shop', '--file', file]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('exists and is kept') });
  });

  test('rotate waits until the gateway refuses the old values', async () => {
    const [origin = ''] = gateways.map((each) => each.origin);
    const old = await scene.desk.texts('shop-credentials');
    const { access } = await openSession(origin, old);
    const { text, code } = await type(['rotate', 'shop', ...gateway()]);
    expect(text).toMatch(/After [\d.]+ m?s the Secret has the new value\./);
    expect(text).toMatch(/The gateway refused the old value after [\d.]+ m?s\./);
    expect(code).toBe(0);
    const fresh = await scene.desk.texts('shop-credentials');
    expect(fresh['client-secret']).not.toBe(old['client-secret']);
    expect(fresh.password).not.toBe(old.password);
    expect((await login(origin, old)).status).toBe(422);
    expect(access).not.toBe('');
  });

  test('one value alone, with an overlap', async () => {
    const old = await scene.desk.texts('dam-credentials');
    const { text, code } = await type(['rotate', 'dam', '--password', ...gateway()]);
    expect(code).toBe(0);
    expect(text).toMatch(/The old value goes on working until \d{4}-/);
    const fresh = await scene.desk.texts('dam-credentials');
    expect(fresh['client-secret']).toBe(old['client-secret']);
    expect(fresh.password).not.toBe(old.password);
    expect((await login(gateways[0]?.origin ?? '', old)).status).toBe(200);
  });

  test('revoke ends what overlaps too', async () => {
    const before = await scene.desk.texts('dam-credentials');
    const { text, code } = await type(['revoke', 'dam', ...gateway()]);
    expect(code).toBe(0);
    expect(text).toMatch(/The gateway refused the old value after/);
    expect((await login(gateways[0]?.origin ?? '', before)).status).toBe(422);
  });

  test('can-i says why', async () => {
    const yes = await type(['can-i', 'shop', 'GET', '/api/rest/v1/products']);
    expect(yes).toMatchObject({
      code: 0,
      text: expect.stringContaining('yes\nRole user allows it: pim_api_product_list'),
    });
    const no = await type(['can-i', 'PATCH', '/api/rest/v1/products/a', '--connection', 'shop']);
    expect(no).toMatchObject({ code: 1, text: expect.stringContaining('would need pim_api_product_edit') });
  });

  test('suspend and resume', async () => {
    expect((await type(['suspend', 'shop'])).text).toContain('is suspended: the gateway refuses every token and call');
    expect((await scene.desk.read('shop')).spec.suspend).toBe(true);
    expect((await type(['suspend', 'shop'])).text).toContain('is suspended already');
    expect((await type(['resume', 'shop'])).text).toContain('works again');
    expect((await scene.desk.read('shop')).spec.suspend).toBe(false);
  });

  test('delete asks first', async () => {
    const no = await type(['delete', 'dam'], { input: '' });
    expect(no).toMatchObject({ code: 1, text: expect.stringContaining('Nothing was deleted.') });
    expect((await type(['delete', 'dam'], { input: '\u0003' })).code).toBe(1);
    const unasked = await run(['delete', 'dam']);
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('give --yes if you mean it') });
    const yes = await type(['delete', 'dam'], { input: 'yes' });
    expect(yes).toMatchObject({ code: 0, text: expect.stringContaining('/dam deleted.') });
    await expect(scene.desk.read('dam')).rejects.toThrow('404');
  });
});

describe('create-client answers as the old command of the PIM did', () => {
  test('with --label, as PIM 1.7', async () => {
    const args = ['create-client', '--label=ERP connection', '--grant_type=password', '--grant_type=refresh_token'];
    const { stdout, code } = await run([...args, '--env=prod']);
    expect(code).toBe(0);
    const texts = await scene.desk.texts('erp-connection-credentials');
    expect(stdout).toBe(
      `A new client has been added:\nclient_id: ${texts['client-id']}\nsecret: ${texts['client-secret']}\nlabel: ERP connection\n`,
    );
  });

  test('a label that there is already makes another client', async () => {
    const { stdout, code } = await run(['create-client', '--label=ERP connection']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^A new client has been added:\nclient_id: ERP_connection_[0-9a-f]{8}_\w{24}\nsecret: csec_/,
    );
    const named = await run(['create-client', '--label=ERP connection', '--name=erp-connection']);
    expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining('already exists') });
  });

  test('with the label as an argument, as later ones', async () => {
    const { stdout } = await run(['create-client', 'DAM connection']);
    expect(stdout).toMatch(
      /^A new client has been added\.\nclient_id: DAM_connection_\S+\nsecret: csec_\S+\nlabel: DAM connection\n$/,
    );
  });
});
