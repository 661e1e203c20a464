import { describe, expect, test } from 'vitest';
import { renderTemplates, type TemplateValues } from '../../../../src/operator/decide/render-templates.ts';

const values: TemplateValues = {
  clientId: 'id',
  clientSecret: 'a&b<c>"\'/`=',
  username: 'name',
  password: 'pass',
  code: 'erp',
  name: 'erp',
  namespace: 'shop',
  uri: 'https://api.example.com',
  tokenUri: 'https://api.example.com/token',
};

function render(template: string, known: TemplateValues = values): string {
  const result = renderTemplates({ KEY: template }, known);
  return result.ok ? (result.data.KEY ?? '') : `refused: ${result.message}`;
}

describe('a template', () => {
  test.each([
    ['plain text', 'as it is', 'as it is'],
    ['nothing', '', ''],
    ['names', 'https://{{clientId}}:{{password}}@pim', 'https://id:pass@pim'],
    ['blanks around a name', '{{ code }}', 'erp'],
    ['a value put in as it is', '{{clientSecret}}', 'a&b<c>"\'/`='],
    ['a value put in by three braces', '{{{clientSecret}}}', 'a&b<c>"\'/`='],
    ['a value put in by an ampersand', '{{&clientSecret}}', 'a&b<c>"\'/`='],
    ['a comment', 'a{{! not this }}b', 'ab'],
    ['lines, kept as they are', '[api]\nid={{clientId}}\n\n', '[api]\nid=id\n\n'],
    ['single braces', '{"id":"{{clientId}}"}', '{"id":"id"}'],
    [
      'every name',
      '{{clientId}}{{username}}{{code}}{{name}}{{namespace}}{{uri}}{{tokenUri}}',
      'idnameerperpshophttps://api.example.comhttps://api.example.com/token',
    ],
  ])('may hold %s', (_, template, text) => {
    expect(render(template)).toBe(text);
  });

  test.each([
    ['an unknown name', '{{secret}}', '{{secret}} is not known'],
    ['a name of every object', '{{constructor}}', '{{constructor}} is not known'],
    ['a path', '{{clientId.length}}', 'is not known'],
    ['a name in another case', '{{clientid}}', 'is not known'],
    ['the whole context', '{{.}}', 'is not known'],
    ['a section', '{{#clientId}}x{{/clientId}}', 'sections, partials and other delimiters are not supported'],
    ['an inverted section', '{{^clientId}}x{{/clientId}}', 'sections, partials and other delimiters are not supported'],
    ['a partial', '{{> other}}', 'sections, partials and other delimiters are not supported'],
    ['other delimiters', '{{=<% %>=}}<% clientId %>', 'sections, partials and other delimiters are not supported'],
    ['an open brace', '{{clientId', 'a {{ is not closed by }}'],
    ['an open section', '{{#clientId}}', 'a {{ is not closed by }}'],
  ])('may not hold %s', (_, template, sentence) => {
    expect(render(template)).toContain(sentence);
    expect(render(template)).toContain('spec.secret.data["KEY"]');
  });

  test.each(['uri', 'tokenUri'])('may use {{%s}} only where the operator knows the gateway', (name) => {
    const known = { ...values, uri: undefined, tokenUri: undefined };
    expect(render(`{{${name}}}`, known)).toContain('needs an operator that was started with --gateway-url');
    expect(render('{{other}}', known)).not.toContain('uri');
  });

  test('of a value that looks like a template is not rendered twice', () => {
    expect(render('{{password}}', { ...values, password: '{{clientId}}' })).toBe('{{clientId}}');
  });

  test('that is refused tells no value', () => {
    const message = render('{{clientSecret}}{{broken');
    for (const value of [values.clientSecret, values.password]) expect(message).not.toContain(`${value}`);
  });
});

describe('templates', () => {
  test('are rendered each under its key, also under names of object properties', () => {
    const templates = JSON.parse('{"A":"{{code}}","__proto__":"x","constructor":"y"}') as Record<string, string>;
    const result = renderTemplates(templates, values);
    expect(result.ok && Object.entries(result.data)).toEqual([
      ['A', 'erp'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('are all refused when one is broken, which is named', () => {
    const result = renderTemplates({ GOOD: '{{code}}', BAD: '{{nothing}}' }, values);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('spec.secret.data["BAD"]') });
  });
});
