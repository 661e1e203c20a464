import { describe, expect, test } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { runCommand } from '../../../src/cli/run-command.ts';
import { buildFakeTools, type FakeOptions } from './fake-tools.ts';

async function run(argv: readonly string[], options: FakeOptions = {}) {
  const tools = buildFakeTools(options);
  const code = await runCommand(commands, argv, tools);
  return { code, ...tools.said };
}

describe('help', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('%j is the list of commands', async (argv) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, summary } of commands)
      expect(out).toMatch(new RegExp(`^ {2}${name} +.*${summary.slice(0, 20)}`, 'm'));
  });

  test.each(commands.map(({ name }) => name))('%s --help names its flags and shows examples', async (name) => {
    const command = commands.find((each) => each.name === name);
    for (const argv of [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ]) {
      const { code, out, err } = await run(argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage:\n  kubectl connection ${name}`);
      for (const flag of Object.keys(command?.flags ?? {})) expect(out).toContain(`--${flag}`);
      expect(out).toContain(`# ${command?.examples[0]?.[1]}`);
    }
  });

  test('--version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  test('every example is a command line that the command takes', async () => {
    for (const { examples } of commands) {
      for (const [line] of examples) {
        const [words = ''] = line.split(' > ');
        const argv = [...words.matchAll(/"([^"]*)"|(\S*="[^"]*")|(\S+)/g)].map(
          ([whole, quoted]) => quoted ?? whole.replaceAll('"', ''),
        );
        expect((await run([...argv, '--help'])).code, line).toBe(0);
      }
    }
  });
});

describe('wrong use is answered with the right one', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown command', ['lst'], 'did you mean kubectl connection list?'],
    ['flags and no command', ['-n', 'a'], 'The command comes first'],
    ['an unknown flag', ['list', '--al'], "Unknown option '--al'"],
    ['a name too few', ['rotate'], 'NAME is missing.'],
    ['a name too many', ['rotate', 'a', 'b'], '"b" is too much'],
    ['a value that is none', ['list', '-o', 'xml'], '--output takes json or yaml, not "xml".'],
    ['a flag without its value', ['list', '--namespace'], "'-n, --namespace <value>' argument missing"],
    ['an empty value', ['list', '--namespace='], '--namespace needs a value.'],
    ['tracking of Other', ['create', 'A', '--track', '--dry-run=client'], 'only Source and Destination'],
    ['no label', ['create', '--dry-run=client'], 'LABEL is missing.'],
    ['a label that makes no name', ['create', '!!!', '--dry-run=client'], 'give --name too'],
    ['an image that is no file', ['create', 'A', '--image', 'a.png', '--dry-run=client'], 'does not exist'],
    ['an image of another kind', ['create', 'A', '--image', 'a.bmp', '--dry-run=client'], '--image takes .png'],
    ['all namespaces and one', ['list', '-A', '-n', 'a'], 'exclude each other'],
    ['a timeout that is none', ['rotate', 'a', '--timeout', '1y'], '--timeout takes a duration'],
    ['a grant that there is not', ['create-client', '--grant_type=token'], 'there is no grant token here'],
    ['no path', ['can-i', 'a', 'GET'], 'the path begins with a slash'],
    ['no connection', ['can-i', 'GET', '/a'], 'NAME is missing: which Connection?'],
    ['days that are too many', ['usage', '--days', '30'], '--days takes a number from 1 to 9'],
    ['an address that is none', ['usage', '--gateway', 'pim'], 'is no address of a gateway'],
    ['a shell that is none', ['completion', 'cmd'], 'only for bash, zsh, fish, kubectl'],
    ['a file that is not there', ['validate', 'nowhere.yaml'], 'nowhere.yaml does not exist'],
    ['a port that is none', ['dashboard', '--port', '80000'], '--port takes a number'],
  ])('%s', async (_, argv, sentence) => {
    const { code, out, err } = await run(argv);
    expect(err).toContain(sentence);
    expect(err).toContain('Usage:\n  kubectl connection');
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('what fails is said in a sentence', () => {
  test('a Connection that is not there', async () => {
    expect(await run(['describe', 'erp'])).toEqual({
      code: 1,
      out: '',
      err: 'Error: there is no Connection erp in namespace connectors: kubectl connection list -A shows those that there are\n',
    });
  });

  test('validate reads standard input and answers in JSON', async () => {
    const input =
      'apiVersion: connect.pim.dev/v1beta1\nkind: ConnectionRole\nmetadata: {name: a}\nspec: {permissions: [pim_api_product_lst]}\n';
    const { code, out } = await run(['validate', '-', '-o', 'json'], { input });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      verdicts: [
        {
          file: 'standard input',
          kind: 'ConnectionRole',
          name: 'a',
          findings: [{ message: expect.stringContaining('write pim_api_product_list') }],
        },
      ],
    });
  });
});

test('flags that say where something is are taken by commands that have no use for them', async () => {
  const input = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n';
  const place = ['-n', 'shop', '--kubeconfig', 'nowhere', '--gateway', 'http://localhost:8080'];
  expect(await run(['validate', '-', ...place], { input })).toMatchObject({ code: 0 });
});

test.each([
  ['flags before the command', ['-n', 'shop', '-o', 'json', 'list']],
  ['with = between', ['--namespace=shop', '-o=json', 'list']],
  ['on both sides', ['-ojson', 'list', '-n', 'shop']],
])('%s are read as those behind it', async (_, argv) => {
  const objects = { '/apis/connect.pim.dev/v1beta1/namespaces/shop/connections': [] };
  const { code, out } = await run(argv, { objects });
  expect({ code, out: JSON.parse(out) }).toEqual({ code: 0, out: { connections: [], missing: [] } });
});

describe('create --dry-run=client', () => {
  const create = async (...argv: readonly string[]) =>
    (await run(['create', ...argv, '--dry-run=client', '-o', 'json'])).out;

  test('with --label the argument is the name', async () => {
    const made = JSON.parse(await create('erp', '--label', 'ERP Munich', '--flow-type', 'source', '--track'));
    expect(made.metadata).toEqual({ name: 'erp', namespace: 'connectors' });
    expect(made.spec).toEqual({ label: 'ERP Munich', code: 'ERP_Munich', flowType: 'Source', tracked: true });
  });

  test('what it prints is valid', async () => {
    const input = await create('Größe & Co. 🙂', '--role=erp', '--image=https://example.com/a.png');
    expect(await run(['validate', '-'], { input })).toMatchObject({ code: 0 });
    expect(JSON.parse(input).metadata.name).toBe('gro-e-co');
  });
});

describe('completion', () => {
  const connections = '/apis/connect.pim.dev/v1beta1/namespaces/connectors/connections';
  const objects = { [connections]: [{ metadata: { name: 'erp' } }, { metadata: { name: 'dam' } }] };
  const complete = async (...words: readonly string[]) =>
    (await run(['__complete', ...words], { objects })).out.split('\n').slice(0, -1);

  test.each<[readonly string[], readonly string[]]>([
    [['re'], ['revoke', 'resume']],
    [
      ['rotate', ''],
      ['erp', 'dam'],
    ],
    [['rotate', 'e'], ['erp']],
    [['rotate', 'erp', '--pass'], ['--password']],
    [['create', 'A', '--flow-type', 'S'], ['Source']],
    [['create', 'A', '--role', ''], []],
    [['completion', 'b'], ['bash']],
    [['help', 'val'], ['validate']],
    [['nothing', ''], []],
  ])('%j', async (words, found) => {
    expect(await complete(...words)).toEqual([...found, ':4']);
  });

  test.each(['bash', 'zsh', 'fish', 'kubectl'])('a script for %s', async (shell) => {
    expect((await run(['completion', shell])).out).toContain('kubectl-connection __complete');
  });
});
